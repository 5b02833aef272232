"""The command line of the mux."""

import json
import os
import tempfile
from pathlib import Path

from twisted.application.service import IServiceMaker, MultiService
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs, formatEvent
from twisted.plugin import getPlugins
from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons import mux
from txqga.daemons._mux_options import Options
from txqga.daemons._notify import Supervisor
from txqga.daemons.mux import Daemon, make_mux
from txqga.fsfreeze import Terms
from txqga.mux import VM, Caps, Peer


class FileTests(SynchronousTestCase):
    """Options that stand in a file."""

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.path = self.folder / "mux.toml"

    def parse(self, text: str, *words: str) -> Options:
        self.path.write_text(text)
        options = Options()
        options.parseOptions(["--config", str(self.path), *words])
        return options

    def test_same_as_options(self) -> None:
        """
        The file says all that the options can say.
        """
        options = self.parse(
            """
            serve = "/run/txqga"
            handles = "user"
            watch = ["/run/qga/{name}.sock"]
            [guest]
            db1 = "/run/db1"
            "web.1" = "unix:/run/web1"
            [deadline]
            freeze = 7
            """
        )
        self.assertEqual(
            options["guests"], [VM("db1", "unix:/run/db1"), VM("web.1", "unix:/run/web1")]
        )
        self.assertEqual([each.glob for each in options["watches"]], ["/run/qga/{name}.sock"])
        self.assertEqual(options["serve"], "/run/txqga")
        made = options.mux_options()
        self.assertTrue(made.by_user)
        self.assertEqual(made.guest.caps, Caps(freeze=7))

    def test_both(self) -> None:
        """
        What the command line says is added, or goes before what the file says.
        """
        options = self.parse(
            'serve = "/run/a"\n[guest]\na = "/run/a"', "--serve", "/run/b", "--guest", "b=/run/b"
        )
        self.assertEqual([vm.name for vm in options["guests"]], ["a", "b"])
        self.assertEqual(options["serve"], "/run/b")

    def test_wrong(self) -> None:
        """
        What is wrong in the file is told with its place; what contradicts itself, too.
        """
        for text, why in (
            ('guest.db1 = "pigeon"', f"{self.path}: guest.db1: --guest: 'pigeon' is no endpoint"),
            ("deadline.thaw = 3", "deadline.thaw: --deadline: 'thaw=3' is not KIND=SECONDS"),
            ("deadline.other = 0", "deadline.other"),
            ('deadline.other = "soon"', "deadline.other"),
            ('poll-period = "soon"', "poll-period: --poll-period: 'soon' is no number of seconds"),
            ("poll-period = 0x" + "f" * 5000, "poll-period: the integer has more than 64 bits"),
            ('watch = "/run/*"', "watch: --watch: '/run/*' has neither"),
        ):
            error = self.assertRaises(usage.UsageError, self.parse, text, "--serve", "/run/x")
            self.assertIn(why, str(error))

    def test_again(self) -> None:
        """
        The file can be read again, wherever the daemon has gone meanwhile.
        """
        base = Path.cwd()
        self.addCleanup(os.chdir, base)
        os.chdir(self.folder)
        self.path.write_text('serve = "here"\nguest.a = "/run/a"')
        options = Options()
        options.parseOptions(["-c", "mux.toml", "--guest", "b=/run/b"])
        os.chdir("/")
        self.path.write_text('serve = "here"\nguest.c = "/run/c"')
        again = options.again()
        self.assertEqual([vm.name for vm in again["guests"]], ["c", "b"])
        self.assertEqual(again["serve"], str(self.folder / "here"))

    def test_cannot_change(self) -> None:
        """
        What cannot be changed while the mux runs stays as it is, and is put off; the rest is taken.
        """
        options = self.parse('serve = "/run/a"\nguest.a = "/run/a"')
        self.path.write_text('serve = "/run/b"\nguest.c = "/run/c"')
        again = options.again()
        self.assertEqual(again.put_off, {"serve": "/run/b"})
        self.assertEqual(again["serve"], "/run/a")
        self.assertEqual([vm.name for vm in again["guests"]], ["c"])
        self.assertEqual(again.again().put_off, {"serve": "/run/b"})


class ReloadTests(SynchronousTestCase):
    """A mux that reads its configuration anew."""

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.path = Path(home.name) / "mux.toml"
        self.write('a = "/run/a"\nb = "/run/b"')
        options = Options()
        options.parseOptions(["-c", str(self.path), "--serve", f"{home.name}/serve"])
        self.reactor = MemoryReactorClock()
        self.daemon = make_mux(self.reactor, options)
        self.daemon.startService()
        self.before = self.daemon.mux.guests

    def write(self, guests: str, more: str = "") -> None:
        self.path.write_text(f"{more}\n[guest]\n{guests}")

    def reload(self) -> list[str]:
        """Read it anew; what is said against it."""
        with capturedLogs() as seen:
            self.daemon.reload()
            self.reactor.pump([0] * 5)
        return [each["why"] for each in seen if "why" in each]

    def test_untouched(self) -> None:
        """
        What did not change keeps its session; what did is replaced; what is gone is ended.
        """
        self.write('a = "/run/a"\nb = "/run/b2"\nc = "/run/c"')
        self.assertEqual(self.reload(), [])
        after = self.daemon.mux.guests
        self.assertEqual(set(after), {"a", "b", "c"})
        self.assertIs(after["a"], self.before["a"])
        self.assertIsNot(after["b"], self.before["b"])
        self.write('a = "/run/a"')
        self.assertEqual(self.reload(), [])
        self.assertEqual(self.daemon.mux.guests, {"a": self.before["a"]})

    def test_under_them(self) -> None:
        """
        Deadlines, terms of freezes and to whom handles belong change under guests whose sessions
        stay.
        """
        more = 'freeze-lease = 60\nfreeze-longest = 90\nhandles = "user"\ndeadline.other = 7'
        self.write('a = "/run/a"\nb = "/run/b2"', more)
        self.assertEqual(self.reload(), [])
        after = self.daemon.mux.guests
        self.assertIs(after["a"], self.before["a"])
        self.assertIsNot(after["b"], self.before["b"])
        for guest in after.values():
            self.assertEqual(guest.freezing.terms, Terms(lease=60, longest=90))
            self.assertEqual(guest.calls.caps, Caps(other=7))

    def test_put_off(self) -> None:
        """
        What cannot change while the mux runs is named, with what to do, and the rest is taken.
        """
        self.write('c = "/run/c"', 'state = "/run/elsewhere"')
        with capturedLogs() as seen:
            self.daemon.reload()
            self.reactor.pump([0] * 5)
        (put_off,) = (each for each in seen if "option" in each)
        self.assertEqual(
            formatEvent(put_off),
            "state stays unsaid while this process runs: to make it '/run/elsewhere', stop the mux "
            "and start it anew",
        )
        self.assertEqual(list(self.daemon.mux.guests), ["c"])

    def test_bad_file(self) -> None:
        """
        A file that is wrong changes nothing, and it is said why; the next that is right counts.
        """
        for wrong, why in (
            ("a = x", "line 3"),
            ('a = "/run/a"\nz = "carrier-pigeon:home"', "z: 'carrier-pigeon:home' is no client"),
            ('a = "/run/a"\nz = "/run/a"', "are both at"),
            ("", "no guest"),
        ):
            self.write(wrong, "freeze-lease = 7")
            (said,) = self.reload()
            self.assertIn(why, said)
            self.assertEqual(self.daemon.mux.guests, self.before)
            self.assertEqual(self.before["a"].freezing.terms, Terms())
        self.path.unlink()
        self.assertEqual(self.reload(), [f"{self.path}: No such file or directory"])
        self.write('a = "/run/a"')
        self.assertEqual(self.reload(), [])
        self.assertEqual(list(self.daemon.mux.guests), ["a"])


class SupervisedTests(ReloadTests):
    """The same, with somebody who wants to know how the service is."""

    def setUp(self) -> None:
        super().setUp()
        self.told: list[bytes] = []
        environment = {"NOTIFY_SOCKET": "/run/notify"}
        supervisor = Supervisor(
            self.reactor, environment, 1, lambda _, said: self.told.append(said)
        )
        self.daemon._supervisor = supervisor

    def test_told(self) -> None:
        """
        That the configuration is read is told, and that it was, also where it is not taken.
        """
        for guests in ('a = "/run/a"', "a = x"):
            self.write(guests)
            self.reload()
            reloading, ready = (said.split(b"=")[0] for said in self.told)
            self.assertEqual((reloading, ready), (b"RELOADING", b"READY"))
            self.told.clear()
        self.daemon.stopService()
        self.assertEqual(self.told, [b"STOPPING=1"])


class PolicyTests(SynchronousTestCase):
    """A mux that has been told who may."""

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.policy = self.folder / "policy.toml"
        self.audit = self.folder / "audit"
        self.write("")

    def write(self, *commands: str) -> None:
        self.policy.write_text(
            "".join(f'[[rule]]\nwho = "uid:5"\ncommands = "{each}"\n' for each in commands)
        )

    def make(self, *words: str) -> Daemon:
        options = Options()
        serve = ("--serve", str(self.folder / "serve"), "--guest", "db1=/run/db1")
        options.parseOptions([*serve, *words])
        return make_mux(MemoryReactorClock(), options)

    def refuses(self, daemon: Daemon) -> bool:
        return daemon.mux.authority.refuses(Peer(pid=1, uid=5, gid=5), "db1") is not None

    def test_default(self) -> None:
        """
        Unless something is said, only root and our own user are let in.
        """
        daemon = self.make()
        self.assertTrue(self.refuses(daemon))
        self.assertIsNone(daemon.mux.authority.refuses(Peer(pid=1, uid=0, gid=0), "db1"))

    def test_reload(self) -> None:
        """
        The policy is read again at a reload, and a wrong one changes nothing.
        """
        self.write("guest-ping")
        daemon = self.make("--policy", str(self.policy))
        guests = daemon.mux.guests
        self.assertFalse(self.refuses(daemon))
        self.write()
        daemon.reload()
        self.assertTrue(self.refuses(daemon))
        self.policy.write_text("[[rule]]")
        with capturedLogs() as seen:
            daemon.reload()
        self.assertIn("--policy: ", seen[-1]["why"])
        self.assertIn("rule 1: who is missing", seen[-1]["why"])
        self.assertTrue(self.refuses(daemon))
        self.assertEqual(daemon.mux.guests, guests)

    def test_audit(self) -> None:
        """
        What is decided is in the file when the mux has stopped.
        """
        daemon = self.make("--audit", str(self.audit))
        daemon.startService()
        self.assertTrue(self.refuses(daemon))
        stopped = daemon.stopService()
        daemon.mux._reactor.pump([0] * 5)
        self.successResultOf(stopped)
        (line,) = self.audit.read_text().splitlines()
        self.assertEqual(json.loads(line)["who"]["uid"], 5)

    def test_wrong(self) -> None:
        """
        A wrong policy, or one that is not there, is told before anything starts.
        """
        self.policy.write_text("[[rule]]")
        for path in (self.policy, self.folder / "none"):
            why = self.assertRaises(usage.UsageError, self.make, "--policy", str(path))
            self.assertIn(f"--policy: {path}: ", str(why))


class ServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.options = Options()
        self.options["guests"] = [VM("db1", "unix:/run/db1")]
        self.options["serve"] = str(self.folder)

    def test_make(self) -> None:
        """
        The command line describes a service.
        """
        reactor = MemoryReactorClock()
        service = make_mux(reactor, self.options)
        self.assertIsInstance(service, MultiService)
        service.startService()
        self.assertEqual(reactor.unixServers[0][0], str(self.folder / "db1.sock"))

    def test_state(self) -> None:
        """
        Where there is a state folder it is this mux's from its start to its end.
        """
        self.options["state"] = str(self.folder / "state")
        first, second = (make_mux(MemoryReactorClock(), self.options) for _ in range(2))
        first.startService()
        self.assertEqual(
            [each.name for each in (self.folder / "state").iterdir()], ["freezes.jsonl"]
        )
        self.options["serve"] = str(self.folder / "other")
        ended = self.assertRaises(SystemExit, second.startService)
        self.assertIn("another mux keeps its state there", str(ended))

    def test_cannot_start(self) -> None:
        """
        A mux that cannot start ends with a sentence, not a traceback.
        """
        (self.folder / "db1.sock").touch()
        service = make_mux(MemoryReactorClock(), self.options)
        ended = self.assertRaises(SystemExit, service.startService)
        self.assertIn("qga-mux: ", str(ended))
        self.assertIn("is there, and no socket", str(ended))

    def test_no_endpoint(self) -> None:
        """
        A channel that is no endpoint is refused.
        """
        self.options["guests"] = [VM("db1", "carrier-pigeon:home")]
        self.assertRaises(ValueError, make_mux, MemoryReactorClock(), self.options)

    def test_plugin(self) -> None:
        """
        ``twistd`` finds it as qga-mux.
        """
        (plugin,) = (each for each in getPlugins(IServiceMaker) if each.tapname == "qga-mux")
        self.assertIs(plugin.options, Options)
        self.assertIs(plugin.makeService, mux.makeService)
        self.assertTrue(issubclass(Daemon, MultiService))
