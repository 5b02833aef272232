"""Tests for which QEMU version has what."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import known_to, parse, shipped, since_on


class VersionTests(SynchronousTestCase):
    def test_known_to(self) -> None:
        """
        An agent knows what came with its version or before; numbers count, not letters.
        """
        load = shipped().commands["guest-get-load"]  # since 10.0
        for version, known in (
            ("9.2.4", False),
            ("7.2.22", False),
            ("10.0", True),
            ("10", True),
            ("10.0.13 (Debian 1:10.0.13)", True),
            ("11.1.3", True),
        ):
            self.assertEqual(known_to(load, version), known, version)
        self.assertTrue(known_to(shipped().commands["guest-ping"], "0.15"))  # since 0.15.0
        self.assertFalse(known_to(shipped().commands["guest-ping"], "0.14.1"))

    def test_members(self) -> None:
        """
        A member may be younger than its struct.
        """
        members = {each.name: each for each in shipped().structs["GuestFilesystemInfo"].members}
        self.assertFalse(known_to(members["total-bytes-privileged"], "9.0"))
        self.assertTrue(known_to(members["total-bytes-privileged"], "9.1"))
        self.assertTrue(known_to(members["name"], "2.2"))

    def test_platforms(self) -> None:
        """
        A command may have come to one platform later.
        """
        route = shipped().commands["guest-network-get-route"]
        self.assertEqual([since_on(route, "linux"), since_on(route, "windows")], ["9.1", "11.0"])
        self.assertTrue(known_to(route, "10.0", "linux"))
        self.assertFalse(known_to(route, "10.0", "windows"))

    def test_unsaid(self) -> None:
        """
        What does not say since when may be anywhere.
        """
        command = parse("{'command': 'c'}", "t").commands["c"]
        self.assertEqual(since_on(command, "linux"), None)
        self.assertTrue(known_to(command, "0.1"))
