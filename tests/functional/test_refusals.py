"""
Every command with everything wrong that can be: our agent's replies are the real one's.

Both agents get the same requests in the same order, from the same beginning, so that file handles
have the same numbers, too.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import request
from tests.functional._damaged import (
    BOTH,
    CLOSED,
    FITTING,
    FOLDER,
    READ,
    WRITE,
    Asked,
    by_hand,
    damaged,
)
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from tests.functional._rows import plain

NOT_SERVED = {"guest-get-devices"}  # 7.2 knows it, and never runs it
NEWER_THAN_7_2 = {"guest-get-load", "guest-network-get-route"}


class Folder:
    """Files for an agent, the same ones each time, at the same place."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make everything anew."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        (self.path / "file").write_bytes(b"0123456789")
        (self.path / "folder").mkdir()
        (self.path / "circle").symlink_to("circle")
        (self.path / "broken").symlink_to("nowhere/at/all")

    def prepare(self) -> Iterator[Asked]:
        """Yield the requests that open the handles."""
        yield "guest-file-open", {"path": f"{self.path}/file", "mode": "r"}
        yield "guest-file-open", {"path": f"{self.path}/folder"}
        yield "guest-file-open", {"path": f"{self.path}/written", "mode": "w"}
        yield "guest-file-open", {"path": f"{self.path}/both", "mode": "w+"}
        yield "guest-file-open", {"path": f"{self.path}/file"}
        yield "guest-file-close", {"handle": CLOSED}

    def requests(self) -> Iterator[Asked]:
        """Yield all there is to ask."""
        for command, fitting in sorted(FITTING.items()):
            if command not in NOT_SERVED:
                yield from damaged(command, fitting)
        yield from by_hand(self.path)


def comparable(command: str, reply: Mapping[str, Any]) -> Any:
    """What of a reply is the same whenever and wherever it is asked."""
    if "return" in reply and not command.startswith(("guest-file-", "guest-sync", "guest-ping")):
        return "success"
    return plain(reply)


def as_7_2(command: str, arguments: Mapping[str, Any], reply: Any) -> Any:
    """What 7.2 says instead."""
    desc = reply.get("error", {}).get("desc", "")
    if desc.startswith("Failed to execute child process"):
        desc = f"Guest agent command failed, error was '{desc}'"
    if desc == "PID ld does not exist":
        desc = "Invalid parameter 'pid'"
    return {"error": {**reply["error"], "desc": desc}} if desc else reply


class _Refusals:
    series: ClassVar[str]

    def setUp(self) -> None:
        self.folder = Folder(Path(tempfile.mkdtemp(prefix="qga", dir="/tmp")))
        self.addCleanup(shutil.rmtree, self.folder.path)  # type: ignore[attr-defined]

    def requests(self) -> Iterator[Asked]:
        for command, arguments in self.folder.requests():
            if self.series != V7_2:
                yield command, arguments
            elif command not in NEWER_THAN_7_2:  # which knows only the boolean, and its own words
                known = {name: arguments[name] for name in arguments if name != "capture-output"}
                yield command, known

    def replies(self, series: str) -> list[Any]:
        """Every reply of a new agent."""
        self.folder.make()
        with AgentProcess(require(series)) as agent, agent.connect() as client:
            handles = [client.call(name, **more) for name, more in self.folder.prepare()]
            assert handles == [READ, FOLDER, WRITE, BOTH, CLOSED, {}], handles
            return [client.ask(request(name, more)) for name, more in self.requests()]

    def test_refusals(self) -> None:
        """
        Whatever is wrong, our agent says what the real one says, word for word.
        """
        wrong, refused = [], 0
        theirs, ours = self.replies(self.series), self.replies(OURS)
        for asked, their, our in zip(self.requests(), theirs, ours, strict=True):
            expected = as_7_2(*asked, our) if self.series == V7_2 else our
            refused += "error" in our
            if comparable(asked[0], their) != comparable(asked[0], expected):
                wrong.append(f"{asked}\n    theirs {their}\n    ours   {our}"[:1500])
        assert not wrong, f"{len(wrong)} of {len(theirs)}:\n" + "\n".join(wrong[:20])
        assert refused > 1000, refused


class Refusals72Tests(_Refusals, SynchronousTestCase):
    series = V7_2


class Refusals100Tests(_Refusals, SynchronousTestCase):
    series = V10_0
