"""Whether there are enough descriptors."""

import resource

from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._descriptors import advice, raise_limit


class DescriptorsTests(SynchronousTestCase):
    def test_raise(self) -> None:
        """
        The process takes what it may have.
        """
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
        self.assertEqual(raise_limit(), before[1])
        self.assertEqual(resource.getrlimit(resource.RLIMIT_NOFILE), (before[1], before[1]))

    def test_advice(self) -> None:
        """
        Where a limit is too low for the guests, it is said by how much and what to do.
        """
        self.assertIsNone(advice(1024, 10))
        self.assertIsNone(advice(resource.RLIM_INFINITY, 10**6))
        said = advice(1024, 500)
        assert said is not None
        for part in ("500 guests", "1024", "LimitNOFILE="):
            self.assertIn(part, said)
