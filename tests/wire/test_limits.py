"""How much one text may hold."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.wire import QEMU_LIMITS, REPLY_LIMITS, Limits


class LimitsTests(SynchronousTestCase):
    def test_qemu(self) -> None:
        """
        An agent takes what QEMU's agent takes: ``facts/agent-behaviour.md``, 2.5.
        """
        self.assertEqual(QEMU_LIMITS, Limits(octets=67_108_864, depth=1024, members=2_097_152))

    def test_replies(self) -> None:
        """
        A host takes less from a guest than an agent from its host.
        """
        self.assertTrue(REPLY_LIMITS.octets < QEMU_LIMITS.octets)
        self.assertTrue(REPLY_LIMITS.depth < QEMU_LIMITS.depth)
        self.assertTrue(REPLY_LIMITS.members < QEMU_LIMITS.members)
