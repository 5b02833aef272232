"""A platform to which the mux pushes, that is down for a while."""

import gzip
import hashlib
import hmac
import json
import math
import re
import shutil
import socket
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AGGREGATION_TEMPORALITY_CUMULATIVE,
    Metric,
)
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._http import ask, free_port
from tests.functional._mux_process import MuxProcess
from tests.functional._telling_agent import TellingAgent, told

SECRET = b"geheim"


class Platform:
    """A web server that keeps what it is sent, by somebody else's code."""

    def __init__(self, port: int) -> None:
        self.batches: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.wrong: list[str] = []
        self.otlp: list[bytes] = []  #: bodies, those that were refused too
        self.busy = 2  #: times that OTLP is refused
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.path == "/v1/metrics":
                    self._otlp(body)
                    return
                digest = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
                if self.headers["x-txqga-signature"] != f"sha256={digest}":
                    platform.wrong.append(str(self.headers))
                platform.keys.append(self.headers["idempotency-key"])
                platform.batches.append(json.loads(gzip.decompress(body)))
                self.send_response(204)
                self.end_headers()

            def _otlp(self, body: bytes) -> None:
                platform.otlp.append(body)
                platform.busy -= 1
                self.send_response(503 if platform.busy >= 0 else 200)
                self.send_header("retry-after", "1")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Be down."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)


class PushTests(SynchronousTestCase):
    timeout = 8 * PATIENCE

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-push-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        guests = {name: self.folder / name for name in ("acme-1", "other")}
        for name, path in guests.items():
            agent = TellingAgent(path, told(name))
            agent.__enter__()
            self.addCleanup(agent.__exit__)
        secret = self.folder / "secret"
        secret.write_bytes(SECRET)
        secret.chmod(0o600)
        self.port = free_port()
        platforms = self.folder / "push.toml"
        platforms.write_text(
            "[[webhook]]\n"
            'name = "acme"\n'
            f'url = "http://127.0.0.1:{self.port}/in"\n'
            'guests = ["acme-*"]\n'
            'labels = { tenant = "acme" }\n'
            "every = 1\n"
            f'secret-file = "{secret}"\n'
            "[[otlp]]\n"
            'name = "otel"\n'
            f'url = "http://127.0.0.1:{self.port}/v1/metrics"\n'
            'labels = { tenant = "acme" }\n'
            "every = 1\n"
        )
        self.state = self.folder / "state"
        self.mux = MuxProcess(
            guests,
            *("--poll", "--push", str(platforms), "--state", str(self.state)),
            *("--http", f"unix:{self.folder / 'http'}"),
        )
        self.addCleanup(self.mux.remove)

    def platform(self) -> Platform:
        made = Platform(self.port)
        self.addCleanup(made.close)
        return made

    def until(self, met: Any) -> None:
        end = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), end, self.mux.complaints())
            time.sleep(0.05)

    def waiting(self) -> float:
        """How many batches wait, as the mux says."""
        told = ask(self.folder / "http", "GET", "/metrics").octets.decode()
        found = re.search(r'^qga_mux_spool_batches\{sink="acme"\} (.*)$', told, re.M)
        return float(found[1]) if found else 0.0

    def spooled(self) -> int:
        return len([*(self.state / "push" / "webhook" / "acme").glob("*.batch")])

    def loads(self, platform: Platform) -> list[float]:
        """What has come of one figure."""
        return [
            each["value"]
            for batch in list(platform.batches)
            for entry in batch["batch"]
            for each in entry.get("metrics", ())
            if each["name"] == "qga_guest_load1"
        ]

    def test_down_for_a_while(self) -> None:
        """
        A platform that is down when the mux is started, and when that is started anew, has all
        batches in the end, each once, and only those of its own guests.
        """
        self.mux.start()
        self.until(lambda: "batches wait" in self.mux.complaints())
        self.until(lambda: self.waiting() >= 2)
        self.mux.stop()
        self.assertGreaterEqual(self.spooled(), 2)
        self.mux.start()
        platform = self.platform()
        self.until(lambda: len({key.rpartition("-")[0] for key in platform.keys}) == 2)
        self.until(lambda: self.spooled() == 0)
        self.until(lambda: self.loads(platform))
        streams: dict[str, list[int]] = {}
        for batch in platform.batches:
            self.assertEqual((batch["schema"], batch["labels"]), ("txqga/1", {"tenant": "acme"}))
            self.assertEqual({each["vm"] for each in batch["batch"]}, {"acme-1"})
            streams.setdefault(batch["stream"], []).append(batch["sequence"])
        for numbers in streams.values():
            self.assertEqual(numbers, [*range(1, len(numbers) + 1)])
        self.assertEqual(set(self.loads(platform)), {0.75})
        self.assertEqual(platform.wrong, [])
        events = [
            event["kind"]
            for batch in platform.batches
            for entry in batch["batch"]
            for event in entry.get("events", ())
        ]
        self.assertIn("guest-state", events)

    def test_otlp(self) -> None:
        """
        OpenTelemetry's own classes read what comes; a batch that was refused comes again as it was.
        """
        self.mux.start()
        platform = self.platform()
        self.until(lambda: len(platform.otlp) >= 5)
        self.assertEqual(len(set(platform.otlp[:3])), 1)  # two refused, one taken
        self.assertEqual(len(set(platform.otlp[2:])), len(platform.otlp[2:]))
        load = "system.cpu.load_average.1m"
        self.until(lambda: load in self.told(platform, "acme-1"))
        self.assertTrue(self.told(platform, "other"))
        self.until(lambda: self.system(platform, "acme-1"))
        system = {"os.type": "linux", "os.name": "acme-1", "os.version": "12"}
        self.assertEqual(self.system(platform, "acme-1"), system)

    def system(self, platform: Platform, guest: str) -> dict[str, str]:
        """What the last batch says of a guest's operating system."""
        request = Parse(gzip.decompress(platform.otlp[-1]), ExportMetricsServiceRequest())
        return {
            each.key: each.value.string_value
            for resource in request.resource_metrics
            if any(each.value.string_value == guest for each in resource.resource.attributes)
            for each in resource.resource.attributes
            if each.key.startswith("os.")
        }

    def told(self, platform: Platform, guest: str) -> set[str]:
        """Which metrics have come of a guest, as OpenTelemetry's classes understand it."""
        found = set()
        for body in list(platform.otlp):
            request = Parse(gzip.decompress(body), ExportMetricsServiceRequest())
            for resource in request.resource_metrics:
                named = {each.key: each.value.string_value for each in resource.resource.attributes}
                self.assertEqual(named["tenant"], "acme")
                self.assertEqual(named["service.name"], "txqga")
                self.assertEqual(named["service.instance.id"], named["vm_name"])
                self.assertEqual(named["host"], socket.gethostname())
                (scope,) = resource.scope_metrics
                self.assertEqual(scope.scope.name, "txqga")
                for metric in scope.metrics:
                    self.whole(metric)
                if named["vm_name"] == guest:
                    found |= {each.name for each in scope.metrics}
        return found

    def whole(self, metric: Metric) -> None:
        """Each field of a metric and of its points is there, and can be meant."""
        self.assertTrue(metric.name and metric.description and metric.unit, metric)
        kind = metric.WhichOneof("data")
        self.assertIn(kind, ("gauge", "sum"))
        if kind == "sum":
            cumulative = AGGREGATION_TEMPORALITY_CUMULATIVE
            self.assertEqual(metric.sum.aggregation_temporality, cumulative)
        points = getattr(metric, kind or "").data_points
        self.assertTrue(points)
        series = set()
        for point in points:
            self.assertEqual(point.WhichOneof("value"), "as_double")
            self.assertTrue(math.isfinite(point.as_double))
            self.assertLess(abs(point.time_unix_nano / 1e9 - time.time()), 8 * PATIENCE)
            self.assertLessEqual(point.start_time_unix_nano, point.time_unix_nano)
            keys = [each.key for each in point.attributes]
            self.assertEqual(len(keys), len(set(keys)))
            told = tuple(sorted((each.key, each.value.string_value) for each in point.attributes))
            series.add((told, point.time_unix_nano))
        self.assertEqual(len(series), len(points))  # none is there twice
