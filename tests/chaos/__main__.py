"""``python -m tests.chaos [--seed N] [--minutes N] [--guests N] [--clients N]``."""

import argparse
import signal
import sys
from random import SystemRandom

from tests.chaos._plan import Size, plan
from tests.chaos._run import Run


def main() -> int:
    """Run once; 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--guests", type=int, default=200)
    parser.add_argument("--clients", type=int, default=200)
    said = parser.parse_args()
    size = Size(seconds=said.minutes * 60, guests=said.guests, clients=said.clients)
    command = (
        f"python -m tests.chaos --seed {said.seed} --minutes {said.minutes:g} "
        f"--guests {said.guests} --clients {said.clients}"
    )
    print(command, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))  # and take everything along
    run = Run(plan(said.seed, size))
    try:
        faults = run.judge()
        print(run.summary())
        if faults:
            print(run.report(faults, command))
    finally:
        run.remove()
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
