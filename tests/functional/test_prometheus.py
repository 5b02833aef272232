"""Debian's Prometheus reads the mux, and takes the alerts that we ship."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._http import TOKEN, free_port, over_tcp
from tests.functional._mux_process import MuxProcess
from tests.functional._process import Process
from tests.functional._telling_agent import MARKUP, TellingAgent, told
from txqga.monitor import figures

ROOT = Path(__file__).parents[2]
RULES = ROOT / "data" / "prometheus" / "txqga.rules.yml"
DASHBOARD = ROOT / "data" / "grafana" / "txqga.json"


def require(program: str) -> str:
    """
    Where a program of Debian's package prometheus is.

    :raise SkipTest: it is not here.
    :raise AssertionError: it is not here, and ``TXQGA_REQUIRE_REAL`` is 1.
    """
    found = shutil.which(program)
    if found is not None:
        return found
    why = f"no {program} on this machine (Debian: prometheus)"
    if os.environ.get("TXQGA_REQUIRE_REAL") == "1":
        raise AssertionError(why)
    raise SkipTest(why)


class Prometheus(Process):
    """
    A Prometheus that reads a mux every second.

    :param finds: it asks the mux what there is to be read, a target for each guest.
    """

    def __init__(self, mux_port: int, *, finds: bool = False) -> None:
        self.port = free_port()
        super().__init__([])
        (self.folder / "token").write_text(TOKEN)
        scraping: dict[str, Any] = {
            "job_name": "txqga",
            "scrape_interval": "1s",
            "authorization": {"credentials_file": str(self.folder / "token")},
        }
        if finds:
            url = f"http://127.0.0.1:{mux_port}/v1/targets"
            # the type is said: Prometheus 2.42 sends none by itself here
            who = {"type": "Bearer", **scraping["authorization"]}
            asked_as = {"authorization": who, "refresh_interval": "1s"}
            scraping["http_sd_configs"] = [{"url": url, **asked_as}]
        else:
            scraping["static_configs"] = [{"targets": [f"127.0.0.1:{mux_port}"]}]
        shutil.copy(RULES, self.folder)
        asked = {"rule_files": [RULES.name], "scrape_configs": [scraping]}
        config = self.folder / "prometheus.yml"
        config.write_text(json.dumps(asked))  # which is YAML, too
        self.argv = [
            require("prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ]

    def ready(self) -> bool:
        """Whether it answers queries."""
        try:
            return self.get("/-/ready") is not None
        except OSError:
            return False

    def get(self, path: str) -> bytes:
        """Ask it over HTTP."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            octets: bytes = answer.read()
        return octets

    def query(self, text: str) -> list[Any]:
        """The series that a query gives: labels, and a value."""
        query = urllib.parse.urlencode({"query": text})
        said = json.loads(self.get(f"/api/v1/query?{query}"))
        return [(each["metric"], float(each["value"][1])) for each in said["data"]["result"]]

    def until(self, text: str) -> list[Any]:
        """Wait until a query gives something."""
        end = time.monotonic() + PATIENCE
        while not (found := self.query(text)):
            assert time.monotonic() < end, f"{text} gives nothing: {self.complaints()}"
            time.sleep(0.2)
        return found


class PrometheusTests(SynchronousTestCase):
    timeout = 8 * PATIENCE

    def setUp(self) -> None:
        require("prometheus")
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-prometheus-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        guests = {name: self.folder / name for name in ("db1", "evil", "gone")}
        for name in ("db1", "evil"):
            agent = TellingAgent(guests[name], told(name, hostile=name == "evil"))
            agent.__enter__()
            self.addCleanup(agent.__exit__)
        self.port, http = over_tcp(self.folder, "prometheus")
        self.mux = MuxProcess(guests, "--poll", *http, wait_for=["db1", "evil"])
        self.addCleanup(self.mux.remove)
        self.mux.start()

    def test_read(self) -> None:
        """
        What a guest says, of which the truth is known, is what Prometheus tells; a guest that says
        nothing has no figures, and one that lies about names changes nothing but its own.
        """
        prometheus = Prometheus(self.port)
        self.addCleanup(prometheus.remove)
        prometheus.start()
        for query, value in (
            ("qga_agent_up", 1.0),
            ("qga_guest_load1", 0.75),
            ("qga_guest_memory_MemAvailable_bytes / qga_guest_memory_MemTotal_bytes", 0.75),
            ("qga_guest_filesystem_used_bytes", 6 * 2.0**30),
            ("qga_guest_users", 1.0),
        ):
            for name in ("db1", "evil"):
                (found,) = prometheus.until(
                    f'({query}) and on (vm_name) qga_agent_up{{vm_name="{name}"}}'
                )
                self.assertEqual((found[0]["vm_name"], found[1]), (name, value), query)
        ((_, up),) = prometheus.until('qga_agent_up{vm_name="gone"}')
        self.assertEqual(up, 0.0)
        of_gone = prometheus.query('{__name__=~"qga_guest_.*", vm_name="gone"}')
        counted = {"qga_guest_nonsense_total", "qga_guest_series_dropped_total"}  # by the mux
        self.assertEqual({labels["__name__"] for labels, _ in of_gone} - counted, set())
        ((labels, _),) = prometheus.until('qga_guest_filesystem_size_bytes{vm_name="evil"}')
        self.assertIn(MARKUP, labels["mountpoint"])
        self.assertNotIn("\x1b", labels["mountpoint"])
        # no rate: that divides by its whole window, which is longer than this takes
        grows = 'deriv(qga_guest_cpu_seconds_total{vm_name="db1", mode="user"}[1m])'
        prometheus.until(f"{grows} > 0.2 < 0.3")

    def test_found(self) -> None:
        """
        Each guest is a target of its own where Prometheus asks the mux what there is.
        """
        prometheus = Prometheus(self.port, finds=True)
        self.addCleanup(prometheus.remove)
        prometheus.start()
        for name, value in (("db1", 1.0), ("evil", 1.0), ("gone", 0.0)):
            ((labels, up),) = prometheus.until(f'qga_agent_up{{vm_name="{name}"}}')
            self.assertEqual((labels["instance"], up), (name, value))

    def test_names(self) -> None:
        """
        Every figure that an alert or the dashboard asks for is one that the mux tells.
        """
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
        known = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
        known |= {f"{name}{end}" for name in known for end in ("_sum", "_count")}
        known |= {each.name for each in figures()}
        for path in (RULES, DASHBOARD):
            asked = set(re.findall(r"\bqga_[a-zA-Z0-9_]+", path.read_text()))
            self.assertGreater(len(asked), 8)
            self.assertEqual(sorted(asked - known), [], path.name)


class AlertsTests(SynchronousTestCase):
    def test_rules(self) -> None:
        """
        The rules are good ones, and alert when they should.
        """
        promtool = require("promtool")
        folder = Path(self.mktemp())
        folder.mkdir()
        shutil.copy(RULES, folder)
        shutil.copy(Path(__file__).with_name("alerts.yml"), folder)
        for words in (("check", "rules", RULES.name), ("test", "rules", "alerts.yml")):
            done = subprocess.run(
                [promtool, *words], cwd=folder, capture_output=True, check=False, text=True
            )
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_dashboard(self) -> None:
        """
        The dashboard has a query in each panel, and panels do not lie on each other.
        """
        panels = json.loads(DASHBOARD.read_text())["panels"]
        taken: set[tuple[int, int]] = set()
        for panel in panels:
            self.assertTrue(panel["type"] == "row" or all(t["expr"] for t in panel["targets"]))
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            self.assertEqual(taken & cells, set(), panel["title"])
            self.assertLessEqual(max(x for x, _ in cells), 23)
            taken |= cells
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
