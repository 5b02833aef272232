"""
Freezes over HTTP, by clients that go away and a mux that is killed or stopped meanwhile.

The guests freeze nothing but a variable; a real one is in ``tests/vm/test_mux_freeze.py``.
"""

import contextlib
import json
import threading
from http.client import HTTPException
from typing import Any

from tests.functional._http import Answer, UnixConnection, ask
from tests.functional._mux_process import MuxProcess
from tests.functional.test_mux_freeze import FREEZE, NAMES, THAW, FreezeCase

_HOOK = """\
#!/bin/sh
echo "$1 $TXQGA_GUESTS" >> {log}
"""

#: One that does not end before there is a file.
_SLOW_HOOK = _HOOK + "while ! test -e {go}; do sleep 0.1; done\n"


class HttpCase(FreezeCase):
    """The mux writes an audit, and runs a hook."""

    def make_mux(self) -> MuxProcess:
        mux = super().make_mux()
        self.http = self.folder / "control.http"
        self.audit = self.folder / "audit"
        self.hooked = self.folder / "hooked"
        self.hook = self.folder / "hook"
        self.hook.write_text(_HOOK.format(log=self.hooked))
        self.hook.chmod(0o700)
        mux.argv += ["--http", f"unix:{self.http}", "--audit", str(self.audit)]
        mux.argv += ["--freeze-hook", str(self.hook)]
        return mux

    def ask(self, method: str, url: str, body: Any = None) -> Answer:
        return ask(self.http, method, url, body)

    def freeze_group(self, *ranks: list[str], seconds: float = 600) -> Any:
        answer = self.ask("POST", "/v1/freezes", {"ranks": ranks, "seconds": seconds})
        self.assertEqual(answer.status, 201, answer.octets)
        return answer.json

    def audited(self) -> list[tuple[str, str, str]]:
        """Guest, command and outcome of the whole lines of the audit that are about freezes."""
        text = self.audit.read_text() if self.audit.exists() else ""
        lines = [json.loads(line) for line in text.rpartition("\n")[0].splitlines()]
        told = [(line["guest"], line["command"], line["outcome"]) for line in lines]
        return [each for each in told if each[1] in (FREEZE, THAW)]

    def hook_ran(self) -> list[str]:
        return self.hooked.read_text().splitlines() if self.hooked.exists() else []

    def none_is_frozen(self) -> bool:
        return not any(each.frozen for each in self.agents.values())


class GroupTests(HttpCase):
    def test_held(self) -> None:
        """
        A group is frozen rank by rank, with its hook, held, and thawed the other way round.
        """
        group = self.freeze_group(["web1", "db2"], ["db1"])
        self.assertTrue(all(each.frozen for each in self.agents.values()))
        self.assertEqual([each["filesystems"] for each in group["guests"]], [3, 3, 3])
        frozen = {each["guest"]: each["frozen"] for each in group["guests"]}
        self.assertLessEqual(max(frozen["web1"], frozen["db2"]), frozen["db1"])
        self.assertEqual(self.hook_ran(), ["freeze web1 db2 db1"])
        (listed,) = self.ask("GET", "/v1/freezes").json["freezes"]
        self.assertEqual(listed["id"], group["id"])
        described = self.ask("GET", "/v1/guests/db1").json
        self.assertEqual((described["state"], described["freeze"]["stage"]), ("frozen", "frozen"))
        (finding,) = self.ask("GET", "/v1/guests/db1/doctor").json["findings"]
        self.assertEqual(finding["code"], "frozen")
        self.assertIn("for a group of 3 has frozen it", finding["words"])
        answer = self.ask("DELETE", f"/v1/freezes/{group['id']}")
        self.assertEqual((answer.status, answer.json["state"]), (200, "thawed"))
        self.assertTrue(self.none_is_frozen())
        self.assertEqual(self.hook_ran()[1:], ["thaw web1 db2 db1"])
        self.until(lambda: len(self.audited()) == 6)
        self.assertEqual(
            sorted(self.audited()),
            sorted((name, each, "returned") for name in NAMES for each in (FREEZE, THAW)),
        )

    def test_all_or_nothing(self) -> None:
        """
        Where one is frozen already none of the others is touched.
        """
        self.say(FREEZE, "db1")
        answer = self.ask("POST", "/v1/freezes", {"ranks": [["web1", "db2", "db1"]]})
        self.assertEqual((answer.status, answer.json["code"]), (409, "not-all-frozen"))
        self.assertEqual(answer.json["guests"]["db1"]["code"], "guest-is-frozen")
        self.assertEqual([self.agents[name].ran.count(FREEZE) for name in NAMES], [1, 0, 0])

    def test_client_goes(self) -> None:
        """
        When the client goes before it was answered, what is frozen by then is thawed.
        """
        self.agents["db1"].hold(FREEZE)
        connection = UnixConnection(self.http)
        body = json.dumps({"ranks": [["web1", "db2"], ["db1"]]})
        connection.request("POST", "/v1/freezes", body, {"Content-Type": "application/json"})
        self.agents["db1"].held()
        self.assertTrue(self.agents["web1"].frozen)
        connection.close()
        self.until(lambda: not self.agents["web1"].frozen and not self.agents["db2"].frozen)
        self.agents["db1"].let_go()
        self.until(self.none_is_frozen)
        self.until(lambda: self.hook_ran()[1:] == ["thaw web1 db2 db1"])

    def test_forgotten(self) -> None:
        """
        A group that its client forgets is thawed at its deadline, with its hook; who comes too
        late is told so.
        """
        group = self.freeze_group(["web1"], ["db1"], seconds=4)
        self.until(self.none_is_frozen)
        self.until(lambda: len(self.hook_ran()) == 2)
        answer = self.ask("DELETE", f"/v1/freezes/{group['id']}")
        self.assertEqual((answer.status, answer.json["code"]), (409, "did-not-hold"))
        figures = self.ask("GET", "/metrics").octets
        self.assertIn(b'qga_freeze_autothaw_total{by="mux",vm_name="web1"} 1.0', figures)

    def test_stopped(self) -> None:
        """
        A mux that is stopped thaws its groups, and runs the hook.
        """
        self.freeze_group(["web1"], ["db1"])
        self.mux.stop()
        self.assertTrue(self.none_is_frozen())
        self.assertEqual(self.hook_ran(), ["freeze web1 db1", "thaw web1 db1"])


class KilledTests(HttpCase):
    def test_three_frozen(self) -> None:
        """
        A mux is killed while three guests are frozen, two of them as a group over HTTP. The next
        one thaws them in time; the journal and the audit tell the story.
        """
        group = self.freeze_group(["web1"], ["db1"], seconds=8)
        answer = self.ask("POST", "/v1/guests/db2/freeze", {"seconds": 8})
        self.assertEqual((answer.status, answer.json["filesystems"]), (200, 3))
        self.until(lambda: len(self.audited()) == 3)
        self.begin_anew()
        self.until(self.none_is_frozen)
        self.until(lambda: self.story("db2")[-1] == "lapsed")
        for name in ("web1", "db1"):  # that it has lapsed is told to the group
            self.until(lambda name=name: self.story(name)[-1] == "thawed")  # type: ignore[misc]
        for name in NAMES:
            told = [each for each in self.story(name) if each != "frozen"]
            self.assertEqual(told[:2], ["freezing", "thawing"])
        owners = {name: self.owners(name) for name in NAMES}
        self.assertRegex(owners["web1"], r"^uid \d+ \(pid \d+\), for a group of 2$")
        self.assertEqual(owners["web1"], owners["db1"])
        self.assertRegex(owners["db2"], r"^uid \d+ \(pid \d+\)$")
        # whoever comes back learns that it did not hold
        path = f"/v1/freezes/{group['id']}"
        self.until(lambda: self.ask("GET", path).json["state"] == "lapsed")
        self.assertEqual(self.ask("GET", "/v1/guests/db2/freeze").json["stage"], "lapsed")
        for late in (path, "/v1/guests/db2/freeze"):
            answer = self.ask("DELETE", late)
            self.assertEqual((answer.status, answer.json["code"]), (409, "did-not-hold"))
        self.assertEqual(self.hook_ran(), ["freeze web1 db1", "thaw web1 db1"])

    def test_cut_short(self) -> None:
        """
        A mux is killed in the middle of freezing a group: the next one thaws those that were
        frozen, and runs the hook for all for whom it was run.
        """
        self.agents["db1"].hold(FREEZE)
        ranks = [["web1"], ["db1"], ["db2"]]
        asked = threading.Thread(target=self.ask_in_vain, args=({"ranks": ranks, "seconds": 8},))
        asked.start()
        self.addCleanup(asked.join)
        self.agents["db1"].held()
        self.mux.kill()
        self.agents["db1"].let_go()
        self.mux.start()
        self.until(lambda: len(self.hook_ran()) == 2)
        self.assertEqual(self.hook_ran(), ["freeze web1 db1 db2", "thaw web1 db1 db2"])
        self.until(self.none_is_frozen)

    def test_hook_cut_short(self) -> None:
        """
        A mux is killed while the hook runs, before anything is frozen: the next one runs it again.
        """
        go = self.folder / "go"
        self.hook.write_text(_SLOW_HOOK.format(log=self.hooked, go=go))
        asked = threading.Thread(target=self.ask_in_vain, args=({"ranks": [["web1", "db2"]]},))
        asked.start()
        self.addCleanup(asked.join)
        self.until(lambda: len(self.hook_ran()) == 1)
        go.touch()
        self.begin_anew()
        self.until(lambda: len(self.hook_ran()) == 2)
        self.assertEqual(self.hook_ran(), ["freeze web1 db2", "thaw web1 db2"])

    def ask_in_vain(self, body: Any) -> None:
        """Ask for a group of a mux that is killed then."""
        with contextlib.suppress(OSError, HTTPException):
            self.ask("POST", "/v1/freezes", body)

    def test_group_held_on(self) -> None:
        """
        A mux is killed while a group is frozen, and started anew: the group is held on under its
        id, and is thawed as it would have been.
        """
        group = self.freeze_group(["web1"], ["db1"])
        self.begin_anew()
        path = f"/v1/freezes/{group['id']}"
        self.until(lambda: "left" in self.ask("GET", path).json)
        told = self.ask("GET", path).json
        self.assertEqual((told["state"], told["owner"]), ("frozen", group["owner"]))
        self.assertEqual([each["guest"] for each in told["guests"]], ["web1", "db1"])
        self.assertTrue(self.agents["web1"].frozen and self.agents["db1"].frozen)
        answer = self.ask("DELETE", path)
        self.assertEqual((answer.status, answer.json["state"]), (200, "thawed"))
        self.assertTrue(self.none_is_frozen())
        self.assertEqual(self.hook_ran(), ["freeze web1 db1", "thaw web1 db1"])

    def owners(self, guest: str) -> str:
        """For whom a guest was frozen, all the time."""
        lines = (self.state / "freezes.jsonl").read_text().splitlines()[1:]
        records = [json.loads(line) for line in lines]
        (owner,) = {each["owner"] for each in records if each.get("guest") == guest}
        return str(owner)
