"""``txqga cp`` and ``txqga cat``, through a mux and directly, with our agent and the real one."""

import json
import os
import random

from tests.functional._cli import CliCase, ask

DATA = random.Random(2).randbytes(1_500_017)


class FilesTests(CliCase):
    def place(self, guest: str, path: object) -> str:
        """Name a file of a guest."""
        return f":{path}" if guest.startswith("direct") else f"{guest}:{path}"

    def test_there_and_back(self) -> None:
        """
        A file is copied into each guest and out of it, and stays what it is.
        """
        source, there, back = self.here / "a", self.here / "there", self.here / "back"
        source.write_bytes(DATA)
        source.chmod(0o640)
        there.mkdir()
        for guest in self.every:
            words = self.guests.words(guest)
            said = ask(*words, "cp", str(source), self.place(guest, f"{there}/"))
            self.assertEqual((said.status, said.out, said.err), (0, b"", ""), guest)
            said = ask(*words, "--json", "cp", self.place(guest, there / "a"), str(back))
            told = json.loads(said.out)
            way = "program" if "real" in guest else "extension"
            self.assertEqual((told["octets"], told["verified"]), (len(DATA), [way]))
            self.assertTrue(back.read_bytes() == (there / "a").read_bytes() == DATA)
            self.assertEqual(back.stat().st_mode & 0o777, 0o640)
            (there / "a").unlink()

    def test_streams(self) -> None:
        """
        What is piped in is a file of the guest, and what is in one is piped out.
        """
        for guest in ("ours", "direct-real"):
            words, copy = self.guests.words(guest), self.here / "copy"
            said = ask(*words, "cp", "-", self.place(guest, copy), input=DATA)
            self.assertEqual((said.status, copy.read_bytes() == DATA), (0, True), said.err)
            self.assertTrue(ask(*words, "cp", self.place(guest, copy), "-").out == DATA)
            self.assertTrue(self.ask(guest, "cat", str(copy)).out == DATA)

    def test_folder(self) -> None:
        """
        A folder is copied, but for what leads out of it or would move a terminal's cursor.
        """
        source = self.here / "source"
        (source / "d").mkdir(parents=True)
        (source / "d" / "f").write_bytes(b"hello")
        (source / "l").symlink_to("d/f")
        (source / "out").symlink_to("/etc/passwd")
        (source / "x\x1b[2J").write_bytes(b"")
        os.mkfifo(source / "p")
        for guest in ("ours", "real"):
            copy = self.here / guest
            words = self.guests.words(guest)
            said = ask(*words, "cp", "-r", self.place(guest, source), str(copy))
            self.assertEqual(said.status, 1, said.err)
            self.assertEqual(sorted(each.name for each in copy.iterdir()), ["d", "l"])
            self.assertNotIn("\x1b", said.err)
            self.assertEqual(said.err.count("\n"), 3, said.err)

    def test_refused(self) -> None:
        """
        What a guest has not is refused in one line.
        """
        said = self.ask("real", "cat", "/nonesuch\x1b")
        self.assertEqual((said.status, said.err.count("\n"), "\x1b" in said.err), (1, 1, False))
