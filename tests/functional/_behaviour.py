"""
One suite for every agent: rows of what is sent and what must come back.

A row's ``replies`` are QEMU 11.1's, and so ours; where an older ``qemu-ga`` differs, the row says
so under its version. Each suite becomes a test case for each agent::

    class Pings(Behaviour):
        def test_id(self) -> None:
            self.check(Row(b'{"execute": "guest-ping", "id": 1}', ok({}, id=1)))

    globals().update(Pings.for_every_agent())
"""

import functools
import shutil
import tempfile
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Conversation
from tests.functional._memory import MemoryAgent
from tests.functional._mux_process import MuxedAgent
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from tests.functional._rows import Row, complaint


class Reached(Enum):
    """How a test reaches its agent."""

    DIRECTLY = "as a process"
    IN_MEMORY = "in memory"
    THROUGH_A_MUX = "through a mux"


#: The agents a suite is run with: the name of its test case, the series, how it is reached.
_AGENTS = (
    ("qemu_ga_7_2", V7_2, Reached.DIRECTLY),
    ("qemu_ga_10_0", V10_0, Reached.DIRECTLY),
    ("ours", OURS, Reached.DIRECTLY),
    ("ours_in_memory", OURS, Reached.IN_MEMORY),
    ("ours_through_a_mux", OURS, Reached.THROUGH_A_MUX),
)

#: What :meth:`Behaviour.use` takes.
Agent: TypeAlias = AgentProcess | MemoryAgent | MuxedAgent

_Test: TypeAlias = Callable[[Any], None]


def only(*series: str, because: str) -> Callable[[_Test], _Test]:
    """Mark a test that is for some agents; for others it is skipped ``because``."""

    def mark(test: _Test) -> _Test:
        test.__dict__["only"] = series, because
        return test

    return mark


def of_a_process(test: _Test) -> _Test:
    """Mark a test that looks at the agent's process, or changes what it inherits."""
    test.__dict__["of_a_process"] = True
    return test


def _reason_to_skip(test: _Test, series: str, reached: Reached) -> str | None:
    allowed, because = test.__dict__.get("only", ((series,), ""))
    if series not in allowed:
        return str(because)
    if reached is not Reached.DIRECTLY and "of_a_process" in test.__dict__:
        return "looks at the agent's process"
    return None


def _skipped(test: _Test, reason: str) -> _Test:
    """A test in the place of ``test`` that trial reports as skipped."""

    @functools.wraps(test)
    def skipped(self: Any) -> None:
        raise SkipTest(reason)

    return skipped


if TYPE_CHECKING:
    _TestCase = SynchronousTestCase
else:
    _TestCase = object


class Behaviour(_TestCase):
    """
    A suite of rows; :meth:`for_every_agent` makes the test cases.

    A test talks through :attr:`peer` to an agent of its own, started when it is first asked for.
    """

    series: ClassVar[str]
    reached: ClassVar[Reached]
    options: ClassVar[tuple[str, ...]] = ()  #: for the agent's command line
    all_of_a_process: ClassVar[bool] = False  #: as if each test were marked :func:`of_a_process`
    through_a_mux: ClassVar[bool] = False  #: what a mux may spoil is asked through one too

    def setUp(self) -> None:
        self._agent: Agent | None = None
        self._peer: Conversation | None = None
        #: for files; the agent's current folder is another one
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)

    @property
    def agent(self) -> Agent:
        """The agent under test."""
        if self._agent is None:
            self._agent = self.start(*self.options)
        return self._agent

    @property
    def process(self) -> AgentProcess:
        """The agent under test, in a test :func:`of_a_process`."""
        assert isinstance(self.agent, AgentProcess)
        return self.agent

    @property
    def peer(self) -> Conversation:
        """The client of it."""
        if self._peer is None:
            self.use(self.agent)
        assert self._peer is not None
        return self._peer

    def use(self, agent: Agent) -> None:
        """Talk to this agent from now on, through a new client."""
        if self._peer is not None:
            self._peer.close()  # an agent's socket has one client at a time
        self._agent = agent
        self._peer = agent.connect()
        self.addCleanup(self._peer.close)

    def start(self, *options: str) -> Agent:
        """One more agent, which ends with the test."""
        if self.reached is Reached.IN_MEMORY:
            agent = MemoryAgent(*options)
            self.addCleanup(agent.remove)
            return agent
        process = self.start_process(*options)
        if self.reached is Reached.DIRECTLY:
            return process
        muxed = MuxedAgent(process)
        self.addCleanup(muxed.remove)
        return muxed

    def start_process(
        self, *options: str, env: Mapping[str, str | None] | None = None
    ) -> AgentProcess:
        """One more agent, in a test :func:`of_a_process`."""
        process = AgentProcess(require(self.series), *options, env=env)
        self.addCleanup(process.remove)
        process.start()
        return process

    def check(self, *rows: Row, peer: Conversation | None = None) -> None:
        """Send each row; all that went wrong is told at the end."""
        peer = peer or self.peer
        wrong = []
        for row in rows:
            lines = peer.raw(row.send)
            why = complaint(lines, row.expected(self.series))
            if why is not None:
                shown = [line[:400] for line in lines[:5]]
                wrong.append(f"{row.send[:300]!r}\n    got {shown}\n    {why}")
        if wrong:
            self.fail(f"{len(wrong)} of {len(rows)} rows:\n" + "\n".join(wrong))

    @classmethod
    def for_every_agent(cls) -> dict[str, type[SynchronousTestCase]]:
        """A test case for each agent, by name, to be put among a module's globals."""
        made = {}
        for name, series, reached in _AGENTS:
            if reached is Reached.IN_MEMORY and cls.all_of_a_process:
                continue
            if reached is Reached.THROUGH_A_MUX and not cls.through_a_mux:
                continue
            namespace: dict[str, Any] = {"series": series, "reached": reached}
            namespace |= {"__module__": cls.__module__, "__doc__": cls.__doc__}
            for test in (each for each in dir(cls) if each.startswith("test_")):
                reason = _reason_to_skip(getattr(cls, test), series, reached)
                if reason is not None:
                    namespace[test] = _skipped(getattr(cls, test), reason)
            full_name = f"{cls.__name__}_{name}"
            made[full_name] = type(full_name, (cls, SynchronousTestCase), namespace)
        return made
