"""What gives a new guest a port for its agent; functional/test_port.py shows it to QEMU."""

from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._port import USUAL, AgentPort, Bus


class LibvirtTests(SynchronousTestCase):
    def test_channel(self) -> None:
        """
        For libvirt it is a channel, with the path and the name of the port.
        """
        port = AgentPort(path="/run/qga/<a>&'b\".sock", name="org.example.agent.0")
        element = ElementTree.fromstring(port.libvirt_xml())
        self.assertEqual((element.tag, element.get("type")), ("channel", "unix"))
        source, target = element
        self.assertEqual(source.attrib, {"mode": "bind", "path": "/run/qga/<a>&'b\".sock"})
        self.assertEqual(target.attrib, {"type": "virtio", "name": "org.example.agent.0"})

    def test_no_path(self) -> None:
        """
        Without a path libvirt chooses one itself.
        """
        source, target = ElementTree.fromstring(AgentPort().libvirt_xml())
        self.assertEqual((source.attrib, target.get("name")), ({"mode": "bind"}, USUAL))

    def test_serial_line(self) -> None:
        """
        A guest without virtio gets a serial line, whose socket needs a path.
        """
        element = ElementTree.fromstring(AgentPort(path="/a", bus=Bus.ISA).libvirt_xml())
        self.assertEqual((element.tag, element[1].attrib), ("serial", {"type": "isa-serial"}))
        self.assertRaises(ValueError, AgentPort(bus=Bus.ISA).libvirt_xml)


class QemuTests(SynchronousTestCase):
    def test_port(self) -> None:
        """
        For QEMU it is a chardev, a bus and a port that have ids, so that QEMU tells of it.
        """
        self.assertEqual(
            AgentPort(path="/a,b").qemu_arguments("x"),
            [
                "-chardev",
                "socket,id=x,path=/a,,b,server=on,wait=off",
                "-device",
                "virtio-serial,id=x-bus",
                "-device",
                f"virtserialport,id=x,bus=x-bus.0,chardev=x,name={USUAL}",
            ],
        )

    def test_serial_line(self) -> None:
        """
        A serial line has no name, and no bus of its own.
        """
        words = AgentPort(path="/a", bus="isa-serial").qemu_arguments()
        self.assertEqual(words[2:], ["-device", "isa-serial,id=qga0,chardev=qga0"])

    def test_wrong(self) -> None:
        """
        What cannot be a path, a name, an id or a bus is refused.
        """
        self.assertRaises(ValueError, AgentPort().qemu_arguments)
        self.assertRaises(ValueError, AgentPort(path="/a").qemu_arguments, "0,x")
        for wrong in (
            {"path": "relative"},
            {"path": "/a\nb"},
            {"path": "/" + "x" * 107},
            {"name": ""},
            {"name": "a/b"},
            {"name": "a,b"},
            {"name": "x" * 65},
            {"bus": "pci"},
        ):
            self.assertRaises(ValueError, AgentPort, **wrong)
