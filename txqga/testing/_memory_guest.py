"""A guest in memory, for tests of programs that want something of guests."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from txqga.errors import CommandNotFound
from txqga.guest import Guest
from txqga.guest.types import GuestFsfreezeStatus
from txqga.schema import unstructure
from txqga.session import Session
from txqga.testing._memory_files import MemoryFiles
from txqga.testing._scripted import SILENCE, ScriptedAgent
from txqga.wire import JSON

#: what a guest in memory says is its agent's version
VERSION = "11.1.3"

#: filesystems that it has
MOUNTS = 1


class _Flowing(Session):
    """A session whose octets need not be carried by the test."""

    def __init__(self, clock: Clock, agent: ScriptedAgent, name: str) -> None:
        super().__init__(clock, agent, name=name, random=Random(0))
        self._agent = agent

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent, which answers at once."""
        asked = super().call(command, arguments, deadline=deadline, cap=cap)
        self._agent.flush()
        return asked


class MemoryGuest(Guest):
    """
    A guest in memory: what its methods return has come already, when the test has said what.

    ::

        guest = MemoryGuest({"guest-get-host-name": {"host-name": "db1"}})
        self.assertEqual(self.successResultOf(guest.get_host_name()).host_name, "db1")

    It is a :class:`~txqga.Guest` with a session and an agent of its own, and a clock that stands
    still. It can be frozen, and takes next to no command then, as real ones do; it has files; what
    else it can do is what it is told.

    :param answers: what commands are answered with, as :meth:`answer` takes it.
    :param files: what is in its files, by path.
    """

    def __init__(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        name: str = "memory",
        files: Mapping[str, bytes] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = Clock() if clock is None else clock  #: the one that all its time-outs have
        self.agent = ScriptedAgent()  #: what answers: it can hang, be killed, and so on
        self.files = dict(files or {})  #: what is in its files now
        self.is_frozen = False  #: whether somebody has frozen it, and nobody thawed it
        session = _Flowing(self.clock, self.agent, name)
        made = Guest.of_session(self.clock, session, stops=True)
        super().__init__(self.clock, made._source)
        self.answer("guest-info", self._info)
        self.answer("guest-fsfreeze-status", self._status)
        self.answer("guest-fsfreeze-freeze", lambda arguments: self._hold(True))
        self.answer("guest-fsfreeze-freeze-list", lambda arguments: self._hold(True))
        self.answer("guest-fsfreeze-thaw", lambda arguments: self._hold(False))
        for command, does in {**MemoryFiles(self.files).answers, **(answers or {})}.items():
            self.answer(command, does)
        session.start()
        self.agent.flush()

    def answer(self, command: str, answer: Any) -> None:
        """
        Answer a command so from now on.

        :param answer: a value, in the wire's words or of a class of :mod:`txqga.guest.types`;
            a :class:`~txqga.errors.CommandFailed`; ``SILENCE``; a Deferred of one of these, after
            which :meth:`advance` brings the answer; or a function that is given the arguments, in
            the wire's words, and returns any of these.
        """
        does = _wire(answer)

        def respond(arguments: Mapping[str, JSON]) -> Any:
            if not self._enables(command):
                why = f"Command {command} has been disabled: the command is not allowed"
                return CommandNotFound(why)
            return does(arguments) if callable(does) else does

        self.agent.answer(command, respond)

    def advance(self, seconds: float = 0.0) -> None:
        """Let time pass, and what happens then happen."""
        self.clock.advance(seconds)
        self.agent.flush()

    def close(self) -> Deferred[None]:
        """Thaw what was frozen through here, and disconnect: at once, unless the agent hangs."""
        closed = super().close()
        self.agent.flush()
        return closed

    @property
    def executed(self) -> list[str]:
        """The names of the commands that were executed, but those with which a session begins."""
        return self.agent.executed

    def _enables(self, command: str) -> bool:
        known = self.schema.commands.get(command)
        return not self.is_frozen or (known is not None and known.allowed_while_frozen)

    def _info(self, arguments: Mapping[str, JSON]) -> JSON:
        commands: list[JSON] = [
            {"name": each, "enabled": self._enables(each), "success-response": True}
            for each in self.agent.commands
        ]
        return {"version": VERSION, "supported_commands": commands}

    def _status(self, arguments: Mapping[str, JSON]) -> Any:
        return GuestFsfreezeStatus.FROZEN if self.is_frozen else GuestFsfreezeStatus.THAWED

    def _hold(self, still: bool) -> JSON:
        was, self.is_frozen = self.is_frozen, still
        return MOUNTS if was is not still else 0


def _wire(answer: Any) -> Any:
    """Put an answer into the wire's words."""
    if callable(answer):
        return _asked(answer)
    if isinstance(answer, Deferred):
        return answer.addCallback(_wire)
    return answer if answer is SILENCE or isinstance(answer, Exception) else unstructure(answer)


def _asked(does: Callable[[Mapping[str, JSON]], Any]) -> Callable[[Mapping[str, JSON]], Any]:
    return lambda arguments: _wire(does(arguments))
