"""
Record what ``txqga`` prints: ``python -m docs.session``, into ``docs/howto/session.txt``.

The guests are two agents of this machine, QEMU's and ours, one that makes up what it tells, and one
that is off; a mux is in front of them. With ``--check`` nothing is written: it is seen whether the
record has the commands that are here, and whether each ends as it should.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import frozen

from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, AgentProcess, require
from tests.functional._telling_agent import TellingAgent, told

RECORD = Path(__file__).parent / "howto" / "session.txt"
WIDTH = 100  #: columns of the terminal


@frozen
class Step:
    """Something that is typed."""

    line: str
    status: int = 0  #: how it ends
    words: str = ""  #: what is said of it


STEPS = (
    Step("txqga list", words="three guests, and one that is off"),
    Step("txqga ping db1"),
    Step("txqga ping old1"),
    Step("txqga ping off1", 3, "the exit status says that nothing was sent"),
    Step("txqga doctor off1", 3, "why, and what to do"),
    Step("txqga call web1 guest-get-osinfo"),
    Step("txqga call web1 guest-file-open path=7 mod=r", 2, "refused before anything is sent"),
    Step("txqga exec db1 -- sh -c 'echo out; echo err >&2; exit 7'", 7, "the guest's exit status"),
    Step("echo hello | txqga exec db1 -- tr a-z A-Z"),
    Step("txqga exec old1 -- echo 'QEMU'\"'\"'s own agent will do'"),
    Step("txqga cp - db1:{work}/greeting < greeting", words="copied, and read back"),
    Step("txqga cat db1 {work}/greeting"),
    Step("txqga freeze web1 --for 60"),
    Step("txqga status web1"),
    Step("txqga ping web1", words="frozen is not dead"),
    Step("txqga call web1 guest-get-osinfo", 1, "but it does nothing else meanwhile"),
    Step("txqga thaw web1"),
    Step("txqga quiesce web1 -- echo 'a snapshot is taken'", words="or all of it in one"),
    Step("txqga --json list | python3 -m json.tool | head -n 6", words="for scripts"),
)


def said(line: str, env: dict[str, str], folder: Path) -> tuple[int, str]:
    """Type a line at a terminal; its exit status, and what was to be seen."""
    ours, theirs = pty.openpty()
    size = f"stty cols {WIDTH} rows 40 -echo; "
    process = subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", size + line],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=env,
        cwd=folder,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            octets = os.read(ours, 65536)
        except OSError:  # nobody has the terminal any more
            break
        if not octets:
            break
        seen += octets
    os.close(ours)
    return process.wait(), seen.decode(errors="replace").replace("\r\n", "\n")


@contextmanager
def stage() -> Iterator[tuple[dict[str, str], Path]]:
    """Guests, a mux, and an environment in which ``txqga`` finds it."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")))
        sockets = {"off1": folder / "off1", "web1": folder / "web1"}
        for name, series in (("db1", OURS), ("old1", V7_2)):
            agent = AgentProcess(require(series))
            ending.callback(agent.remove)
            agent.start()
            sockets[name] = agent.socket
        ending.enter_context(TellingAgent(sockets["web1"], told("web1")))
        on = [name for name in sockets if name != "off1"]
        http = f"unix:{folder / 'http'}"
        mux = MuxProcess(sockets, "--poll", "--http", http, wait_for=on)
        ending.callback(mux.remove)
        mux.start()
        work = folder / "work"
        work.mkdir()
        (work / "greeting").write_text("hello from the host\n")
        env = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "NO_COLOR": "1",
            "TXQGA_MUX": str(mux.served),
            "TXQGA_CONTROL": str(folder / "http"),
        }
        yield env, work


def plain(text: str, folder: Path) -> str:
    """Leave out what is another one each time, and what only a terminal needs."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    lines = [line.split("\r")[-1].rstrip() for line in text.split("\n")]
    kept = "\n".join(line for line in lines if line)
    return kept.replace(str(folder), "/srv").replace(str(folder.parent), "/run/qga")


def main(words: list[str]) -> int:
    """Record, or check; the exit status."""
    check = words == ["--check"]
    record: list[str] = []
    wrong: list[str] = []
    with stage() as (env, folder):
        for step in STEPS:
            line = step.line.format(work=folder)
            status, text = said(line, env, folder)
            shown = plain(text, folder)
            if status != step.status:
                wrong.append(f"{line}: {status} instead of {step.status}: {shown}")
            comment = f"    # {step.words}" if step.words else ""
            record += [
                f"$ {step.line.format(work='/srv')}{comment}",
                *([shown] if shown else []),
                "",
            ]
    for each in wrong:
        print(each, file=sys.stderr)
    if check:
        typed = [line for line in RECORD.read_text().splitlines() if line.startswith("$ ")]
        if typed != [line for line in record if line.startswith("$ ")]:
            wrong.append("the record")
            print(f"{RECORD.name} has other commands: type `make session`", file=sys.stderr)
    else:
        RECORD.write_text("\n".join(line for line in record).rstrip() + "\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
