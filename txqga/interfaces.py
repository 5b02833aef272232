"""
The parts that embedders supply, and the ones that Twisted looks up by interface.

There is no logic here. Seams inside the package are ``typing.Protocol`` beside their users.
"""

from twisted.internet.defer import Deferred
from zope.interface import Interface


class IOutcome(Interface):
    """What became of a command whose reply did not come in time."""

    def settled() -> Deferred[object]:
        """
        Wait until the outcome is known.

        Each call makes a Deferred of its own, which may be cancelled.

        :return: fires with the late reply, a :class:`txqga.wire.Success` or
            :class:`txqga.wire.Refusal`, or with ``None`` when it can never be known.
        """


class IFreezer(Interface):
    """Holds a guest's filesystems still, for one holder."""

    def freeze() -> Deferred[int]:
        """
        Freeze.

        :return: fires with the number of filesystems that hold still from now on.
        """

    def thaw() -> Deferred[int]:
        """
        Thaw what :meth:`freeze` has frozen, or may have; what others froze is left alone.

        :return: fires with the number of filesystems thawed, 0 where no thaw was owed; fails where
            the guest did not stay frozen until now.
        """
