"""A real guest that is frozen through the mux, which is killed meanwhile."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._cli import ask as txqga
from tests.functional._client import request
from tests.functional._http import ask
from tests.functional._mux_clients import socat
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V10_0
from tests.vm._case import VMCase
from tests.vm._patience import PATIENCE

FREEZE, THAW = "guest-fsfreeze-freeze", "guest-fsfreeze-thaw"


class MuxFreezeCase(VMCase):
    """What the mux promises of a frozen guest; subclasses say which agent is in it."""

    options: tuple[str, ...] = ()

    def begin(self, lease: float) -> None:
        self.agent = self.started(*self.options)
        self.agent.connect().close()  # it is there
        self.mux = MuxProcess({"db1": self.machine.socket("agent")})
        self.addCleanup(self.mux.remove)
        self.state = self.mux.folder / "state"
        self.http = self.mux.folder / "control.http"
        self.mux.argv += ["--state", str(self.state), "--freeze-lease", str(lease)]
        self.mux.argv += ["--http", f"unix:{self.http}"]
        self.mux.start()

    def say(self, command: str) -> dict[str, object]:
        """What ``echo command | socat`` prints."""
        said = json.loads(socat(self.mux.socket("db1"), request(command)))
        assert isinstance(said, dict)
        return said

    def write(self) -> None:
        """Begin to write in the guest, and see that it is held up."""
        side = self.machine.side
        side.check("rm -f /run/bed/wrote")
        script = "( echo x > /data/held && echo > /run/bed/wrote ) > /dev/null 2>&1 & echo $!"
        pid = int(side.check(script))
        side.until(f"grep -q '^State:.D' /proc/{pid}/status")

    def wrote(self) -> bool:
        return self.machine.side.run("test -e /run/bed/wrote").status == 0

    def until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            time.sleep(0.1)

    def story(self) -> list[str]:
        lines = Path(self.state / "freezes.jsonl").read_text().splitlines()[1:]
        return [json.loads(line)["stage"] for line in lines]

    def test_killed(self) -> None:
        """
        ``echo freeze | socat`` holds the guest's writers up, also when the mux is killed; the next
        one lets them go on at the deadline, and the thaw that comes too late is told so.
        """
        self.begin(lease=10)
        frozen = self.say(FREEZE)["return"]
        assert isinstance(frozen, int)
        self.assertGreaterEqual(frozen, 2)
        self.write()
        self.mux.kill()
        self.assertFalse(self.wrote())
        self.mux.start()
        self.until(self.wrote)
        self.until(lambda: self.story()[-1] == "lapsed")
        self.assertIn("may be inconsistent", str(self.say(THAW)["error"]))
        self.until(lambda: self.story()[-1] == "thawed")
        self.assertEqual(self.story()[:2], ["freezing", "frozen"])
        self.assertEqual(self.say(THAW), {"return": 0})

    def test_command(self) -> None:
        """
        ``txqga`` freezes the guest through the mux, says how it stands, and thaws it; while a
        command runs that takes a snapshot the guest's writers wait.
        """
        self.begin(lease=600)
        words = ("--json", "--mux", str(self.mux.served), "--control", str(self.http))
        said = txqga(*words, "freeze", "db1", "--for", "500", "--owner", "a test")
        self.assertEqual((said.status, said.err), (0, ""))
        (told,) = json.loads(said.out)["guests"]
        self.assertGreaterEqual(told["filesystems"], 2)
        self.write()
        (stands,) = json.loads(txqga(*words, "status", "db1").out)["guests"]
        self.assertEqual((stands["stage"], stands["lease"]), ("frozen", 500))
        self.assertTrue(stands["owner"].endswith(": a test"), stands)
        self.assertFalse(self.wrote())
        self.assertEqual(txqga(*words, "thaw", "db1").status, 0)
        self.until(self.wrote)
        journal = self.state / "freezes.jsonl"
        said = txqga(*words, "quiesce", "db1", "--", "tail", "-n", "1", str(journal))
        self.assertEqual((said.status, json.loads(said.out)["stage"]), (0, "frozen"), said.err)
        (held,) = json.loads(said.err)["guests"]
        self.assertEqual(held["guest"], "db1")
        self.assertEqual(self.story()[-1], "thawed")

    def test_thawed(self) -> None:
        """
        ``echo thaw | socat`` lets the writers go on; meanwhile other commands are refused, and the
        agent is still there.
        """
        self.begin(lease=600)
        frozen = self.say(FREEZE)["return"]
        self.write()
        refused = self.say("guest-get-osinfo")["error"]
        assert isinstance(refused, dict)
        self.assertEqual(refused["class"], "CommandNotFound")
        self.assertIn("has frozen it", refused["desc"])
        self.assertEqual(self.say("guest-ping"), {"return": {}})
        self.assertEqual(self.say(THAW), {"return": frozen})
        self.machine.side.until("test -e /run/bed/wrote")
        self.assertIn("return", self.say("guest-get-osinfo"))

    def test_over_http(self) -> None:
        """
        Over HTTP a freeze as one of a group holds the writers up until it is thawed; one that its
        client forgets lets them go on at its deadline.
        """
        self.begin(lease=600)
        group = ask(self.http, "POST", "/v1/freezes", {"ranks": [["db1"]], "seconds": 300})
        self.assertEqual(group.status, 201, group.octets)
        self.assertGreaterEqual(group.json["guests"][0]["filesystems"], 2)
        self.write()
        thawed = ask(self.http, "DELETE", f"/v1/freezes/{group.json['id']}")
        self.assertEqual((thawed.status, thawed.json["state"]), (200, "thawed"), thawed.octets)
        self.machine.side.until("test -e /run/bed/wrote")
        ask(self.http, "POST", "/v1/guests/db1/freeze", {"seconds": 10, "mountpoints": ["/data"]})
        told = ask(self.http, "GET", "/v1/guests/db1/freeze").json
        self.assertEqual((told["stage"], told["mountpoints"]), ("frozen", ["/data"]))
        self.write()
        self.until(self.wrote)
        self.until(lambda: self.story()[-1] == "lapsed")
        late = ask(self.http, "DELETE", "/v1/guests/db1/freeze")
        self.assertEqual((late.status, late.json["code"]), (409, "did-not-hold"))

    def test_stopped(self) -> None:
        """
        A mux that is stopped thaws the guest first.
        """
        self.begin(lease=600)
        self.say(FREEZE)
        self.write()
        self.mux.stop()
        self.machine.side.until("test -e /run/bed/wrote")
        self.assertEqual(self.story(), ["freezing", "frozen", "thawing", "lapsed"])


class QemuGa(MuxFreezeCase, SynchronousTestCase):
    """A guest with ``qemu-ga`` 10.0."""

    series = V10_0


class Ours(MuxFreezeCase, SynchronousTestCase):
    """A guest with our own agent, whose own limit is shorter than some of the leases."""

    series = OURS
    options = ("--freeze-limit", "30")
