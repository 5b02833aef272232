"""guest-get-time, guest-set-time and guest-get-timezone."""

import os
import time

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.families._clock import Clock
from txqga.agent.platform import MemoryPlatform
from txqga.errors import CommandFailed


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
        return self.call("guest-get-timezone", Clock(MemoryPlatform()))

    def test_time(self) -> None:
        """
        The time is in nanoseconds since 1970, in steps of microseconds.
        """
        family = Clock(MemoryPlatform(), now=lambda: 1795399042123456789)
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
        family = Clock(MemoryPlatform(), local=lambda seconds: summer)
        self.assertEqual(self.call("guest-get-timezone", family), {"offset": 7200, "zone": "CEST"})


class SetTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.platform = MemoryPlatform()
        self.family = Clock(self.platform, local=time.gmtime)
        self.addCleanup(self.family.close)

    def set(self, **arguments: int) -> None:
        served = self.family.commands()["guest-set-time"]
        self.assertTrue(served.blocking)
        self.assertIsNone(served.function(arguments))

    def test_set(self) -> None:
        """
        The time is set in microseconds, rounded towards zero, and the hardware's clock after it.
        """
        for nanoseconds, microseconds in (
            (1795399042123456789, 1795399042123456),
            (999, 0),
            (-999, 0),
            (3155759999999999999, 3155759999999999),
        ):
            self.platform.done.clear()
            self.set(time=nanoseconds)
            self.assertEqual(
                self.platform.done, [("set_clock", microseconds), ("clock_to_hardware",)]
            )

    def test_from_hardware(self) -> None:
        """
        Without a time it is that of the hardware's clock.
        """
        self.set()
        self.assertEqual(self.platform.done, [("clock_from_hardware",)])

    def test_years(self) -> None:
        """
        The years are 1970 to 2069, in the guest's own calendar.
        """
        for nanoseconds in (3155760000 * 10**9, -(10**9), (1 << 63) - 1, -(1 << 63)):
            failed = self.assertRaises(CommandFailed, self.set, time=nanoseconds)
            self.assertEqual(failed.desc, "Invalid time")
        self.assertEqual(self.platform.done, [])
        self.family = Clock(self.platform, local=lambda seconds: time.gmtime((seconds or 0) + 3600))
        self.set(time=-(10**9))
        self.assertEqual(self.platform.done[0], ("set_clock", -1000000))

    def test_refused(self) -> None:
        """
        If the kernel does not set the time, the hardware's clock is left alone.
        """
        self.platform.tell(set_clock=CommandFailed("no"))
        self.assertRaises(CommandFailed, self.set, time=10**18)
        self.assertEqual(self.platform.done, [])

    def test_no_hardware(self) -> None:
        """
        If the hardware's clock cannot be set, that is an error, though the time is set.
        """
        self.platform.tell(clock_to_hardware=CommandFailed("no"))
        self.assertRaises(CommandFailed, self.set, time=10**18)
        self.assertEqual(self.platform.done, [("set_clock", 10**15)])
