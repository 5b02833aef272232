"""``txqga`` with real agents, directly and through a mux."""

from pathlib import Path

from tests.functional._cli import CliCase
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, AgentProcess, require
from txqga.cli import Exit


class DirectCase(CliCase):
    """An agent, directly."""

    series = V7_2
    guest: tuple[str, ...] = ()  #: what names the guest, where something must

    def setUp(self) -> None:
        self.agent = AgentProcess(require(self.series))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.where = self.reach(self.agent.socket)

    def reach(self, socket: Path) -> tuple[str, ...]:
        """What stands before the verb."""
        return ("--connect", str(socket))


class MuxCase(DirectCase):
    """An agent, through a mux without a control interface."""

    guest = ("db1",)

    def reach(self, socket: Path) -> tuple[str, ...]:
        self.mux = MuxProcess({"db1": socket})
        self.addCleanup(self.mux.remove)
        self.mux.start()
        return ("--mux", str(self.mux.served))


class AskTests(DirectCase):
    """QEMU's agent 7.2, directly."""

    async def test_asks(self) -> None:
        """
        A guest says that it is there, what it is, and what time it has.
        """
        guest = self.guest
        ping, info, time, _, doctor = await self.together(
            self.good("ping", *guest),
            self.good("info", *guest, "--json"),
            self.good("--json", "time", *guest),
            self.good("wait", *guest),
            self.good("doctor", *guest),
        )
        self.assertIn("answers", ping.out)
        self.assertTrue(info.json["agent"]["version"])
        self.assertGreater(info.json["agent"]["disabled"], 5)
        self.assertTrue(info.json["host-name"]["host-name"])
        self.assertLess(abs(time.json["difference"]), 60)
        self.assertIn("disabled", doctor.out)

    async def test_lesser_agent(self) -> None:
        """
        What only newer agents have is refused by older ones, and said to be what it is.
        """
        words = ("--json", "call", *self.guest, "guest-get-load")
        done = await self.txqga(*words)
        if self.series == OURS:
            self.assertIn("load1m", done.json)
        else:
            self.assertEqual((done.status, done.error["code"]), (Exit.REFUSED, "no-such-command"))


class OursAskTests(AskTests):
    """Our own agent, directly."""

    series = OURS


class MuxAskTests(MuxCase, AskTests):
    """QEMU's agent 7.2, through a mux."""


class OursMuxAskTests(MuxAskTests):
    """Our own agent, through a mux."""

    series = OURS


class CallTests(DirectCase):
    """QEMU's agent 7.2, directly."""

    async def test_calls(self) -> None:
        """
        Any command can be called; what does not fit it is not sent.
        """
        file = self.agent.folder / "file"
        file.write_bytes(b"content")
        open_it = ("call", *self.guest, "guest-file-open", f"path={file}")
        opened, users, unfit, failed, unknown = await self.together(
            self.good(*open_it, "mode=r"),
            self.good("call", *self.guest, "guest-get-users"),
            self.refused(Exit.USAGE, *open_it, "mod=r"),
            self.refused(Exit.REFUSED, *open_it, "mode=nonsense"),
            self.refused(Exit.REFUSED, "call", *self.guest, "guest-no-such"),
        )
        self.assertIsInstance(opened.json, int)
        self.assertIsInstance(users.json, list)
        self.assertIn("'mod' is unexpected", unfit["message"])
        self.assertEqual(failed["code"], "command-failed")
        self.assertEqual(unknown["code"], "no-such-command")

    async def test_refused(self) -> None:
        """
        What the agent refuses is told, with its words.
        """
        *disabled, user = await self.together(
            self.refused(Exit.REFUSED, "reboot", *self.guest),
            self.refused(Exit.REFUSED, "shutdown", *self.guest),
            self.refused(Exit.REFUSED, "time", *self.guest, "--set"),
            self.refused(Exit.REFUSED, "ssh-key", "list", *self.guest, "no-such-user"),
        )
        for each in disabled:
            self.assertEqual(each["code"], "no-such-command")
            self.assertIn("disabled", each["message"])
        self.assertEqual(user["code"], "command-failed")


class OursMuxCallTests(MuxCase, CallTests):
    """Our own agent, through a mux."""

    series = OURS
