"""The hook of one group."""

from collections.abc import Iterable
from typing import Any

from attrs import define, field
from twisted.internet.defer import Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from txqga.control._noted_hook import NotedHook
from txqga.errors import HookFailed
from txqga.mux import MemoryBook


@define
class FakeHook:
    """Keeps what it was run for, and what stood in the book then."""

    book: MemoryBook
    argv: tuple[str, ...] = ("/hook",)
    ran: list[Any] = field(factory=list)
    failure: Exception | None = None

    def run(self, reactor: object, word: str, guests: Iterable[str]) -> "Deferred[None]":
        self.ran.append((word, [*guests], dict(self.book.hooked)))
        return succeed(None) if self.failure is None else fail(self.failure)


class NotedHookTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.book = MemoryBook()
        self.hook = FakeHook(self.book)
        self.noted = NotedHook(self.hook, self.book, "6f")  # type: ignore[arg-type]

    def test_noted(self) -> None:
        """
        For whom it is run is written down before it is, and crossed out when it was run again.
        """
        self.successResultOf(self.noted.run(None, "freeze", ["db1", "web1"]))
        self.assertEqual(self.hook.ran, [("freeze", ["db1", "web1"], {"6f": ("db1", "web1")})])
        # a mux that was killed knows less than all of them
        self.successResultOf(self.noted.run(None, "thaw", ["db1"]))
        self.assertEqual(self.hook.ran[1][:2], ("thaw", ["db1", "web1"]))
        self.assertEqual(self.book.hooked, {})

    def test_fails(self) -> None:
        """
        One that fails was run all the same.
        """
        self.hook.failure = HookFailed("/hook thaw", "exit status 1")
        self.failureResultOf(self.noted.run(None, "freeze", ["db1"]), HookFailed)
        self.assertEqual(self.book.hooked, {"6f": ("db1",)})
        self.failureResultOf(self.noted.run(None, "thaw", ["db1"]), HookFailed)
        self.assertEqual(self.book.hooked, {})

    def test_disk_full(self) -> None:
        """
        What cannot be written down is not begun.
        """

        class FullBook(MemoryBook):
            def note_hook(self, id: str, guests: object) -> "Deferred[None]":
                return fail(OSError(28, "No space left on device"))

        noted = NotedHook(self.hook, FullBook(), "6f")  # type: ignore[arg-type]
        why = self.failureResultOf(noted.run(None, "freeze", ["db1"]), HookFailed).value
        self.assertIn("No space left on device", str(why))
        self.assertEqual(self.hook.ran, [])
        self.successResultOf(noted.run(None, "thaw", ["db1"]))
