"""What the control interface knows of a mux."""

from tests.control._case import ControlCase
from txqga.control._feed import Follower


class HouseTests(ControlCase):
    def test_close(self) -> None:
        """
        A house that is closed hears nothing more, and lets go who follows.
        """
        heard: list[bytes] = []
        gone: list[bool] = []
        self.house.feed.follow(Follower(heard.append, lambda: gone.append(True)), None)
        self.mux.events.tell("guest-added", "db2")
        self.house.close()
        self.mux.events.tell("guest-added", "db3")
        self.assertEqual(len(heard), 1)
        self.assertEqual(gone, [True])

    def test_describe(self) -> None:
        """
        A guest is described by its name, its state, the reason, and since when.
        """
        self.clock.advance(2.0)
        self.assertEqual(
            self.house.describe(self.guest),
            {
                "name": "db1",
                "state": "ready",
                "reason": "the agent answers",
                "seconds": 2.0,
                "freeze": {"stage": "thawed", "reason": "nobody has frozen it", "seconds": 2.0},
            },
        )
