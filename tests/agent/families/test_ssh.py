"""guest-ssh-get-authorized-keys, -add- and -remove-; the texts were seen in qemu-ga 10.0."""

import errno
import os

from tests.agent.families._asking import AskingTests
from tests.agent.platform._interface import ALICE, ROOT
from txqga.agent.families._ssh import Ssh, authorized_keys
from txqga.agent.platform import MemoryFile, MemoryPlatform, User
from txqga.wire import JSON

GET = "guest-ssh-get-authorized-keys"
ADD = "guest-ssh-add-authorized-keys"
REMOVE = "guest-ssh-remove-authorized-keys"
KEYS = "/home/alice/.ssh/authorized_keys"


class Folder(MemoryPlatform):
    """A platform on which there are folders in the place of files."""

    def read_as(self, user: User, path: str) -> bytes:
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))


class SshTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.blocking = True

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


class ChangingTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.blocking = True

    def change(self, command: str, before: bytes | None, *keys: str, **more: bool) -> bytes:
        """What is in the file after the command."""
        files = {} if before is None else {KEYS: MemoryFile(before, owner=ALICE.uid)}
        self.platform = MemoryPlatform(users=[ALICE], files=files)
        done = self.ask(Ssh(self.platform), command, username="alice", keys=list(keys), **more)
        self.assertIsNone(done)
        return self.platform.read_as(ALICE, KEYS)

    def test_add(self) -> None:
        """
        New keys come behind what is there, which stays as it is; none is there twice.
        """
        for before, keys, after in (
            (None, ["a", "b"], b"a\nb"),
            (None, [], b""),
            (b"", ["a"], b"a"),
            (b"a", ["b"], b"a\nb"),
            (b"a\n", ["b"], b"a\n\nb"),
            (b"# c\n a \na\na", ["a", "b", "b"], b"# c\n a \na\na\nb"),
            (b"a", ["a"], b"a"),
            (b"caf\xe9", ["caf\u00e9"], b"caf\xe9\ncaf\xc3\xa9"),
            (b"a", [""], b"a\n"),
        ):
            self.assertEqual(self.change(ADD, before, *keys), after)

    def test_reset(self) -> None:
        """
        With reset what is there is forgotten.
        """
        self.assertEqual(self.change(ADD, b"a\nb\n", "c", reset=True), b"c")
        self.assertEqual(self.change(ADD, b"a\nb\n", reset=True), b"")
        self.assertEqual(self.change(ADD, b"a", "b", reset=False), b"a\nb")

    def test_folder(self) -> None:
        """
        The folder is made where nothing was read.
        """
        folder = ("make_folder_as", "alice", "/home/alice/.ssh")
        for before, reset, made in ((None, False, True), (b"", True, True), (b"", False, False)):
            self.change(ADD, before, "a", reset=reset)
            self.assertEqual(folder in self.platform.done, made)

    def test_remove(self) -> None:
        """
        Every line that is the key goes, and the others stay as they are.
        """
        for before, keys, after in (
            (b"a\n# c\na\nb\n", ["a"], b"# c\nb\n"),
            (b"a\n\nb\n", [""], b"a\nb"),
            (b" a\na ", ["a", "x"], b" a\na "),
            (b"a", ["a"], b""),
            (b"", ["a"], b""),
            (b"x\n", [], b"x\n"),
        ):
            self.assertEqual(self.change(REMOVE, before, *keys), after)

    def test_remove_from_nothing(self) -> None:
        """
        Where there is no file there is nothing to remove, and none is made.
        """
        platform = MemoryPlatform(users=[ALICE])
        self.assertIsNone(self.ask(Ssh(platform), REMOVE, username="alice", keys=["a"]))
        self.assertEqual(platform.done, [])

    def test_no_key(self) -> None:
        """
        A comment is no key, nor are several lines; that is found before anything else.
        """
        family = Ssh(self.platform)
        for command in (ADD, REMOVE):
            for key in ("# c", "#", "a\nb", "\n"):
                self.assertEqual(
                    self.refusal(family, command, username="mallory", keys=["fine", key]),
                    f"invalid OpenSSH public key: '{key}'",
                )
            self.assertEqual(
                self.refusal(family, command, username="mallory", keys=["fine"]),
                "failed to lookup user 'mallory': Success",
            )

    def test_unreadable(self) -> None:
        """
        Keys that cannot be read are not written over, unless that is what is wanted.
        """
        files = {KEYS: MemoryFile(b"root's", owner=ROOT.uid)}
        platform = MemoryPlatform(users=[ALICE], files=files)
        for command in (ADD, REMOVE):
            self.assertEqual(
                self.refusal(Ssh(platform), command, username="alice", keys=["a"]),
                f"failed to read '{KEYS}': Failed to open file “{KEYS}”: Permission denied",
            )
        self.assertEqual(platform.done, [])
        self.ask(Ssh(platform), ADD, username="alice", keys=["a"], reset=True)
        self.assertEqual(platform.read_as(ALICE, KEYS), b"a")


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
