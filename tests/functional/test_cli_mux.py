"""``txqga`` and the mux."""

import json

from twisted.internet import reactor
from twisted.internet.task import deferLater

from tests.functional._cli import CliCase
from tests.functional._http import ask
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import V7_2, AgentProcess, require
from txqga.cli import Exit


class CliMuxTests(CliCase):
    """A mux with a guest that is there, and one that is off."""

    def setUp(self) -> None:
        self.agent = AgentProcess(require(V7_2))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        off = self.agent.folder / "off"
        self.mux = MuxProcess({"db1": self.agent.socket, "off": off}, wait_for=["db1"])
        self.http = self.mux.folder / "http"
        self.mux.argv += ["--http", f"unix:{self.http}"]
        self.addCleanup(self.mux.remove)
        self.mux.start()
        self.where = ("--mux", str(self.mux.served), "--control", str(self.http))

    async def test_list(self) -> None:
        """
        All guests are listed, and how they are: by the mux, and else one by one.
        """
        told = (await self.good("list", "--json")).json["guests"]
        states = {each["name"]: each["state"] for each in told}
        self.assertEqual(states, {"db1": "ready", "off": "absent"})
        self.where = ("--mux", str(self.mux.served))
        done = await self.good("list")
        rows = [line.split("\t") for line in done.out.splitlines()]
        self.assertEqual([row[:2] for row in rows], [["db1", "ready"], ["off", "absent"]])
        self.assertIn("asked one by one", done.err)

    async def test_environment(self) -> None:
        """
        Where the mux is, the environment can say.
        """
        self.where = ()
        for done in await self.together(
            self.txqga("ping", "db1", TXQGA_MUX=str(self.mux.served)),
            self.txqga("list", TXQGA_CONTROL=str(self.http)),
        ):
            self.assertEqual(done.status, 0, done)

    async def test_away(self) -> None:
        """
        A guest that is off, one that there is not, and no mux at all are told apart, at once.
        """
        off, *nobody = await self.together(
            self.refused(Exit.UNAVAILABLE, "ping", "off"),
            self.refused(Exit.UNAVAILABLE, "info", "nobody"),
            self.refused(Exit.UNAVAILABLE, "doctor", "nobody"),
        )
        self.assertEqual((off["code"], off["state"]), ("agent-unavailable", "absent"))
        self.assertIn("there is no such socket", off["message"])
        self.assertEqual({each["code"] for each in nobody}, {"no-such-guest"})
        self.where = ("--mux", "/nonexistent")
        for error in await self.together(
            self.refused(Exit.UNAVAILABLE, "ping", "db1"),
            self.refused(Exit.UNAVAILABLE, "list"),
            self.refused(Exit.UNAVAILABLE, "events"),
        ):
            self.assertEqual(error["code"], "no-mux")

    async def test_doctor(self) -> None:
        """
        What is wrong with guests is said, and the exit status says that something is.
        """
        done = await self.txqga("doctor")
        self.assertEqual(done.status, Exit.UNAVAILABLE)
        self.assertIn("off: There is no socket at the guest's channel.", done.out)
        await self.good("doctor", "db1")

    async def test_events(self) -> None:
        """
        What happens is told as it happens.
        """
        following = self.begin("--json", "events", "web", "--count", "2")
        while True:  # until it is heard: it says nothing where nobody looks
            ask(self.http, "PUT", "/v1/guests/web", {"channel": f"unix:{self.agent.folder}/no"})
            ask(self.http, "DELETE", "/v1/guests/web")
            if following.out:
                break
            await deferLater(reactor, 0.05)
        done = await following.ended
        self.assertEqual(done.status, 0, done)
        events = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual({each["guest"] for each in events}, {"web"})

    async def test_interrupted(self) -> None:
        """
        Ctrl-C ends what waits, without a word, as shells expect it.
        """
        waiting = self.begin("wait", "off")
        await waiting.says("the agent is absent")
        waiting.interrupt()
        done = await waiting.ended
        self.assertEqual(done.status, Exit.INTERRUPTED, done)
        self.assertNotIn("Traceback", done.err)

    async def test_waits(self) -> None:
        """
        An agent that comes later is waited for.
        """
        self.agent.stop()
        waiting = self.begin("wait", "db1")
        await waiting.says("the agent is absent")
        self.agent.start()
        done = await waiting.ended
        self.assertEqual((done.status, done.out), (0, "db1 answers\n"), done)
