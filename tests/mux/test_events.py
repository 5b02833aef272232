"""Tests of :mod:`txqga.mux._events`."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._events import Event, Events


class EventsTests(SynchronousTestCase):
    """What happens to guests."""

    def setUp(self) -> None:
        self.events = Events()
        self.heard: list[Event] = []

    def test_told(self) -> None:
        """
        Whoever listens is told, with the names that the wire has.
        """
        self.events.subscribe(self.heard.append)
        self.events.tell("guest-state", "db1", state="ready", is_new=True)
        data = {"state": "ready", "is-new": True}
        self.assertEqual(self.heard, [Event(kind="guest-state", guest="db1", data=data)])

    def test_unsubscribed(self) -> None:
        """
        Whoever has heard enough is told no more, also when that is said twice.
        """
        stop = self.events.subscribe(self.heard.append)
        again = self.events.subscribe(self.heard.append)
        stop()
        stop()
        self.events.tell("guest-added", "db1")
        self.assertEqual(len(self.heard), 1)
        again()
        self.events.tell("guest-added", "db1")
        self.assertEqual(len(self.heard), 1)

    def test_leaves_while_told(self) -> None:
        """
        Whoever leaves when told does not keep the next one from being told.
        """

        def leaves(event: Event) -> None:
            stop()

        stop = self.events.subscribe(leaves)
        self.events.subscribe(self.heard.append)
        self.events.tell("guest-added", "db1")
        self.assertEqual(len(self.heard), 1)

    def test_listener_fails(self) -> None:
        """
        A listener that fails is written down, and keeps nobody else from being told.
        """

        def fails(event: Event) -> None:
            raise RuntimeError("no")

        self.events.subscribe(fails)
        self.events.subscribe(self.heard.append)
        self.events.tell("guest-added", "db1")
        self.assertEqual(len(self.heard), 1)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)

    def test_told_while_told(self) -> None:
        """
        What somebody tells when they are told comes after that, for everybody.
        """

        def answers(event: Event) -> None:
            if event.kind == "guest-state":
                self.events.tell("agent-gone", event.guest)

        self.events.subscribe(answers)
        self.events.subscribe(self.heard.append)
        self.events.tell("guest-state", "db1")
        self.assertEqual([each.kind for each in self.heard], ["guest-state", "agent-gone"])
