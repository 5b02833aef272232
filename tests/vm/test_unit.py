"""The agent as a service of systemd, in a guest where udev and systemd start it by themselves."""

from pathlib import Path
from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS
from tests.vm._agents import PROGRAMS, GuestAgent
from tests.vm._case import VMCase
from tests.vm._hardware import port

_UNITS = "/etc/systemd/system"
_RULES = "/etc/udev/rules.d"
_DATA = Path(__file__).parent.parent.parent / "data"


class UnitTests(VMCase, SynchronousTestCase):
    """Started by a unit when the port is there; the unit of ``qemu-ga``, and our own."""

    series: ClassVar[str] = OURS
    systemd: ClassVar[bool] = True

    def test_unit_of_qemu_ga(self) -> None:
        """
        Debian's unit of ``qemu-ga``, with nothing but the program's path changed, starts ours.
        """
        theirs = "/lib/systemd/system/qemu-guest-agent.service"
        ours = f"{_UNITS}/qemu-guest-agent.service"
        side = self.machine.side
        self.addCleanup(self.forget, f"ln -sf /dev/null {ours}")
        program = PROGRAMS[OURS]
        side.check(f"rm {ours}; sed s,/usr/sbin/qemu-ga,{program}, {theirs} > {ours}")
        changed = side.run(f"/usr/bin/diff {theirs} {ours} | grep '^[<>]'").output.decode()
        expected = f"< ExecStart=-/usr/sbin/qemu-ga\n> ExecStart=-{program}\n"
        self.assertEqual(changed, expected)
        self.as_a_service("qemu-guest-agent.service")

    def test_our_unit(self) -> None:
        """
        So does our own, as it is installed, with its rule; beside the rule of ``qemu-ga``, too.
        """
        side = self.machine.side
        unit, rule = "txqga-agent.service", "60-txqga-agent.rules"
        program = "/usr/local/bin/txqga-agent"
        self.addCleanup(self.forget, f"rm {_UNITS}/{unit} {_RULES}/{rule} {program}")
        side.check(f"ln -s {PROGRAMS[OURS]} {program}; mkdir -p {_RULES}")
        for folder, name in ((_UNITS, unit), (_RULES, rule)):
            text = (_DATA / name).read_text()
            side.check(f"cat > {folder}/{name} <<'END'\n{text}END")
        side.check("test -e /lib/udev/rules.d/60-qemu-guest-agent.rules")
        self.as_a_service(unit)

    def as_a_service(self, unit: str) -> None:
        """Begin as a package's installation does; then all that becomes of a service."""
        side, qmp = self.machine.side, self.machine.qmp
        side.check("systemctl daemon-reload && udevadm control --reload")
        side.check("udevadm trigger --action=add --subsystem-match=virtio-ports")
        first = self.served(unit, after=0)
        side.check(f"kill -9 {first}")
        second = self.served(unit, after=first)
        qmp.call("device_del", id="agent")
        side.until(f"! systemctl is-active {unit} && ! test -e /proc/{second}")
        qmp.call("device_add", **port("agent"))
        self.served(unit, after=second)
        side.check(f"systemctl stop {unit}")
        said = side.check(f"journalctl --no-pager -u {unit}")
        self.assertNotIn("Traceback", said)

    def served(self, unit: str, *, after: int) -> int:
        """Wait for a process of that unit which is not ``after``, and have it answer; its PID."""
        show = f"systemctl show --value -p MainPID {unit}"
        wanted = f"pid=$({show}) && [ $pid != 0 ] && [ $pid != {after} ] && echo $pid"
        pid = int(self.machine.side.until(wanted))
        agent = GuestAgent(self.machine, "agent", pid, unit)
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
            self.assertTrue(client.call("guest-get-osinfo"))
        self.assertEqual(int(self.machine.side.check(show)), pid)
        return pid

    def forget(self, script: str) -> None:
        """Leave the guest as it was."""
        self.machine.side.run("systemctl stop qemu-guest-agent.service txqga-agent.service")
        self.machine.side.check(script)
        self.machine.side.check("systemctl daemon-reload && udevadm control --reload")
