"""The control interface, as the mux's command line describes it."""

import tempfile
from pathlib import Path
from typing import Any

from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.control._problem import Problem
from txqga.daemons._control import ControlService
from txqga.daemons._mux_options import Options
from txqga.daemons.mux import Daemon, make_mux
from txqga.errors import CannotStart
from txqga.fsfreeze import Hook, Terms


class ControlTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.reactor = MemoryReactorClock()

    def make(self, *words: str) -> Daemon:
        options = Options()
        options.parseOptions(["-s", str(self.folder / "serve"), "-g", "db1=/run/db1", *words])
        daemon = make_mux(self.reactor, options)
        daemon.startService()
        return daemon

    def test_unix(self) -> None:
        """
        It is served where it is told to, and nowhere where it is not.
        """
        self.make()
        self.assertEqual(len(self.reactor.unixServers), 1)
        self.make("--http", f"unix:{self.folder}/control.http")
        paths = [args[0] for args in self.reactor.unixServers]
        self.assertIn(f"{self.folder}/control.http", paths)

    def test_for_everybody(self) -> None:
        """
        Nothing is served to whoever is on the network.
        """
        why = self.assertRaises(CannotStart, self.make, "--http", "tcp:8080")
        self.assertIn("can be reached by everybody", str(why))

    def test_wrong(self) -> None:
        """
        What is wrong is told under the option's name.
        """
        tokens = self.folder / "tokens"
        why = self.assertRaises(ValueError, self.make, "--http=tcp:8080", f"--http-tokens={tokens}")
        self.assertIn("--http-tokens: ", str(why))
        tokens.write_text("ci 0123456789abcdef\n")
        tokens.chmod(0o600)
        why = self.assertRaises(ValueError, self.make, "--http=tcp:x", f"--http-tokens={tokens}")
        self.assertIn("--http: ", str(why))
        self.make("--http=tcp:8080", f"--http-tokens={tokens}", "--http-host=Mux.example")
        self.assertEqual(self.reactor.tcpServers[0][0], 8080)


class ReloadTests(SynchronousTestCase):
    """What can change while the control interface is served."""

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.tokens = self.folder / "tokens"
        self.tokens.touch(0o600)
        self.tokens.write_text("ci 0123456789abcdef\n")
        self.config = self.folder / "mux.toml"
        self.write("")
        options = Options()
        words = ("-s", str(self.folder / "serve"), "-g", "db1=/run/db1", "-c", str(self.config))
        options.parseOptions([*words, "--http=tcp:8080", f"--http-tokens={self.tokens}"])
        self.reactor = MemoryReactorClock()
        self.daemon = make_mux(self.reactor, options)
        self.daemon.startService()
        control: Any = self.daemon._control
        self.control: ControlService = control

    def write(self, text: str) -> None:
        self.config.write_text(text)

    def reload(self) -> list[str]:
        with capturedLogs() as seen:
            self.daemon.reload()
            self.reactor.pump([0] * 5)
        return [each["why"] for each in seen if "why" in each]

    def knows(self, token: str) -> bool:
        access = self.control._control._api.reception.access
        try:
            access.principal(None, f"Bearer {token}", None)
        except Problem:
            return False
        return True

    def test_tokens(self) -> None:
        """
        A token that was taken out of the file is unknown from then on, and a new one is known. A
        file that is wrong changes nothing, here and elsewhere.
        """
        self.tokens.write_text("ops fedcba9876543210\n")
        self.assertTrue(self.knows("0123456789abcdef"))
        self.assertEqual(self.reload(), [])
        self.assertFalse(self.knows("0123456789abcdef"))
        self.assertTrue(self.knows("fedcba9876543210"))
        guest = self.daemon.mux.guests["db1"]
        self.write("freeze-lease = 7")
        for wrong in ("what?", ""):
            self.tokens.write_text(wrong)
            (said,) = self.reload()
            self.assertTrue("--http-tokens: " in said or "by everybody" in said, said)
            self.assertTrue(self.knows("fedcba9876543210"))
            self.assertEqual(guest.freezing.terms, Terms())

    def test_hook(self) -> None:
        """
        The next group is frozen with the hook that is said now.
        """
        groups = self.control._control._groups
        self.assertIsNone(groups.hook)
        self.write('freeze-hook = "/bin/true"\nfreeze-hook-limit = 0')
        self.assertEqual(self.reload(), [])
        self.assertEqual(groups.hook, Hook(["/bin/true"], None))

    def test_poll(self) -> None:
        """
        Guests are asked, more or less often, or not at all.
        """
        self.assertIsNone(self.control._monitor)
        self.write("poll = true")
        self.assertEqual(self.reload(), [])
        monitor = self.control._monitor
        self.assertTrue(monitor.running)
        self.write("poll = true\npoll-period = 60")
        self.assertEqual(self.reload(), [])
        self.assertIs(self.control._monitor, monitor)
        self.assertEqual(monitor.settings.pace, 4.0)
        self.write("")
        self.assertEqual(self.reload(), [])
        self.assertFalse(monitor.running)
        self.assertIs(self.control._control._house.told.polls, False)

    def test_monitor(self) -> None:
        """
        What is asked of guests is read anew; a file that is wrong changes nothing.
        """
        file = self.folder / "monitor.toml"
        file.write_text('[[group]]\nlabels = { tenant = "acme" }\nperiods = { load = 5 }\n')
        self.write(f'poll = true\nmonitor = "{file}"')
        self.assertEqual(self.reload(), [])
        monitor, told = self.control._monitor, self.control._control._house.told
        self.assertEqual(told.labels("db1"), {"tenant": "acme"})
        file.write_text("[[group]]\nperiods = { laod = 5 }\n")
        self.assertIn("--monitor: ", self.reload()[0])
        self.assertEqual(told.labels("db1"), {"tenant": "acme"})
        file.write_text("")
        self.assertEqual(self.reload(), [])
        self.assertIs(self.control._monitor, monitor)
        self.assertEqual(told.labels("db1"), {})

    def test_alerts(self) -> None:
        """
        What is too long, and what is full, can be said anew; it is as usual when nothing is asked.
        """
        file = self.folder / "monitor.toml"
        file.write_text("[[group]]\nnearly-full = 70\n")
        alerts = self.control._alerts
        self.assertEqual(alerts.settings.nearly_full("db1"), 90.0)
        self.write(f'poll = true\nmonitor = "{file}"')
        self.assertEqual(self.reload(), [])
        self.assertEqual(alerts.settings.nearly_full("db1"), 70.0)
        self.write("")
        self.assertEqual(self.reload(), [])
        self.assertEqual(alerts.settings.nearly_full("db1"), 90.0)
        self.assertTrue(alerts.running)

    def test_push(self) -> None:
        """
        Platforms come, change and go; a file that is wrong changes nothing.
        """
        file = self.folder / "push.toml"
        file.write_text('[[webhook]]\nname = "acme"\nurl = "http://acme.example"\n')
        said = f'poll = true\npush = "{file}"'
        self.write(said)
        self.assertEqual(self.reload(), [])
        push = self.control._push
        self.assertEqual([each.platform.name for each in push.pushing], ["acme"])
        self.assertIn(
            "qga_mux_spool_bytes",
            [each.name for each in self.control._control._house.told.families([])],
        )
        same = push.pushing[0]
        file.write_text("[[webhok]]")
        self.assertNotEqual(self.reload(), [])
        self.assertEqual(self.control._push.pushing, [same])
        file.write_text('[[webhook]]\nname = "other"\nurl = "http://acme.example"\n')
        self.assertEqual(self.reload(), [])
        self.assertIs(self.control._push, push)
        self.assertEqual([each.platform.name for each in push.pushing], ["other"])
        self.write("poll = true")
        self.assertEqual(self.reload(), [])
        self.assertIsNone(self.control._push)
        self.assertEqual((push.running, push.pushing), (0, []))
        self.write(f'push = "{file}"')
        self.assertIn("say --poll too", str(self.reload()))
