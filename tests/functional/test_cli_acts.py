"""What ``txqga`` makes agents do, and what hostile ones can do to it."""

import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from twisted.internet import reactor

from tests.functional._cli import CliCase, Done
from txqga.cli import Exit
from txqga.errors import CommandFailed
from txqga.mux import VM, Mux
from txqga.testing import SILENCE, ScriptedAgent, serve

#: clears a screen, sets a title, writes backwards, goes back to the start of the line
EVIL = "\x1b[2J\x1b]0;owned\x07\u202eexe\r\x9b1A"


def is_harmless(text: str) -> bool:
    """Whether a terminal only writes it."""
    return all(each in "\n\t" or not unicodedata.category(each).startswith("C") for each in text)


class ScriptedCase(CliCase):
    guest: tuple[str, ...] = ()

    async def setUp(self) -> None:  # type: ignore[override]
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.agent = ScriptedAgent()
        self.agent.answer("guest-info", {"version": "7.2.0", "supported_commands": []})
        self.agent.answer("guest-fsfreeze-status", "thawed")
        port = await serve(reactor, self.agent, self.folder / "s")
        self.addCleanup(port.stopListening)
        self.where = self.reach()

    def reach(self) -> tuple[str, ...]:
        return ("--connect", f"unix:{self.folder}/s")

    @property
    def ran(self) -> list[Any]:
        """What the agent executed, but what sessions and a mux ask by themselves."""
        apart = ("guest-sync", "guest-ping", "guest-fsfreeze-status", "guest-info", "txqga-fence")
        return [(n, dict(a)) for n, a in self.agent.ran if not n.startswith(apart)]


class ActsTests(ScriptedCase):
    """An agent that does as it is told."""

    async def test_power(self) -> None:
        """
        A guest that was told to shut down, and does not say no, is taken to do it.
        """
        self.agent.answer("guest-shutdown", SILENCE)
        done = await self.good("shutdown", *self.guest, "--timeout", "0.5")
        self.assertIn("did not refuse", done.out)
        self.agent.answer("guest-shutdown", CommandFailed("no"))
        self.agent.hang_up()  # it goes, and comes again
        await self.good("wait", *self.guest)
        await self.refused(Exit.REFUSED, "reboot", *self.guest)
        modes = [given["mode"] for _, given in self.ran]
        self.assertEqual(modes, ["powerdown", "reboot"])

    async def test_time(self) -> None:
        """
        A guest's clock is set by ours.
        """
        self.agent.answer("guest-set-time", {})
        self.agent.answer("guest-get-time", 0)
        told = (await self.good("--json", "time", *self.guest, "--set")).json
        self.assertLess(told["difference"], -1e9)
        (command, given), _ = self.ran
        self.assertEqual(command, "guest-set-time")
        self.assertLess(abs(given["time"] - told["host"]), 600 * 10**9)

    async def test_keys(self) -> None:
        """
        Keys are added and removed.
        """
        for command in ("guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys"):
            self.agent.answer(command, {})
        file = self.folder / "keys"
        file.write_text("# mine\nssh-ed25519 AAAA me\n")
        await self.good("ssh-key", "add", *self.guest, "root", "--file", str(file))
        await self.good("ssh-key", "remove", *self.guest, "root", "ssh-ed25519 AAAA me")
        keys = {"username": "root", "keys": ["ssh-ed25519 AAAA me"]}
        self.assertEqual([given for _, given in self.ran], [keys, keys])


class ActsThroughMuxTests(ActsTests):
    """The same, through a mux."""

    guest = ("db1",)

    def reach(self) -> tuple[str, ...]:
        vm = VM("db1", f"unix:{self.folder}/s")
        mux = Mux(reactor, [vm], self.folder / "served")
        mux.startService()
        self.addCleanup(mux.stopService)
        return ("--mux", str(self.folder / "served"))

    async def setUp(self) -> None:  # type: ignore[override]
        await super().setUp()
        await self.good("wait", "db1")


class HostileTests(ScriptedCase):
    """An agent that means no good."""

    def harmless(self, done: Done) -> None:
        self.assertTrue(is_harmless(done.out), repr(done.out))
        self.assertTrue(is_harmless(done.err), repr(done.err))

    async def test_escapes(self) -> None:
        """
        Whatever a guest says, the terminal only writes it.
        """
        agent = self.agent
        agent.answer("guest-info", {"version": EVIL, "supported_commands": [EVIL]})
        agent.answer("guest-get-host-name", {"host-name": EVIL})
        agent.answer("guest-get-osinfo", {"pretty-name": EVIL, "kernel-release": [EVIL]})
        agent.answer("guest-get-fsinfo", [{"mountpoint": EVIL, "type": EVIL}, 7])
        agent.answer("guest-get-timezone", {"zone": EVIL, "offset": 2**62})
        agent.answer("guest-network-get-interfaces", {EVIL: EVIL})
        agent.answer("guest-get-time", 2**62)
        agent.answer("guest-ssh-get-authorized-keys", {"keys": [EVIL, f"a\n{EVIL}"]})
        agent.answer("guest-get-users", CommandFailed(EVIL))
        for done in await self.together(
            self.good("info"),
            self.good("info", "--json"),
            self.good("time"),
            self.good("ssh-key", "list", "root"),
            self.good("call", "guest-get-host-name"),
            self.good("doctor"),
        ):
            self.harmless(done)
        done = await self.txqga("call", "guest-get-users")
        self.assertEqual(done.status, Exit.REFUSED)
        self.assertIn("\\x1b[2J", done.err)
        self.harmless(done)

    async def test_misfit(self) -> None:
        """
        What has not the shape that it must have is an error, not a mistake of ours.
        """
        self.agent.answer("guest-get-time", "now")
        self.agent.answer("guest-ssh-get-authorized-keys", [EVIL])
        for words in (("time",), ("ssh-key", "list", "root")):
            error = await self.refused(Exit.REFUSED, *words)
            self.assertEqual(error["code"], "misfit")

    async def test_endless(self) -> None:
        """
        A guest that talks without end is given up.
        """
        self.agent.answer("guest-sync-delimited", b'{"return": 1}\n' * 100_000)
        error = await self.refused(Exit.UNAVAILABLE, "ping", "--timeout", "5")
        self.assertEqual(error["code"], "agent-unavailable")
        self.assertLess(len(error["message"]), 1000)
