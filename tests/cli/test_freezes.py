"""How freezes stand, as lines for people."""

import getpass

from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._freezes import lines, row, whoever


class FreezesTests(SynchronousTestCase):
    def test_lines(self) -> None:
        """
        Each guest has a line, and a group one more.
        """
        told = {
            "guests": [{"guest": "db1", "filesystems": 3}, {"guest": "db2", "filesystems": 0}],
            "left": 59.7,
            "skew": 0.0021,
        }
        self.assertEqual(
            lines(told),
            [
                "db1 is frozen, 3 filesystems, for 60 s",
                "db2 has no filesystem that could be frozen",
                "0.002 s lay between the first one and the last",
            ],
        )

    def test_row(self) -> None:
        """
        What is not known of a guest is empty.
        """
        self.assertEqual(row("db1", {"stage": "thawed"}), ("db1", "thawed", "", "", ""))
        self.assertEqual(row("db1", {"stage": "frozen", "left": 3.2})[2], "3 s")

    def test_whoever(self) -> None:
        """
        Who asks has a name, also where the system knows none.
        """
        self.assertIn("txqga", whoever())

        def nobody() -> str:
            raise KeyError("getpwuid(): uid not found")

        self.patch(getpass, "getuser", nobody)
        self.assertIn("@", whoever())
