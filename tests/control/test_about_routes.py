"""How the mux is, what it offers, what happens."""

from tests.control._case import ControlCase
from tests.control._frozen import FrozenCase
from txqga.mux import Peer, Policy, Rule, Whom, patterns
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


class MeTests(FrozenCase):
    def test_everything(self) -> None:
        """
        Who may everything is told so, of all guests at once.
        """
        told = self.ask("GET", "/v1/me").json
        self.assertEqual((told["name"], told["adds"]), ("uid 0 (pid 7)", True))
        (right,) = told["may"]
        self.assertEqual(sorted(right["guests"]), ["db1", "web1", "web2"])
        for command in ("guest-exec", "guest-fsfreeze-freeze", "mux-remove-guest"):
            self.assertIn(command, right["commands"])

    def test_something(self) -> None:
        """
        Who may something learns what, of the guests of which they may know; asking is no attempt,
        so nothing is written down.
        """
        self.peer = Peer(pid=8, uid=54321, gid=1)
        freezes = Rule(
            name="freezes",
            who=Whom(uids=frozenset({54321})),
            guests=patterns(["web*"]),
            commands=patterns(["guest-fsfreeze-freeze"]),
        )
        self.mux.authority.policy = Policy.of((freezes,), 0)
        told = self.ask("GET", "/v1/me").json
        self.assertFalse(told["adds"])
        # who may freeze may thaw
        commands = ["guest-fsfreeze-freeze", "guest-fsfreeze-thaw"]
        (right,) = told["may"]
        self.assertEqual(sorted(right["commands"]), commands)
        self.assertEqual(sorted(right["guests"]), ["web1", "web2"])
        self.assertEqual(self.lines, [])

    def test_nobody(self) -> None:
        """
        Who says nothing is asked who it is.
        """
        self.peer = None
        self.assertEqual(self.ask("GET", "/v1/me").status, 401)


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
