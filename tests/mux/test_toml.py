"""Files that operators write, in TOML."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux import read_toml


class ReadTomlTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def wrong(self, octets: bytes) -> str:
        self.path.write_bytes(octets)
        return str(self.assertRaises(ValueError, read_toml, self.path, 100))

    def test_read(self) -> None:
        """
        A file is read, of which somebody may look at the descriptor first.
        """
        self.path.write_text("a = 1")
        seen: list[int] = []
        told = read_toml(self.path, check=lambda file: seen.append(os.fstat(file).st_ino))
        self.assertEqual((told, seen), ({"a": 1}, [self.path.stat().st_ino]))

    def test_wrong(self) -> None:
        """
        What is wrong with it is told, with its name.
        """
        for octets, words in (
            (b"x" * 101, "it has more than 100 octets"),
            (b"a = ", "Invalid value"),
            (b"a = '\xff'", "can't decode"),
            (b'[a]\nb = ["\\u0000"]', "a: b[0]: there is a NUL"),
            (b'"\\u0000" = 1', "there is a NUL"),
            (b"[a]\nb = [1, -9223372036854775809]", "a: b[1]: the integer has more than 64 bits"),
        ):
            said = self.wrong(octets)
            self.assertTrue(said.startswith(f"{self.path}: "), said)
            self.assertIn(words, said)
        for text in ("a = " + "9" * 5000, "a = " + "[" * 5000, "a." * 5000 + "a = 1"):
            self.path.write_text(text)
            why = self.assertRaises(ValueError, read_toml, self.path)
            self.assertTrue(str(why).startswith(f"{self.path}: "), str(why)[:100])
        self.path.unlink()
        why = self.assertRaises(ValueError, read_toml, self.path)
        self.assertEqual(str(why), f"{self.path}: No such file or directory")
