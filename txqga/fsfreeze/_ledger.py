"""Where it is written down how guests stand, so that it outlives the process."""

from typing import Protocol

from twisted.internet.defer import Deferred, succeed

from txqga.fsfreeze._lease import Standing


class Ledger(Protocol):
    """Where it is written down how one guest stands."""

    def note(self, standing: Standing) -> Deferred[None]:
        """
        Write down how it stands now.

        :return: fires when it would outlive the process and the host; fails with ``OSError``.
        """


class Unwritten:
    """Nothing is written down: who ends, leaves what is frozen to the guest's own limit."""

    def note(self, standing: Standing) -> Deferred[None]:
        """Forget it."""
        return succeed(None)
