"""``txqga cp`` and ``txqga cat``, through a mux and directly, with our agent and the real one."""

import os
import random
import subprocess
from functools import partial
from pathlib import Path
from signal import SIGKILL

from tests.functional._cli import COMMAND, GuestsCase
from tests.functional._client import PATIENCE
from tests.functional._process import environment

DATA = random.Random(2).randbytes(1_500_017)


class FilesTests(GuestsCase):
    def place(self, guest: str, path: object) -> str:
        """Name a file of a guest."""
        return f":{path}" if guest.startswith("direct") else f"{guest}:{path}"

    async def test_there_and_back(self) -> None:
        """
        A file is copied into each guest and out of it, and stays what it is.
        """
        source, there, back = self.here / "a", self.here / "there", self.here / "back"
        source.write_bytes(DATA)
        source.chmod(0o640)
        there.mkdir()
        for guest in self.every:
            words = self.guests.words(guest)
            said = await self.txqga(*words, "cp", str(source), self.place(guest, f"{there}/"))
            self.assertEqual((said.status, said.octets, said.err), (0, b"", ""), guest)
            said = await self.txqga(
                *words, "--json", "cp", self.place(guest, there / "a"), str(back)
            )
            told = said.json
            way = "program" if "real" in guest else "extension"
            self.assertEqual((told["octets"], told["verified"]), (len(DATA), [way]))
            self.assertTrue(back.read_bytes() == (there / "a").read_bytes() == DATA)
            self.assertEqual(back.stat().st_mode & 0o777, 0o640)
            (there / "a").unlink()

    async def test_streams(self) -> None:
        """
        What is piped in is a file of the guest, and what is in one is piped out.
        """
        for guest in ("ours", "direct-real"):
            words, copy = self.guests.words(guest), self.here / "copy"
            said = await self.txqga(*words, "cp", "-", self.place(guest, copy), input=DATA)
            self.assertEqual((said.status, copy.read_bytes() == DATA), (0, True), said.err)
            self.assertTrue(
                (await self.txqga(*words, "cp", self.place(guest, copy), "-")).octets == DATA
            )
            self.assertTrue((await self.ask(guest, "cat", str(copy))).octets == DATA)

    async def test_killed_and_resumed(self) -> None:
        """
        A copy that was killed on its way is gone on with, and is what it is a copy of.
        """
        source = self.here / "a"
        source.write_bytes(DATA)
        for guest, target in (("ours", self.here / "in"), ("real", self.here / "out")):
            words = [*self.guests.words(guest), "--json", "cp", "--resume", "--rate", "200k"]
            words += [str(source), self.place(guest, target)]
            if guest == "real":
                words[-2:] = [self.place(guest, source), str(target)]
            part = self.here / f".{target.name}.txqga-part"
            going = self.begin(*words)
            await self.eventually(partial(self.is_begun, part), "nothing is copied")
            self.assertFalse(target.exists())
            going.signal(SIGKILL)
            await going.ended
            words.remove("--rate")
            words.remove("200k")
            said = await self.txqga(*words)
            self.assertEqual(said.status, 0, said.err)
            self.assertGreaterEqual(said.json["resumed"], 300_000)
            self.assertTrue(target.read_bytes() == DATA)
            self.assertFalse(part.exists())

    def is_begun(self, part: Path) -> bool:
        return part.exists() and part.stat().st_size >= 300_000

    async def test_folder(self) -> None:
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
            said = await self.txqga(*words, "cp", "-r", self.place(guest, source), str(copy))
            self.assertEqual(said.status, 1, said.err)
            self.assertEqual(sorted(each.name for each in copy.iterdir()), ["d", "l"])
            self.assertNotIn("\x1b", said.err)
            self.assertEqual(said.err.count("\n"), 3, said.err)

    async def test_terminal(self) -> None:
        """
        A terminal is written nothing that it would obey, whatever a guest says.
        """
        (self.here / "a").write_bytes(b"\x1b]0;owned\x07\x1b[2Jhello\r\n")
        for words in (
            ["cat", "ours", f"{self.here}/a"],
            ["exec", "real", "-qn", "--", "cat", f"{self.here}/a"],
        ):
            ours, theirs = os.openpty()
            self.addCleanup(os.close, ours)
            command = [*COMMAND, *self.guests.words("ours"), *words]
            env = {**environment(), "TERM": "xterm"}
            subprocess.run(command, env=env, stdout=theirs, timeout=PATIENCE, check=True)
            os.close(theirs)
            self.assertEqual(os.read(ours, 1000), b"\\x1b]0;owned\\x07\\x1b[2Jhello\r\n")

    async def test_refused(self) -> None:
        """
        What a guest has not is refused in one line.
        """
        said = await self.ask("real", "cat", "/nonesuch\x1b")
        self.assertEqual((said.status, said.err.count("\n"), "\x1b" in said.err), (1, 1, False))
