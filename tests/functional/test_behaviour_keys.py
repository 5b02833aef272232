"""Which keys may log in as a user: guest-ssh-get-authorized-keys. Facts 9."""

import os
from pathlib import Path
from typing import Any
from unittest import SkipTest

from tests.functional._machines import MachineBehaviour
from tests.functional._oracle import OURS
from tests.functional._rows import Reply, Row, call, error, ok

UID = 20000  #: of the first user; nobody on this machine has it
GET = "guest-ssh-get-authorized-keys"


class Keys(MachineBehaviour):
    """Homes are folders of this machine, so the agent is a process."""

    all_of_a_process = True

    def setUp(self) -> None:
        super().setUp()
        if os.geteuid() != 0:
            raise SkipTest("only root can be another user")
        self.users = ["root:x:0:0::/root:/bin/sh"]

    def home(self, name: str) -> Path:
        """A new user's home."""
        path = self.folder / "home" / name
        path.mkdir(parents=True)
        uid = UID + len(self.users)
        os.chown(path, uid, uid)
        self.account(name, str(path))
        return path

    def account(self, name: str, home: str) -> None:
        """A user whose home is there, or is not."""
        uid = UID + len(self.users)
        self.users.append(f"{name}:x:{uid}:{uid}::{home}:/bin/sh")
        self.machine.file("/etc/passwd", "\n".join([*self.users, ""]))

    def keys(self, name: str, content: bytes) -> Path:
        """A new user's file."""
        path = self.home(name) / ".ssh" / "authorized_keys"
        path.parent.mkdir()
        path.write_bytes(content)
        return path

    def row(self, name: str, reply: Reply, **older: Reply) -> Row:
        return call(GET, {"username": name}, reply, **older)

    def failure(self, path: Path | str, why: str, step: str = "Failed to open") -> Reply:
        return error(f"failed to read '{path}': {step} file “{path}”: {why}")

    def test_keys(self) -> None:
        """
        The keys are told in reverse; blanks around them, blank lines and comments are not.
        """
        self.keys("plain", b"a b c\n\n# com\n  ssh x \t\r\n#x\nlast\nlast")
        self.keys("empty", b"")
        self.keys("blank", b"\n\n \n")
        self.keys("nul", b"one\ntwo\0three\nfour\n")
        self.keys("odd", b"caf\xe9 \xff\xfe key\n\x0bvt\x0b\n\xc2\xa0nbsp\xc2\xa0\n")
        for name, keys in (
            ("plain", ["last", "last", "ssh x", "a b c"]),
            ("empty", []),
            ("blank", []),
            ("nul", ["two", "one"]),
            ("odd", ["\xa0nbsp\xa0", "\x0bvt\x0b", "caf\ufffd \ufffd\ufffd key"]),
        ):
            self.check(self.row(name, ok({"keys": keys})))

    def test_homes(self) -> None:
        """
        A home may be written with slashes at its end.
        """
        path = self.keys("plain", b"key\n")
        self.account("slashes", f"{path.parent.parent}//")
        self.check(self.row("slashes", ok({"keys": ["key"]})))

    def test_no_file(self) -> None:
        """
        Without a file, and with a folder in its place, it is an error.
        """
        self.account("homeless", "/nowhere")
        missing = self.home("none") / ".ssh" / "authorized_keys"
        folder = self.home("folder") / ".ssh" / "authorized_keys"
        folder.mkdir(parents=True)
        nowhere = "No such file or directory"
        self.check(
            self.row("homeless", self.failure("/nowhere/.ssh/authorized_keys", nowhere)),
            self.row("none", self.failure(missing, nowhere)),
            self.row("folder", self.failure(folder, "Is a directory", "Error reading")),
        )

    def test_no_user(self) -> None:
        """
        A user that does not exist is an error, in the words of a success.
        """
        self.home("somebody")
        for name in ("nobody-at-all", "", "a:b", "é", "somebody "):
            self.check(self.row(name, error(f"failed to lookup user '{name}': Success")))

    def test_rights(self) -> None:
        """
        A file that is root's alone is not read for a user; older agents do.
        """
        path = self.keys("alice", b"root only\n")
        path.chmod(0o600)
        read = ok({"keys": ["root only"]})
        refused = self.failure(path, "Permission denied")
        self.check(self.row("alice", refused, v7_2=read, v10_0=read))

    def test_planted_link(self) -> None:
        """
        A user cannot have the agent show him somebody else's file.
        """
        secret = self.folder / "secret"
        secret.write_text("secret\n")
        secret.chmod(0o600)
        path = self.home("mallory") / ".ssh" / "authorized_keys"
        path.parent.mkdir()
        path.symlink_to(secret)
        read = ok({"keys": ["secret"]})
        refused = self.failure(path, "Permission denied")
        self.check(self.row("mallory", refused, v7_2=read, v10_0=read))

    def test_own_secrets(self) -> None:
        """
        Nor can he see what the agent itself has, by a link that leads to whoever follows it.
        """
        if self.series != OURS:
            raise SkipTest("tells")
        path = self.home("mallory") / ".ssh" / "authorized_keys"
        path.parent.mkdir()
        shut = self.folder / "shut"
        shut.mkdir(mode=0o700)
        (shut / "readable").write_text("secret\n")
        self.peer.call("guest-file-open", path=str(shut / "readable"))
        files = {path: number for number, path in self.process.open_files().items()}
        for target in ("environ", "mem", f"fd/{files[str(shut / 'readable')]}"):
            path.unlink(missing_ok=True)
            path.symlink_to(f"/proc/self/{target}")
            self.check(self.row("mallory", self.failure(path, "Permission denied")))

    def test_afterwards(self) -> None:
        """
        What the agent does afterwards it does as before: with its own ids, all of them.
        """
        self.keys("alice", b"key\n")
        groups = os.getgroups()
        self.addCleanup(os.setgroups, groups)
        os.setgroups([4, 27])  # the agent inherits them
        before = self.ids()
        self.check(self.row("alice", ok({"keys": ["key"]})))
        self.check(
            self.row("nobody-at-all", error("failed to lookup user 'nobody-at-all': Success"))
        )
        self.assertEqual(self.ids(), before)
        self.assertEqual(before["Groups"], ["4", "27"])

    def ids(self) -> dict[str, Any]:
        """The ids of the agent's process."""
        assert self.peer
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        named = dict(line.split(":", 1) for line in lines)
        return {name: named[name].split() for name in ("Uid", "Gid", "Groups")}

    def test_pipe(self) -> None:
        """
        A pipe in the place of the file stops nothing; the real agent would wait for ever.
        """
        if self.series != OURS:
            raise SkipTest("waits for ever")
        path = self.keys("alice", b"")
        path.unlink()
        os.mkfifo(path, 0o644)
        path.chmod(0o644)
        self.check(self.row("alice", ok({"keys": []})))


globals().update(Keys.for_every_agent())
