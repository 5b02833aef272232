"""Figures of real agents, read by a mux that asks them."""

import os
import time
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._http import ask
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require

Figures = dict[tuple[str, ...], float]

FILES = "guest-file-open,guest-file-read,guest-file-close"


class MonitorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agents = {
            "ours": AgentProcess(require(OURS)),
            "v10": AgentProcess(require(V10_0)),
            "v7": AgentProcess(require(V7_2)),
            "bare": AgentProcess(require(V7_2), "-b", FILES),
        }
        for agent in self.agents.values():
            self.addCleanup(agent.remove)
            agent.start()
        self.mux = MuxProcess({name: agent.socket for name, agent in self.agents.items()})
        self.addCleanup(self.mux.remove)
        self.http = self.mux.folder / "control.http"
        self.mux.argv += ["--http", f"unix:{self.http}", "--poll"]
        self.mux.start()

    def figures(self) -> Figures:
        text = ask(self.http, "GET", "/metrics").octets.decode()
        return {
            (sample.labels["vm_name"], sample.name, *_others(sample.labels)): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def until(self, *wanted: tuple[str, ...]) -> Figures:
        deadline = time.monotonic() + PATIENCE
        while True:
            figures = self.figures()
            missing = [each for each in wanted if each not in figures]
            if not missing:
                return figures
            self.assertLess(time.monotonic(), deadline, missing)
            time.sleep(0.2)

    def test_alike(self) -> None:
        """
        Each agent, with and without the commands, tells the same of this machine, in the end.
        """
        last = "qga_guest_last_success_timestamp_seconds"
        data = ("load", "cpu", "memory", "disks", "network", "users", "clock", "uptime", "boot")
        full = [(name, last, datum) for name in ("ours", "v10", "v7") for datum in data]
        figures = self.until(*full, *(("bare", last, datum) for datum in ("cpu", "network", "os")))
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        online = len(os.sched_getaffinity(0))
        for name in ("ours", "v10", "v7"):
            with self.subTest(agent=name):
                self.assertEqual(figures[name, "qga_guest_memory_MemTotal_bytes"], total)
                self.assertEqual(figures[name, "qga_guest_boot_info", boot], 1.0)
                self.assertGreaterEqual(figures[name, "qga_guest_load15"], 0.0)
                self.assertLess(abs(figures[name, "qga_guest_clock_offset_seconds"]), 60.0)
                modes = [key for key in figures if key[:2] == (name, "qga_guest_cpu_seconds_total")]
                self.assertGreaterEqual(len(modes), 4 * online)
        for figure in ("qga_guest_cpu_seconds_total", "qga_guest_network_receive_bytes_total"):
            shown = [
                {key[2:] for key in figures if key[:2] == (name, figure)}
                for name in ("ours", "v10", "v7")
            ]
            self.assertTrue(shown[0])
            self.assertEqual(shown[0], shown[1])
            self.assertEqual(shown[0], shown[2])

    def test_blocked(self) -> None:
        """
        What an agent has no command for, and no file either, is absent: it is not 0.
        """
        figures = self.until(
            *(
                ("bare", "qga_guest_last_success_timestamp_seconds", each)
                for each in ("cpu", "users")
            )
        )
        names = {key[1] for key in figures if key[0] == "bare"}
        self.assertIn("qga_guest_users", names)
        self.assertFalse({each for each in names if "load" in each or "memory" in each})


def _others(labels: dict[str, str]) -> list[str]:
    return [value for name, value in sorted(labels.items()) if name != "vm_name"]
