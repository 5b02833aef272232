"""Which guests there should be."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._inventory import VM, Taken
from txqga.mux._roster import Roster


class RosterTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.roster = Roster()

    def wanted(self) -> dict[str, str]:
        return {vm.name: vm.channel for vm in self.roster.wanted()[0].values()}

    def conflicts(self) -> dict[str, str]:
        return self.roster.wanted()[1]

    def test_all(self) -> None:
        """
        Guests are configured, added, and found; those that were configured come first.
        """
        self.roster.find({"/c": VM("c", "unix:/c")})
        self.roster.add(VM("b", "unix:/b"))
        self.roster.configure([VM("a", "unix:/a")])
        self.assertEqual(list(self.wanted().items()), [(n, f"unix:/{n}") for n in "abc"])
        self.assertEqual(self.conflicts(), {})
        self.assertEqual(self.roster.configured, [VM("a", "unix:/a")])

    def test_configured_too(self) -> None:
        """
        What was added may be configured later; others can be added all the same.
        """
        self.roster.add(VM("a", "unix:/a"))
        self.roster.configure([VM("a", "unix:/a")])
        self.roster.add(VM("b", "unix:/b"))
        for taken in (VM("a", "unix:/c"), VM("c", "unix:/b")):
            self.assertRaises(Taken, self.roster.add, taken)
        self.roster.remove("a")
        self.assertEqual(list(self.wanted()), ["a", "b"])

    def test_two_paths_one_name(self) -> None:
        """
        Of two sockets with one name the first that was found is served, and of the other it is
        told why not; when the first goes, the other takes its place.
        """
        first, second = VM("db1", "unix:/1/db1"), VM("db1", "unix:/2/db1")
        self.roster.find({"/1/db1": first, "/2/db1": second})
        self.assertEqual(self.wanted(), {"db1": "unix:/1/db1"})
        self.assertIn("db1 is the guest at unix:/1/db1", self.conflicts()["unix:/2/db1"])
        self.roster.find({"/2/db1": second})
        self.assertEqual(self.wanted(), {"db1": "unix:/2/db1"})
        self.assertEqual(self.conflicts(), {})

    def test_configured_before_found(self) -> None:
        """
        A socket with the name of a configured guest is not served, nor does it replace that one.
        """
        self.roster.configure([VM("db1", "tcp:db:4444")])
        self.roster.find({"/x/db1": VM("db1", "unix:/x/db1")})
        self.assertEqual(self.wanted(), {"db1": "tcp:db:4444"})
        self.assertIn("db1 is the guest at tcp:db:4444", self.conflicts()["unix:/x/db1"])

    def test_one_path_two_names(self) -> None:
        """
        A socket that a configured guest has is not served a second time under another name.
        """
        self.roster.configure([VM("database", "unix:/x/db1")])
        self.roster.find({"/x/db1": VM("db1", "unix:/x/db1")})
        self.assertEqual(self.wanted(), {"database": "unix:/x/db1"})
        self.assertEqual(
            self.conflicts(), {"unix:/x/db1": "it is served as database, not as db1 too"}
        )

    def test_two_paths_one_socket(self) -> None:
        """
        A socket that a guest has is not served a second time because a link leads to it as well.
        """
        self.roster = Roster(lambda vm: vm.file or (8, 1))
        self.roster.configure([VM("database", "unix:/run/q/1")])
        found = {"/var/run/q/1": VM("1", "unix:/var/run/q/1", (8, 1))}
        self.roster.find(found)
        self.assertEqual(self.wanted(), {"database": "unix:/run/q/1"})
        told = {"unix:/var/run/q/1": "it is served as database, not as 1 too"}
        self.assertEqual(self.conflicts(), told)
        self.roster.find({"/var/run/q/1": VM("1", "unix:/var/run/q/1", (8, 2))})
        self.assertEqual(list(self.wanted()), ["database", "1"])
        self.roster.configure([])
        self.roster.find({"/run/q/1": VM("a", "unix:/run/q/1", (8, 1)), **found})
        self.assertEqual(self.wanted(), {"a": "unix:/run/q/1"})

    def test_the_same_twice(self) -> None:
        """
        A guest that is configured and found, of one name and at one place, is no conflict.
        """
        self.roster.configure([VM("db1", "unix:/x/db1")])
        self.roster.find({"/x/db1": VM("db1", "unix:/x/db1")})
        self.assertEqual(self.conflicts(), {})

    def test_add(self) -> None:
        """
        What is added takes no name and no channel from another; it can be removed.
        """
        self.roster.configure([VM("a", "unix:/a")])
        self.assertRaises(ValueError, self.roster.add, VM("a", "unix:/b"))
        self.assertRaises(ValueError, self.roster.add, VM("b", "unix:/a"))
        self.roster.add(VM("b", "unix:/b"))
        self.assertRaises(ValueError, self.roster.add, VM("b", "unix:/c"))
        self.roster.remove("b")
        self.assertEqual(list(self.wanted()), ["a"])

    def test_remove_what_was_not_added(self) -> None:
        """
        Only what was added can be removed.
        """
        self.roster.configure([VM("a", "unix:/a")])
        self.assertRaises(KeyError, self.roster.remove, "a")
        self.assertRaises(KeyError, self.roster.remove, "b")
        self.assertEqual(list(self.wanted()), ["a"])

    def test_bad_configuration(self) -> None:
        """
        A configuration that contradicts itself changes nothing.
        """
        self.roster.configure([VM("a", "unix:/a")])
        twice = [VM("b", "unix:/b"), VM("b", "unix:/c")]
        self.assertRaises(ValueError, self.roster.configure, twice)
        self.assertEqual(list(self.wanted()), ["a"])
