"""What a reader makes of what a guest says."""

from collections.abc import Callable
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._draft import Draft

#: What no agent should say, and every reader has to bear.
ODD: list[Any] = [
    None,
    True,
    7,
    "x",
    [],
    {},
    [None, 7, "x", [], {}],
    [{"name": 7, "statistics": "x", "stats": [], "type": "linux", "cpu": "0", "online": "yes"}],
    {"stats": 5, "load1m": "x", "version": [], "id": {}, "mem-total": True},
]

ODD_TEXTS = [
    "",
    "\n",
    "x",
    "x\n" * 3,
    "cpu0\n",
    "cpu0 x y\n",
    ":\n" * 4,
    "\0" * 99,
]


class CollectorCase(SynchronousTestCase):
    """Reads, and says what was found."""

    def read(self, reader: Callable[..., None], said: Any, *more: float) -> dict[str, float]:
        """Return what was found, by name and labels."""
        draft = Draft()
        reader(said, draft, *more)
        self.assertEqual(draft.nonsense, 0)
        return {
            " ".join([sample.figure.name, *sample.labels]): sample.value for sample in draft.samples
        }

    def bears(self, reader: Callable[..., None], *more: float, odd: list[Any] = ODD) -> None:
        """Assert that whatever is said makes nothing, or nonsense that is counted."""
        for said in odd:
            with self.subTest(said=said):
                draft = Draft()
                reader(said, draft, *more)
                self.assertEqual(
                    [sample for sample in draft.samples if sample.figure.name != "qga_guest_users"],
                    [],
                )
