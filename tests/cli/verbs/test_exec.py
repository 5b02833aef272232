"""``txqga exec``."""

from base64 import b64decode, b64encode
from typing import Any

from tests.cli._case import InvokeCase, MemoryRun, VerbCase
from txqga.cli import _stdin
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._exec import exec_

DEFAULTS: dict[str, Any] = {
    "guest": "db1",
    "env": (),
    "only_env": False,
    "cwd": None,
    "time_out": None,
    "no_input": True,
    "merge": False,
    "detach": False,
    "key": None,
    "raw": False,
    "quiet": False,
}


class FakeStdin:
    """What is piped in."""

    is_terminal = False

    async def read_all(self) -> bytes:
        return b"typed"


class ExecTests(VerbCase):
    """With an agent that tells what a program has said at its end."""

    def setUp(self) -> None:
        super().setUp()
        self.said: dict[str, Any] = {"exitcode": 3, "out-data": b64encode(b"out\n").decode()}
        self.started: list[Any] = []
        self.answers["guest-exec"] = self.begin
        self.answers["guest-exec-status"] = lambda _: {"exited": True, **self.said}

    def begin(self, arguments: Any) -> Any:
        self.started.append(arguments)
        return {"pid": 7}

    def exec(self, *command: str, json: bool = False, **options: Any) -> tuple[MemoryRun, int]:
        """Run it; what was told, and the exit status."""
        run = self.start(json=json)
        return run, self.done(exec_.work(run, **{**DEFAULTS, "command": command, **options}))

    def test_run(self) -> None:
        """
        What a program says is written as it is, its exit code is the exit status.
        """
        self.said["err-data"] = b64encode(b"\x1b[2J").decode()
        run, status = self.exec("ls", "-l")
        self.assertEqual((run.stdout.getvalue(), status), ("out\n", 3))
        self.assertIn("this agent cannot stream", run.stderr.getvalue())
        self.assertTrue(run.stderr.getvalue().endswith("\n\\x1b[2J"))
        self.assertEqual(self.started[0]["path"], "ls")
        self.assertEqual(self.started[0]["arg"], ["-l"])

    def test_environment(self) -> None:
        """
        Variables are added to the agent's own by a program, or take their place.
        """
        self.exec("ls", "-l", env=("A=1", "B=x=y"), quiet=True)
        self.exec("ls", env=("A=1",), only_env=True)
        self.assertEqual(self.started[0]["path"], "env")
        self.assertEqual(self.started[0]["arg"], ["--", "A=1", "B=x=y", "ls", "-l"])
        self.assertEqual((self.started[1]["path"], self.started[1]["env"]), ("ls", ["A=1"]))
        for wrong in ("A", "=1"):
            run = self.start()
            given = {**DEFAULTS, "command": ("ls",), "env": (wrong,)}
            self.assertEqual(self.failed(exec_.work(run, **given), Complaint).exit, Exit.USAGE)

    def test_input(self) -> None:
        """
        What is piped in is given at once where the agent cannot stream.
        """
        self.patch(_stdin, "stdin_of", lambda reactor: FakeStdin())
        for json in (True, False):
            run, _ = self.exec("cat", no_input=False, json=json)
            self.assertEqual(b64decode(self.started.pop()["input-data"]), b"typed")
        self.assertIn("its input is read to the end first", run.stderr.getvalue())

    def test_json(self) -> None:
        """
        Programs are told all in one object; what is no text is in base64.
        """
        self.said["err-data"] = b64encode(b"\xff").decode()
        run, status = self.exec("ls", json=True)
        (value,) = run.values
        self.assertEqual((value["stdout"], value["stderr-b64"]), ("out\n", "/w=="))
        self.assertEqual((value["exit-code"], value["status"], status), (3, 3, 3))

    def test_detached(self) -> None:
        """
        A program that is let go is named; where it cannot be found again, that is said.
        """
        run, status = self.exec("ls", detach=True)
        self.assertEqual((run.lines, status), (["7"], 0))
        self.assertIn("told to nobody", run.stderr.getvalue())

    def test_cut(self) -> None:
        """
        What is missing of a program's output is said.
        """
        self.said["out-truncated"] = True
        run, _ = self.exec("ls")
        self.assertIn("the end of its standard output is missing", run.stderr.getvalue())

    def test_refused(self) -> None:
        """
        An agent that runs no programs is none to be confused with a program that fails.
        """
        del self.answers["guest-exec"]
        run = self.start()
        why = self.failed(exec_.work(run, **{**DEFAULTS, "command": ("ls",)}), Complaint)
        self.assertEqual(why.exit, Exit.OURS)


class ExecLineTests(InvokeCase):
    def test_dashes(self) -> None:
        """
        Whoever forgets the dashes before a command with options is told of them.
        """
        forgotten = self.invoke(exec_, "db1", "ls", "-l").exception
        self.assertIn("stands behind --", str(forgotten.format_message()))
        ours = self.invoke(exec_, "db1", "--far", "--", "ls", "-l").exception
        self.assertNotIn("behind", ours.format_message())
