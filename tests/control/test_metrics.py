"""The mux's own figures."""

from prometheus_client.parser import text_string_to_metric_families

from tests.control._case import ControlCase
from txqga.control._metrics import Exposition
from txqga.errors import CommandFailed
from txqga.mux import Caller
from txqga.session import State


class MetricsTests(ControlCase):
    def figures(self, accept: str = "") -> dict[tuple[str, ...], float]:
        _, text = Exposition(self.house).render(accept)
        return {
            (
                sample.name,
                sample.labels["vm_name"],
                *(value for name, value in sorted(sample.labels.items()) if name != "vm_name"),
            ): sample.value
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
        }

    def test_agent(self) -> None:
        """
        Each guest has its state, and for how long.
        """
        self.clock.advance(5.0)
        figures = self.figures()
        self.assertEqual(figures["qga_agent_up", "db1"], 1.0)
        self.assertEqual(figures["qga_agent_state", "db1", "ready"], 1.0)
        self.assertEqual(figures["qga_agent_state", "db1", "absent"], 0.0)
        self.assertEqual(figures["qga_agent_state_since_seconds", "db1"], 5.0)
        self.session.tell(State.ABSENT)
        self.assertEqual(self.figures()["qga_agent_up", "db1"], 0.0)

    def test_counted(self) -> None:
        """
        What went wrong on the channel is told, by kind.
        """
        self.session.counters.resyncs = 2
        self.session.counters.timeouts["guest-exec"] = 3
        self.session.counters.protocol_errors["no id"] = 4
        figures = self.figures()
        self.assertEqual(figures["qga_agent_resyncs_total", "db1"], 2.0)
        self.assertEqual(figures["qga_agent_timeouts_total", "db1", "guest-exec"], 3.0)
        self.assertEqual(figures["qga_agent_protocol_errors_total", "db1", "no id"], 4.0)

    def test_commands(self) -> None:
        """
        Commands are counted by what came of them; names that a client made up are one.
        """
        ann = Caller("ann")
        asked = [self.guest.ask(ann, f"x-{number}", {}) for number in range(3)]
        self.assertEqual(self.figures()["qga_mux_queue_depth", "db1"], 2.0)
        for _ in range(2):
            self.session.answer({})
            self.pump()
        self.session.refuse(CommandFailed("no"))
        self.pump()
        self.failureResultOf(asked[2], CommandFailed)
        figures = self.figures()
        self.assertEqual(figures["qga_mux_commands_total", "db1", "other", "answered"], 2.0)
        self.assertEqual(figures["qga_mux_commands_total", "db1", "other", "refused"], 1.0)
        self.assertEqual(figures["qga_mux_queue_depth", "db1"], 0.0)

    def test_forms(self) -> None:
        """
        It comes in the form that was asked for.
        """
        kind, text = Exposition(self.house).render("application/openmetrics-text; version=1.0.0")
        self.assertIn("openmetrics", kind)
        self.assertTrue(text.endswith(b"# EOF\n"))
        asked = self.ask("GET", "/metrics")
        self.assertEqual(asked.status, 200)
        self.assertIn("text/plain", asked.headers["content-type"])
        self.assertIn(b'qga_agent_up{vm_name="db1"} 1.0', asked.octets)
