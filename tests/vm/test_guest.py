"""A real guest, for programs: frozen while something is done, and told to do what changes it."""

import time
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, V10_0
from tests.vm._case import VMCase
from tests.vm._freezes import writes
from tests.vm._patience import PATIENCE
from txqga.errors import CommandFailed, GroupFailed
from txqga.guest import Guest, Quiesced, while_frozen
from txqga.guest.types import GuestFsfreezeStatus
from txqga.session import SessionOptions

OPTIONS = SessionOptions(deadline=PATIENCE, sync_timeout=PATIENCE, retry_max=1.0)


class GuestCase(VMCase, TestCase):
    """Tests after which nothing is frozen, whatever became of them."""

    series = OURS
    timeout = 10 * PATIENCE

    async def ready(self) -> Guest:
        """A guest that can be asked."""
        self.started()
        guest = self.make()
        self.addCleanup(self.let_go)
        self.addCleanup(guest.close)
        await guest.wait_ready(PATIENCE)
        return guest

    def make(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.machine.socket('agent')}", options=OPTIONS)

    def let_go(self) -> None:
        self.machine.side.run("for folder in / /opt/agent /data; do fsfreeze -u $folder; done")

    def during(self, guest: Guest, work: Callable[[], Any], **more: Any) -> Deferred[Quiesced[Any]]:
        return while_frozen(reactor, guest, work, owner="a test", **more)

    async def test_while_frozen(self) -> None:
        """
        While the work is done nothing is written in the guest; then it goes on.
        """
        guest = await self.ready()

        async def work() -> Any:
            writer = writes(self.machine.side, "/data")
            writer.blocks()
            return writer, await guest.fsfreeze_status()

        done = await self.during(guest, work)
        writer, status = done.result
        writer.ends()
        self.assertEqual(status, GuestFsfreezeStatus.FROZEN)
        (interval,) = done.intervals.values()
        self.assertGreater(interval.filesystems, 1)
        self.assertGreater(interval.seconds, 0)

    async def test_work_fails(self) -> None:
        """
        Work that fails leaves nothing frozen.
        """
        guest = await self.ready()

        async def work() -> None:
            raise ZeroDivisionError

        failed: Any = self.during(guest, work)
        await self.assertFailure(failed, ZeroDivisionError)
        writes(self.machine.side, "/data").ends()

    async def test_too_long(self) -> None:
        """
        Work that takes longer than the guest may be frozen has failed, and the guest goes on.
        """
        guest = await self.ready()

        async def work() -> None:
            while guest.status.state.value == "frozen":
                await guest.ping()
            writes(self.machine.side, "/data").ends()

        failed: Any = self.during(guest, work, seconds=1.0)
        await self.assertFailure(failed, GroupFailed)

    async def test_changes(self) -> None:
        """
        What changes a guest does, with Python values.
        """
        guest = await self.ready()
        day = 86400 * 10**9
        tomorrow = time.time_ns() + day
        await guest.set_time(time=tomorrow)
        self.assertLess(abs(await guest.get_time() - tomorrow), day // 2)
        await guest.set_time(time=tomorrow - day)
        cpus = await guest.get_vcpus()
        self.assertEqual(await guest.set_vcpus(cpus), len(cpus))
        await guest.set_user_password("root", b"secret", False)
        refused: Any = guest.set_user_password("nobody-here", b"secret", False)
        await self.assertFailure(refused, CommandFailed)


class Qemu7Tests(GuestCase):
    series = V7_2


class Qemu10Tests(GuestCase):
    series = V10_0


class ThroughMuxTests(GuestCase):
    """The same through a mux, whose leases they are."""

    def make(self) -> Guest:
        mux = MuxProcess({"db1": self.machine.socket("agent")})
        self.addCleanup(mux.remove)
        mux.start()
        return Guest.at_mux(reactor, "db1", folder=mux.served, options=OPTIONS)
