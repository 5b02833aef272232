"""What replies say about frozen filesystems."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.session._freezing import TELLING, frozen_after
from txqga.wire import ABSENT, Refusal, Success


class FrozenAfterTests(SynchronousTestCase):
    def test_replies(self) -> None:
        """
        A freeze of something freezes, a thaw thaws, the status says; nothing else tells.
        """
        for command, value, frozen in [
            ("guest-fsfreeze-freeze", 2, True),
            ("guest-fsfreeze-freeze", 0, False),
            ("guest-fsfreeze-freeze-list", 1, True),
            ("guest-fsfreeze-freeze", "odd", False),
            ("guest-fsfreeze-thaw", 0, False),
            ("guest-fsfreeze-status", "frozen", True),
            ("guest-fsfreeze-status", "thawed", False),
            ("guest-fsfreeze-status", "odd", None),
            ("guest-fsfreeze-status", [], None),
        ]:
            self.assertIn(command, TELLING)
            self.assertIs(frozen_after(command, Success(value, ABSENT)), frozen, (command, value))

    def test_refusals(self) -> None:
        """
        A refusal proves nothing.
        """
        refusal = Refusal(wire_class="GenericError", desc="no", id=ABSENT)
        for command in TELLING:
            self.assertIs(frozen_after(command, refusal), None)
