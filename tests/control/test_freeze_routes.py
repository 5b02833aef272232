"""One guest frozen over HTTP."""

from tests.control._frozen import FrozenCase
from txqga.mux import Peer, Policy, Rule, Whom, patterns


class FreezeTests(FrozenCase):
    def test_one(self) -> None:
        """
        A guest is frozen for a while, renewed and thawed; how it stands is told all the time.
        """
        path = "/v1/guests/db1/freeze"
        self.assertEqual(self.ask("GET", path).json["stage"], "thawed")
        asked = self.ask_and_serve("POST", path, {"seconds": 60, "mountpoints": ["/data"]})
        self.assertEqual((asked.status, asked.json["filesystems"]), (200, 1))
        self.assertEqual(asked.json["mountpoints"], ["/data"])
        self.assertEqual(asked.json["owner"], "uid 0 (pid 7)")
        self.pass_time(20)
        told = self.ask("GET", path).json
        self.assertEqual((told["stage"], told["lease"], told["left"]), ("frozen", 60, 40.0))
        self.assertRegex(told["deadline"], r"^2023-11-14T\d\d:\d\d:\d\d\.000Z$")
        self.assertEqual(self.ask("GET", "/v1/guests/db1").json["freeze"], told)
        asked = self.ask_and_serve("PATCH", path, {"seconds": 600})
        self.assertEqual((asked.status, asked.json["left"]), (200, 600.0))
        asked = self.ask_and_serve("DELETE", path)
        self.assertEqual((asked.status, asked.json["filesystems"]), (200, 3))
        self.assertEqual(asked.json["stage"], "thawed")

    def test_refused(self) -> None:
        """
        What cannot be done to a freeze has codes of its own, also where a command is concerned.
        """
        path = "/v1/guests/db1/freeze"
        asked = self.ask_and_serve("PATCH", path, {})
        self.assertEqual((asked.status, asked.json["code"]), (409, "not-frozen"))
        for wrong in ({"seconds": 10**6}, {"seconds": 0}, {"second": 1}):
            asked = self.ask_and_serve("POST", path, wrong)
            self.assertEqual((asked.status, asked.json["code"]), (422, "invalid-arguments"))
        self.assertEqual(self.ran, [])
        self.ask_and_serve("POST", path)
        for method, other in (("POST", path), ("POST", "/v1/guests/db1/commands/guest-get-time")):
            asked = self.ask_and_serve(method, other)
            self.assertEqual((asked.status, asked.json["code"]), (409, "guest-is-frozen"))
        self.pass_time(301)
        self.assertEqual(self.ask("GET", path).json["stage"], "lapsed")
        asked = self.ask_and_serve("DELETE", path)
        self.assertEqual((asked.status, asked.json["code"]), (409, "did-not-hold"))

    def test_not_theirs(self) -> None:
        """
        Who may not freeze does not, and that is written down.
        """
        self.peer = Peer(pid=8, uid=54321, gid=1)
        pings = Rule(
            name="pings", who=Whom(uids=frozenset({54321})), commands=patterns(["guest-ping"])
        )
        self.mux.authority.policy = Policy.of((pings,), 0)
        for method in ("POST", "PATCH", "DELETE"):
            asked = self.ask_and_serve(method, "/v1/guests/db1/freeze")
            self.assertEqual((asked.status, asked.json["code"]), (403, "forbidden"))
        self.assertEqual(self.ran, [])
        self.assertEqual([b'"refused"' in line for line in self.lines], [True] * 3)
