"""What every part of a copy needs."""

from tests.files._case import FilesCase


class KitTests(FilesCase):
    def test_made(self) -> None:
        """
        A copy has no limit unless it was given one.
        """
        self.bare()
        self.assertIs(self.kit().limit, None)
        self.assertEqual(self.kit(limit=5.0).limit, 5.0)
        self.assertIs(self.kit().guest, self.guest)
