"""guest-get-time and guest-get-timezone."""

import os
import time

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.families._clock import Clock


class ClockTests(SynchronousTestCase):
    def call(self, name: str, family: Clock) -> object:
        self.addCleanup(family.close)
        return family.commands()[name].function({})

    def zone(self, variable: str) -> object:
        """The answer where TZ is ``variable``."""
        before = dict(os.environ)

        def restore() -> None:
            os.environ.clear()
            os.environ.update(before)
            time.tzset()

        self.addCleanup(restore)
        os.environ["TZ"] = variable
        return self.call("guest-get-timezone", Clock())

    def test_time(self) -> None:
        """
        The time is in nanoseconds since 1970, in steps of microseconds.
        """
        family = Clock(now=lambda: 1795399042123456789)
        self.assertEqual(self.call("guest-get-time", family), 1795399042123456000)

    def test_timezone(self) -> None:
        """
        The zone is told by its abbreviation and by the seconds it is ahead of UTC.
        """
        for variable, offset, zone in (
            ("UTC0", 0, "UTC"),
            ("CET-1", 3600, "CET"),
            ("<-0330>3:30", -12600, "-0330"),
        ):
            self.assertEqual(self.zone(variable), {"offset": offset, "zone": zone})

    def test_summer(self) -> None:
        """
        In summer it is the summer's zone.
        """
        self.zone("CET-1CEST,M3.5.0,M10.5.0/3")
        summer = time.localtime(1784000000)
        family = Clock(local=lambda: summer)
        self.assertEqual(self.call("guest-get-timezone", family), {"offset": 7200, "zone": "CEST"})
