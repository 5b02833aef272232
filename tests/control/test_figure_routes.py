"""Figures over HTTP."""

from tests.control._case import ControlCase
from txqga.control._told import Untold
from txqga.mux import Policy
from txqga.wire import JSON


class Told(Untold):
    """Knows one guest."""

    polls = True

    def labels(self, name: str) -> dict[str, str]:
        return {"tenant": "acme"} if name == "db1" else {}

    def vitals(self, name: str, points: int) -> dict[str, JSON]:
        return {"load": {"unit": "", "time": 5.0, "points": [0.5] * points}}

    def figures(self, name: str) -> list[JSON]:
        return [{"name": f"figure of {name}"}]


class FigureRoutesTests(ControlCase):
    def test_nobody_asks(self) -> None:
        """
        Where guests are not asked, that is told, and no figures.
        """
        self.assertEqual(
            self.ask("GET", "/v1/figures").json, {"polls": False, "guests": {"db1": {}}}
        )
        self.assertEqual(
            self.ask("GET", "/v1/guests/db1/figures").json,
            {"name": "db1", "polls": False, "vitals": {}, "figures": []},
        )

    def test_glance(self) -> None:
        """
        All guests are told at a glance, with as many points as are wanted.
        """
        self.house.told = Told()
        for query, points in (("", 1), ("?points=1", 1), ("?points=60", 60)):
            told = self.ask("GET", f"/v1/figures{query}").json
            self.assertIs(told["polls"], True)
            self.assertEqual(told["guests"]["db1"]["load"]["points"], [0.5] * points)
        for query in ("0", "61", "-1", "x", "", "1000", "%C2%B2"):
            asked = self.ask("GET", f"/v1/figures?points={query}")
            self.assertEqual((asked.status, asked.json["code"]), (422, "invalid-arguments"))

    def test_guest(self) -> None:
        """
        Of one guest everything is told.
        """
        self.house.told = Told()
        told = self.ask("GET", "/v1/guests/db1/figures").json
        self.assertEqual(told["figures"], [{"name": "figure of db1"}])
        self.assertEqual(len(told["vitals"]["load"]["points"]), 120)
        self.assertEqual(self.ask("GET", "/v1/guests/db2/figures").status, 404)

    def test_targets(self) -> None:
        """
        Prometheus is told of a target for each guest, and what it asks there is about that guest.
        """
        (target,) = self.ask("GET", "/v1/targets").json
        self.assertEqual(target["targets"], ["localhost"])
        labels = target["labels"]
        self.assertEqual((labels["__scheme__"], labels["instance"]), ("http", "db1"))
        query = f"{labels['__metrics_path__']}?guest={labels['__param_guest']}"
        self.assertIn(b'qga_agent_up{vm_name="db1"} 1.0', self.ask("GET", query).octets)
        self.assertNotIn(b"db1", self.ask("GET", "/metrics?guest=db2&guest=%ff").octets)
        both = self.ask("GET", "/metrics?guest=db2&guest=db1").octets
        self.assertIn(b'qga_agent_up{vm_name="db1"} 1.0', both)

    def test_labels(self) -> None:
        """
        What the operator says of a guest is at each of its figures, and can pick targets.
        """
        self.house.told = Told()
        (target,) = self.ask("GET", "/v1/targets").json
        self.assertEqual(target["labels"]["__meta_txqga_label_tenant"], "acme")
        scraped = self.ask("GET", "/metrics").octets
        self.assertIn(b'qga_agent_up{tenant="acme",vm_name="db1"} 1.0', scraped)
        self.assertIn(b'qga_mux_queue_depth{lane="thaw",tenant="acme",vm_name="db1"} 0.0', scraped)

    def test_unseen(self) -> None:
        """
        Of guests that somebody may not know of, nothing is told.
        """
        self.house.told = Told()
        self.mux.authority.policy = Policy(rules=())
        self.patch(self.house, "refuses", lambda who: None)
        self.assertEqual(self.ask("GET", "/v1/figures").json["guests"], {})
        self.assertEqual(self.ask("GET", "/v1/targets").json, [])
        self.assertEqual(self.ask("GET", "/v1/guests/db1/figures").status, 404)
