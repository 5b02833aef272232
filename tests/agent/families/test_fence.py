"""txqga-fence, txqga-fenced."""

from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._family import NO_REPLY, Result
from txqga.agent.families._fence import LONGEST_TOKEN, Fence
from txqga.errors import CommandFailed, CommandNotFound, FencedOff, InvalidArguments
from txqga.wire import JSON


class FenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 5_000_000_000
        self.ran: list[tuple[str, Mapping[str, JSON]]] = []
        self.result: Any = "done"
        self.family = self.started()

    def started(self) -> Fence:
        """The family of an agent that has just been started."""
        family = Fence(self.run_command, lambda: self.now)
        self.addCleanup(family.close)
        return family

    def run_command(self, name: str, arguments: Mapping[str, JSON]) -> Result | Deferred[Result]:
        self.ran.append((name, arguments))
        if isinstance(self.result, Exception):
            raise self.result
        result: Result = self.result
        return result

    def fence(self, token: str) -> Any:
        return self.family.commands()["txqga-fence"].function({"token": token})

    def fenced(self, token: str, after: int = 0, **more: Any) -> Any:
        """Run a command, not after ``after`` nanoseconds from now."""
        served = self.family.commands()["txqga-fenced"]
        self.assertFalse(served.sentinel)
        named = {"token": token, "not-after": self.now + after, "execute": "x-run"}
        return served.function({**named, **more})

    def refused(self, kind: type[CommandFailed], *asked: Any, **more: Any) -> str:
        """Why a command was refused; it did not run."""
        before = len(self.ran)
        why = self.assertRaises(kind, self.fenced, *asked, **more)
        self.assertEqual(len(self.ran), before)
        return str(why)

    def test_runs(self) -> None:
        """
        Inside the newest fence a command runs, up to the last nanosecond of its time.
        """
        self.assertEqual(self.fence("a"), {"boot-time": 5_000_000_000})
        self.assertEqual(self.fenced("a"), "done")
        self.assertEqual(self.fenced("a", 7, arguments={"n": 1}), "done")
        self.assertEqual(self.ran, [("x-run", {}), ("x-run", {"n": 1})])

    def test_results(self) -> None:
        """
        What the command returns is returned, whatever it is; so are its errors.
        """
        self.fence("a")
        results: tuple[Any, ...] = (None, NO_REPLY, Deferred())
        for result in results:
            self.result = result
            self.assertIs(self.fenced("a"), result)
        self.result = CommandNotFound("no such command")
        self.assertRaises(CommandNotFound, self.fenced, "a")

    def test_newest(self) -> None:
        """
        When another fence has begun, nothing of an earlier one runs, nor of one that never began.
        """
        self.fence("a")
        self.fence("b")
        for token in ("a", "c", "", "B"):
            why = self.refused(FencedOff, token)
            self.assertEqual(why, "another fence has begun since")
        self.assertEqual(self.fenced("b"), "done")

    def test_late(self) -> None:
        """
        A command that comes too late does not run.
        """
        self.fence("a")
        why = self.refused(FencedOff, "a", -1)
        self.assertEqual(why, "not-after has passed 0 ms ago")
        why = self.refused(FencedOff, "a", -2_500_000_000)
        self.assertEqual(why, "not-after has passed 2500 ms ago")

    def test_restarted(self) -> None:
        """
        An agent that was started again refuses what was sent to the one before.
        """
        self.fence("a")
        self.family = self.started()
        why = self.refused(FencedOff, "a", 10**9)
        self.assertEqual(why, "no fence has begun since the agent was started")

    def test_nested(self) -> None:
        """
        A fenced command is not fenced again.
        """
        self.fence("a")
        inner = {"token": "a", "not-after": self.now, "execute": "x-run"}
        why = self.refused(CommandFailed, "a", execute="txqga-fenced", arguments=inner)
        self.assertEqual(why, "a fenced command cannot be fenced")

    def test_arguments(self) -> None:
        """
        Arguments that are none are refused in QEMU's words.
        """
        self.fence("a")
        wrong: tuple[JSON, ...] = (None, [], "x", 5)
        for arguments in wrong:
            why = self.refused(InvalidArguments, "a", arguments=arguments)
            self.assertEqual(why, "Invalid parameter type for 'arguments', expected: object")

    def test_token(self) -> None:
        """
        A token is neither empty nor long; one that is refused changes nothing.
        """
        self.fence("a")
        for token in ("", "x" * (LONGEST_TOKEN + 1)):
            self.assertRaises(CommandFailed, self.fence, token)
        self.assertEqual(self.fenced("a"), "done")
        self.fence("é" * LONGEST_TOKEN)

    def test_class(self) -> None:
        """
        What did not run can be told by its class from what the command itself says.
        """
        self.assertEqual(FencedOff.wire_class, "DeviceNotActive")

    def test_clock(self) -> None:
        """
        The time is the kernel's, if it is no other.
        """
        told = Fence(self.run_command).commands()["txqga-fence"].function({"token": "a"})
        assert isinstance(told, dict)
        self.assertGreater(told["boot-time"], 0)
