"""txqga-file-digest."""

import hashlib
import os
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.families._digest import Digest
from txqga.errors import CommandFailed
from txqga.schema import extended

CONTENT = bytes(range(256)) * 10_000  # more than two pieces


class DigestTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())
        self.path.write_bytes(CONTENT)
        self.asked: list[int] = []
        self.family = Digest(self.written)
        self.addCleanup(self.family.close)

    def written(self, handle: int) -> int:
        if handle != 1000:
            raise CommandFailed(f"handle '{handle}' has not been found")
        file = os.open(self.path, os.O_WRONLY)
        self.addCleanup(os.close, file)
        return file

    def digest(self, **arguments: Any) -> Any:
        served = self.family.commands()["txqga-file-digest"]
        self.assertTrue(served.blocking)
        return served.function({"algorithm": "sha256", **arguments})

    def refused(self, **arguments: Any) -> str:
        return str(self.assertRaises(CommandFailed, self.digest, **arguments))

    def test_algorithms(self) -> None:
        """
        Every algorithm that the schema names is there, on every system.
        """
        for value in extended().enums["TxqgaDigestAlgorithm"].values:
            self.assertIn(value.name, hashlib.algorithms_guaranteed)
            self.assertEqual(
                self.digest(path=str(self.path), algorithm=value.name),
                {"digest": hashlib.new(value.name, CONTENT).hexdigest(), "count": len(CONTENT)},
            )

    def test_part(self) -> None:
        """
        A part of a file is hashed; what is beyond its end counts for nothing.
        """
        size = len(CONTENT)
        for offset, count, octets in (
            (5, 7, CONTENT[5:12]),
            (5, None, CONTENT[5:]),
            (0, 0, b""),
            (3, 1 << 21, CONTENT[3 : 3 + (1 << 21)]),
            (size - 2, 100, CONTENT[-2:]),
            (size, 1, b""),
            (1 << 40, None, b""),
        ):
            given = {"offset": offset} | ({} if count is None else {"count": count})
            told = self.digest(path=str(self.path), **given)
            self.assertEqual(told["digest"], hashlib.sha256(octets).hexdigest())
            self.assertEqual(told["count"], len(octets))

    def test_handle(self) -> None:
        """
        An open file is hashed, though it be open for writing only.
        """
        self.assertEqual(self.digest(handle=1000), self.digest(path=str(self.path)))
        self.assertEqual(self.refused(handle=5), "handle '5' has not been found")

    def test_refused(self) -> None:
        """
        What cannot be hashed is an error, and nothing stays open.
        """
        fifo = self.path.with_name("fifo")
        os.mkfifo(fifo)
        before = len(list(Path("/proc/self/fd").iterdir()))
        one = "one of 'handle' and 'path' has to be given"
        for arguments, why in (
            ({}, one),
            ({"path": "x", "handle": 1000}, one),
            ({"path": "/nonexistent/x"}, "failed to open file '/nonexistent/x': No such file or"),
            ({"path": "/"}, "neither a regular file nor a disk"),
            ({"path": "/dev/zero"}, "neither a regular file nor a disk"),
            ({"path": str(fifo)}, "neither a regular file nor a disk"),
            ({"path": "x", "count": -1}, "value '-1' is invalid for argument count"),
            ({"path": "x", "offset": -2}, "value '-2' is invalid for argument offset"),
            ({"path": str(self.path), "offset": (1 << 63) - 1}, "failed to read file: "),
        ):
            self.assertTrue((told := self.refused(**arguments)).startswith(why), told)
        self.assertEqual(len(list(Path("/proc/self/fd").iterdir())), before)
