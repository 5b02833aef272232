"""``txqga ping``."""

from tests.cli._case import VerbCase
from txqga.cli.verbs._ping import ping


class PingTests(VerbCase):
    def test_answers(self) -> None:
        """
        An agent that answers is said to, as often as was asked for.
        """
        run = self.start()
        self.done(ping.work(run, guest="db1", count=2))
        self.assertEqual(run.lines, ["db1 answers: 0.0 ms"] * 2)

    def test_json(self) -> None:
        """
        Programs are told how long it took.
        """
        run = self.start(json=True)
        self.done(ping.work(run, guest="db1", count=1))
        self.assertEqual(run.values, [{"guest": "db1", "seconds": 0.0}])
