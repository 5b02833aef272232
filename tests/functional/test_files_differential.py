"""
Our file commands and the real agent's, side by side: whatever is asked, the replies are equal.

Both work on files of their own with the same content. The replies are compared, the handles
among them, and what is on the disk whenever something should be.
"""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, Refused
from tests.functional._oracle import V7_2, V10_0, AgentProcess, require
from txqga.agent._base64 import encode
from txqga.agent._family import Encoded
from txqga.agent._fopen import MODES
from txqga.agent.families._files import Files
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode

if TYPE_CHECKING:
    _TestCase = SynchronousTestCase
else:
    _TestCase = object  # what is asked of every version is no test case yet

Operation = tuple[Any, ...]

# Around the block of glibc's buffer, which is where its behaviour changes.
SIZES = st.one_of(
    st.integers(0, 40),
    st.sampled_from([1000, 4095, 4096, 4097, 6000, 8191, 8192, 8193, 12288, 20000]),
)
OFFSETS = st.one_of(
    st.integers(-50, 50),
    st.sampled_from([-4096, 4000, 4096, 5000, 9000, 70000, 2**62, 2**63 - 1, -(2**63)]),
)
OPERATIONS: st.SearchStrategy[Operation] = st.one_of(
    st.tuples(st.just("read"), SIZES),
    st.tuples(st.just("write"), SIZES),
    st.tuples(st.just("write"), SIZES, SIZES),
    st.tuples(st.just("seek"), OFFSETS, st.sampled_from(["set", "cur", "end", 0, 1, 2])),
    st.just(("flush",)),
    st.just(("look",)),
)


def pattern(size: int, start: int) -> bytes:
    """Octets that tell where they are from."""
    return b"".join(b"%07d\n" % n for n in range(start, start + size // 8 + 1))[:size]


class Ours:
    """The family, called as the dispatcher would."""

    def __init__(self) -> None:
        self._commands = Files(itertools.count(1000).__next__).commands()

    def call(self, command: str, **arguments: JSON) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self._commands[command].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value


class Side:
    """One of the two agents, and the folder it works in."""

    def __init__(self, agent: Ours | Client, folder: Path) -> None:
        self._agent = agent
        self._folder = folder
        folder.mkdir()

    def path(self, name: str) -> str:
        return name if name.startswith("/") else str(self._folder / name)

    def begin(self, content: bytes | None) -> None:
        """Lay a file ready, or none."""
        path = self._folder / "file"
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)

    def look(self) -> bytes | None:
        """What is on the disk."""
        try:
            return (self._folder / "file").read_bytes()
        except FileNotFoundError:
            return None

    def call(self, command: str, **arguments: JSON) -> JSON:
        """The value of ``return``, or the text of the error."""
        if "path" in arguments:
            arguments["path"] = self.path(arguments["path"])
        try:
            return self._agent.call(command, **arguments)
        except (CommandFailed, Refused) as why:
            return why.desc.replace(str(self._folder), "")


class Forgotten(Exception):
    """
    The real agent has taken an old error for a new one.

    A flush that failed leaves a flag in its stream. It takes that for a failure of the next read
    or write, which has worked, and has no text for it. We do not.
    """


class Differential(_TestCase):
    """What is asked of every version."""

    series: str

    def setUp(self) -> None:
        program = require(self.series)
        self.top = Path(self.mktemp()).absolute()
        self.top.mkdir(parents=True)
        agent = AgentProcess(program)
        self.addCleanup(agent.remove)
        agent.start()
        client = agent.connect()
        self.addCleanup(client.close)
        self.sides = [Side(Ours(), self.top / "ours"), Side(client, self.top / "theirs")]

    def same(self, command: str, **arguments: JSON) -> JSON:
        """Ask both; the one reply they both give."""
        ours, theirs = (side.call(command, **arguments) for side in self.sides)
        if theirs in ("failed to read file", "failed to write to file"):
            raise Forgotten
        self.assertEqual(ours, theirs, f"ours, theirs: {command} {arguments}")
        return ours

    def same_content(self) -> None:
        ours, theirs = (side.look() for side in self.sides)
        self.assertEqual(ours, theirs)

    def perform(self, handle: int, operation: Operation, number: int) -> None:
        match operation:
            case ("read", count):
                self.same("guest-file-read", handle=handle, count=count)
            case ("write", size):
                text = encode(pattern(size, number * 5000)).decode()
                self.same("guest-file-write", handle=handle, buf_b64=text)
            case ("write", size, count):
                text = encode(pattern(size, number * 5000)).decode()
                self.same("guest-file-write", handle=handle, buf_b64=text, count=count)
            case ("seek", offset, whence):
                self.same("guest-file-seek", handle=handle, offset=offset, whence=whence)
            case ("flush",):
                self.same("guest-file-flush", handle=handle)
                self.same_content()
            case ("look",):
                self.same("guest-file-seek", handle=handle, offset=0, whence="cur")
                self.same_content()

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(sorted(MODES)),
        st.one_of(st.none(), SIZES),
        st.lists(OPERATIONS, max_size=25),
    )
    def test_any_order(self, mode: str, size: int | None, operations: list[Operation]) -> None:
        """
        Whatever is done with an open file in whatever order, every reply is the real agent's.
        """
        for side in self.sides:
            side.begin(None if size is None else pattern(size, 0))
        handle = self.same("guest-file-open", path="file", mode=mode)
        self.same_content()
        if isinstance(handle, str):
            return
        try:
            for number, operation in enumerate(operations, 1):
                self.perform(handle, operation, number)
        finally:
            self.same("guest-file-close", handle=handle)
        self.same_content()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(["/dev/full", "/dev/null", "/dev/zero", "/"]),
        st.sampled_from(["r", "w", "a", "r+", "w+", "a+"]),
        st.lists(OPERATIONS.filter(lambda o: o[0] != "seek"), max_size=12),
    )
    def test_devices(self, path: str, mode: str, operations: list[Operation]) -> None:
        """
        A device that takes nothing, one that keeps nothing, an endless one and a folder too.
        """
        handle = self.same("guest-file-open", path=path, mode=mode)
        if isinstance(handle, str):
            return
        try:
            for number, operation in enumerate(operations, 1):
                if operation != ("look",):
                    self.perform(handle, operation, number)
            self.same("guest-file-close", handle=handle)
        except Forgotten:
            for side in self.sides:
                side.call("guest-file-close", handle=handle)

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.text("AQYZaz09+/=\n*", max_size=20), max_size=6))
    def test_base64(self, texts: list[str]) -> None:
        """
        Odd base64 is understood, or refused, as the real agent does.
        """
        for side in self.sides:
            side.begin(None)
        handle = self.same("guest-file-open", path="file", mode="w")
        for text in texts:
            self.same("guest-file-write", handle=handle, buf_b64=text)
        self.same("guest-file-close", handle=handle)
        self.same_content()


class Differential72Tests(Differential, SynchronousTestCase):
    series = V7_2


class Differential100Tests(Differential, SynchronousTestCase):
    series = V10_0
