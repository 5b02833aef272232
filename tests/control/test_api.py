"""What can be asked over HTTP."""

import hashlib

from tests.control._case import Asked, ControlCase
from tests.control._frozen import FrozenCase
from tests.mux._session import ScriptedSession
from txqga.control._access import Access
from txqga.errors import CommandFailed, CommandNotFound
from txqga.mux import Guest, Peer, Policy, Rule, Whom, patterns
from txqga.session import State
from txqga.wire import JSON

COMMANDS = "/v1/guests/db1/commands"
TOKEN = "0123456789abcdef"


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
        It is ready for as long as guests are served.
        """
        self.assertEqual(self.ask("GET", "/v1/ready").json, {"status": "ready", "guests": 1})
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

    def test_nothing_there(self) -> None:
        """
        A wrong path or method is told in the form of all errors.
        """
        asked = self.ask("GET", "/v2")
        self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-resource"))
        self.assertEqual(asked.headers["content-type"], "application/problem+json")
        asked = self.ask("DELETE", "/v1/guests")
        self.assertEqual((asked.status, asked.json["code"]), (405, "method-not-allowed"))
        self.assertIn("GET", asked.headers["allow"])


class GuestsTests(ControlCase):
    def test_listed(self) -> None:
        """
        Every guest is listed with its state, the reason, and how long it has been so.
        """
        self.clock.advance(90.0)
        described = {
            "name": "db1",
            "state": "ready",
            "reason": "the agent answers",
            "seconds": 90.0,
            "freeze": {"stage": "thawed", "reason": "nobody has frozen it", "seconds": 90.0},
        }
        self.assertEqual(self.ask("GET", "/v1/guests").json, {"guests": [described]})
        self.assertEqual(self.ask("GET", "/v1/guests/db1").json, described)

    def test_unknown(self) -> None:
        """
        A guest that is not there is not found.
        """
        for path in ("/v1/guests/db2", "/v1/guests/%3Cb%3E"):
            asked = self.ask("GET", path)
            self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-guest"))

    def test_examined(self) -> None:
        """
        What keeps a guest from answering is told as a code, in words, and with an advice.
        """
        finding = {"code": "busy", "words": "It is busy.", "advice": "Wait.", "seconds": 2.0}
        asked = self.ask("GET", "/v1/guests/db1/doctor")
        self.assertEqual(asked.json, {"name": "db1", "findings": [finding]})
        self.assertEqual(self.ask("GET", "/v1/guests/db2/doctor").status, 404)


class InventoryTests(ControlCase):
    def test_added(self) -> None:
        """
        A guest is added under the name in the path; once more changes nothing.
        """
        asked = self.ask("PUT", "/v1/guests/web1", {"channel": "/run/web1.sock"})
        described = {"name": "web1", "channel": "unix:/run/web1.sock"}
        self.assertEqual((asked.status, asked.json), (201, described))
        self.assertEqual(self.mux.added["web1"].channel, "unix:/run/web1.sock")
        asked = self.ask("PUT", "/v1/guests/web1", {"channel": "/run/web1.sock"})
        self.assertEqual((asked.status, asked.json), (200, described))

    def test_removed(self) -> None:
        """
        What was added can be removed, once.
        """
        self.ask("PUT", "/v1/guests/web1", {"channel": "/run/web1.sock"})
        self.assertEqual(self.ask("DELETE", "/v1/guests/web1").status, 204)
        self.assertEqual(self.mux.added, {})
        asked = self.ask("DELETE", "/v1/guests/web1")
        self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-guest"))

    def test_configured(self) -> None:
        """
        What is in the configuration is neither removed nor replaced.
        """
        asked = self.ask("DELETE", "/v1/guests/db1")
        self.assertEqual((asked.status, asked.json["code"]), (409, "guest-is-configured"))
        asked = self.ask("PUT", "/v1/guests/db1", {"channel": "/run/web1.sock"})
        self.assertEqual((asked.status, asked.json["code"]), (409, "guest-exists"))

    def test_wrong(self) -> None:
        """
        What cannot be a guest is refused, and said why.
        """
        for name, body in (
            ("web1", {}),
            ("web1", {"channel": 5}),
            ("web1", {"channel": "/x", "more": 1}),
            ("web1", {"channel": "x"}),
            ("web1", {"channel": "carrier-pigeon:home"}),
            ("-web1", {"channel": "/x"}),
            ("web%201", {"channel": "/x"}),
        ):
            asked = self.ask("PUT", f"/v1/guests/{name}", body)
            self.assertEqual((asked.status, asked.json["code"]), (422, "invalid-arguments"), body)
        self.assertEqual(self.mux.added, {})


class CommandTests(ControlCase):
    access = Access(tokens={hashlib.sha256(TOKEN.encode()).digest(): "ci"})

    def test_answered(self) -> None:
        """
        A command gets its arguments from the body, and its value goes back.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-file-open", {"path": "/x", "mode": "w"})
        self.assertEqual(asked.status, 0)
        self.assertEqual(self.session.calls[0].arguments, {"path": "/x", "mode": "w"})
        self.session.answer(1000)
        self.pump()
        self.assertEqual((asked.status, asked.json), (200, {"return": 1000}))

    def test_no_body(self) -> None:
        """
        A command that takes nothing needs no body.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-ping")
        self.session.answer({})
        self.pump()
        self.assertEqual((asked.status, asked.json), (200, {"return": {}}))

    def test_handles_are_the_users(self) -> None:
        """
        A file that was opened by one request is read by another of the same user, and by no other.
        """
        self.ask("POST", f"{COMMANDS}/guest-file-open", {"path": "/x"})
        self.session.answer(1000)
        self.pump()
        self.ask("POST", f"{COMMANDS}/guest-file-read", {"handle": 1000})
        self.assertEqual(self.session.calls[0].command, "guest-file-read")
        self.session.answer({"count": 0, "buf-b64": "", "eof": True})
        self.pump()
        asked = self.ask(
            "POST",
            f"{COMMANDS}/guest-file-read",
            {"handle": 1000},
            authorization=f"Bearer {TOKEN}",
        )
        self.assertEqual((asked.status, asked.json["code"]), (409, "command-failed"))
        self.assertEqual(asked.json["detail"], "handle '1000' has not been found")

    def test_refused(self) -> None:
        """
        What the agent refuses comes back with its words and its class.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-file-open", {"path": "/x"})
        self.session.refuse(CommandFailed("failed to open file '/x'", "guest-file-open"))
        self.pump()
        self.assertEqual((asked.status, asked.json["code"]), (409, "command-failed"))
        self.assertEqual(asked.json["detail"], "failed to open file '/x'")
        self.assertEqual(asked.json["class"], "GenericError")
        asked = self.ask("POST", f"{COMMANDS}/x-none")
        self.session.refuse(CommandNotFound("The command x-none has not been found"))
        self.pump()
        self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-command"))

    def test_wrong_arguments(self) -> None:
        """
        Arguments that do not fit the schema never reach the agent.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-file-open", {"path": 5})
        self.assertEqual((asked.status, asked.json["code"]), (422, "invalid-arguments"))
        self.assertEqual(self.session.asked, [])

    def test_sync(self) -> None:
        """
        There is nothing to synchronise: an agent's channel is the mux's alone.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-sync-delimited", {"id": 1})
        self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-command"))
        self.assertEqual(self.session.asked, [])

    def test_bad_body(self) -> None:
        """
        A body that is no JSON object, or does not say that it is one, is refused.
        """
        path, json = f"{COMMANDS}/guest-ping", "application/json"
        for octets, kind, status in (
            (b"{", json, 400),
            (b"[]", json, 400),
            (b'{"a": NaN}', json, 400),
            (b"{}", "text/plain", 415),
        ):
            asked = self.ask("POST", path, octets=octets, content_type=kind)
            self.assertEqual(asked.status, status, octets)
        self.assertEqual(self.session.asked, [])

    def test_away(self) -> None:
        """
        Where there is no agent, the answer says so at once, and with no status that a proxy would
        repeat the request for.
        """
        self.session.tell(State.ABSENT, "no such socket")
        asked = self.ask("POST", f"{COMMANDS}/guest-exec", {"path": "/bin/true"})
        self.assertEqual((asked.status, asked.json["code"]), (409, "agent-unavailable"))
        self.assertEqual(asked.json["state"], "absent")

    def test_unknown_outcome(self) -> None:
        """
        A command whose reply did not come may have run, and the answer says what that means.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-exec", {"path": "/bin/true"})
        self.session.lose("nothing was said for 5 s")
        self.pump()
        self.assertEqual((asked.status, asked.json["code"]), (409, "outcome-unknown"))
        self.assertEqual(asked.json["command-class"], "once")

    def test_silent(self) -> None:
        """
        A command that does not answer when it works is accepted.
        """
        asked = self.ask("POST", f"{COMMANDS}/guest-shutdown", {"mode": "powerdown"})
        self.session.lose("the guest shut down")
        self.pump()
        self.assertEqual((asked.status, asked.json), (202, {}))

    def test_client_goes(self) -> None:
        """
        A command whose client has gone before it was written does not run.
        """
        self.ask("POST", f"{COMMANDS}/guest-get-time")
        asked = self.ask("POST", f"{COMMANDS}/guest-exec", {"path": "/bin/true"})
        asked.sent.cancel()
        self.pump()
        self.session.answer(1)
        self.pump()
        self.assertEqual(self.session.asked, ["guest-get-time"])

    def test_mistake_of_ours(self) -> None:
        """
        A mistake of ours is written down, and does not show its inside.
        """

        def broken(guest: object) -> None:
            raise RuntimeError("secret")

        self.patch(self.house, "describe", broken)
        asked = self.ask("GET", "/v1/guests/db1")
        self.assertEqual((asked.status, asked.json["code"]), (500, "internal-error"))
        self.assertNotIn(b"secret", asked.octets)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)


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


class FreezeTests(FrozenCase):
    def ask_and_serve(self, method: str, path: str, body: JSON = None) -> Asked:
        asked = self.ask(method, path, body)
        self.serve()
        return asked

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
        for method, other in (("POST", path), ("POST", f"{COMMANDS}/guest-get-time")):
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

    def test_group(self) -> None:
        """
        A group is frozen, listed, renewed and thawed under its id.
        """
        ranks = [["web1", "web2"], ["db1"]]
        asked = self.ask_and_serve("POST", "/v1/freezes", {"ranks": ranks, "seconds": 60})
        self.assertEqual((asked.status, asked.json["state"]), (201, "frozen"))
        path = asked.headers["location"]
        self.assertRegex(path, r"^/v1/freezes/[0-9a-f]{32}$")
        self.assertEqual(self.ask("GET", "/v1/freezes").json, {"freezes": [asked.json]})
        self.assertEqual(self.ask("GET", path).json, asked.json)
        self.pass_time(50)
        asked = self.ask_and_serve("PATCH", path, {})
        self.assertEqual((asked.status, asked.json["left"]), (200, 60.0))
        self.pass_time(50)
        asked = self.ask_and_serve("DELETE", path)
        self.assertEqual((asked.status, asked.json["state"]), (200, "thawed"))
        self.assertEqual([each["held"] for each in asked.json["guests"]], [100.0] * 3)
        self.assertEqual(self.ask("GET", "/v1/freezes").json, {"freezes": []})
        self.assertEqual(self.ask("GET", path).json["state"], "thawed")

    def test_group_failed(self) -> None:
        """
        Where a group cannot be frozen, or has not held, that is a problem that names the guest.
        """
        self.fails["db1"] = "guest-fsfreeze-freeze"
        asked = self.ask_and_serve("POST", "/v1/freezes", {"ranks": [["web1"], ["db1"]]})
        self.assertEqual((asked.status, asked.json["code"]), (409, "not-all-frozen"))
        self.assertEqual(asked.json["guests"]["db1"]["code"], "command-failed")
        self.assertEqual(self.ask("GET", f"/v1/freezes/{asked.json['id']}").json["state"], "failed")
        asked = self.ask_and_serve("POST", "/v1/freezes", {"ranks": [["web1"], ["web2"]]})
        self.ask_and_serve("DELETE", "/v1/guests/web1/freeze")
        asked = self.ask_and_serve("DELETE", asked.headers["location"])
        self.assertEqual((asked.status, asked.json["code"]), (409, "did-not-hold"))
        for method in ("GET", "PATCH", "DELETE"):
            asked = self.ask_and_serve(method, "/v1/freezes/no-such")
            self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-freeze"))

    def test_client_goes(self) -> None:
        """
        A group whose client goes before it knows the id is thawed; a guest's lease goes on.
        """
        self.silent.add("web2")
        asked = self.ask("POST", "/v1/freezes", {"ranks": [["web1"], ["web2"]]})
        self.silent.clear()
        self.pump()
        self.silent.add("web2")
        self.serve()
        asked.sent.cancel()
        self.silent.clear()
        self.serve()
        self.assertEqual(self.ask("GET", "/v1/freezes").json, {"freezes": []})
        stages = {each.freezing.freezes.standing.stage.value for each in self.mux.guests.values()}
        self.assertEqual(stages, {"thawed"})
        asked = self.ask("POST", "/v1/guests/db1/freeze", {})
        asked.sent.cancel()
        self.serve()
        self.assertEqual(self.ask("GET", "/v1/guests/db1/freeze").json["stage"], "frozen")
