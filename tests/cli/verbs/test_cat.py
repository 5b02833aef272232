"""``txqga cat``."""

from tests.cli._case import VerbCase
from txqga.cli.verbs._cat import cat
from txqga.errors import TooLarge


class CatTests(VerbCase):
    def test_cat(self) -> None:
        """
        What is in files is written, one after the other.
        """
        run = self.start()
        run.guests["db1"].files.update({"/a": b"one\n", "/b": b"two\x1b[2J"})
        self.done(cat.work(run, guest="db1", paths=("/a", "/b"), most=None, raw=False))
        self.assertEqual(run.stdout.getvalue(), "one\ntwo\\x1b[2J")

    def test_json(self) -> None:
        """
        Programs are told an object for each file: text, or base64.
        """
        run = self.start(json=True)
        run.guests["db1"].files.update({"/a": b"one", "/b": b"\xff"})
        self.done(cat.work(run, guest="db1", paths=("/a", "/b"), most=None, raw=False))
        self.assertEqual([each.get("text") for each in run.values], ["one", None])
        self.assertEqual(run.values[1]["base64"], "/w==")

    def test_most(self) -> None:
        """
        No more is taken than was asked for.
        """
        run = self.start()
        run.guests["db1"].files["/a"] = b"octets"
        self.failed(cat.work(run, guest="db1", paths=("/a",), most=3, raw=False), TooLarge)
