"""What a file of the guest holds, in short."""

import hashlib

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, CopyDiffers
from txqga.files._digest import Verified, check_digest, guest_digest

DATA = b"hello world" * 100_000
MADE = hashlib.sha256(DATA[:500_000]).hexdigest()


class DigestTests(FilesCase):
    def test_extension(self) -> None:
        """
        An agent that makes digests is asked for one.
        """
        self.shell({"/a": DATA})
        said = {"digest": MADE, "count": 500_000}
        self.guest.answer("txqga-file-digest", said)
        digest = self.now(guest_digest(self.kit(), "/a", 500_000))
        self.assertEqual((digest.hexadecimal, digest.by), (MADE, Verified.EXTENSION))
        self.assertEqual(self.guest.scripts, [])
        asked = dict(self.guest.agent.ran)["txqga-file-digest"]
        self.assertEqual(asked, {"path": "/a", "algorithm": "sha256", "count": 500_000})

    def test_program(self) -> None:
        """
        Else sha256sum makes it, in the guest.
        """
        self.shell({"/a": DATA})
        digest = self.now(guest_digest(self.kit(), "/a", 500_000))
        self.assertEqual((digest.hexadecimal, digest.count), (MADE, 500_000))
        self.assertIs(digest.by, Verified.PROGRAM)

    def test_read_back(self) -> None:
        """
        Where there is no such program, or no shell, the file is read once more.
        """
        for lacks in ("sha256sum", "programs", "shell"):
            if lacks == "shell":
                self.bare({"/a": DATA})
            else:
                guest = self.shell({"/a": DATA})
                guest.has_sha256sum = lacks != "sha256sum"
                guest.programs = lacks != "programs"
            digest = self.now(guest_digest(self.kit(), "/a", 500_000))
            self.assertEqual((digest.hexadecimal, digest.count), (MADE, 500_000), lacks)
            self.assertIs(digest.by, Verified.READ_BACK)
            self.assertEqual(self.guest.executed[-1], "guest-file-close")

    def test_not_there(self) -> None:
        """
        What cannot be read has no digest.
        """
        self.shell()
        self.failure(guest_digest(self.kit(), "/a", 5), CommandFailed)

    def test_check(self) -> None:
        """
        A copy is good if it holds the same, and as much.
        """
        self.shell({"/a": DATA})
        digest = self.now(guest_digest(self.kit(), "/a", 500_000))
        check_digest(digest, MADE, 500_000, "/a")
        for made, count in ((MADE, 499_999), ("0" * 64, 500_000)):
            why = self.assertRaises(CopyDiffers, check_digest, digest, made, count, "/a")
            self.assertEqual(str(why), "the copy of /a is not what the file is (program)")
