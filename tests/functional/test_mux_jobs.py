"""Programs that clients of a mux have started by our agent: whose they are, and their ends."""

from pathlib import Path
from typing import Any

from tests.functional._client import Client, Refused
from tests.functional._mux_case import MuxCase
from tests.functional._oracle import OURS


class JobsTests(MuxCase):
    series = OURS
    tapped = False

    def start(self, client: Client, **more: Any) -> tuple[str, int]:
        """Start a program that does not end by itself."""
        told = client.call("txqga-exec-start", path="sleep", arg=["1000"], **more)
        return told["job"], told["pid"]

    def alive(self, pid: int) -> bool:
        return Path(f"/proc/{pid}").exists()

    def new(self, client: Client) -> str | None:
        """Start one with the key of another that was killed, as soon as nothing of it is left."""
        try:
            return self.start(client, key="mine")[0]
        except Refused:
            return None

    def test_theirs(self) -> None:
        """
        A job is there for the connection that has started it, whatever others call; when that goes
        it is killed, and nothing of it is left.
        """
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            job, pid = self.start(ann, stdin=True, key="mine")
            for command, arguments in (
                ("read", {}),
                ("write", {"offset": 0, "eof": True}),
                ("signal", {"signal": "kill"}),
                ("status", {}),
                ("detach", {}),
                ("release", {}),
            ):
                refused = self.assertRaises(
                    Refused, bob.call, f"txqga-exec-{command}", job=job, **arguments
                )
                self.assertEqual(refused.desc, f"job '{job}' has not been found")
            refused = self.assertRaises(Refused, self.start, bob, key="mine")
            self.assertEqual(refused.desc, "a job of another client has this key")
            self.assertEqual(bob.call("txqga-exec-list"), [])
            self.assertEqual([each["job"] for each in ann.call("txqga-exec-list")], [job])
            self.assertEqual(ann.call("txqga-exec-read", job=job)["running"], True)
            ann.close()
            self.until(lambda: not self.alive(pid))
            self.until(lambda: self.new(bob))

    def test_detached(self) -> None:
        """
        A detached job outlives its connection, and the connection to the agent; its user finds it,
        by whatever way they come.
        """
        with self.mux.connect("db1") as ann:
            job, pid = self.start(ann, detached=True)
            other, other_pid = self.start(ann)
            ann.call("txqga-exec-detach", job=other)
        self.until_gone(0)
        with self.mux.connect("db1") as again:
            listed = again.call("txqga-exec-list")
            self.assertEqual([each["job"] for each in listed], [job, other])
            self.assertEqual([each["detached"] for each in listed], [True, True])
            for each in (job, other):
                again.call("txqga-exec-signal", job=each, signal="kill")
                again.call("txqga-exec-release", job=each)
            self.assertEqual(again.call("txqga-exec-list"), [])
        self.until(lambda: not self.alive(pid) and not self.alive(other_pid))

    def test_mux_killed(self) -> None:
        """
        What a mux does not know, because it was killed meanwhile, root finds.
        """
        with self.mux.connect("db1") as ann:
            job, pid = self.start(ann, detached=True)
            self.mux.kill()
        self.mux.start()
        with self.mux.connect("db1") as again:
            self.assertEqual([each["job"] for each in again.call("txqga-exec-list")], [job])
            again.call("txqga-exec-signal", job=job, signal="kill")
            again.call("txqga-exec-release", job=job)
        self.until(lambda: not self.alive(pid))
