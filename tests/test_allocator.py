"""Memory that was freed, and is needed again."""

import platform
import resource
import subprocess
import sys
from pathlib import Path
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from txqga import _allocator
from txqga._allocator import LARGEST, keep_freed_memory

_FAULTS = """
import resource, sys
from txqga._allocator import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def use():
    blocks = [b"x" * (3 << 20) for _ in range(4)]

if sys.argv[1] == "kept":
    keep_freed_memory()
use()
before = faults()
for _ in range(10):
    use()
print(faults() - before)
"""


def resident() -> int:
    """Octets of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class AllocatorTests(SynchronousTestCase):
    def faults(self, how: str) -> int:
        """How many pages another process takes anew while it uses the same memory ten times."""
        root = str(Path(_allocator.__file__).parent.parent)
        done = subprocess.run(
            [sys.executable, "-c", _FAULTS, how], cwd=root, capture_output=True, check=True
        )
        return int(done.stdout)

    def test_kept(self) -> None:
        """
        Where large blocks come and go, the same pages serve again.
        """
        if platform.libc_ver()[0] != "glibc":
            raise SkipTest("another C library")
        # each time 12 MiB in pages of 4 KiB
        self.assertGreater(self.faults("given back"), 10_000)
        self.assertLess(self.faults("kept"), 1_000)

    def test_free(self) -> None:
        """
        It takes no memory.
        """
        before = resident()
        keep_freed_memory()
        self.assertLess(resident() - before, LARGEST // 8)
