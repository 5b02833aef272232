"""How the mux is, what it offers, what happens."""

from tests.control._case import ControlCase
from txqga.session import State


class HowItIsTests(ControlCase):
    def test_health(self) -> None:
        """
        It says that it runs, to anybody.
        """
        self.peer = None
        asked = self.ask("GET", "/v1/health")
        self.assertEqual((asked.status, asked.json), (200, {"status": "ok"}))

    def test_ready(self) -> None:
        """
        It is ready for as long as guests are served, and anybody may know that, but nothing of
        the guests.
        """
        self.peer = None
        asked = self.ask("GET", "/v1/ready")
        self.assertEqual((asked.status, asked.json), (200, {"status": "ready"}))
        self.mux.running = False
        asked = self.ask("GET", "/v1/ready")
        self.assertEqual((asked.status, asked.json["code"]), (503, "not-ready"))

    def test_document(self) -> None:
        """
        It describes itself, each command included.
        """
        asked = self.ask("GET", "/v1/openapi.json")
        self.assertEqual(asked.json["openapi"], "3.1.0")
        self.assertIn("/v1/guests/{guest}/commands/guest-ping", asked.json["paths"])


class EventsTests(ControlCase):
    def test_followed(self) -> None:
        """
        What happens is told while it happens.
        """
        asked = self.ask("GET", "/v1/events")
        self.assertEqual(asked.headers["content-type"], "text/event-stream")
        self.session.tell(State.ABSENT, "no such socket")
        self.pump()
        self.assertIn(b"event: guest-state\n", asked.octets)
        self.assertIn(b'"guest":"db1"', asked.octets)
        self.assertIn(b'"state":"absent"', asked.octets)
