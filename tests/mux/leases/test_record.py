"""One line of the journal."""

import json

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze import Lease, Stage, Standing
from txqga.mux.leases._record import Frame, Record

LEASE = Lease(owner="ann", seconds=60.0, since=1000.0, deadline=1060.0)
STANDING = Standing(Stage.FROZEN, "ann has frozen it", 1001.0, LEASE)
FRAME = Frame(clock=1001.0, boot_time=5001.0, boot_id="a")


class RecordTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.record = FRAME.record("db1", STANDING, "2026-01-01T00:00:00Z")

    def test_line(self) -> None:
        """
        A record is one line of JSON, and is read from it.
        """
        line = self.record.line()
        self.assertTrue(line.endswith(b"\n"))
        self.assertEqual(line.count(b"\n"), 1)
        self.assertEqual(json.loads(line)["deadline"], 5060.0)
        self.assertEqual(Record.parse(line), self.record)

    def test_not_ours(self) -> None:
        """
        What is no record is told from one.
        """
        good = json.loads(self.record.line())
        for wrong in (
            *({**good, name: None} for name in good),
            {**good, "stage": "soaked"},
            {**good, "deadline": True},
            {**good, "deadline": float("inf")},
            {**good, "more": 1},
            {**good, "mountpoints": "/data"},
            {**good, "mountpoints": [5]},
            {name: value for name, value in good.items() if name != "owner"},
            [good],
            "line",
        ):
            self.assertRaises(ValueError, Record.parse, json.dumps(wrong).encode())
        self.assertRaises(ValueError, Record.parse, b'{"guest": "db')

    def test_group(self) -> None:
        """
        The group with which a guest is frozen is written down, and nothing else in its place.
        """
        grouped = evolve(STANDING, lease=evolve(LEASE, group=("6f", 1)))
        record = FRAME.record("db1", grouped, "2026-01-01T00:00:00Z")
        self.assertEqual(Record.parse(record.line()), record)
        self.assertEqual(FRAME.standing(Record.parse(record.line())).lease.group, ("6f", 1))
        good = json.loads(record.line())
        self.assertEqual(good["group"], ["6f", 1])
        for wrong in ("6f", ["6f"], ["6f", True], ["6f", "1"], [6, 1], ["6f", 1, 2]):
            line = json.dumps({**good, "group": wrong}).encode()
            self.assertRaises(ValueError, Record.parse, line)

    def test_next_process(self) -> None:
        """
        The next process, whose clock is another one, knows how long the lease still lasts.
        """
        later = Frame(clock=10.0, boot_time=5031.0, boot_id="a")
        found = later.standing(self.record)
        self.assertEqual((found.stage, found.reason), (Stage.FROZEN, "ann has frozen it"))
        self.assertEqual(found.lease, evolve(LEASE, since=-21.0, deadline=39.0))

    def test_mountpoints(self) -> None:
        """
        What was frozen is written down where it is not everything.
        """
        self.assertNotIn(b"mountpoints", self.record.line())
        some = evolve(self.record, mountpoints=["/data", "/srv"])
        found = Record.parse(some.line())
        self.assertEqual(found, some)
        self.assertEqual(FRAME.standing(found).lease.mountpoints, ("/data", "/srv"))

    def test_next_boot(self) -> None:
        """
        When the host has been booted, no lease lasts any longer.
        """
        for there, here in (("a", "b"), ("", "")):
            record = evolve(self.record, boot=there)
            later = Frame(clock=10.0, boot_time=31.0, boot_id=here)
            self.assertEqual(later.standing(record).lease.deadline, 10.0)
