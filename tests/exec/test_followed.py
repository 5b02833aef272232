"""A program whose output is in files of the guest."""

from typing import Any

from tests.exec._case import ExecCase, StockGuest
from txqga.errors import CommandFailed, CommandNotFound, ProgramLost
from txqga.exec import Way
from txqga.exec._followed import START
from txqga.exec._stock import INPUT


class FollowedTests(ExecCase):
    def setUp(self) -> None:
        self.stock()

    def start(self, **options: Any) -> Any:
        """Start a program that has made its files."""
        starting = self.exec.start("make", ["-j2"], **options)
        said = self.guest.started[-1]
        self.folder = said["arg"][3]
        self.guest.files[f"{self.folder}/out"] = b""
        self.guest.files[f"{self.folder}/err"] = b""
        self.later()
        return self.successResultOf(starting)

    def says(self, name: str, octets: bytes) -> None:
        self.guest.files[f"{self.folder}/{name}"] += octets

    def test_said(self) -> None:
        """
        A shell is told where output goes; words of the program are not taken for anything else.
        """
        self.start(cwd="/a b", env={"A": "b"}, merge=True, input=b"x").let_go()
        said = self.guest.started[0]
        self.assertTrue(self.folder.startswith("/tmp/txqga-"))
        self.assertEqual(
            said,
            {
                "path": "/bin/sh",
                "arg": ["-c", START, "sh", self.folder, "/a b", "merge", "make", "-j2"],
                "env": ["A=b"],
                "input-data": "eA==",
                "capture-output": True,
            },
        )

    def test_as_it_comes(self) -> None:
        """
        What is in the files is told as it comes, to the end, and then they are removed.
        """
        running = self.start()
        self.assertIs(running.way, Way.FOLLOWED)
        reading = running.stdout.read()
        self.says("out", b"one")
        self.later()
        self.assertEqual(self.successResultOf(reading), b"one")
        self.says("out", b"two")
        self.says("err", b"three")
        self.guest.end(exitcode=4)
        self.later()
        self.assertEqual(self.successResultOf(running.stdout.read()), b"two")
        self.assertEqual(self.successResultOf(running.stderr.read()), b"three")
        waiting = running.wait()
        self.finish_helpers()
        self.assertEqual(self.successResultOf(waiting).exit_code, 4)
        self.assertEqual(self.guest.started[-1]["arg"], ["-rf", "--", self.folder])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def finish_helpers(self) -> None:
        """Let the programs end that were started to clear up."""
        guest: StockGuest = self.guest
        for pid, reply in list(guest.replies.items()):
            if not reply["exited"]:
                guest.end(pid, exitcode=0)
        self.later()

    def test_not_started(self) -> None:
        """
        What the shell complains of is why a program was not started.
        """
        starting = self.exec.start("make")
        self.guest.end(exitcode=127, err_data=b"make: not found\n")
        self.later()
        self.finish_helpers()
        why = self.failureResultOf(starting, CommandFailed).value
        self.assertEqual(why.desc, "make: not found")

    def test_never_begins(self) -> None:
        """
        What hangs before it begins is killed when its time is over, and is no reason to wait.
        """
        for time_out, seconds in ((3.0, 3.0), (None, 60.0)):
            self.stock()
            running = self.exec.run("ls", way=Way.FOLLOWED, time_out=time_out)
            self.later(seconds - 1.0)
            self.assertNoResult(running)
            self.later(5.0)
            self.guest.end(102, exitcode=0)
            self.later()
            why = self.failureResultOf(running, CommandFailed).value
            self.assertIn(f"does not start within {seconds:g} s", str(why))
            _, kill, remove = self.guest.started
            self.assertEqual(kill["arg"][-2:], ["KILL", "100"])
            self.assertEqual(remove["path"], "rm")

    def test_helpers_hang(self) -> None:
        """
        A guest in which nothing ends does not hold up who has set a time.
        """
        self.guest.helper = {"exited": False, "exitcode": 1}
        running = self.exec.run("ls", way=Way.FOLLOWED, time_out=3.0)
        self.later(200.0)
        self.failureResultOf(running, CommandFailed)

    def test_output_gone(self) -> None:
        """
        A program whose files were removed is lost.
        """
        running = self.start()
        for command in ("guest-file-read", "guest-file-open"):
            self.guest.answer(command, CommandFailed("No such file or directory"))
        waiting = running.wait()
        self.later()
        self.failureResultOf(waiting, ProgramLost)

    def test_much_input(self) -> None:
        """
        Input that is too much for a command is a file that only its owner may read.
        """
        starting = self.exec.start("cat", input=bytes(INPUT + 1))
        self.finish_helpers()
        made, started = self.guest.started
        folder = made["arg"][-1]
        self.assertEqual((made["path"], made["arg"]), ("mkdir", ["-m", "700", "--", folder]))
        self.assertEqual(len(self.guest.files[f"{folder}/in"]), INPUT + 1)
        self.assertEqual(started["arg"][5], "input")
        self.assertNotIn("input-data", started)
        starting.cancel()

    def test_input_left(self) -> None:
        """
        Input that could not be given whole is not left in the guest.
        """
        self.guest.answer("guest-file-write", CommandFailed("No space left on device"))
        running = self.exec.run("cat", input=bytes(INPUT + 1))
        self.guest.end(exitcode=0)
        self.later()
        self.guest.end(101, exitcode=0)
        self.later()
        self.failureResultOf(running, CommandFailed)
        made, removed = self.guest.started
        self.assertEqual((removed["path"], removed["arg"][-1]), ("rm", made["arg"][-1]))

    def test_no_folder(self) -> None:
        """
        Where the folder cannot be made nothing is started.
        """
        starting = self.exec.start("cat", input=bytes(INPUT + 1))
        self.guest.end(exitcode=1, err_data=b"read-only\n")
        self.later()
        self.assertEqual(self.failureResultOf(starting, CommandFailed).value.desc, "read-only")
        self.assertEqual(len(self.guest.started), 1)

    def test_found_again(self) -> None:
        """
        A program that was let go is found again by its name.
        """
        for merge in (False, True):
            self.stock()
            running = self.start(merge=merge)
            running.let_go()
            again = self.successResultOf(self.exec.attach(running.name))
            self.assertEqual((again.name, again.way), (running.name, Way.FOLLOWED))
            reading = again.stdout.read()
            self.says("out", b"x")
            self.later()
            self.assertEqual(self.successResultOf(reading), b"x")
            again.let_go()
        for name in ("100-../x", "100-" + "0" * 31, "100-" + "0" * 32 + "x"):
            self.failureResultOf(self.exec.attach(name), ProgramLost)

    def test_no_stream(self) -> None:
        """
        A program that shall be written to while it runs is not started.
        """
        self.failureResultOf(self.exec.start("cat", stdin=True), CommandNotFound)
        self.assertEqual(self.guest.started, [])
