"""Files of guests whose agents are real, pushed and pulled."""

import os
import random
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from txqga.files import Files, Verified
from txqga.guest import Guest
from txqga.session import SessionOptions

PATIENT = SessionOptions(
    deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05, retry_max=0.2
)

MIB = 1 << 20
DATA = random.Random(1).randbytes(3 * MIB + 17)


class Case(TestCase):
    """A guest that is asked directly."""

    series = OURS
    timeout = 4 * PATIENCE
    options: tuple[str, ...] = ()

    async def setUp(self) -> None:  # type: ignore[override]  # trial waits for it
        self.agent = AgentProcess(require(self.series), *self.options)
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.guest = self.make()
        self.addCleanup(self.guest.close)
        await self.guest.wait_ready(PATIENCE)
        self.files = Files(reactor, self.guest)
        self.here = Path(self.mktemp()).absolute()
        self.here.mkdir()
        self.there = Path(self.mktemp()).absolute()
        self.there.mkdir()

    def make(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.agent.socket}", name="db1", options=PATIENT)

    async def failure(self, asked: Deferred[Any], *kinds: type[Exception]) -> Any:
        """Give what fails."""
        return await self.assertFailure(asked, *kinds)


class AnyAgent:
    """What is true of every agent."""

    way = Verified.PROGRAM
    in_place = False

    async def test_there_and_back(self: Any) -> None:
        """
        A file is pushed and pulled, with its mode and its time, and known to be good.
        """
        source, copy, back = self.here / "a", self.there / "b", self.here / "c"
        source.write_bytes(DATA)
        source.chmod(0o640)
        os.utime(source, ns=(10**18, 10**18 + 123456789))
        report = await self.files.push(source, str(copy))
        self.assertEqual((report.octets, report.files, report.resumed), (len(DATA), 1, 0))
        self.assertEqual((report.verified, report.in_place), ({self.way}, self.in_place))
        self.assertEqual(report.lost, ())
        self.assertTrue(copy.read_bytes() == DATA)
        found = copy.stat()
        self.assertEqual((found.st_mode & 0o7777, found.st_mtime_ns), (0o640, 10**18 + 123456789))
        report = await self.files.pull(str(copy), back)
        self.assertEqual((report.octets, report.verified), (len(DATA), {self.way}))
        self.assertTrue(back.read_bytes() == DATA)
        self.assertEqual(back.stat().st_mode & 0o7777, 0o640)
        self.assertEqual(back.stat().st_mtime_ns // 10**9, 10**9)
        self.assertEqual([len(list(each.iterdir())) for each in (self.here, self.there)], [2, 1])


class Qga7Tests(AnyAgent, Case):
    series = V7_2


class Qga10Tests(AnyAgent, Case):
    series = V10_0


class OursTests(AnyAgent, Case):
    way = Verified.EXTENSION
