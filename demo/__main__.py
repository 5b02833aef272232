"""
The demo: ``python -m demo``, or with ``--check`` the same without waiting for Ctrl-C.

Everything is in a folder of its own under /tmp, and gone afterwards. The agent serves only
commands that leave this machine as it is.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from demo._client import Client, until_answered
from demo._daemons import Daemon, Failed, harmless
from demo._page import Page

CALLS = 250  #: by each of the two clients that work at the same time

_colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def say(text: str = "", style: str = "") -> None:
    """Print a line, in colour where there is any."""
    print(f"\x1b[{style}m{text}\x1b[0m" if _colours and style else text, flush=True)


def heading(text: str) -> None:
    """Begin a part of the demo."""
    say()
    say(text, "1")


def show(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Print one call; a long result is cut, an error never."""
    width = min(100, shutil.get_terminal_size().columns) - 4
    for arrow, style, value in ((">", "36", request), ("<", "32", reply)):
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > width and "error" not in value:
            text = text[: width - 2] + " …"
        first, *more = textwrap.wrap(text, width, break_on_hyphens=False)
        say(f"  {arrow} {first}", style)
        for line in more:
            say(f"    {line}", style)


def ask(client: Client, execute: str, **members: Any) -> dict[str, Any]:
    """Make one call and print it."""
    request = {"execute": execute, **members}
    reply = client.ask(request)
    show(request, reply)
    return reply


def expect(good: bool, what: str) -> None:
    """
    Compare with what the demo promises.

    :raise Failed: it is not so.
    """
    if not good:
        raise Failed(f"expected {what}")


@contextlib.contextmanager
def connected(path: Path) -> Iterator[Client]:
    """Hold a connection."""
    client = Client(path)
    try:
        yield client
    finally:
        client.close()


def a_few_calls(path: Path) -> None:
    """Show what a call looks like, and one that is refused."""
    heading(f"A few calls through {path}")
    with connected(path) as client:
        expect(ask(client, "guest-ping", id=1) == {"return": {}, "id": 1}, "an empty reply")
        version = ask(client, "guest-info", id="what are you?")["return"]["version"]
        expect(isinstance(version, str), "a version")
        expect("host-name" in ask(client, "guest-get-host-name")["return"], "a name")
        seconds = ask(client, "guest-get-time")["return"] / 1e9
        expect(abs(seconds - time.time()) < 60, "this machine's clock")
        heading("What could change this machine is switched off in this agent")
        refused = ask(client, "guest-exec", arguments={"path": "reboot"})
        expect(refused["error"]["class"] == "CommandNotFound", "a refusal")


def two_at_once(path: Path) -> None:
    """Let two clients work at the same time, with the same ids."""
    heading("Two clients at the same time, both counting their ids from 1")
    wrong: list[str] = []

    def work(execute: str, kind: type) -> None:
        with connected(path) as client:
            for number in range(1, CALLS + 1):
                reply = client.ask({"execute": execute, "id": number})
                if reply.get("id") != number or not isinstance(reply.get("return"), kind):
                    wrong.append(f"{execute} {number}: {reply}")

    began = time.monotonic()
    pair = [
        threading.Thread(target=work, args=("guest-ping", dict)),
        threading.Thread(target=work, args=("guest-get-time", int)),
    ]
    for each in pair:
        each.start()
    for each in pair:
        each.join()
    expect(not wrong, f"every reply with the client that asked, but: {wrong[:3]}")
    say(f"  {CALLS} guest-ping and {CALLS} guest-get-time in {time.monotonic() - began:.1f} s:")
    say("  every reply reached the client that asked")


def the_agent_goes_away(agent: Daemon, path: Path) -> None:
    """Crash the agent under a client, then start it again."""
    heading("The agent is killed, and a client asks all the same")
    with connected(path) as client:
        expect("return" in client.ask({"execute": "guest-ping"}), "an agent that answers")
        agent.kill()
        error = ask(client, "guest-ping", id=2)
        expect("error" in error and error["id"] == 2, "an error that says why")
        heading("The agent is started again; the mux finds it by itself")
        agent.start()
    seconds = until_answered(path, agent.check)
    with connected(path) as client:
        expect("return" in ask(client, "guest-ping", id=3), "an answer")
    say(f"  {seconds:.1f} s after its start")


def the_page(page: Page, check: bool) -> None:
    """Show the guest on a page; with ``check``, only see that the page is there."""
    heading("The same guest, on a page: what it is doing, live")
    state, figures = page.until_told("demo")
    expect(state in ("ready", "busy"), "a guest that is ready")
    expect("load" in figures, "its load")
    say(f"  {page.url}", "1")
    if check:
        say("  it is there, and tells " + ", ".join(sorted(figures)))
    elif page.open():
        say("  opened in your browser; the link holds a token made for this demo")
    else:
        say("  open it in a browser; the link holds a token made for this demo")


def by_hand(path: Path, check: bool) -> None:
    """Tell how to go on without us; with ``check``, do as we tell."""
    one_line = f"""echo '{{"execute": "guest-info"}}' | socat -t 5 - UNIX-CONNECT:{path}"""
    heading("Your turn, in another terminal")
    say(f"  socat - UNIX-CONNECT:{path}")
    say('  and type, for example:  {"execute": "guest-get-host-name"}')
    say()
    say("  or in one line:")
    say(f"  {one_line}")
    if shutil.which("socat") is None:
        say()
        say("  (socat is not installed here; on Debian:  apt install socat)")
    elif check:
        printed = subprocess.run(one_line, shell=True, stdout=subprocess.PIPE, timeout=60).stdout
        expect("return" in json.loads(printed), "socat to print a reply")


def run(folder: Path, check: bool) -> None:
    """
    Start, show, wait, end.

    :raise Failed: something was not as promised.
    """
    socket, guests = folder / "agent.sock", folder / "guests"
    allowed = ",".join(harmless())
    words = ["-m", "unix-listen", "-p", str(socket), "-t", str(folder), "-a"]
    agent = Daemon("agent", folder, "txqga-agent", *words, allowed)
    guest = f"demo=unix:{socket}"
    page = Page(folder)
    words = ["-n", "qga-mux", "--guest", guest, "--serve", str(guests), *page.options]
    mux = Daemon("mux", folder, "twistd", *words)
    path = guests / "demo.sock"
    with contextlib.ExitStack() as ending:
        for number, (daemon, command) in enumerate(
            [(agent, f"txqga-agent {' '.join(words)} …"), (mux, str(mux))], 1
        ):
            heading(f"{number}. The {daemon.name}")
            say(f"  {command}")
            daemon.start()
            ending.callback(stop, daemon)
            where = socket if daemon is agent else path
            say(f"  answers after {until_answered(where, daemon.check):.1f} s")
        a_few_calls(path)
        two_at_once(path)
        the_agent_goes_away(agent, path)
        the_page(page, check)
        by_hand(path, check)
        if not check:
            say()
            say("Ctrl-C ends all of it.", "1")
            while True:
                mux.check()
                agent.check()
                time.sleep(0.5)


def stop(daemon: Daemon) -> None:
    """End a daemon in good order, and say so."""
    good = (0, -signal.SIGTERM)  # twistd tells of the signal that ended it
    expect(daemon.stop() in good, f"the {daemon.name} to end when it is asked to")
    say(f"The {daemon.name} has ended.")


def interrupt(number: int, frame: FrameType | None) -> None:
    """Treat a polite signal as Ctrl-C."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """Run the demo; the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    say("txqga: an agent on this machine, a mux in front of it", "1")
    # A socket's path holds 107 octets: not under a TMPDIR of any length.
    folder = Path(tempfile.mkdtemp(prefix="txqga-demo-", dir="/tmp"))
    try:
        run(folder, "--check" in arguments)
    except KeyboardInterrupt:
        return 1 if "--check" in arguments else 0
    except (Failed, OSError, KeyError, ValueError) as why:
        say(f"FAILED: {type(why).__name__}: {why}", "31")
        for log in sorted(folder.glob("*.log")):
            say(f"--- {log.name}")
            say("\n".join(log.read_text(errors="replace").splitlines()[-20:]))
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say()
    say("The demo works.", "1")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
