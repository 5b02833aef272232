"""Events for those who follow."""

from collections.abc import Callable, Hashable

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.control._feed import BEAT, KEPT, MOST, MOST_OF_ONE, UNREAD, Feed, Follower
from txqga.mux import Event


class FeedCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.feed = Feed(self.clock, lambda: 1_700_000_000.1234, "life")
        self.heard: list[bytes] = []
        self.cut_off = 0
        self.follower = self.follow_as(self.heard)

    def follow_as(
        self, heard: list[bytes], sees: Callable[[str], bool] = lambda guest: True
    ) -> Follower:
        return Follower(heard.append, self.cut, sees)

    def cut(self) -> None:
        self.cut_off += 1

    def happen(self, count: int = 1) -> None:
        for number in range(count):
            self.feed.tell(Event(kind="guest-state", guest="db1", data={"n": number}))


class FeedTests(FeedCase):
    def test_told(self) -> None:
        """
        An event has a number, its kind, the guest, the time, and what more there is to say.
        """
        self.feed.follow(self.follower, None)
        self.happen()
        data = b'{"guest":"db1","time":1700000000.123,"n":0}'
        self.assertEqual(self.heard, [b"id: life-1\nevent: guest-state\ndata: " + data + b"\n\n"])

    def test_old_ones(self) -> None:
        """
        Who comes for the first time wants none of the old ones.
        """
        self.happen(3)
        self.feed.follow(self.follower, None)
        self.assertEqual(self.heard, [])

    def test_comes_back(self) -> None:
        """
        Who comes back gets what it missed, and nothing twice.
        """
        self.happen(5)
        self.feed.follow(self.follower, "life-3")
        self.assertEqual(
            [each.split(b"\n")[0] for each in self.heard], [b"id: life-4", b"id: life-5"]
        )

    def test_hidden(self) -> None:
        """
        Who may not know of a guest is told nothing of it, neither now nor on coming back.
        """
        self.feed.follow(self.follow_as(self.heard, lambda guest: guest != "db1"), None)
        self.happen()
        self.assertEqual(self.heard, [])
        self.feed.follow(self.follow_as(self.heard, lambda guest: guest != "db1"), "life-0")
        self.assertEqual(self.heard, [])
        self.clock.advance(BEAT)
        self.assertEqual(self.heard, [b": here\n\n"] * 2)

    def test_missed(self) -> None:
        """
        Who has been away for too long, or since before this daemon began, is told so.
        """
        self.happen(KEPT + 10)
        for last in ("life-9", "other-1034", "", "life-x", "life-" + "9" * 5000):
            heard: list[bytes] = []
            self.feed.follow(self.follow_as(heard), last)
            self.assertEqual(heard[0].split(b"\n")[1], b"event: missed", last)
            self.assertEqual(len(heard), KEPT + 1)
        self.feed.follow(self.follower, "life-10")
        self.assertEqual(len(self.heard), KEPT)

    def test_leaves(self) -> None:
        """
        Who has gone is told nothing more, and nothing is left behind.
        """
        leave = self.feed.follow(self.follower, None)
        leave()
        leave()
        self.happen()
        self.assertEqual(self.heard, [])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_sign_of_life(self) -> None:
        """
        Where nothing happens, a comment shows that the connection still is one.
        """
        self.feed.follow(self.follower, None)
        self.clock.advance(BEAT)
        self.assertEqual(self.heard, [b": here\n\n"])

    def test_room(self) -> None:
        """
        So many follow and no more.
        """
        for number in range(MOST):
            self.assertTrue(self.feed.has_room(number))
            self.follow(number)
        self.assertFalse(self.feed.has_room("another"))

    def test_room_of_one(self) -> None:
        """
        Somebody who forgets to end connections leaves room for others.
        """
        leave = [self.follow("one") for _ in range(MOST_OF_ONE)]
        self.assertFalse(self.feed.has_room("one"))
        self.assertTrue(self.feed.has_room("another"))
        leave[0]()
        self.assertTrue(self.feed.has_room("one"))

    def follow(self, owner: Hashable) -> Callable[[], None]:
        return self.feed.follow(Follower(self.heard.append, self.cut, owner=owner), None)

    def test_close(self) -> None:
        """
        When the daemon ends, all are let go.
        """
        self.feed.follow(self.follower, None)
        self.feed.close()
        self.assertEqual(self.cut_off, 1)


class FollowerTests(FeedCase):
    def test_waits(self) -> None:
        """
        What happens while a follower does not read waits for it, in order.
        """
        self.feed.follow(self.follower, None)
        self.follower.pause()
        self.happen(3)
        self.assertEqual(self.heard, [])
        self.follower.resume()
        self.assertEqual(len(self.heard), 3)
        self.assertIn(b'"n":0', self.heard[0])

    def test_pauses_again(self) -> None:
        """
        One that is full again in the middle gets the rest later.
        """
        heard: list[bytes] = []

        def write(octets: bytes) -> None:
            heard.append(octets)
            follower.pause()

        follower = Follower(write, self.cut)
        follower.pause()
        for each in (b"1", b"2"):
            follower.tell(each)
        follower.resume()
        self.assertEqual(heard, [b"1"])
        follower.resume()
        self.assertEqual(heard, [b"1", b"2"])

    def test_does_not_read(self) -> None:
        """
        One that never reads is cut off, and nothing is kept for it.
        """
        self.follower.pause()
        for _ in range(5):
            self.follower.tell(b"x" * (UNREAD // 4))
        self.assertEqual(self.cut_off, 1)
        self.follower.resume()
        self.assertEqual(self.heard, [])
