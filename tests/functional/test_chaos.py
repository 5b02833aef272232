"""Everything that can go wrong, at once and for a while: the short form of ``make chaos``."""

import os
from random import SystemRandom

from twisted.trial.unittest import SynchronousTestCase

from tests.chaos._plan import Size, plan
from tests.chaos._run import Run
from tests.chaos._talk import Kept, OverHTTP, PerCommand

SIZE = Size(seconds=40, guests=30, clients=30)


class ChaosTests(SynchronousTestCase):
    timeout = 500

    def test_promises_are_kept(self) -> None:
        """
        Whatever is killed, stopped, removed or lied about: no reply goes astray, nothing runs twice
        or after it was told not to have run, nobody waits for ever, no guest stays frozen.
        """
        seed = int(os.environ.get("TXQGA_CHAOS_SEED") or SystemRandom().randrange(1 << 32))
        run = Run(plan(seed, SIZE))
        self.addCleanup(run.remove)
        faults = run.judge()
        again = f"TXQGA_CHAOS_SEED={seed} make test T={__name__}"
        self.assertFalse(faults, run.report(faults, again))
        ways = (f"done ({each.__name__})" for each in (Kept, PerCommand, OverHTTP))
        for did in ("froze", "down", "fenced", *ways):
            self.assertTrue(run.counted[did], f"no {did}: {run.summary()}")
