"""What can be done with programs in a guest."""

from tests.exec._case import ExecCase
from txqga.errors import CommandFailed, CommandNotFound
from txqga.exec import Way
from txqga.exec._traits import Traits, read_traits
from txqga.testing import MemoryGuest


class TraitsTests(ExecCase):
    def traits(self, guest: MemoryGuest) -> Traits:
        self.guest = guest
        return self.successResultOf(self.coming(read_traits(guest)))  # type: ignore[no-any-return]

    def test_ways(self) -> None:
        """
        The best way that an agent knows comes first.
        """
        self.assertEqual(self.traits(self.streamed()).ways, (Way.STREAMED,))
        self.assertEqual(self.traits(self.stock()).ways, (Way.FOLLOWED, Way.WHOLE))

    def test_windows(self) -> None:
        """
        On Windows there is no shell; nor where nobody knows what the system is.
        """
        self.assertEqual(self.traits(self.stock("mswindows")).ways, (Way.WHOLE,))
        guest = self.stock()
        guest.answer("guest-get-osinfo", CommandFailed("no"))
        self.assertEqual(self.traits(guest).ways, (Way.WHOLE,))
        guest.answer("guest-get-osinfo", {})
        self.assertEqual(self.traits(guest).ways, (Way.WHOLE,))

    def test_none(self) -> None:
        """
        An agent that runs no programs says so, and so does one that is frozen.
        """
        self.guest = MemoryGuest()
        self.failureResultOf(self.coming(read_traits(self.guest)), CommandNotFound)
        guest = self.stock()
        guest.is_frozen = True
        self.failureResultOf(self.coming(read_traits(guest)), CommandNotFound)

    def test_choose(self) -> None:
        """
        A way that there is not is not taken.
        """
        traits = self.traits(self.stock("mswindows"))
        self.assertIs(traits.choose(None, [Way.STREAMED, Way.WHOLE]), Way.WHOLE)
        for way in (Way.STREAMED, Way.FOLLOWED):
            with self.assertRaises(CommandNotFound):
                traits.choose(way, [*Way])
