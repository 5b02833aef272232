"""What a guest can do, and how it is asked."""

from collections.abc import Mapping

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IReactorTime

from txqga.guest._capabilities import Capabilities, read_capabilities
from txqga.guest._commands import Commands
from txqga.guest._deadlines import deadline_of
from txqga.guest._source import Source
from txqga.schema import extended
from txqga.wire import JSON


class Asking(Commands):
    """What can be asked of a guest."""

    def __init__(self, clock: IReactorTime, source: Source) -> None:
        self._clock = clock
        self._source = source
        self._known: tuple[int, Capabilities] | None = None  #: and in which epoch

    @property
    def epoch(self) -> int:
        """How many connections there have been: what was learnt in one is no proof in the next."""
        return self._source.epoch

    # -- what it can do

    def capabilities(self) -> Deferred[Capabilities]:
        """
        Ask what the agent can do.

        While it holds filesystems frozen an agent says of most commands that they are disabled.

        :return: fails as :meth:`call` does, and with :class:`~txqga.errors.Misfit`.
        """
        epoch = self.epoch

        def told(value: JSON) -> Capabilities:
            found = read_capabilities(extended(), value)
            self._known = (epoch, found)
            return found

        return self.call("guest-info").addCallback(told)

    def supports(self, *commands: str) -> Deferred[bool]:
        """
        Tell whether the agent has all these commands, and none is disabled.

        A yes is remembered for as long as the connection lasts. A no is not: it may be frozen.
        """
        if self._known is not None and self._known[0] == self.epoch:
            found = self._known[1]
            if not found.missing(commands):
                return succeed(True)
        return self.capabilities().addCallback(lambda found: not found.missing(commands))

    def require(self, *commands: str) -> Deferred[None]:
        """
        Make sure that the agent has all these commands.

        :return: fails with :class:`~txqga.errors.CommandNotFound` where one is missing.
        """

        def judge(has_all: bool) -> None:
            if not has_all and self._known is not None:
                self._known[1].require(*commands)

        return self.supports(*commands).addCallback(judge)

    # -- what it is asked

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """
        Ask the agent anything, in the wire's own words; see :meth:`txqga.session.Session.call`.

        :param deadline: the longest silence, in seconds; None: what the session's options say, but
            for commands that take their time: freezing and trimming have an hour.
        :param cap: the longest time altogether, in seconds.
        """
        if deadline is None:
            deadline = deadline_of(command)
        return self._source.call(command, arguments, deadline=deadline, cap=cap)
