"""Who is let in, and of which guests they learn."""

from tests.control._case import ControlCase
from tests.mux._session import ScriptedSession
from txqga.mux import Guest, Peer, Policy, Rule, Whom, patterns

COMMANDS = "/v1/guests/db1/commands"


class WhoTests(ControlCase):
    def test_stranger(self) -> None:
        """
        Who is not served learns nothing of the guests, on any path.
        """
        self.peer = Peer(pid=8, uid=54321, gid=1)
        for method, path in (
            ("GET", "/v1/guests"),
            ("GET", "/v1/guests/db1"),
            ("GET", "/v1/guests/db2"),
            ("POST", f"{COMMANDS}/guest-ping"),
            ("GET", "/v1/events"),
        ):
            asked = self.ask(method, path)
            self.assertEqual((asked.status, asked.json["code"]), (403, "forbidden"), path)
        self.assertEqual(self.session.asked, [])

    def test_named_by_the_policy(self) -> None:
        """
        Another user whom the policy names may what it says, and knows of the guests that it names;
        the others do not exist for them.
        """
        self.peer = Peer(pid=8, uid=54321, gid=1)
        pings = Rule(
            name="pings",
            who=Whom(uids=frozenset({54321})),
            guests=patterns(["web*"]),
            commands=patterns(["guest-ping"]),
        )
        self.mux.authority.policy = Policy.of((pings,), 0)
        self.mux.guests["web1"] = Guest(self.clock, "web1", ScriptedSession())
        (listed,) = self.ask("GET", "/v1/guests").json["guests"]
        self.assertEqual(listed["name"], "web1")
        self.assertEqual(self.ask("GET", "/v1/guests/web1/doctor").status, 200)
        for method, path in (
            ("GET", "/v1/guests/db1"),
            ("GET", "/v1/guests/db1/doctor"),
            ("POST", f"{COMMANDS}/guest-ping"),
        ):
            asked = self.ask(method, path)
            self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-guest"), path)
            other = self.ask(method, path.replace("db1", "db2"))
            self.assertEqual(asked.json["detail"].replace("db1", "db2"), other.json["detail"])
        self.assertNotIn(b"db1", self.ask("GET", "/metrics").octets)
        asked = self.ask("GET", "/v1/events")
        self.mux.events.tell("guest-state", "db1")
        self.mux.events.tell("guest-state", "web1")
        self.pump()
        self.assertIn(b'"guest":"web1"', asked.octets)
        self.assertNotIn(b"db1", asked.octets)

    def test_nobody(self) -> None:
        """
        Who comes over a network and says nothing is asked who it is.
        """
        self.peer = None
        asked = self.ask("GET", "/v1/guests")
        self.assertEqual((asked.status, asked.headers["www-authenticate"]), (401, "Bearer"))

    def test_another_origin(self) -> None:
        """
        What a page of another site makes a browser ask is refused.
        """
        asked = self.ask("GET", "/v1/guests", origin="http://evil.example")
        self.assertEqual((asked.status, asked.json["code"]), (403, "forbidden"))
        self.assertEqual(self.ask("GET", "/v1/guests", origin="http://localhost").status, 200)
