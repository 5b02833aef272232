"""How many lines one guest may cause in the log of its host."""

from twisted.internet.interfaces import IReactorTime

#: what starts, stops and moves a virtual machine goes through takes a dozen lines
BURST = 50
#: seconds that each further line takes to earn: a few megabytes a day at most
PAUSE = 10.0


class Allowance:
    """
    Some lines at once, and then one now and again.

    A guest can make its session come and go a hundred times a second. Whoever watches is told
    each time; the disk of the host is not filled with it.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._left = float(BURST)
        self._counted = clock.seconds()
        self.missed = 0  #: lines refused since the last that was granted

    def take(self) -> int | None:
        """
        Ask for a line.

        :return: how many were refused since the last that was granted; None: so is this one.
        """
        now = self._clock.seconds()
        self._left = min(BURST, self._left + (now - self._counted) / PAUSE)
        self._counted = now
        if self._left < 1.0:
            self.missed += 1
            return None
        self._left -= 1.0
        missed, self.missed = self.missed, 0
        return missed
