"""``txqga freeze``, ``thaw``, ``status`` and ``quiesce``; the guests freeze but a variable."""

import tempfile
from pathlib import Path
from signal import SIGINT, SIGKILL

from tests.functional._cli import CliCase, Done
from tests.functional._freezing_agent import FreezingAgent
from tests.functional._mux_process import MuxProcess

NAMES = ("web1", "db1", "direct")


class FreezeTests(CliCase):
    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)
        self.agents = {name: FreezingAgent(self.folder / name) for name in NAMES}
        for agent in self.agents.values():
            agent.__enter__()
            self.addCleanup(agent.__exit__)
        http = self.folder / "control.http"
        behind = {name: self.folder / name for name in NAMES[:2]}
        self.mux = MuxProcess(behind, "--http", f"unix:{http}")
        self.addCleanup(self.mux.remove)
        self.mux.start()
        self.words = ("--mux", str(self.mux.served), "--control", str(http))
        self.direct = ("--connect", str(self.folder / "direct"))

    async def ask(self, *words: str) -> Done:
        return await self.txqga(*self.words, *words)

    @property
    def frozen(self) -> list[str]:
        return [name for name, agent in self.agents.items() if agent.frozen]

    async def test_at_the_mux(self) -> None:
        """
        The mux holds guests still, says so, and thaws them.
        """
        for names in (["db1"], ["web1", "db1"]):
            said = await self.ask("freeze", *names, "--for", "600", "--owner", "a test")
            self.assertEqual((said.status, said.err, self.frozen), (0, "", names))
            told = (await self.ask("--json", "status", *names)).json
            self.assertEqual([each["stage"] for each in told["guests"]], ["frozen"] * len(names))
            self.assertIn(": a test", told["guests"][0]["owner"])
            said = await self.ask("freeze", "db1")
            self.assertEqual((said.status, "is frozen" in said.err), (1, True))
            self.assertEqual((await self.ask("thaw", *names)).status, 0)
            self.assertEqual(self.frozen, [])

    async def test_quiesce(self) -> None:
        """
        A command runs while guests hold still, and they go on whatever becomes of it.
        """
        script = "echo $0; exit 7"
        said = await self.ask("quiesce", "web1", "db1", "--", "sh", "-c", script)
        self.assertEqual((said.status, said.octets, self.frozen), (7, b"sh\n", []))
        self.assertIn("db1 was frozen for", said.err)
        for agent in (self.agents["web1"], self.agents["db1"]):
            self.assertEqual(agent.ran.count("guest-fsfreeze-freeze"), 1)
        going = self.begin(
            *self.words, "quiesce", "db1", "--", "sh", "-c", "echo on; exec sleep 600"
        )
        self.assertEqual((await going.line(), self.frozen), (b"on\n", ["db1"]))
        (told,) = (await self.ask("--json", "status", "db1")).json["guests"]
        self.assertIn("for a group of 1", told["owner"])
        going.signal(SIGINT)
        self.assertEqual(((await going.ended).status, self.frozen), (130, []))

    async def test_quiesce_at_the_sockets(self) -> None:
        """
        Where the mux cannot be asked guests are held by way of their sockets, and it is said.
        """
        words = ("--mux", str(self.mux.served), "--control", str(self.folder / "none"))
        said = await self.txqga(*words, "quiesce", "web1", "db1", "--", "sh", "-c", "exit 5")
        self.assertEqual((said.status, self.frozen), (5, []))
        self.assertIn("no hook of the mux is run", said.err)

    async def test_lapsed(self) -> None:
        """
        A command for which the time does not suffice is ended, and it is said that it is in vain.
        """
        said = await self.ask("quiesce", "db1", "--for", "0.5", "--", "sleep", "600")
        self.assertEqual((said.status, self.frozen), (6, []), said.err)

    async def test_directly(self) -> None:
        """
        Without a mux the command itself holds the guest, until Ctrl-C.
        """
        going = self.begin(*self.direct, "freeze", "--for", "600")
        self.assertIn(b"is frozen", await going.line())
        self.assertEqual(self.frozen, ["direct"])
        going.signal(SIGINT)
        said = await going.ended
        self.assertEqual((said.status, self.frozen), (130, []))
        self.assertIn("by nobody", said.err)
        said = await self.txqga(*self.direct, "quiesce", "--", "sh", "-c", "exit 5")
        self.assertEqual((said.status, self.frozen), (5, []))

    async def test_killed(self) -> None:
        """
        What a killed command has left frozen without a mux, another one thaws.
        """
        going = self.begin(*self.direct, "freeze")
        await going.line()
        going.signal(SIGKILL)
        await going.ended
        self.assertEqual(self.frozen, ["direct"])
        self.assertIn(b"\tfrozen", (await self.txqga(*self.direct, "status")).octets)
        self.assertEqual((await self.txqga(*self.direct, "thaw")).status, 0)
        self.assertEqual(self.frozen, [])
