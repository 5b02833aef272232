"""Guests in memory whose files are pushed and pulled."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.files import Files
from txqga.files._aside import Aside
from txqga.files._digest import _SCRIPT
from txqga.files._kit import Kit
from txqga.files._shell import _CREATE, _LINK, _SETTLE, _STAT, _WALK
from txqga.files._traits import read_traits
from txqga.testing import MemoryGuest
from txqga.wire import JSON

T = TypeVar("T")


class ShellGuest(MemoryGuest):
    """
    A guest with a shell, which does what our scripts would.

    Whether they do that is shown by the tests with real shells.

    :param programs: those that there are, of which tests say that there is none.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None, *, system: str = "debian") -> None:
        super().__init__({"guest-get-osinfo": {"id": system}}, files=files)
        self.folders: set[str] = set()
        self.others: set[str] = set()  #: devices and their like
        self.links: dict[str, str] = {}
        self.modes: dict[str, str] = {}
        self.times: dict[str, str] = {}
        self.listing = b""  #: what find says
        self.has_sha256sum = True
        self.programs = True  #: whether anything can be run
        self.fails: dict[str, str] = {}  #: what scripts complain of, by their words
        self.lost: dict[str, str] = {}  #: what scripts say that was not kept, by their words
        self._told: dict[int, dict[str, JSON]] = {}
        self.answer("guest-exec", self._exec)
        self.answer("guest-exec-status", self._exec_status)

    @property
    def scripts(self) -> list[str]:
        """The scripts that were run."""
        return [str(said["arg"][1]) for name, said in self.agent.ran if name == "guest-exec"]

    def breaks(self, command: str) -> Callable[[], None]:
        """Let a command work twice and fail then, until the function returned is called."""
        does = self.agent._answers[command]
        count = 0

        def some(said: Mapping[str, Any]) -> Any:
            nonlocal count
            count += 1
            return does(said) if count < 3 else CommandFailed("no")

        self.answer(command, some)
        return lambda: self.answer(command, does)

    def _exec(self, said: Mapping[str, JSON]) -> Any:
        if not self.programs:
            why = "Failed to execute child process “/bin/sh” (No such file or directory)"
            return CommandFailed(why)
        _, script, _, *arguments = said["arg"]
        code, out, err = 0, "", ""
        if script in self.fails:
            code, err = 1, self.fails[script]
        else:
            code, out = self._run(script, arguments)
            out = self.lost.get(script, out)
        octets = self.listing if script == _WALK else out.encode()
        pid = 100 + len(self._told)
        self._told[pid] = {
            "exited": True,
            "exitcode": code,
            "out-data": b64encode(octets).decode(),
            "err-data": b64encode(err.encode()).decode(),
        }
        return {"pid": pid}

    def _exec_status(self, said: Mapping[str, JSON]) -> JSON:
        return self._told[said["pid"]]

    def _run(self, script: str, arguments: list[str]) -> tuple[int, str]:
        path = arguments[0] if arguments else ""
        if script == _STAT:
            if path in self.folders:
                return 0, "folder 755 0 0"
            if path in self.others:
                return 0, "other 660 0 0"
            if path in self.files:
                mode, time = self.modes.get(path, "640"), self.times.get(path, "1000")
                return 0, f"file {mode} {len(self.files[path])} {time}"
            return 0, "none"
        if script == _CREATE:
            self.files[path], self.modes[path] = b"", "600"
        elif script == _SETTLE:
            _, to, mode, seconds, nanoseconds = arguments
            if path in self.folders:
                return 0, ""
            self.files[to] = self.files.pop(path)
            self.modes[to] = mode or self.modes.pop(path, "600")
            self.times[to] = f"{seconds}.{nanoseconds}"
        elif script == _SCRIPT:
            if not self.has_sha256sum:
                return 127, ""
            if path not in self.files:
                return 1, ""
            made = hashlib.sha256(self.files[path][: int(arguments[1])])
            return 0, f"{made.hexdigest()}  -\n"
        elif script == _LINK:
            self.links[path] = arguments[1]
        elif script.startswith("rm "):
            self.files.pop(path, None)
        elif script.startswith("mkdir "):
            self.folders.add(path)
        return 0, ""


def open_files() -> int:
    """How many descriptors this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))


class FilesCase(SynchronousTestCase):
    """What tests of files have at hand."""

    def setUp(self) -> None:
        self.here = Path(self.mktemp()).absolute()
        self.here.mkdir()

    @property
    def names(self) -> list[str]:
        """What is in the folder of this host."""
        return sorted(each.name for each in self.here.iterdir())

    def shell(self, files: Mapping[str, bytes] | None = None, **options: Any) -> ShellGuest:
        """Ask a guest with a shell from now on."""
        guest = ShellGuest(files, **options)
        self.ask(guest)
        return guest

    def bare(self, files: Mapping[str, bytes] | None = None) -> MemoryGuest:
        """Ask a guest with nothing but files from now on."""
        guest = MemoryGuest(files=files)
        self.ask(guest)
        return guest

    def ask(self, guest: MemoryGuest) -> None:
        self.guest: Any = guest
        self.clock = guest.clock
        self.files = Files(guest.clock, guest)

    def kit(self, **options: Any) -> Kit:
        traits = self.now(read_traits(self.guest))
        return Kit(
            clock=self.clock,
            guest=self.guest,
            traits=traits,
            aside=Aside(self.clock),
            **options,
        )

    def now(self, coming: Any) -> Any:
        """Give what a coroutine or Deferred has come to."""
        return self.successResultOf(self.coming(coming))

    def failure(self, coming: Any, *kinds: type[Exception]) -> Any:
        """Give what it has failed with."""
        return self.failureResultOf(self.coming(coming), *kinds).value

    def coming(self, coming: Any) -> "Deferred[Any]":
        """Let it go on; the test keeps it."""
        going: Deferred[Any]
        going = coming if isinstance(coming, Deferred) else Deferred.fromCoroutine(coming)
        self.guest.advance()
        return going

    def later(self, seconds: float = 5.0) -> None:
        """Let so much time pass that whoever waits has gone on."""
        for _ in range(100):
            self.guest.advance(seconds / 100)
