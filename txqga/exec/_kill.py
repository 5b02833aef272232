"""
Signals by ``guest-exec``, to programs of agents that can send none.

A pid may be somebody else's by the time it is used. So the agent is asked first whether the program
runs, and the shell that sends the signal looks whether the program's parent is its own parent: the
agent. On Windows nobody gets the number as long as the agent has not told the program's end.
"""

from txqga.errors import CommandFailed, CommandNotFound
from txqga.exec._stock import Stock, finish_stock

#: Exit codes of :data:`KILL`.
_NOT_OURS = 3

#: Arguments: the name of the signal, the pid. A program that leads a process group of its own gets
#: the signal with all that belongs to it.
KILL = """\
parent=
if [ -r "/proc/$2/status" ]; then
    while read -r name value; do
        if [ "$name" = PPid: ]; then parent=$value; fi
    done < "/proc/$2/status"
else
    parent=$(ps -o ppid= -p "$2" 2>/dev/null | tr -d ' ')
fi
if [ -z "$parent" ]; then exit 0; fi
if [ "$parent" != "$PPID" ]; then exit 3; fi
kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2"
"""


async def signal_posix(stock: Stock, name: str) -> None:
    """
    Send a signal.

    :param name: as ``txqga-exec-signal`` calls it.
    :raise CommandFailed: it was not sent.
    """
    if await stock.ask() is not None:
        return
    argv = ["/bin/sh", "-c", KILL, "sh", name.upper(), str(stock.pid)]
    told = await finish_stock(stock.patient, argv)
    if told.ended.exit_code == _NOT_OURS:
        why = f"process {stock.pid} is not the agent's child: it is another one by now"
        raise CommandFailed(why, "guest-exec")
    if told.ended.exit_code != 0:
        why = told.err[:500].decode(errors="replace").strip() or f"kill has failed: {told.ended}"
        raise CommandFailed(why, "guest-exec")


async def signal_windows(stock: Stock, name: str) -> None:
    """
    End a program, and all that it has started: there is nothing else that could be sent.

    :raise CommandFailed: it was not ended.
    """
    if name != "kill":
        raise CommandNotFound(
            f"Windows has no signal {name}: a program can be killed", "guest-exec"
        )
    if await stock.ask() is not None:
        return
    told = await finish_stock(stock.patient, ["taskkill.exe", "/F", "/T", "/PID", str(stock.pid)])
    if told.ended.exit_code != 0 and await stock.ask() is None:
        why = told.err[:500].decode(errors="replace").strip() or f"taskkill failed: {told.ended}"
        raise CommandFailed(why, "guest-exec")
