"""``txqga top``, with guests that a mux asks."""

from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater

from tests.functional._cli import GuestsCase


class TopTests(GuestsCase):
    async def told(self) -> Any:
        said = await self.txqga(
            *self.guests.words("ours"), "--json", "top", "--once", "--sort", "memory"
        )
        self.assertEqual(said.status, 0, said.err)
        return {each["name"]: each for each in said.json["guests"]}

    def is_known(self, told: Any) -> bool:
        figures = [told[name][what] for name in ("ours", "real") for what in ("memory", "latency")]
        return None not in figures

    async def test_top(self) -> None:
        """
        How guests are is shown with any agent, and how long that takes to answer.
        """
        while not self.is_known(await self.told()):
            await deferLater(reactor, 0.1)
        said = await self.txqga(*self.guests.words("ours"), "top")
        self.assertEqual((said.status, said.octets.count(b"\n")), (0, 2))
