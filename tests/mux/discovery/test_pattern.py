"""Which sockets are those of agents."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._inventory import VM
from txqga.mux.discovery._pattern import Watch

OLD = "/var/lib/libvirt/qemu/channel/target/domain-{id}-{name}/org.qemu.guest_agent.0"
NEW = "/run/libvirt/qemu/channel/{id}-{name}/org.qemu.guest_agent.0"


class WatchTests(SynchronousTestCase):
    def fits(self, glob: str, path: str) -> bool:
        watch, names = Watch.parse(glob), path.split("/")[1:]
        return len(names) == len(watch.parts) and all(
            part.fits(name) for part, name in zip(watch.parts, names, strict=True)
        )

    def name(self, glob: str, path: str) -> str:
        self.assertTrue(self.fits(glob, path))
        return Watch.parse(glob).guest(path, (1, 2)).name

    def refused(self, glob: str, why: str) -> None:
        self.assertIn(why, str(self.assertRaises(ValueError, Watch.parse, glob)))

    def test_name(self) -> None:
        """
        What {name} stands for is what the guest is called.
        """
        self.assertEqual(self.name("/run/qga/{name}.sock", "/run/qga/db1.sock"), "db1")
        self.assertEqual(self.name("/run/{name}/a.*", "/run/web-1/a.0"), "web-1")

    def test_id(self) -> None:
        """
        Where there is no {name}, the guest is called what {id} stands for, which is a number.
        """
        glob = "/var/run/qemu-server/{id}.qga"
        self.assertEqual(self.name(glob, "/var/run/qemu-server/100.qga"), "100")
        self.assertFalse(self.fits(glob, "/var/run/qemu-server/x.qga"))

    def test_libvirt(self) -> None:
        """
        Both layouts of libvirt's folders give the name of the domain, dashes and all.
        """
        for glob, folder in ((OLD, "domain-12-web-1-b"), (NEW, "12-web-1-b")):
            path = f"{glob.rpartition('/')[0].rpartition('/')[0]}/{folder}/org.qemu.guest_agent.0"
            self.assertEqual(self.name(glob, path), "web-1-b")

    def test_shell(self) -> None:
        """
        The rest is as a shell has it: stars, question marks, sets; hidden names are not meant.
        """
        self.assertTrue(self.fits("/a?/[xy]-{name}", "/ab/x-vm"))
        self.assertTrue(self.fits("/a/[!xy]-{name}", "/a/z-vm"))
        self.assertTrue(self.fits("/a/[]^[]{name}", "/a/]vm"))
        self.assertFalse(self.fits("/a/[!xy]-{name}", "/a/x-vm"))
        self.assertFalse(self.fits("/a/*{name}", "/a/.vm"))
        self.assertFalse(self.fits("/a/{name}", "/a/.vm"))
        self.assertTrue(self.fits("/a/.{name}", "/a/.vm"))
        self.assertTrue(self.fits("/a/x.y+{name}", "/a/x.y+vm"))
        self.assertFalse(self.fits("/a/x.y{name}", "/a/x_yvm"))

    def test_literal(self) -> None:
        """
        A part without patterns is one name, so that its folder need not be listed.
        """
        parts = Watch.parse("/run/[a]/{name}.s").parts
        self.assertEqual([part.literal for part in parts], ["run", None, None])

    def test_guest(self) -> None:
        """
        A guest that was found is at its socket, and known by the socket's file too.
        """
        found = Watch.parse("/r=n/{name}").guest("/r=n/db1", (3, 4))
        self.assertEqual(found, VM("db1", r"unix:/r\=n/db1", (3, 4)))

    def test_no_guest(self) -> None:
        """
        A socket that gives no proper name is nobody's; nor is one that cannot be connected to.
        """
        watch = Watch.parse("/run/{name}.sock")
        for name in ("-x", "a b", "a\n", "é", "\udcff", "<b>", "x" * 65):
            error = self.assertRaises(ValueError, watch.guest, f"/run/{name}.sock", (1, 2))
            self.assertIn("cannot be a guest's name", str(error))
        watch = Watch.parse(f"/{'d' * 110}/{{name}}")
        error = self.assertRaises(ValueError, watch.guest, f"/{'d' * 110}/a", (1, 2))
        self.assertIn("107", str(error))

    def test_refused(self) -> None:
        """
        What cannot be meant is refused, with what can.
        """
        self.refused("run/{name}", "is no absolute path")
        self.refused("", "is no absolute path")
        self.refused("/run/*.sock", "neither {name} nor {id}")
        self.refused("/run/{id}/{id}", "has {id} twice")
        self.refused("/run/{name}-{name}", "has {name} twice")
        self.refused("/run/{uuid}", "{name} and {id} are known, not {uuid}")
        self.refused("/run/{name", "without its counterpart")
        self.refused("/run/name}", "without its counterpart")
        self.refused("/run/**/{name}", "each part is a file's name")
        self.refused("/run//{name}", "each part is a file's name")
        self.refused("/run/../{name}", "each part is a file's name")
        self.refused("/run/{name}/", "each part is a file's name")
        self.refused("/run/[z-a]{name}", "is no pattern")

    def test_monitor(self) -> None:
        """
        The monitor of each guest is found by what the guest is called.
        """
        watch = Watch.parse(NEW).with_qmp("/run/qmp/{id}-{name}.sock")
        path = "/run/libvirt/qemu/channel/7-db1/org.qemu.guest_agent.0"
        self.assertEqual(watch.guest(path, (1, 2)).qmp, "unix:/run/qmp/7-db1.sock")
        self.assertNotEqual(watch, Watch.parse(NEW))
        for wrong in ("run/{name}", "/run/{uuid}", "/run/{name", "/run/name}", "/run/{{name}}"):
            self.assertRaises(ValueError, watch.with_qmp, wrong)
        self.assertRaises(ValueError, Watch.parse("/run/{id}").with_qmp, "/run/{name}")

    def test_equal(self) -> None:
        """
        Two that are written alike are the same.
        """
        self.assertEqual(Watch.parse(NEW), Watch.parse(NEW))
        self.assertEqual(len({Watch.parse(NEW), Watch.parse(NEW), Watch.parse(OLD)}), 2)
