"""An outcome that nobody will tell any more."""

from twisted.internet.defer import Deferred, succeed
from zope.interface import implementer

from txqga.interfaces import IOutcome


@implementer(IOutcome)
class Never:
    """An outcome that nobody will tell any more."""

    def settled(self) -> Deferred[object]:
        """Say so."""
        return succeed(None)
