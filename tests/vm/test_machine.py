"""The virtual machine itself: what the other tests do with it works."""

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import V7_2
from tests.vm._agents import start
from tests.vm._machine import machine


class MachineTests(SynchronousTestCase):
    """Whatever becomes of the guest, it can be booted again."""

    def setUp(self) -> None:
        self.machine = machine()
        self.side = self.machine.side

    def test_reset(self) -> None:
        """
        After a reset everything is as after the first boot; what was synced is there.
        """
        self.side.check("echo kept > /data/kept; sync; touch /run/lost")
        self.machine.reset()
        self.assertEqual(self.side.check("cat /data/kept; rm /data/kept"), "kept\n")
        self.side.check("! test -e /run/lost")
        agent = start(self.machine, V7_2)
        self.addCleanup(agent.stop)
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})

    def test_reboot(self) -> None:
        """
        A guest that reboots is the same machine afterwards.
        """
        self.machine.qmp.forget()
        self.side.check("touch /run/lost; shutdown -r now")
        self.machine.rebooted()
        self.side.check("! test -e /run/lost")

    def test_power(self) -> None:
        """
        A guest that turns itself off stays there until it is told to boot.
        """
        self.machine.qmp.forget()
        self.side.check("shutdown -h -P now")
        self.machine.qmp.wait("SHUTDOWN", reason="guest-shutdown")
        self.assertEqual(self.machine.qmp.call("query-status")["status"], "shutdown")
        self.machine.reset()

    def test_trim(self) -> None:
        """
        What the guest trims is freed in the file behind its disk.
        """
        self.side.check("dd if=/dev/urandom of=/data/large bs=1M count=32; sync")
        full = self.machine.data.stat().st_blocks
        self.side.check("rm /data/large; sync; fstrim /data")
        self.assertLess(self.machine.data.stat().st_blocks, full - 32 * 1024)
