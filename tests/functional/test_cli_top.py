"""``txqga top``, with guests that a mux asks."""

import json
from typing import Any

from tests.functional._cli import CliCase, ask


class TopTests(CliCase):
    def told(self) -> Any:
        said = ask(*self.guests.words("ours"), "--json", "top", "--once", "--sort", "memory")
        self.assertEqual(said.status, 0, said.err)
        return {each["name"]: each for each in json.loads(said.out)["guests"]}

    def test_top(self) -> None:
        """
        How guests are is shown with any agent, and how long that takes to answer.
        """

        def is_known() -> bool:
            told = self.told()
            return all(
                told[name]["memory"] is not None and told[name]["latency"] is not None
                for name in ("ours", "real")
            )

        self.eventually(is_known, "it is not known how the guests are")
        said = ask(*self.guests.words("ours"), "top")
        self.assertEqual((said.status, said.out.count(b"\n")), (0, 2))
