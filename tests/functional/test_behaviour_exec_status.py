"""What became of a program: its end, its output, and what of it is kept. Facts 4."""

import base64
import os
import time
from typing import Any

from tests.functional._behaviour import of_a_process, only
from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, V7_2, V10_0
from tests.functional._programs import STATUS, Programs
from tests.functional._rows import call, error

KEPT = 16_777_216  #: octets kept of each stream


class Ends(Programs):
    def unknown(self, pid: int) -> None:
        """Check that this pid is not known."""
        self.check(
            call(
                STATUS,
                {"pid": pid},
                error("PID ld does not exist"),
                v7_2=error("Invalid parameter 'pid'"),
            )
        )

    def test_exit_codes(self) -> None:
        """
        A program that exits has an exit code, of eight bits.
        """
        for given, code in ((0, 0), (1, 1), (42, 42), (255, 255), (300, 44)):
            self.assertEqual(self.shell(f"exit {given}"), self.ended(code))

    def test_signals(self) -> None:
        """
        A program that is killed has the signal's number and no exit code.
        """
        for number in (9, 15, 6, 1, 10):
            self.assertEqual(self.shell(f"kill -{number} $$"), {"exited": True, "signal": number})

    def test_fetched_once(self) -> None:
        """
        The status that says a program has exited is the last one: then the pid is not known.
        """
        for script in ("exit 3", "kill -9 $$", "echo x"):
            pid = self.launch("/bin/sh", "-c", script, capture_output=True)
            self.result(pid)
            self.unknown(pid)

    def test_unknown(self) -> None:
        """
        A pid that was not started by the agent is not known, also if it is a process.
        """
        for pid in (0, -1, 1, os.getpid(), 2**31, 2**62):
            self.unknown(pid)

    def test_while_running(self) -> None:
        """
        As long as a program runs its status says so, and nothing else.
        """
        fifo = self.folder / "fifo"
        pid = self.launch(
            "/bin/sh",
            "-c",
            f"echo early; mkfifo {fifo}; read x <{fifo}; echo $x",
            capture_output=True,
        )
        deadline = time.monotonic() + PATIENCE
        while not fifo.exists():
            self.assertLess(time.monotonic(), deadline)
            self.assertEqual(self.peer.call(STATUS, pid=pid), {"exited": False})
        fifo.write_text("late\n")
        self.assertEqual(self.result(pid), self.ended(out=b"early\nlate\n"))

    def test_grandchild(self) -> None:
        """
        A program has not exited for us before everybody who holds its output has.
        """
        fifo = self.folder / "fifo"
        script = f"mkfifo {fifo}; (read x <{fifo}; echo $x; exec >&-) & echo parent"
        pid = self.launch("/bin/sh", "-c", script, capture_output=True)
        deadline = time.monotonic() + PATIENCE
        while not fifo.exists():
            self.assertLess(time.monotonic(), deadline)
        for _ in range(20):
            self.assertEqual(self.peer.call(STATUS, pid=pid), {"exited": False})
        fifo.write_text("grandchild\n")
        self.assertEqual(self.result(pid), self.ended(out=b"parent\ngrandchild\n"))

    def test_background(self) -> None:
        """
        Without capturing, what a program leaves in the background is not waited for.
        """
        fifo = self.folder / "fifo"
        pid = self.launch("/bin/sh", "-c", f"mkfifo {fifo}; (read x <{fifo}) & exit 5")
        self.assertEqual(self.result(pid), self.ended(5))
        fifo.write_text("go\n")

    @of_a_process
    def test_reaped(self) -> None:
        """
        The agent leaves no zombies, and keeps results until they are fetched, for any client.
        """
        pids = [self.launch("/bin/sh", "-c", f"exit {number}") for number in range(20)]
        deadline = time.monotonic() + PATIENCE
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        while open(children).read():  # noqa: PTH123, SIM115
            self.assertLess(time.monotonic(), deadline, "zombies")
        self.use(self.process)
        for number, pid in enumerate(pids):
            self.assertEqual(self.peer.call(STATUS, pid=pid), self.ended(number))
            self.unknown(pid)

    @of_a_process
    def test_descriptors(self) -> None:
        """
        Programs that have ended leave nothing open in the agent.
        """
        self.shell("echo warm up", input_data="YQ==")
        before = sorted(self.process.open_files())
        for _ in range(10):
            self.shell("echo out; echo err >&2", input_data="YQ==")
            if self.series == OURS:  # qemu-ga keeps the pipe whose input nobody wanted
                self.run_program("/bin/true", input_data="YWJj" * 30_000)
        self.assertEqual(sorted(self.process.open_files()), before)


class Output(Programs):
    through_a_mux = True

    def test_streams(self) -> None:
        """
        Both streams are captured, octet by octet; a stream without output has no member.
        """
        for script, out, err in (
            ("printf out", b"out", b""),
            ("printf err >&2", b"", b"err"),
            ("printf out; printf err >&2", b"out", b"err"),
            (":", b"", b""),
            (r"printf '\000\377\n\r'", b"\0\xff\n\r", b""),
        ):
            self.assertEqual(self.shell(script), self.ended(0, out, err))

    def test_not_captured(self) -> None:
        """
        Nothing is kept unless it was asked for.
        """
        modes: list[dict[str, Any]] = [{}, {"capture-output": False}]
        if self.series != V7_2:  # which knows only the boolean
            modes.append({"capture-output": "none"})
        for more in modes:
            pid = self.launch("/bin/sh", "-c", "echo out; echo err >&2", **more)
            self.assertEqual(self.result(pid), self.ended(0))

    @only(V10_0, OURS, because="7.2 knows only the boolean")
    def test_modes(self) -> None:
        """
        Streams are captured separately, merged, or only one of them.
        """
        script = "echo 1; echo 2 >&2; echo 3; echo 4 >&2"
        for mode, out, err in (
            (True, b"1\n3\n", b"2\n4\n"),
            ("separated", b"1\n3\n", b"2\n4\n"),
            ("merged", b"1\n2\n3\n4\n", b""),
            ("stdout", b"1\n3\n", b""),
            ("stderr", b"", b"2\n4\n"),
        ):
            # a fresh agent each: qemu-ga closes its own stdin with stdout and stderr
            self.use(self.start())
            pid = self.launch("/bin/sh", "-c", script, capture_output=mode)
            self.assertEqual(self.result(pid), self.ended(0, out, err), mode)

    @only(OURS, because="qemu-ga closes a descriptor of its own with some modes")
    def test_modes_again(self) -> None:
        """
        Modes can be mixed in any order in one agent.
        """
        for _ in range(5):
            for mode, out, err in (
                ("stdout", b"out", b""),
                ("stderr", b"", b"err"),
                ("merged", b"outerr", b""),
                ("separated", b"out", b"err"),
                ("none", b"", b""),
            ):
                pid = self.launch(
                    "/bin/sh", "-c", "printf out; printf err >&2", capture_output=mode
                )
                self.assertEqual(self.result(pid), self.ended(0, out, err), mode)

    def test_much(self) -> None:
        """
        Up to 16 MiB of each stream are kept.
        """
        script = f"head -c {KEPT} /dev/zero; head -c 1000000 /dev/zero | tr '\\0' x >&2"
        status = self.shell(script)
        self.assertEqual(len(base64.b64decode(status["out-data"])), KEPT)
        self.assertEqual(base64.b64decode(status["err-data"]), b"x" * 1_000_000)
        self.assertIn(status.get("out-truncated"), (False, None))

    def test_too_much(self) -> None:
        """
        What is more is read and dropped, and the status says so.
        """
        script = f"(head -c {KEPT - 1} /dev/zero; printf abc) >&2; echo done"
        status = self.shell(script)
        kept = base64.b64decode(status["err-data"])
        self.assertEqual((len(kept), kept[-2:]), (KEPT, b"\0a"))
        self.assertIs(status["err-truncated"], self.series != V10_0)  # 10.0.2 says false
        self.assertEqual(status["out-data"], "ZG9uZQo=")

    def test_many(self) -> None:
        """
        Many programs run at the same time, each with its own output.
        """
        pids = [
            self.launch(
                "/bin/sh", "-c", f"cat; echo {number} >&2", input_data="YWJj", capture_output=True
            )
            for number in range(40)
        ]
        for number, pid in reversed(list(enumerate(pids))):
            self.assertEqual(self.result(pid), self.ended(0, b"abc", f"{number}\n".encode()))


globals().update(Ends.for_every_agent())
globals().update(Output.for_every_agent())
