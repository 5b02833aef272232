"""guest-ssh-get-authorized-keys; the texts of errors were seen in qemu-ga 10.0."""

import errno
import os

from tests.agent.families._asking import AskingTests
from tests.agent.platform._interface import ALICE, ROOT
from txqga.agent.families._ssh import Ssh, authorized_keys
from txqga.agent.platform import MemoryFile, MemoryPlatform, User
from txqga.wire import JSON

GET = "guest-ssh-get-authorized-keys"
KEYS = "/home/alice/.ssh/authorized_keys"


class Folder(MemoryPlatform):
    """A platform on which there are folders in the place of files."""

    def read_as(self, user: User, path: str) -> bytes:
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))


class SshTests(AskingTests):
    def keys(self, octets: bytes, user: User = ALICE, path: str = KEYS) -> JSON:
        platform = MemoryPlatform(users=[user], files={path: MemoryFile(octets)})
        return self.ask(Ssh(platform), GET, username=user.name)["keys"]

    def test_keys(self) -> None:
        """
        The keys of a user are told, the last line first.
        """
        self.assertEqual(self.keys(b"one\n# no\ntwo\none\n"), ["one", "two", "one"])
        self.assertEqual(self.keys(b""), [])
        self.assertEqual(self.keys(b"caf\xe9\n"), ["caf\udce9"])

    def test_homes(self) -> None:
        """
        A home folder may be written with slashes at its end, and may be the root.
        """
        for home, path in (
            ("/home/alice//", KEYS),
            ("/", "/.ssh/authorized_keys"),
        ):
            user = User(name="alice", uid=1000, gid=100, home=home)
            self.assertEqual(self.keys(b"key", user, path), ["key"])

    def test_rights(self) -> None:
        """
        A file that the user may not read himself is not read for him.
        """
        files = {KEYS: MemoryFile(b"root's", owner=ROOT.uid)}
        family = Ssh(MemoryPlatform(users=[ALICE], files=files))
        self.assertEqual(
            self.refusal(family, GET, username="alice"),
            f"failed to read '{KEYS}': Failed to open file “{KEYS}”: Permission denied",
        )

    def test_no_file(self) -> None:
        """
        Without the file it is an error; with something else in its place, too.
        """
        prefix = f"failed to read '{KEYS}'"
        for platform, why in (
            (MemoryPlatform(users=[ALICE]), f"Failed to open file “{KEYS}”: {os.strerror(2)}"),
            (Folder(users=[ALICE]), f"Error reading file “{KEYS}”: Is a directory"),
        ):
            refusal = self.refusal(Ssh(platform), GET, username="alice")
            self.assertEqual(refusal, f"{prefix}: {why}")

    def test_no_user(self) -> None:
        """
        A user that does not exist is an error, in the words of a success.
        """
        for name in ("mallory", ""):
            refusal = self.refusal(Ssh(self.platform), GET, username=name)
            self.assertEqual(refusal, f"failed to lookup user '{name}': Success")


class AuthorizedKeysTests(AskingTests):
    def test_lines(self) -> None:
        """
        Blanks around a key do not belong to it; comments and blank lines are no keys.
        """
        self.assertEqual(
            authorized_keys(b" a  b \t\r\n\n  # c\n#d\n \t\nlast"),
            [b"a  b", b"last"],
        )

    def test_odd(self) -> None:
        """
        A vertical tab is no blank, and a NUL ends the file, as in qemu-ga.
        """
        self.assertEqual(authorized_keys(b"\x0ba\x0b\nb\0c\nd"), [b"\x0ba\x0b", b"b"])
