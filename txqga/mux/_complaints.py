"""What is wrong and stays so: said once, and not of everything if it is much."""

from collections.abc import Callable, Mapping

from twisted.logger import Logger

#: Complaints that are said at a time; of the rest, how many they are.
MOST = 20


class Complaints:
    """
    What is wrong and stays so.

    :param say: is called with what it is about, and what is wrong.
    """

    _log = Logger()

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._said: dict[str, str] = {}

    def update(self, complaints: Mapping[str, str]) -> None:
        """Take these for all that is wrong now; say what is new."""
        new = {about: why for about, why in complaints.items() if self._said.get(about) != why}
        self._said = dict(complaints)
        for about, why in list(new.items())[:MOST]:
            self._say(about, why)
        if len(new) > MOST:
            self._log.warn("and {count} more like these", count=len(new) - MOST)
