"""The mux's own figures."""

import re

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests._house import ROOT
from tests.control._case import ControlCase
from txqga.control._metrics import MuxCollector
from txqga.errors import CommandFailed
from txqga.mux import Caller
from txqga.session import State


class MetricsTests(ControlCase):
    def setUp(self) -> None:
        super().setUp()
        self.before = self.figures()

    def figures(self) -> dict[tuple[str, ...], float]:
        text: bytes = generate_latest(MuxCollector(self.house, [self.guest]))
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
        for _ in range(2):
            self.session.answer({})
            self.pump()
        self.session.refuse(CommandFailed("no"))
        self.pump()
        self.failureResultOf(asked[2], CommandFailed)
        figures = self.figures()
        self.assertEqual(figures["qga_mux_commands_total", "db1", "other", "answered"], 2.0)
        self.assertEqual(figures["qga_mux_commands_total", "db1", "other", "refused"], 1.0)

    def test_queue(self) -> None:
        """
        It is told how many commands wait in each lane.
        """
        ann = Caller("ann")
        for command in ("guest-get-time", "guest-get-users", "guest-ping"):
            self.guest.ask(ann, command, {})
        figures = self.figures()
        depths = {
            lane: figures["qga_mux_queue_depth", "db1", lane]
            for lane in ("thaw", "status", "interactive", "bulk", "polls")
        }
        # the first is at the agent
        self.assertEqual(
            depths, {"thaw": 0.0, "status": 1.0, "interactive": 1.0, "bulk": 0.0, "polls": 0.0}
        )
        for _ in range(3):
            self.session.answer({})
            self.pump()
        figures = self.figures()
        self.assertEqual(figures["qga_mux_queue_depth", "db1", "status"], 0.0)

    def test_times(self) -> None:
        """
        How long commands wait and take is summed up, and how long those that cost nothing.
        """
        ann = Caller("ann")
        for command in ("guest-get-time", "guest-ping"):
            self.guest.ask(ann, command, {})
        for seconds in (2.0, 0.5):
            self.clock.advance(seconds)
            self.session.answer({})
            self.pump()
        figures = self.figures()
        for name, count, total in (
            ("qga_mux_wait_seconds", 2, 2.0),
            ("qga_mux_command_seconds", 2, 2.5),
            ("qga_agent_rtt_seconds", 1, 0.5),
        ):
            before = self.before[f"{name}_count", "db1"], self.before[f"{name}_sum", "db1"]
            now = figures[f"{name}_count", "db1"], figures[f"{name}_sum", "db1"]
            self.assertEqual((now[0] - before[0], now[1] - before[1]), (count, total), name)

    def test_told(self) -> None:
        """
        Each family of figures is in the documentation, and no other is.
        """
        page = (ROOT / "docs" / "reference" / "metrics.rst").read_text()
        told = set(re.findall(r"^   \* - ``(qga_\w+)", page, re.MULTILINE))
        families = MuxCollector(self.house, [self.guest]).collect()
        made = {f"{each.name}{'_total' * (each.type == 'counter')}" for each in families}
        pushed = {each for each in told if each.startswith(("qga_mux_push_", "qga_mux_spool_"))}
        self.assertTrue(pushed)  # those are the monitor's, and tested there
        self.assertEqual(told - pushed, made)

    def test_forms(self) -> None:
        """
        It comes in the form that was asked for.
        """
        wanted = "application/openmetrics-text; version=1.0.0"
        asked = self.ask("GET", "/metrics", accept=wanted)
        self.assertIn("openmetrics", asked.headers["content-type"])
        self.assertTrue(asked.octets.endswith(b"# EOF\n"))
        asked = self.ask("GET", "/metrics")
        self.assertEqual(asked.status, 200)
        self.assertIn("text/plain", asked.headers["content-type"])
        self.assertIn(b'qga_agent_up{vm_name="db1"} 1.0', asked.octets)
