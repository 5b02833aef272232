"""What an operator wants to be told, by a mux as a process, in its events and by its webhook."""

import shutil
import signal
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, request
from tests.functional._http import ask, events, free_port
from tests.functional._mux_process import MuxProcess
from tests.functional._telling_agent import TellingAgent, told
from tests.functional.test_push import SECRET, Platform

_FILES = ("guest-file-open", "guest-file-read", "guest-file-close")
KINDS = {"agent-gone", "agent-back", "guest-rebooted", "frozen-too-long", "disk-nearly-full"}
GUESTS = ("db1", "db2", "web1")


class Guest:
    """A guest of which boot and disk can change; every file in it is that with the boot id."""

    def __init__(self, path: Path) -> None:
        self.used = 50
        self.boot = "boot-1"
        self._path = path
        self.agent = self._start()

    def restart(self, boot: str) -> None:
        """Start the guest anew."""
        self.boot = boot
        self.agent = self._start()

    def stop(self) -> None:
        self.agent.__exit__()
        self._path.unlink(missing_ok=True)

    def _start(self) -> TellingAgent:
        says = told()
        says["guest-info"]["supported_commands"] += [
            {"name": each, "enabled": True, "success-response": True} for each in _FILES
        ]
        (filesystem,) = says["guest-get-fsinfo"]
        says["guest-get-fsinfo"] = lambda: [
            {**filesystem, "used-bytes": self.used, "total-bytes": 100}
        ]
        says["guest-file-open"], says["guest-file-close"] = 1, {}
        octets = b64encode(f"{self.boot}\n".encode()).decode()
        says["guest-file-read"] = {"count": 7, "buf-b64": octets, "eof": True}
        return TellingAgent(self._path, says).__enter__()


class AlertsTests(SynchronousTestCase):
    timeout = 10 * PATIENCE

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-alerts-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.guests = {name: Guest(self.folder / name) for name in GUESTS}
        for guest in self.guests.values():
            self.addCleanup(guest.stop)
        (self.folder / "secret").write_bytes(SECRET)
        (self.folder / "secret").chmod(0o600)
        port = free_port()
        (self.folder / "push.toml").write_text(
            f'[[webhook]]\nname = "acme"\nurl = "http://127.0.0.1:{port}/in"\nevery = 1\n'
            f'secret-file = "{self.folder}/secret"\n'
        )
        self.groups = self.folder / "monitor.toml"
        self.groups.write_text('[[group]]\nguests = ["web*"]\nnearly-full = 40\n')
        self.platform = Platform(port)
        self.addCleanup(self.platform.close)
        self.http = self.folder / "http"
        self.mux = MuxProcess(
            {name: self.folder / name for name in GUESTS},
            *("--poll", "--poll-period", "1", "--monitor", str(self.groups)),
            *("--push", str(self.folder / "push.toml"), "--http", f"unix:{self.http}"),
        )
        self.addCleanup(self.mux.remove)
        self.mux.start()

    def pushed(self) -> list[tuple[str, dict[str, Any]]]:
        """The alerts that the platform was told, the oldest first, each with its guest."""
        return [
            (entry["vm"], event)
            for batch in self.platform.batches
            for entry in batch["batch"]
            for event in entry.get("events", ())
            if event["kind"] in KINDS
        ]

    def until(self, guest: str, kind: str, alert: str | None = None) -> dict[str, Any]:
        """Wait until that was pushed; it comes once."""
        end = time.monotonic() + 2 * PATIENCE
        while True:
            found = [
                event
                for name, event in self.pushed()
                if name == guest and event["kind"] == kind and event.get("alert") == alert
            ]
            if found:
                self.assertEqual(len(found), 1, found)
                return found[0]
            self.assertLess(time.monotonic(), end, (self.pushed(), self.mux.complaints()))
            time.sleep(0.05)

    def told(self, count: int) -> Iterator[tuple[str, str, str | None]]:
        """So many alerts, as whoever follows the events is told."""
        described = ask(self.http, "GET", "/v1/openapi.json").json["components"]["schemas"]
        for kind, data in events(self.http):
            if kind not in KINDS:
                continue
            shape = described[f"event-{kind}"]
            self.assertLessEqual({*shape["required"]}, {*data}, kind)
            self.assertLessEqual({*data}, {*shape["properties"]}, kind)
            yield data["guest"], kind, data.get("alert")
            count -= 1
            if not count:
                return

    def rounds(self, guest: str) -> int:
        """How often a guest was asked for its load."""
        return self.guests[guest].agent.ran.count("guest-get-load")

    def waits_for(self, condition: Any) -> None:
        end = time.monotonic() + 2 * PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, self.mux.complaints())
            time.sleep(0.05)

    def test_alerts(self) -> None:
        """
        A disk that fills and is cleared, an agent that goes, a guest that starts anew: each is
        told once, in the events and by the webhook, by limits that can be other ones for some.
        """
        full = self.until("web1", "disk-nearly-full", "raised")
        self.assertEqual((full["mountpoint"], full["limit"], full["used"]), ("/plain", 40, 50))
        db1 = self.guests["db1"]
        db1.used = 93
        self.assertEqual(self.until("db1", "disk-nearly-full", "raised")["available"], 7)
        db1.used = 20
        self.until("db1", "disk-nearly-full", "cleared")
        db1.stop()
        self.assertEqual(self.until("db1", "agent-gone")["state"], "absent")
        db1.restart("boot-2")
        self.assertGreaterEqual(self.until("db1", "agent-back")["seconds"], 10)
        booted = self.until("db1", "guest-rebooted")
        ids = [booted[name] for name in ("evidence", "boot-id-before", "boot-id")]
        self.assertEqual(ids, ["boot-id", "boot-1", "boot-2"])
        before = self.rounds("db1")
        self.waits_for(lambda: self.rounds("db1") >= before + 5)  # and once is all
        disk = "disk-nearly-full"
        wanted = [
            ("web1", disk, "raised"),
            ("db1", disk, "raised"),
            ("db1", disk, "cleared"),
            ("db1", "agent-gone", None),
            ("db1", "agent-back", None),
            ("db1", "guest-rebooted", None),
        ]
        self.assertEqual(list(self.told(len(wanted))), wanted)
        self.assertEqual(
            [(guest, each["kind"], each.get("alert")) for guest, each in self.pushed()], wanted
        )

    def test_frozen(self) -> None:
        """
        A guest that stays frozen is told, and so is its end; what is too long can be said anew.
        """
        with self.mux.connect("db1") as client:
            client.ask(request("guest-fsfreeze-freeze"))
            self.groups.write_text("[[group]]\nfrozen-too-long = 1\n")
            self.mux.signal(signal.SIGHUP)
            self.assertGreaterEqual(self.until("db1", "frozen-too-long", "raised")["seconds"], 1)
            client.ask(request("guest-fsfreeze-thaw"))
        self.until("db1", "frozen-too-long", "cleared")

    def test_hangs(self) -> None:
        """
        A guest that hangs in the middle of a round keeps no other from being asked.
        """
        hangs = self.guests["db2"].agent
        hangs.hold("guest-get-load")
        hangs.held()
        others = ("db1", "web1")
        before = {name: self.rounds(name) for name in others}
        self.waits_for(lambda: all(self.rounds(name) >= before[name] + 4 for name in others))
        asked = len(hangs.ran)
        self.waits_for(lambda: all(self.rounds(name) >= before[name] + 6 for name in others))
        self.assertEqual(len(hangs.ran), asked)
        hangs.let_go()
