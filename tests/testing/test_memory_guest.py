"""A guest in memory."""

from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    Misfit,
    OutcomeUnknown,
)
from txqga.guest import while_frozen
from txqga.guest.types import GuestFsfreezeStatus, GuestHostName
from txqga.session import State
from txqga.testing import SILENCE, MemoryGuest


class MemoryGuestTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.guest = MemoryGuest({"guest-get-host-name": {"host-name": "db1"}})

    def test_answer(self) -> None:
        """
        What the test has said is there at once, as a value of the type.
        """
        self.assertEqual(self.guest.status.state, State.READY)
        self.assertEqual(self.successResultOf(self.guest.get_host_name()).host_name, "db1")
        self.assertEqual(self.guest.executed, ["guest-get-host-name"])

    def test_kinds_of_answers(self) -> None:
        """
        An answer may be of the wire, of Python, an error, or be made of the arguments.
        """
        self.guest.answer("guest-get-host-name", GuestHostName(host_name="web1"))
        self.assertEqual(self.successResultOf(self.guest.get_host_name()).host_name, "web1")
        self.guest.answer("guest-get-host-name", CommandFailed("no"))
        self.failureResultOf(self.guest.get_host_name(), CommandFailed)
        self.guest.answer("guest-exec", lambda arguments: {"pid": len(arguments["path"])})
        self.assertEqual(self.successResultOf(self.guest.exec("ls")).pid, 2)
        self.guest.answer("guest-shutdown", SILENCE)
        down = self.guest.shutdown(deadline=1.0)
        self.guest.advance(1.0)
        self.assertIs(self.successResultOf(down), None)

    def test_no_answer(self) -> None:
        """
        A command that the test has not thought of does not exist; a wrong answer is a misfit.
        """
        self.failureResultOf(self.guest.get_osinfo(), CommandNotFound)
        self.guest.answer("guest-get-host-name", {"hostname": "db1"})
        self.failureResultOf(self.guest.get_host_name(), Misfit)

    def test_later(self) -> None:
        """
        An answer may come later, or too late.
        """
        for seconds, error in [(1.0, None), (5.0, OutcomeUnknown)]:
            coming: Deferred[object] = Deferred()
            self.guest.answer("guest-get-host-name", coming)
            asked = self.guest.get_host_name()
            self.guest.advance(seconds)
            if error is None:
                self.assertNoResult(asked)
                coming.callback(GuestHostName(host_name="late"))
                self.guest.advance()
                self.assertEqual(self.successResultOf(asked).host_name, "late")
            else:
                self.failureResultOf(asked, error)

    def test_one_after_the_other(self) -> None:
        """
        A call that is made when another is answered is answered, too.
        """
        names: list[str] = []

        async def ask() -> None:
            for _ in range(3):
                names.append((await self.guest.get_host_name()).host_name)

        self.successResultOf(Deferred.fromCoroutine(ask()))
        self.assertEqual(names, ["db1"] * 3)

    def test_goes_away(self) -> None:
        """
        Its agent may die, or hang.
        """
        self.guest.agent.hangs = True
        asked = self.guest.get_host_name()
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        self.guest.agent.hang_up()
        self.failureResultOf(self.guest.get_host_name(), AgentUnavailable)

    def test_supports(self) -> None:
        """
        It can do what the test has said, and what every guest in memory can.
        """
        for command, can in [
            ("guest-get-host-name", True),
            ("guest-ping", True),
            ("guest-fsfreeze-freeze", True),
            ("guest-get-osinfo", False),
        ]:
            self.assertIs(self.successResultOf(self.guest.supports(command)), can, command)

    def test_freeze(self) -> None:
        """
        It can be frozen, and knows whether it is.
        """

        def work() -> "Deferred[GuestFsfreezeStatus | str]":
            self.assertTrue(self.guest.is_frozen)
            return self.guest.fsfreeze_status()

        frozen = while_frozen(self.guest.clock, self.guest, work, owner="a test")
        self.assertEqual(self.successResultOf(frozen).result, GuestFsfreezeStatus.FROZEN)
        self.assertFalse(self.guest.is_frozen)
        self.assertEqual(self.successResultOf(self.guest.fsfreeze_thaw()), 0)
        self.assertEqual(self.successResultOf(self.guest.fsfreeze_freeze()), 1)
        self.guest.answer("guest-fsfreeze-thaw", CommandFailed("no"))
        self.failureResultOf(self.guest.fsfreeze_thaw(), CommandFailed)
        self.assertTrue(self.guest.is_frozen)

    def test_while_frozen(self) -> None:
        """
        While it is frozen it takes no command that a real agent would not take.
        """
        self.successResultOf(self.guest.fsfreeze_freeze())
        why = self.failureResultOf(self.guest.get_host_name(), CommandNotFound).value
        assert isinstance(why, CommandNotFound)
        self.assertEqual(
            why.desc,
            "Command guest-get-host-name has been disabled: the command is not allowed",
        )
        self.assertIs(self.successResultOf(self.guest.supports("guest-get-host-name")), False)
        self.successResultOf(self.guest.ping())
        self.successResultOf(self.guest.fsfreeze_thaw())
        self.assertEqual(self.successResultOf(self.guest.get_host_name()).host_name, "db1")
        self.assertIs(self.successResultOf(self.guest.supports("guest-get-host-name")), True)

    def test_files(self) -> None:
        """
        It has files, which are as they were written.
        """
        guest = MemoryGuest(files={"/etc/motd": b"hello"})
        handle = self.successResultOf(guest.file_open("/etc/motd"))
        self.assertEqual(self.successResultOf(guest.file_read(handle)).buf, b"hello")
        handle = self.successResultOf(guest.file_open("/etc/issue", mode="w"))
        self.successResultOf(guest.file_write(handle, b"x"))
        self.assertEqual(guest.files, {"/etc/motd": b"hello", "/etc/issue": b"x"})

    def test_close(self) -> None:
        """
        It can be closed, and is not there then.
        """

        async def use() -> None:
            async with self.guest as guest:
                await guest.wait_ready(1)

        self.successResultOf(Deferred.fromCoroutine(use()))
        self.failureResultOf(self.guest.ping(), AgentUnavailable)

    def test_one_clock(self) -> None:
        """
        Several may have one clock.
        """
        clock = Clock()
        guests = [MemoryGuest(name=name, clock=clock) for name in ("db1", "web1")]
        done = while_frozen(clock, guests, lambda: succeed("done"), owner="a test")
        report = self.successResultOf(done)
        self.assertEqual((report.result, list(report.intervals)), ("done", ["db1", "web1"]))
