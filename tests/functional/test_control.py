"""The mux over HTTP, in front of real agents."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._http import TOKEN, Answer, UnixConnection, ask, over_tcp
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import DANGEROUS, OURS, V7_2, AgentProcess, require
from tests.functional._process import environment

#: Commands that a random request may run on this machine: they read.
READING = (
    "guest-sync,guest-sync-delimited,guest-ping,guest-info,guest-get-time,guest-get-timezone,guest-get-osinfo,guest-get-users,"
    "guest-get-host-name,guest-get-vcpus,guest-get-load,guest-get-disks,guest-get-fsinfo,"
    "guest-get-cpustats,guest-get-diskstats,guest-network-get-interfaces,guest-fsfreeze-status,"
    "guest-network-get-route,guest-get-memory-block-info,guest-file-close,guest-exec-status"
)


class ControlCase(SynchronousTestCase):
    series = V7_2

    def setUp(self) -> None:
        self.agent = AgentProcess(require(self.series), *self.agent_options())
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.mux = MuxProcess({"db1": self.agent.socket})
        self.addCleanup(self.mux.remove)
        self.http = self.mux.folder / "control.http"
        self.mux.argv += ["--http", f"unix:{self.http}", *self.mux_options()]
        self.mux.start()

    def agent_options(self) -> tuple[str, ...]:
        return ()

    def mux_options(self) -> tuple[str, ...]:
        return ()

    def ask(self, method: str, url: str, body: Any = None, **headers: str) -> Answer:
        return ask(self.http, method, url, body, **headers)

    def call(self, command: str, **arguments: Any) -> Answer:
        url = f"/v1/guests/db1/commands/{command}"
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        return self.ask("POST", url, named)


class ControlTests(ControlCase):
    def test_guest(self) -> None:
        """
        The guest is listed as ready, and answers commands.
        """
        (guest,) = self.ask("GET", "/v1/guests").json["guests"]
        self.assertEqual((guest["name"], guest["state"]), ("db1", "ready"))
        self.assertEqual(self.call("guest-ping").json, {"return": {}})
        name = self.call("guest-get-host-name").json["return"]["host-name"]
        self.assertEqual(name, socket.gethostname())

    def test_file(self) -> None:
        """
        A file is written and read over several requests.
        """
        path = self.agent.folder / "file"
        handle = self.call("guest-file-open", path=str(path), mode="w+").json["return"]
        self.call("guest-file-write", handle=handle, buf_b64="aGVsbG8=")
        self.call("guest-file-seek", handle=handle, offset=0, whence="set")
        read = self.call("guest-file-read", handle=handle).json["return"]
        self.assertEqual(read, {"count": 5, "buf-b64": "aGVsbG8=", "eof": True})
        self.assertEqual(self.call("guest-file-close", handle=handle).json, {"return": {}})
        self.assertEqual(path.read_bytes(), b"hello")

    def test_private(self) -> None:
        """
        The socket is for our own user, who need not say who that is; a wrong token is refused.
        """
        self.assertEqual(stat.S_IMODE(self.http.stat().st_mode), 0o600)
        answer = self.ask("GET", "/v1/guests", Authorization="Bearer no-token-of-ours")
        self.assertEqual((answer.status, answer.json["code"]), (401, "unauthenticated"))

    def test_events(self) -> None:
        """
        Who follows sees the agent go, and come back.
        """
        connection = UnixConnection(self.http)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/events")
        events = connection.getresponse()
        self.assertEqual(events.readline(), b": follow\n")
        self.agent.kill()
        self.until(events, b'"state":"absent"')
        self.agent.start()
        self.until(events, b'"state":"ready"')

    def until(self, events: Any, words: bytes) -> None:
        while words not in (line := events.readline()):
            self.assertTrue(line, "the stream has ended")

    def test_another_guest(self) -> None:
        """
        A guest that is added is served at its socket, until it is removed.
        """
        other = AgentProcess(require(V7_2))
        self.addCleanup(other.remove)
        other.start()
        answer = self.ask("PUT", "/v1/guests/web1", {"channel": str(other.socket)})
        self.assertEqual(answer.status, 201, answer.octets)
        while not self.mux.serves("web1"):
            pass
        self.assertEqual(self.ask("DELETE", "/v1/guests/web1").status, 204)
        self.assertFalse(self.mux.socket("web1").exists())

    def test_doctor(self) -> None:
        """
        Where another process holds the channel, the doctor names it; then it says what is blocked.
        """
        other = AgentProcess(require(V7_2), block=(*DANGEROUS, "guest-exec"))
        self.addCleanup(other.remove)
        other.start()
        with other.connect():
            self.ask("PUT", "/v1/guests/web1", {"channel": str(other.socket)})
            while (finding := self.finding("web1"))["code"] == "connecting":
                pass
            self.assertEqual(finding["code"], "held", finding)
            self.assertIn(f"(pid {os.getpid()})", finding["words"])
        while (finding := self.finding("web1"))["code"] != "disabled":
            pass
        self.assertIn("guest-exec", finding["words"])

    def finding(self, guest: str) -> Any:
        """What matters most; right after a change there may be nothing there to be asked."""
        answer = self.ask("GET", f"/v1/guests/{guest}/doctor")
        return answer.json["findings"][0] if answer.status == 200 else {"code": "connecting"}

    def test_killed(self) -> None:
        """
        A mux that was killed is no obstacle to the next one.
        """
        self.mux.kill()
        self.mux.start()
        self.assertEqual(self.ask("GET", "/v1/ready").status, 200)


class SchemathesisTests(ControlCase):
    """Requests made up from the document itself."""

    series = OURS

    def agent_options(self) -> tuple[str, ...]:
        return ("-a", READING)

    def mux_options(self) -> tuple[str, ...]:
        self.port, options = over_tcp(self.mux.folder, "ci")
        return tuple(options)

    def test_document(self) -> None:
        """
        Whatever is asked, no answer is one that the document does not tell of, and none says that
        the server made a mistake.
        """
        self.assertFalse(set(READING.split(",")) & set(DANGEROUS))
        words = [sys.executable, "-m", "schemathesis.cli"]
        words += ["--config-file", str(Path(__file__).with_name("schemathesis.toml")), "run"]
        words += [f"http://127.0.0.1:{self.port}/v1/openapi.json"]
        words += ["-H", f"Authorization: Bearer {TOKEN}", "--exclude-path", "/v1/events"]
        words += ["--seed", "7", "--max-examples", "5", "--no-color", "--workers", "1"]
        words += ["--request-timeout", str(int(PATIENCE)), "--generation-database", "none"]
        done = subprocess.run(
            words, capture_output=True, check=False, env=environment(), cwd=self.mux.folder
        )
        said = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, 0, said[-8000:])
        self.assertTrue(self.mux.serves("db1"), os.fsencode(said[-200:]))
