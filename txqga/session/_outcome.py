"""What became of a command whose reply did not come in time."""

from twisted.internet.defer import Deferred, succeed
from zope.interface import implementer

from txqga.interfaces import IOutcome


@implementer(IOutcome)
class Outcome:
    """What became of a command whose reply did not come in time; see :class:`IOutcome`."""

    def __init__(self) -> None:
        self._waiting: list[Deferred[object]] | None = []
        self._value: object = None

    def settled(self) -> Deferred[object]:
        """Wait until the outcome is known."""
        if self._waiting is None:
            return succeed(self._value)
        waiting: Deferred[object] = Deferred(self._cancelled)
        self._waiting.append(waiting)
        return waiting

    def settle(self, value: object) -> None:
        """
        Tell whoever waits; the first time counts.

        :param value: the late reply, or None when it can never be known.
        """
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._value = value
            for each in waiting:
                each.callback(value)

    def _cancelled(self, waiting: Deferred[object]) -> None:
        if self._waiting is not None:
            self._waiting.remove(waiting)
