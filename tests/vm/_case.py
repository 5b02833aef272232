"""What the tests of a virtual machine have in common."""

import os
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS, V7_2, V10_0
from tests.vm._agents import PROGRAMS, GuestAgent, start
from tests.vm._machine import machine

if TYPE_CHECKING:
    _TestCase = SynchronousTestCase
else:
    _TestCase = object

#: How much a test sends through a channel, in MiB: qemu-ga does one or two a second here.
_LARGE = {OURS: 64, V7_2: 8, V10_0: 8}


class VMCase(_TestCase):
    """
    Tests with the virtual machine of this run.

    One agent at a time has a port: those that a test starts end with it.
    """

    series: ClassVar[str]  #: the agent under test
    systemd: ClassVar[bool] = False  #: in the machine that has it, and udev, and more disks

    def setUp(self) -> None:
        self.machine = machine(systemd=self.systemd)
        self.large = _LARGE[self.series]
        self.has(self.series)

    def has(self, series: str) -> None:
        """
        Go on only if that agent is in the guest.

        :raise SkipTest: it is not; with ``TXQGA_REQUIRE_REAL=1`` that is a failure.
        """
        if self.machine.side.run(f"test -x {PROGRAMS[series]}").status != 0:
            why = f"no qemu-ga {series} in the guest (see tests/functional/_oracle.py)"
            if os.environ.get("TXQGA_REQUIRE_REAL") == "1":
                raise AssertionError(why)
            raise SkipTest(why)

    def started(self, *options: str, series: str | None = None, port: str = "agent") -> GuestAgent:
        """An agent in the guest, until the end of the test."""
        agent = start(self.machine, series or self.series, *options, port=port)
        self.addCleanup(agent.stop)
        return agent


def for_every_agent(suite: type[VMCase]) -> dict[str, type[SynchronousTestCase]]:
    """A test case for each agent, by name, to be put among a module's globals."""
    made = {}
    for name, series in (("ours", OURS), ("qemu_ga_7_2", V7_2), ("qemu_ga_10_0", V10_0)):
        namespace: dict[str, Any] = {"series": series, "__module__": suite.__module__}
        namespace["__doc__"] = suite.__doc__
        full_name = f"{suite.__name__}_{name}"
        made[full_name] = type(full_name, (suite, SynchronousTestCase), namespace)
    return made
