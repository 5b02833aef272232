"""
Freezes through the mux, which is killed in the middle of them.

The guests freeze nothing but a variable; a real one is in ``tests/vm/test_mux_freeze.py``.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Refused, request
from tests.functional._freezing_agent import FreezingAgent
from tests.functional._mux_clients import socat
from tests.functional._mux_process import MuxProcess

FREEZE, THAW, STATUS = (f"guest-fsfreeze-{each}" for each in ("freeze", "thaw", "status"))
NAMES = ("db1", "db2", "web1")


class FreezeCase(SynchronousTestCase):
    """Three guests behind a mux that has a state folder."""

    lease = "600"

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.agents = {name: FreezingAgent(self.folder / name) for name in NAMES}
        for agent in self.agents.values():
            agent.__enter__()
            self.addCleanup(agent.__exit__)
        self.agent = self.agents["db1"]
        self.state = self.folder / "state"
        self.mux = self.make_mux()
        self.mux.start()

    def make_mux(self) -> MuxProcess:
        options = ("--state", str(self.state), "--freeze-lease", self.lease)
        mux = MuxProcess({name: self.folder / name for name in NAMES}, *options)
        self.addCleanup(mux.remove)
        return mux

    def begin_anew(self, lease: str = "600") -> None:
        """The mux is killed, and another starts in its place."""
        self.mux.kill()
        self.mux.argv[self.mux.argv.index("--freeze-lease") + 1] = lease
        self.mux.start()

    def say(self, command: str, guest: str = "db1") -> bytes:
        """What ``echo command | socat`` prints."""
        return socat(self.mux.socket(guest), request(command))

    def until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            time.sleep(0.01)

    def story(self, guest: str = "db1") -> list[str]:
        """What the journal tells of a guest."""
        lines = (self.state / "freezes.jsonl").read_text().splitlines()[1:]
        records = [json.loads(line) for line in lines]
        return [record["stage"] for record in records if record.get("guest") == guest]

    def refused(self, command: str) -> Refused:
        with self.mux.connect("db1") as client:
            refused = self.assertRaises(Refused, client.call, command)
        assert isinstance(refused, Refused)
        return refused


class LeaseTests(FreezeCase):
    lease = "2"

    def test_outlives_the_connection_but_not_its_deadline(self) -> None:
        """
        ``echo freeze | socat`` freezes a guest; while it is frozen other commands are refused at
        once with the reason; in time it is thawed, and whoever thaws it then learns of that.
        """
        self.assertEqual(self.say(FREEZE), b'{"return": 3}\n')
        self.assertTrue(self.agent.frozen)
        refused = self.refused("guest-get-osinfo")
        self.assertEqual(refused.wire_class, "CommandNotFound")
        self.assertRegex(refused.desc, r"frozen: client \d+ \(pid \d+, uid \d+\) has frozen it")
        with self.mux.connect("db1") as client:
            self.assertEqual(client.call("guest-ping"), {})
        self.until(lambda: not self.agent.frozen)
        self.until(lambda: self.story()[-1] == "lapsed")
        why = json.loads(self.say(THAW))["error"]["desc"]
        self.assertRegex(why, r"thawed by the host after \d s .*may be inconsistent")
        self.assertEqual(self.say(THAW), b'{"return": 0}\n')
        self.assertNotIn("guest-get-osinfo", self.agent.ran)

    def test_renewed_and_thawed(self) -> None:
        """
        A lease is renewed by the agent's own command for that, and anybody may thaw.
        """
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            self.assertRaises(Refused, ann.call, "txqga-freeze-lease", seconds=600)
            self.assertEqual(ann.call(FREEZE), 3)
            self.assertEqual(ann.call("txqga-freeze-lease", seconds=600), {"seconds": 600})
            self.assertEqual(bob.call(THAW), 3)
        told = ["freezing", "frozen", "frozen", "thawing", "thawed"]
        self.until(lambda: self.story() == told)

    def test_found_frozen(self) -> None:
        """
        A guest that is found frozen by nobody here is thawed in time.
        """
        self.mux.kill()
        self.agent.frozen = True
        self.mux.start()
        self.until(lambda: not self.agent.frozen)
        self.until(lambda: self.story() == ["frozen", "thawing", "lapsed"])


class KilledTests(FreezeCase):
    def test_while_frozen(self) -> None:
        """
        Guests that were frozen when the mux was killed are thawed at their deadlines by the next
        one, and the journal tells the story.
        """
        self.begin_anew(lease="4")
        for name in NAMES:
            self.assertEqual(self.say(FREEZE, name), b'{"return": 3}\n')
        self.begin_anew()
        self.until(lambda: not any(each.frozen for each in self.agents.values()))
        for name in NAMES:
            self.until(lambda name=name: self.story(name)[-1] == "lapsed")  # type: ignore[misc]
            told = [each for each in self.story(name) if each != "frozen"]
            self.assertEqual(told, ["freezing", "thawing", "lapsed"])

    def test_while_freezing(self) -> None:
        """
        A guest whose freeze was under way is thawed at once: nobody was told that it is frozen.
        """
        self.agent.hold(FREEZE)
        with self.mux.connect("db1") as client:
            client.send(request(FREEZE))
            self.agent.held()
            self.assertEqual(self.story(), ["freezing"])
            self.mux.kill()
        self.agent.let_go()
        self.assertTrue(self.agent.frozen)
        self.mux.start()
        self.until(lambda: not self.agent.frozen)
        self.until(lambda: self.story() == ["freezing", "thawing", "lapsed"])

    def test_while_thawing(self) -> None:
        """
        A guest whose deadline is far away stays frozen for the next mux; one whose thaw was under
        way is asked, and thawed if it is not.
        """
        self.say(FREEZE)
        self.begin_anew()
        # in its own words it holds the guest, once that has said that it is frozen
        self.until(lambda: self.story() == ["freezing", "frozen", "frozen"])
        self.assertTrue(self.agent.frozen)
        self.agent.hold(THAW)
        with self.mux.connect("db1") as client:
            client.send(request(THAW))
            self.agent.held()
            self.until(lambda: self.story()[-1] == "thawing")
            self.mux.kill()
        self.agent.frozen = True  # as if it had not got so far
        self.agent.let_go()
        self.mux.start()
        self.until(lambda: not self.agent.frozen)


class StoppedTests(FreezeCase):
    def test_stopped(self) -> None:
        """
        A mux that is stopped thaws what is frozen; the next one, which does not start while this
        one has the state folder, tells whoever froze it.
        """
        other = MuxProcess({"x": self.folder / "x"}, "--state", str(self.state), wait_for=[])
        self.addCleanup(other.remove)
        other.spawn()
        self.assertNotEqual(other.wait(), 0)
        self.assertIn("another mux keeps its state there", other.complaints())
        self.assertNotIn("Traceback", other.complaints())
        self.say(FREEZE)
        self.mux.stop()
        self.assertFalse(self.agent.frozen)
        self.assertEqual(self.story(), ["freezing", "frozen", "thawing", "lapsed"])
        self.mux.start()
        why = json.loads(self.say(THAW))["error"]["desc"]
        self.assertIn("(the mux was stopped): the snapshot may be inconsistent", why)
