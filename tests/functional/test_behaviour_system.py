"""What runs on a machine, and who is logged in. Facts 6 and 6.1."""

from pathlib import Path

from tests.agent.platform.linux.test_utmp import BOOT, DEAD, USER, narrow
from tests.functional._behaviour import of_a_process
from tests.functional._machines import MachineBehaviour
from tests.functional._rows import call, ok

KERNEL = {"kernel-release", "kernel-version", "machine"}


class Distribution(MachineBehaviour):
    def told_of(self, description: bytes) -> dict[str, str]:
        """What the agent makes of this description."""
        self.machine.file("/etc/os-release", description)
        told = self.told("guest-get-osinfo")
        self.assertLessEqual(KERNEL, set(told))
        return {name: value for name, value in told.items() if name not in KERNEL}

    def test_values(self) -> None:
        """
        Double quotes are quotes, single ones are none, and one that is missing shows.
        """
        description = rb"""# a comment
ID=x y
NAME="a \$ \" \q b" tail
PRETTY_NAME="abc
VERSION=a b;c
  VERSION_ID = 1;2 3
VARIANT='single q'
VARIANT_ID=""

"""
        self.assertEqual(
            self.told_of(description),
            {
                "id": "x",
                "name": 'a $ " \\q b',
                "pretty-name": "abcc",
                "version": "a",
                "version-id": "1",
                "variant": "'single",
                "variant-id": "",
            },
        )

    def test_upstream(self) -> None:
        """
        The description in QEMU's own test is understood.
        """
        variant = rb"""VARIANT="Unit test \"\'\$\`\\ and \\\\ etc."
"""
        expected = r"""Unit test "'$`\ and \\ etc."""
        self.assertEqual(self.told_of(variant), {"variant": expected})

    def test_ends_of_values(self) -> None:
        """
        A quote that is missing, or one too many, is taken as it comes.
        """
        for value, told in (
            (b'"unterm \\$\xc3\xa9', "unterm $éé"),
            (b'"x\\"', 'x"\\"'),
            (b'""x"', ""),
            (b'"a"b"', "a"),
            (b'"\\', "\\\\"),
            (b'"\xc3\xa9', "é\ufffd"),
        ):
            self.assertEqual(self.told_of(b"NAME=" + value), {"name": told}, value)

    def test_lines(self) -> None:
        """
        Of equal keys the last counts; a line that is none spoils the file.
        """
        for description, told in (
            (b"ID=a\nID=b\nID[de]=c\n", {"id": "b"}),
            (b"ID=x\r\n", {"id": "x"}),
            (b"ID=x\n[other]\nNAME=y\n", {"id": "x"}),
            (b"ID=x\n[other]\n[os-release]\nNAME=z\n", {"id": "x", "name": "z"}),
            (b"", {}),
            (b"ID=x\nbad line\n", {}),
            (b"ID=\xe9\n", {}),
        ):
            self.assertEqual(self.told_of(description), told, description)

    @of_a_process
    def test_named(self) -> None:
        """
        A variable names another description, and nothing takes the place of that.
        """
        named = Path(self.folder / "named")
        named.write_text("ID=named\n")
        for name, told in ((str(named), "named"), (str(self.folder / "none"), None), ("", None)):
            process = self.start_process(env={"QGA_OS_RELEASE": name})
            with process.connect() as peer:
                self.assertEqual(peer.call("guest-get-osinfo").get("id"), told)


class Users(MachineBehaviour):
    """Records are those of x86-64."""

    def test_users(self) -> None:
        """
        Each user who is logged in comes once, in the order of the records, since the first login.
        """
        self.machine.link("/var/run", "/run")
        self.machine.file(
            "/run/utmp",
            narrow(BOOT, b"reboot", 1)
            + narrow(USER, b"bob", 100, 5)
            + narrow(USER, b"alice", 50, 999999)
            + narrow(DEAD, b"carol", 3)
            + narrow(USER, b"bob", 90, 250000)
            + narrow(USER, b"", 5)
            + narrow(USER, b"x" * 31, 7)
            + narrow(USER, b"caf\xe9", -5, 1)
            + narrow(USER, b"late", 1)[:-1],
        )
        expected = {"bob": 90.25, "alice": 50.999999, "": 5, "x" * 31: 7, "caf\ufffd": -4.999999}
        users = [{"user": user, "login-time": time} for user, time in expected.items()]
        self.check(call("guest-get-users", {}, ok(users)))

    def test_nobody(self) -> None:
        """
        Without the list nobody is logged in.
        """
        self.machine.folder("/run")
        self.check(call("guest-get-users", {}, ok([])))


globals().update(Distribution.for_every_agent())
globals().update(Users.for_every_agent())
