"""The programs that an agent knows."""

from typing import Any

from tests.exec._case import ExecCase
from txqga.errors import CommandNotFound, Misfit
from txqga.exec import Ended


class JobsTests(ExecCase):
    def test_list(self) -> None:
        """
        What was started and not collected is listed, with how it fares.
        """
        self.streamed()
        self.successResultOf(self.exec.start("make", key="backup", detached=True))
        self.successResultOf(self.exec.start("ls", detached=True)).let_go()
        self.guest.job.end(3)
        first, second = self.successResultOf(self.exec.jobs())
        self.assertEqual((first.name, first.pid, first.path), ("job100", 100, "make"))
        self.assertEqual((first.key, first.ended), ("backup", None))
        self.assertEqual(second.ended, Ended(3, None))

    def test_nonsense(self) -> None:
        """
        A list that is none is refused.
        """
        self.streamed()
        some: list[Any] = [7, [7], [{"job": "x"}], {}]
        for nonsense in some:
            self.guest.answer("txqga-exec-list", nonsense)
            self.failureResultOf(self.exec.jobs(), Misfit)

    def test_stock(self) -> None:
        """
        An agent that keeps no list has none.
        """
        self.stock()
        self.failureResultOf(self.exec.jobs(), CommandNotFound)
