"""Guests over HTTP, and their agents' commands."""

import hashlib

from tests.control._case import ControlCase
from txqga.control._access import Access
from txqga.errors import CommandFailed, CommandNotFound
from txqga.session import State

COMMANDS = "/v1/guests/db1/commands"
TOKEN = "0123456789abcdef"


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
