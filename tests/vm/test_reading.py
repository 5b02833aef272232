"""Every command that reads, asked of our agent and of ``qemu-ga`` 10.0 in the same guest."""

import struct

from twisted.trial.unittest import SynchronousTestCase

from tests.vm._alike import differences
from tests.vm._comparing import ComparingCase

_KEYS = "ssh-ed25519 AAAAC3Nza one@bed\n# a comment\n\nssh-rsa AAAAB3Nza two\n"

#: struct utmp, of utmp(5); a user's login is of kind 7
_LOGIN = struct.Struct("hi32s4s32s256shhiii4i20x")


class AlikeTests(SynchronousTestCase):
    """The comparison itself: what passes it must deserve to."""

    def test_stands_still(self) -> None:
        """
        What does not move must be equal, of the same type, and all there.
        """
        value = {"a": [1, {"b": "c"}], "d": True}
        self.assertEqual(list(differences(value, value, value)), [])
        for other in (
            {"a": [1, {"b": "c"}], "d": 1},
            {"a": [2, {"b": "c"}], "d": True},
            {"a": [1, {"b": "c"}, 3], "d": True},
            {"a": [1, {"b": "c"}]},
            {"a": [1, {"b": "c"}], "d": True, "e": 0},
            {"a": [1, {"b": "x"}], "d": True},
        ):
            self.assertEqual(len(list(differences(value, other, value))), 1, other)

    def test_moves(self) -> None:
        """
        A figure that moves lies between what it was and what it is.
        """
        for seen, wrong in ((4, 1), (5, 0), (7, 0), (9, 0), (10, 1)):
            self.assertEqual(len(list(differences({"n": 5}, {"n": seen}, {"n": 9}))), wrong)


class ReadingTests(ComparingCase, SynchronousTestCase):
    """Replies are compared field by field."""

    def test_system(self) -> None:
        """
        What runs in the guest, and where.
        """
        self.assertEqual(self.alike("guest-get-osinfo")["version-id"], "12")
        self.assertEqual(self.alike("guest-get-host-name"), {"host-name": "bed"})
        self.alike("guest-get-timezone")
        self.assertGreater(self.alike("guest-get-time"), 0)
        self.assertEqual(self.alike("guest-fsfreeze-status"), "thawed")

    def test_processors(self) -> None:
        """
        Its processors, what they did, and how busy they are.
        """
        self.assertEqual(len(self.alike("guest-get-vcpus")), 2)
        self.assertEqual(len(self.alike("guest-get-cpustats")), 2)
        self.alike("guest-get-load")

    def test_memory(self) -> None:
        """
        Its memory, block by block; those of the DIMM can go.
        """
        blocks = self.alike("guest-get-memory-blocks")
        self.assertTrue(any(block["can-offline"] for block in blocks), blocks)
        self.assertGreater(self.alike("guest-get-memory-block-info")["size"], 0)

    def test_disks(self) -> None:
        """
        Its disks, its filesystems, and what was read and written.
        """
        names = [disk["name"] for disk in self.alike("guest-get-disks")]
        self.assertEqual(sorted(set(names) & {"/dev/vda", "/dev/vdc"}), ["/dev/vda", "/dev/vdc"])
        systems = {each["mountpoint"]: each for each in self.alike("guest-get-fsinfo")}
        self.assertEqual(systems["/data"]["disk"][0]["serial"], "bed-data")
        self.alike("guest-get-diskstats")

    def test_network(self) -> None:
        """
        Its network interfaces, with what went through them, and its routes.
        """
        found = {each["name"]: each for each in self.alike("guest-network-get-interfaces")}
        self.assertEqual(found["eth0"]["hardware-address"], "52:54:00:12:34:56")
        self.assertTrue(self.alike("guest-network-get-route"))

    def test_users(self) -> None:
        """
        Who is logged in, each once, since the first time.
        """
        self.assertEqual(self.alike("guest-get-users"), [])
        logins = ((b"tester", 1_700_000_500), (b"root", 1_700_000_100), (b"tester", 1_700_000_000))
        octets = b"".join(
            _LOGIN.pack(7, 99, b"tty1", b"1", name, b"", 0, 0, 0, when, 250_000, 0, 0, 0, 0)
            for name, when in logins
        )
        words = "".join(f"\\{octet:03o}" for octet in octets)
        self.machine.side.check(f"printf '{words}' > /run/utmp")
        self.addCleanup(self.machine.side.check, ": > /run/utmp")
        self.assertEqual(len(self.alike("guest-get-users")), 2)

    def test_keys(self) -> None:
        """
        The keys that let somebody in.
        """
        folder = "/home/tester/.ssh"
        self.alike("guest-ssh-get-authorized-keys", username="tester")
        self.machine.side.check(f"mkdir {folder}; printf '{_KEYS}' > {folder}/authorized_keys")
        self.addCleanup(self.machine.side.check, f"rm -r {folder}")
        keys = self.alike("guest-ssh-get-authorized-keys", username="tester")["keys"]
        self.assertEqual(len(keys), 2)
        self.alike("guest-ssh-get-authorized-keys", username="nobody-at-all")

    def test_refused(self) -> None:
        """
        What cannot be read is refused in the same words.
        """
        self.alike("guest-get-vcpus", surplus=1)
        self.alike("guest-ssh-get-authorized-keys")
        self.alike("guest-file-open", path="/not/there")
        self.alike("guest-exec-status", pid=1)
