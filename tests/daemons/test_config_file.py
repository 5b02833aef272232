"""A file that says what a command line says."""

import tempfile
from pathlib import Path

from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._config_file import words_of


class Some(usage.Options):
    """Options of each kind."""

    optParameters = [
        ["serve", "s", None, "A folder."],
        ["count", None, 1, "A number.", int],
        ["config", "c", None, "The file."],
    ]
    optFlags = [["loud", "l", "Shout."]]

    def opt_guest(self, spec: str) -> None:
        """A guest."""
        if "=" not in spec:
            raise usage.UsageError(f"{spec!r} is no guest")


class WordsTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="toml", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.path = Path(home.name) / "mux.toml"

    def words(self, text: str) -> list[str]:
        self.path.write_text(text)
        return words_of(self.path, Some)

    def refused(self, text: str, *parts: str) -> None:
        """The file is refused, with its name and all these."""
        said = str(self.assertRaises(usage.UsageError, self.words, text))
        for part in (f"{self.path}: ", *parts):
            self.assertIn(part, said)

    def test_values(self) -> None:
        """
        Strings and numbers are an option's value.
        """
        self.assertEqual(self.words('serve = "/a b"\ncount = 3'), ["--serve=/a b", "--count=3"])
        self.assertEqual(self.words('serve = "-x"'), ["--serve=-x"])

    def test_many(self) -> None:
        """
        An array gives an option several times; a table too, with its keys.
        """
        self.assertEqual(self.words('guest = ["a=1", "b=2"]'), ["--guest=a=1", "--guest=b=2"])
        table = '[guest]\na = "unix:/x=y"\n"web.1" = 2.5'
        self.assertEqual(self.words(table), ["--guest=a=unix:/x=y", "--guest=web.1=2.5"])

    def test_flags(self) -> None:
        """
        An option without a value is true or false.
        """
        self.assertEqual(self.words("loud = true"), ["--loud"])
        self.assertEqual(self.words("loud = false"), [])
        self.refused("loud = 1", "loud: true or false is allowed")

    def test_empty(self) -> None:
        """
        A file may say nothing.
        """
        self.assertEqual(self.words("# nothing"), [])

    def test_unknown(self) -> None:
        """
        A key that is no option is refused, with those that are.
        """
        self.refused('colour = "red"', "colour: there is no such key; there are count, guest, loud")
        self.refused('config = "other.toml"', "config: there is no such key")
        self.refused("help = true", "help: there is no such key")

    def test_wrong_value(self) -> None:
        """
        What the option does not take is refused where it stands.
        """
        self.refused('guest = ["a=1", "b"]', "guest[1]: 'b' is no guest")
        self.refused('count = "many"', "count: ")
        self.refused("serve = true", "serve: a string or a number is allowed")
        self.refused("serve = [[1]]", "serve[0]: a string or a number is allowed")
        self.refused("[guest.a]\nchannel = 1", "guest.a: a string or a number is allowed")
        self.refused("serve = 1979-05-27", "serve: a string or a number is allowed")

    def test_no_toml(self) -> None:
        """
        What is no TOML is refused, with the place.
        """
        self.refused("serve = x", "line 1")
        self.path.write_bytes(b'serve = "\xff"')
        self.assertRaises(usage.UsageError, words_of, self.path, Some)

    def test_no_file(self) -> None:
        """
        A file that is not there is named.
        """
        error = self.assertRaises(usage.UsageError, words_of, self.path, Some)
        self.assertEqual(str(error), f"{self.path}: No such file or directory")
