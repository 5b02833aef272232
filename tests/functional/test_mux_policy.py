"""Who may call what, and the record of who did: real users, a real agent behind a real mux."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest

from tests.functional import _mux_case
from tests.functional._client import PATIENCE, Refused, request
from tests.functional._mux_process import MuxProcess

NOBODY, GROUP = 65534, 12321

POLICY = """
[[rule]]
name = "logs"
who = ["gid:12321"]
guests = ["db*"]
commands = ["guest-sync*", "guest-ping", "guest-info", "guest-file-*"]
arguments.path = ["", "/var/log/**", "{folder}/**"]

[[rule]]
name = "nobody sets the time"
who = ["everybody"]
commands = ["guest-set-time"]
allow = false
"""

#: Says what it is given to a socket, and prints what comes back until the other end is silent;
#: with one more word it does not say that this was all.
_SAY = """\
import contextlib, socket, sys
with socket.socket(socket.AF_UNIX) as client:
    client.settimeout(60)
    client.connect(sys.argv[1])
    with contextlib.suppress(BrokenPipeError):  # who is refused may have been left already
        client.sendall(sys.argv[2].encode())
        if len(sys.argv) < 4:
            client.shutdown(socket.SHUT_WR)
    while data := client.recv(65536):
        sys.stdout.buffer.write(data)
"""


class PolicyCase(_mux_case.MuxCase):
    """A mux with a policy and an audit; another user of this host is at its sockets."""

    tapped = False

    def make_mux(self) -> MuxProcess:
        if os.geteuid() != 0:
            raise SkipTest("only root can become another user")
        mux = MuxProcess({"db1": self.channel, "web1": self.channel_of_another()})
        mux.folder.chmod(0o711)
        self.audit = mux.folder / "audit"
        self.policy = mux.folder / "policy.toml"
        self.policy.write_text(POLICY.format(folder=self.agent.folder))
        mux.argv += ["--policy", str(self.policy), "--audit", str(self.audit)]
        mux.argv += ["--socket-mode", "660", "--socket-group", str(GROUP)]
        self.http = mux.folder / "control.http"
        mux.argv += ["--http", f"unix:{self.http}:mode=666"]
        return mux

    def channel_of_another(self) -> Path:
        return self.start_agent().socket

    def say(self, *requests: bytes, guest: str = "db1", groups: int = GROUP) -> list[Any]:
        """What another user is answered, in a group of theirs."""
        done = subprocess.run(
            [
                *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", f"--groups={groups}"),
                *("/usr/bin/python3", "-c", _SAY),
                *(str(self.mux.socket(guest)), b"".join(requests).decode()),
            ],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual(done.stderr, b"")
        return [json.loads(line.lstrip(b"\xff")) for line in done.stdout.splitlines()]

    def ask(self, method: str, path: str, groups: int = GROUP) -> tuple[int, Any]:
        """What another user is answered over HTTP, in a group of theirs."""
        done = subprocess.run(
            [
                *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", f"--groups={groups}"),
                *("/usr/bin/python3", "-c", _SAY, str(self.http)),
                f"{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                "wait",
            ],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual(done.stderr, b"")
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body)

    def lines(self) -> list[Any]:
        """The whole lines of the audit, so far."""
        text = self.audit.read_text() if self.audit.exists() else ""
        return [json.loads(line) for line in text.rpartition("\n")[0].splitlines()]

    def line(self, fits: Callable[[Any], bool]) -> Any:
        """The first line of the audit that fits, once there is one."""
        return self.until(lambda: next(filter(fits, self.lines()), None))


class ControlTests(PolicyCase):
    def test_another_user(self) -> None:
        """
        Over HTTP another user may what the policy says, and sees no guest of which they may ask
        nothing; who may nothing is refused. All of it is in the audit.
        """
        self.assertEqual(self.ask("GET", "/v1/guests", 54321)[0], 403)
        status, listed = self.ask("GET", "/v1/guests")
        self.assertEqual((status, [each["name"] for each in listed["guests"]]), (200, ["db1"]))
        pinged = self.ask("POST", "/v1/guests/db1/commands/guest-ping")
        self.assertEqual(pinged, (200, {"return": {}}))
        self.assertEqual(self.ask("POST", "/v1/guests/db1/commands/guest-get-time")[0], 403)
        status, problem = self.ask("POST", "/v1/guests/web1/commands/guest-ping")
        self.assertEqual((status, problem["code"]), (404, "no-such-guest"))
        self.line(lambda line: line.get("guest") == "web1" and line["decision"] == "refused")
        lines = [line for line in self.lines() if line["who"]["uid"] == NOBODY]
        self.assertEqual(
            [(line.get("guest"), line.get("command"), line["decision"]) for line in lines],
            [
                (None, None, "refused"),
                ("db1", "guest-ping", "allowed"),
                ("db1", "guest-get-time", "refused"),
                ("web1", "guest-ping", "refused"),
            ],
        )


class PolicyTests(PolicyCase):
    def test_another_user(self) -> None:
        """
        Another user may what the policy says; the rest never reaches the agent.
        """
        target = self.agent.folder / "written"
        opens = {"path": str(target), "mode": "w"}
        refused, opened, elsewhere, pong = self.say(
            request("guest-exec", {"path": "/bin/touch", "arg": [str(target)]}, id=1),
            request("guest-file-open", opens, id=2),
            request("guest-file-open", {"path": "/etc/shadow"}, id=3),
            request("guest-ping", id=4),
        )
        self.assertEqual(
            (refused["id"], refused["error"]["class"]),
            (1, "CommandNotFound"),
        )
        self.assertIn(f"does not allow it to uid {NOBODY}", refused["error"]["desc"])
        self.assertIsInstance(opened["return"], int)
        self.assertEqual((elsewhere["id"], elsewhere["error"]["class"]), (3, "GenericError"))
        self.assertEqual(pong, {"return": {}, "id": 4})
        self.line(lambda line: line["command"] == "guest-ping" and line["who"]["uid"] == NOBODY)
        lines = [line for line in self.lines() if line["who"]["uid"] == NOBODY]
        self.assertEqual(
            [(line["command"], line["decision"], line["rule"]) for line in lines],
            [
                ("guest-exec", "refused", ""),
                ("guest-file-open", "allowed", "logs"),
                ("guest-file-open", "refused", ""),
                ("guest-ping", "allowed", "logs"),
            ],
        )
        self.assertEqual({line["who"]["uid"] for line in lines}, {NOBODY})
        self.assertEqual(lines[1]["arguments"], opens)

    def test_another_guest(self) -> None:
        """
        Where the policy gives a user nothing, they are not let in.
        """
        (reply,) = self.say(guest="web1")
        self.assertIn(
            "you are uid 65534, whom the policy gives nothing here", reply["error"]["desc"]
        )
        self.line(lambda line: "connection" in line and line["who"]["uid"] == NOBODY)

    def test_root(self) -> None:
        """
        Root may what nobody is forbidden; not even root may what everybody is.
        """
        with self.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
            with self.assertRaises(Refused) as caught:
                client.call("guest-set-time", time=1)
        self.assertEqual(caught.exception.wire_class, "CommandNotFound")
        line = self.line(lambda line: line["command"] == "guest-set-time")
        self.assertEqual((line["decision"], line["rule"]), ("refused", "nobody sets the time"))

    def test_information(self) -> None:
        """
        A client that asks which commands there are is told which of them it may call.
        """
        (reply,) = self.say(request("guest-info"))
        enabled = {
            each["name"] for each in reply["return"]["supported_commands"] if each["enabled"]
        }
        self.assertIn("guest-file-open", enabled)
        self.assertNotIn("guest-exec", enabled)
        with self.connect() as client:
            info = client.call("guest-info")
        ours = {each["name"] for each in info["supported_commands"] if each["enabled"]}
        self.assertIn("guest-exec", ours)

    def test_reload(self) -> None:
        """
        A policy that was changed holds for who is connected; sessions and clients are kept.
        """
        with self.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
            rule = '[[rule]]\nwho = "everybody"\ncommands = "guest-get-*"\nallow = false\n'
            self.policy.write_text(rule)
            self.mux.signal(signal.SIGHUP)

            def refused() -> bool:
                try:
                    client.call("guest-get-time")
                except Refused as why:
                    return why.wire_class == "CommandNotFound"
                return False

            self.until(refused)
            self.assertEqual(client.call("guest-ping"), {})

    def test_rotated(self) -> None:
        """
        The audit may be moved away at any time: what comes next is in a new one.
        """
        with self.connect() as client:
            client.call("guest-ping")
            self.line(lambda line: line["command"] == "guest-ping")
            old = self.audit.with_name("audit.1")
            self.audit.rename(old)
            kept = old.read_bytes()
            client.call("guest-get-time")
            self.line(lambda line: line["command"] == "guest-get-time")
        self.assertTrue(old.read_bytes().startswith(kept))
        self.assertNotIn(b"guest-get-time", old.read_bytes())
        self.assertEqual(self.audit.stat().st_mode & 0o777, 0o600)

    def test_no_secrets(self) -> None:
        """
        Neither contents nor secrets are in the audit.
        """
        with self.connect() as client:
            path = str(self.agent.folder / "file")
            handle = client.call("guest-file-open", path=path, mode="w+")
            client.call("guest-file-write", handle=handle, buf_b64="c2VjcmV0")
            client.call("guest-file-seek", handle=handle, offset=0, whence=0)
            read = client.call("guest-file-read", handle=handle)
            self.assertEqual(read["buf-b64"], "c2VjcmV0")
            client.call("guest-file-close", handle=handle)
        self.line(lambda line: line["command"] == "guest-file-close")
        self.assertNotIn("c2VjcmV0", self.audit.read_text())

    def test_end(self) -> None:
        """
        When the mux has stopped, everything is in the audit.
        """
        with self.connect() as client:
            for _ in range(50):
                client.call("guest-get-time")
            self.mux.stop()
        asked = [line for line in self.lines() if line["command"] == "guest-get-time"]
        self.assertEqual(len(asked), 50)
        self.assertEqual({line["outcome"] for line in asked}, {"returned"})


class WrongTests(PolicyCase):
    def test_wrong(self) -> None:
        """
        A mux whose policy is wrong does not start, and says what is wrong.
        """
        policy = self.mux.folder / "wrong.toml"
        policy.write_text("[[rule]]\nwho = 'ann'\ncommands = 'x'")
        twistd = "from twisted.scripts.twistd import run; run()"
        done = subprocess.run(
            [
                *(sys.executable, "-c", twistd, "-n", "--pidfile=", "qga-mux", "--guest=a=/x"),
                *("--serve", str(self.mux.folder / "other"), "--policy", str(policy)),
            ],
            env=self.mux._env,
            cwd=self.mux.cwd,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertNotEqual(done.returncode, 0)
        said = (done.stdout + done.stderr).decode()
        self.assertIn("rule 1: who[0]: 'ann' is none of uid:NUMBER", said)
