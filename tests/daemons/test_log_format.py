"""The log as text or as JSON, and not too much of it."""

import json
from io import StringIO
from typing import Any

from twisted.logger import Logger, LogLevel, LogPublisher
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._log_format import BURST, KINDS, PAUSE, Rationed, observer, observer_for


class FormatTests(SynchronousTestCase):
    def logger(self, format: str) -> Logger:
        self.file = StringIO()
        return Logger("txqga.x", observer=LogPublisher(observer(format, self.file, lambda: 0.0)))

    def test_json(self) -> None:
        """
        Each event is an object on a line of its own: what was said, and the plain values in it.
        """
        log = self.logger("json")
        log.warn("{guest}: {reason}", guest="db1", reason='a "b"\n\u202e', many=[1], number=7)
        line = self.file.getvalue()
        self.assertEqual((line.count("\n"), line.isascii()), (1, True))
        said = json.loads(line)
        self.assertRegex(said.pop("time"), r"\A\d{4}-\d\d-\d\dT[\d:.]+\+00:00\Z")
        reason = 'a "b"\n\u202e'
        self.assertEqual(
            said,
            {
                "level": "warn",
                "logger": "txqga.x",
                "message": f"db1: {reason}",
                "guest": "db1",
                "reason": reason,
                "number": 7,
            },
        )

    def test_failure(self) -> None:
        """
        A failure of ours has its traceback in the message.
        """
        log = self.logger("json")
        log.failure("it broke", Failure(ValueError("seven")))
        said = json.loads(self.file.getvalue())
        self.assertEqual(said["level"], "critical")
        self.assertIn("it broke", said["message"])
        self.assertIn("ValueError: seven", said["message"])

    def test_long(self) -> None:
        """
        No value makes a line without end.
        """
        self.logger("json").info("{x}", x="x" * 1_000_000)
        self.assertLess(len(self.file.getvalue()), 10_000)

    def test_no_text(self) -> None:
        """
        What print and old code write is logged as well.
        """
        self.logger("json")
        observer("json", self.file, lambda: 0.0)({"log_level": LogLevel.info, "x": object()})
        self.assertEqual(json.loads(self.file.getvalue())["message"], "")

    def test_text(self) -> None:
        """
        As text it is as twistd writes it.
        """
        self.logger("text").info("{guest} is there", guest="db1")
        self.assertTrue(self.file.getvalue().endswith(" [txqga.x#info] db1 is there\n"))

    def test_whose(self) -> None:
        """
        Syslog, and a logger that was asked for, are twistd's to write to.
        """
        for twistd in (None, {"syslog": True}, {"logger": "x.y"}):
            self.assertIsNone(observer_for(twistd, "json", lambda: 0.0))
        for twistd in ({"nodaemon": True}, {"logfile": "-"}):
            self.assertIsInstance(observer_for(twistd, "json", lambda: 0.0), Rationed)


class RationedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.passed: list[dict[str, Any]] = []
        self.rationed = Rationed(self.passed.append, lambda: self.now)

    def say(self, guest: str = "db1", format: str = "{guest} flaps") -> None:
        self.rationed({"log_namespace": "x", "log_format": format, "guest": guest})

    def test_flood(self) -> None:
        """
        Of a flood the beginning is written, and then one now and again, which says how many were
        left out.
        """
        for _ in range(1000):
            self.say()
        self.assertEqual(len(self.passed), BURST)
        self.now += PAUSE
        self.say()
        last = self.passed[-1]
        self.assertEqual((len(self.passed), last["missed"]), (BURST + 1, 1000 - BURST))
        self.assertEqual(last["log_format"], "{guest} flaps ({missed} like this were left out)")

    def test_others(self) -> None:
        """
        Other guests, and other things said, are not held up by it.
        """
        for _ in range(1000):
            self.say()
        self.say(guest="web1")
        self.say(format="{guest} stops")
        self.assertEqual(len(self.passed), BURST + 2)

    def test_bounded(self) -> None:
        """
        What it remembers is bounded.
        """
        for number in range(KINDS + 100):
            self.say(guest=str(number))
        self.assertEqual(len(self.rationed._kinds), KINDS)
