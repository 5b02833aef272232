"""That a guest was started anew."""

from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.alerts._told import Told
from txqga.monitor._draft import Draft
from txqga.monitor.alerts._boots import Boots
from txqga.monitor.collectors._system import boot_id, uptime


class BootsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told = Told()
        self.boots = Boots(self.told)

    def named(self, text: str) -> None:
        draft = Draft()
        boot_id(text, draft)
        self.boots.read(draft.samples, 1000.0)

    def aged(self, seconds: float, now: float) -> None:
        draft = Draft()
        uptime(f"{seconds} 1.0", draft, now)
        self.boots.read(draft.samples, now)

    def test_boot_id(self) -> None:
        """
        Another boot id is another start, and both are told.
        """
        for text in ("a\n", "a\n", "", "b\n", "b\n"):
            self.named(text)
        words = {"evidence": "boot-id", "boot_id_before": "a", "boot_id": "b"}
        self.assertEqual(self.told.take(), [("guest-rebooted", words)])

    def test_uptime(self) -> None:
        """
        Where no boot id is told, a start is known by an uptime that went back, whatever became of
        the host's clock; where one is told, that alone says.
        """
        self.aged(500.0, now=10_000.0)
        self.aged(560.0, now=9_000.0)
        self.assertEqual(self.told.take(), [])
        self.aged(20.0, now=9_100.0)
        self.aged(40.0, now=9_120.0)
        self.assertEqual(self.told.take(), [("guest-rebooted", {"evidence": "uptime"})])
        self.named("a")
        self.aged(5.0, now=9_200.0)
        self.assertEqual(self.told.take(), [])
        self.named("b")
        self.assertEqual(len(self.told.take()), 1)

    def test_reset(self) -> None:
        """
        That QEMU has reset the machine is told at once, and the boot id and the uptime that are
        read thereafter tell nothing new.
        """
        self.named("a")
        self.aged(500.0, now=1000.0)
        self.boots.reset()
        words = {"evidence": "reset", "boot_id_before": "a"}
        self.assertEqual(self.told.take(), [("guest-rebooted", words)])
        self.boots.reset()  # the firmware
        self.boots.ready()
        self.aged(5.0, now=1020.0)
        self.named("b")
        self.assertEqual(self.told.take(), [])
        self.boots.reset()
        self.assertEqual(len(self.told.take()), 1)

    def test_reset_without_a_word(self) -> None:
        """
        Of a guest that tells of no boot each reset is one start, once its agent has answered.
        """
        self.boots.reset()
        self.boots.reset()
        self.assertEqual(self.told.take(), [("guest-rebooted", {"evidence": "reset"})])
        self.boots.ready()
        self.boots.reset()
        self.assertEqual(len(self.told.take()), 1)
