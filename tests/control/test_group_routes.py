"""A group of guests frozen over HTTP."""

from tests.control._frozen import FrozenCase


class GroupTests(FrozenCase):
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
