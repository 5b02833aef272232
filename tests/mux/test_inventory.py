"""Which guests there are."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._inventory import VM, inventory


class VMTests(SynchronousTestCase):
    def refused(self, spec: str, why: str) -> None:
        error = self.assertRaises(ValueError, VM.parse, spec)
        self.assertIn(why, str(error))

    def test_endpoint(self) -> None:
        """
        A guest has a name and a client endpoint.
        """
        self.assertEqual(
            VM.parse("db1=tcp:host=localhost:port=4"), VM("db1", "tcp:host=localhost:port=4")
        )

    def test_path(self) -> None:
        """
        An absolute path alone is a UNIX socket's, whatever characters it has.
        """
        self.assertEqual(VM.parse("db1=/run/qga/db1.sock").channel, "unix:/run/qga/db1.sock")
        self.assertEqual(VM.parse("db1=/a:b=c\\d").channel, "unix:/a\\:b\\=c\\\\d")

    def test_names(self) -> None:
        """
        A name is fit to be that of a file: no folder, nothing hidden, no control characters.
        """
        for name in ("a", "0", "web-1.example_org", "x" * 64):
            self.assertEqual(VM.parse(f"{name}=/s").name, name)
        for name in ("", ".hidden", "-x", "a/b", "..", "a b", "a\n", "é", "x" * 65):
            self.refused(f"{name}=/s", "cannot be a guest's name")

    def test_no_name(self) -> None:
        """
        Without a name there is an example of one.
        """
        self.refused("/run/qga/db1.sock", "db1=unix:/run/qga/db1.sock")

    def test_no_endpoint(self) -> None:
        """
        What is neither a path nor a description of an endpoint is refused.
        """
        for channel in ("", "relative/path", "unix:", ":x", "localhost"):
            self.refused(f"db1={channel}", "is no endpoint for db1")


class InventoryTests(SynchronousTestCase):
    def test_order(self) -> None:
        """
        Guests keep the order in which they were given.
        """
        found = inventory([VM("b", "unix:/b"), VM("a", "unix:/a")])
        self.assertEqual(list(found), ["b", "a"])

    def test_twice_the_name(self) -> None:
        """
        Two guests cannot have one name.
        """
        twice = [VM("a", "unix:/a"), VM("a", "unix:/b")]
        error = self.assertRaises(ValueError, inventory, twice)
        self.assertEqual(str(error), "two guests are called a")

    def test_twice_the_channel(self) -> None:
        """
        Two guests cannot have one channel, however it is spelled: the second would wait for ever.
        """
        for first, second in (
            ("unix:/a", "unix:/a"),
            ("unix:/a", "unix:path=/a"),
            ("unix:/r/a", "unix:/r//x/../a:timeout=3"),
            ("tcp:a:1", "tcp:a:1"),
        ):
            twice = [VM("a", first), VM("b", second)]
            error = self.assertRaises(ValueError, inventory, twice)
            self.assertIn(f"a and b are both at {second}", str(error))


class PathTests(SynchronousTestCase):
    def test_path(self) -> None:
        """
        The path of a UNIX socket is known, however it is written.
        """
        for path in ("/run/db1.sock", "/run/a:b=c\\d.sock"):
            self.assertEqual(VM.parse(f"db1={path}").path, Path(path))
        self.assertEqual(VM("db1", "unix:path=/run/x:timeout=5").path, Path("/run/x"))
        self.assertIsNone(VM("db1", "vsock:3:1024").path)
