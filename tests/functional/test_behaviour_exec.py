"""Starting programs: arguments, environment, surroundings, input, refusals. Facts 4."""

import base64
import os
import signal
from pathlib import Path
from typing import Any

from tests.functional._behaviour import of_a_process
from tests.functional._client import Refused
from tests.functional._files import encoded
from tests.functional._programs import EXEC, Programs
from tests.functional._rows import Row, call, error


def failed(path: str, reason: str) -> Row:
    """A row that asks for a program which cannot be started."""
    desc = f"Failed to execute child process “{path}” ({reason})"
    return call(
        EXEC,
        {"path": path},
        error(desc),
        v7_2=error(f"Guest agent command failed, error was '{desc}'"),
    )


class Arguments(Programs):
    def test_argv(self) -> None:
        """
        The program gets its path as it was given, then the arguments, as octets in UTF-8.
        """
        script = "cat /proc/$$/cmdline; :"
        for arg in ([], ["a"], ["", "a b", "-x", "é😀", "'\"\\$HOME", "a\nb"], ["x" * 100_000]):
            argv = ["/bin/sh", "-c", script, *arg]
            self.assertEqual(self.output(*argv), b"".join(each.encode() + b"\0" for each in argv))

    def test_no_arguments(self) -> None:
        """
        Only the path must be given.
        """
        pid = self.peer.call(EXEC, path="/bin/true")["pid"]
        self.assertEqual(self.result(pid), self.ended(0))
        pid = self.peer.call(EXEC, path="/bin/false")["pid"]
        self.assertEqual(self.result(pid), self.ended(1))

    def program(self, folder: Path, name: str) -> Path:
        """A program that prints where it is."""
        folder.mkdir(exist_ok=True)
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {folder.name}\n")
        program.chmod(0o755)
        return program

    @of_a_process
    def test_search(self) -> None:
        """
        A name without a slash is looked for in the PATH of env, or else in the agent's.
        """
        here, there = self.folder / "here", self.folder / "there"
        self.program(here, "program")
        self.program(there, "program")
        self.use(self.start_process(env={"PATH": f"{here}:/usr/bin:/bin"}))
        self.assertEqual(self.output("program"), b"here\n")
        self.assertEqual(self.output("program", env=[f"PATH={there}"]), b"there\n")
        self.assertEqual(
            self.output("program", env=["A=1", f"PATH=/nowhere:{there}:{here}"]), b"there\n"
        )
        self.assertEqual(self.output("program", env=[]), b"here\n")
        self.assertEqual(self.output("program", env=["HOME=/"]), b"here\n")
        refused = self.assertRaises(Refused, self.output, "program", env=["PATH=/bin"])
        self.assertIn("No such file or directory", refused.desc)

    @of_a_process
    def test_search_without_path(self) -> None:
        """
        Where nobody has a PATH, programs are looked for in /bin, /usr/bin and the agent's folder.
        """
        self.use(self.start_process(env={"PATH": None}))
        self.program(self.process.cwd, "program")
        withs: list[dict[str, Any]] = [{}, {"env": []}]
        for more in withs:
            self.assertEqual(self.output("echo", "x", **more), b"x\n")
            self.assertEqual(self.output("program", **more), b"cwd\n")

    def test_search_goes_on(self) -> None:
        """
        The search goes past what cannot be executed.
        """
        (self.folder / "echo").write_text("not executable")
        (self.folder / "d" / "echo").mkdir(parents=True)
        env = [f"PATH={self.folder}:{self.folder}/d:/nowhere:/bin"]
        self.assertEqual(self.output("echo", "x", env=env), b"x\n")

    @of_a_process
    def test_relative(self) -> None:
        """
        A path with a slash starts at the agent's folder, and so does the search at an empty entry.
        """
        self.program(self.process.cwd, "here")
        self.assertEqual(self.output("./here"), b"cwd\n")
        for path in (":/bin", "/nowhere::/bin", "/bin:", "."):
            self.assertEqual(self.output("here", env=[f"PATH={path}"]), b"cwd\n")

    def test_script_without_interpreter(self) -> None:
        """
        A file that the kernel cannot execute is run by /bin/sh.
        """
        script = self.folder / "script"
        script.write_text('echo "$0" "$@"\n')
        script.chmod(0o755)
        self.assertEqual(self.output(str(script), "a", "b c"), f"{script} a b c\n".encode())

    def test_failures(self) -> None:
        """
        A program that cannot be started is refused at once, with the system's reason.
        """
        (self.folder / "file").write_text("#!/bin/sh\n")
        (self.folder / "bad").write_text("#!/nonexistent/interpreter\n")
        (self.folder / "bad").chmod(0o755)
        missing = "No such file or directory"
        self.check(
            failed("/nonexistent/program", missing),
            failed("no-such-program-anywhere", missing),
            failed("", missing),
            failed("./nothing", missing),
            failed(str(self.folder), "Permission denied"),
            failed(str(self.folder / "file"), "Permission denied"),
            failed(str(self.folder / "file" / "x"), "Not a directory"),
            failed(str(self.folder / "bad"), missing),
            failed("/no/é 'x'", missing),
        )


class Surroundings(Programs):
    @of_a_process
    def test_environment(self) -> None:
        """
        Given variables replace the agent's, just as they are; without any, the agent's are taken.
        """
        for env in (
            [],
            ["A=1"],
            ["A=1", "B=x=y z", "C=", "no equals sign", "é=😀"],
            ["A=1", "A=2"],
        ):
            found = self.output("/bin/cat", "/proc/self/environ", env=env)
            self.assertEqual(found, b"".join(each.encode() + b"\0" for each in env))
        self.use(self.start_process(env={"TXQGA_TEST": "inherited"}))
        self.assertIn(b"TXQGA_TEST=inherited\0", self.output("/bin/cat", "/proc/self/environ"))

    @of_a_process
    def test_agent_around_it(self) -> None:
        """
        The program runs in the agent's folder, session, process group and umask.
        """
        agent = self.process.pid
        with open(f"/proc/{agent}/stat") as file:  # noqa: PTH123
            group, session = file.read().rpartition(")")[2].split()[2:4]
        fields = self.output("/bin/cat", "/proc/self/stat").rpartition(b")")[2].split()
        self.assertEqual([int(field) for field in fields[1:4]], [agent, int(group), int(session)])
        self.assertEqual(
            self.output("/bin/readlink", "/proc/self/cwd"), f"{self.process.cwd}\n".encode()
        )
        for line in (b"Umask:", b"Groups:", b"Uid:", b"NoNewPrivs:"):
            with open(f"/proc/{agent}/status", "rb") as status:  # noqa: PTH123
                [wanted] = [each for each in status if each.startswith(line)]
            self.assertIn(wanted, self.output("/bin/cat", "/proc/self/status"))

    def test_signals(self) -> None:
        """
        The program starts with no signal blocked or ignored by the agent.
        """
        status = self.output("/bin/cat", "/proc/self/status").decode()
        found = dict(line.split(":\t") for line in status.splitlines() if line.startswith("Sig"))
        self.assertEqual(int(found["SigBlk"], 16), 0)
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD, signal.SIGTERM):
            self.assertFalse(int(found["SigIgn"], 16) >> (number - 1) & 1, number)

    def test_descriptors(self) -> None:
        """
        The program gets three descriptors and none of the agent's files.
        """
        self.peer.call("guest-file-open", path=str(self.folder / "f"), mode="w")
        for capture in (False, True):
            listing = self.folder / "listing"
            script = f"ls /proc/$$/fd >{listing}"
            # the shell has the listing open as a copy of its stdout, at 10 or above
            self.result(self.launch("/bin/sh", "-c", script, capture_output=capture))
            low = [number for number in listing.read_text().split() if int(number) < 10]
            self.assertEqual(low, ["0", "1", "2"], capture)

    def test_null(self) -> None:
        """
        Without input data stdin is /dev/null; what is not captured goes there too.
        """
        links = "/proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2"
        found = self.folder / "found"
        captures: list[dict[str, Any]] = [{}, {"capture_output": False}]
        for more in captures:
            self.result(self.launch("/bin/sh", "-c", f"(readlink {links}) >{found}; :", **more))
            self.assertEqual(found.read_text(), "/dev/null\n" * 3)
        status = self.shell(f"readlink {links}; :")
        self.assertTrue(base64.b64decode(status["out-data"]).startswith(b"/dev/null\npipe:"))


class Input(Programs):
    def test_input(self) -> None:
        """
        Input data is what the program reads from its stdin, and then the end.
        """
        for text in ("", "YWJj", "AAECAwQ=", "w6k="):
            status = self.run_program("/bin/cat", input_data=text)
            self.assertEqual(status.get("out-data", ""), text)

    def test_big_input(self) -> None:
        """
        Much input is written while the program reads, and the agent answers others meanwhile.
        """
        octets = os.urandom(3_000_000)
        pid = self.launch("/bin/cat", input_data=encoded(octets), capture_output=True)
        self.assertEqual(self.peer.call("guest-sync", id=1), 1)
        status = self.result(pid)
        self.assertEqual(status["out-data"], encoded(octets))

    def test_nobody_reads(self) -> None:
        """
        Input that the program does not read is dropped without an error.
        """
        text = encoded(b"x" * 1_000_000)
        for path in ("/bin/true", "/bin/false"):
            status = self.run_program(path, input_data=text)
            self.assertEqual(status, self.ended(1 if path == "/bin/false" else 0))
        self.assertEqual(
            self.shell("exec <&-; sleep 0.1; echo x", input_data=text), self.ended(out=b"x\n")
        )

    def test_bad_input(self) -> None:
        """
        Base64 that is none is refused before anything is started.
        """
        made = self.folder / "made"
        self.check(
            call(
                EXEC,
                {"path": "/usr/bin/touch", "arg": [str(made)], "input-data": "%"},
                error("Base64 data contains invalid characters"),
            ),
            call(
                EXEC,
                {"path": "/nonexistent", "input-data": "%"},
                error("Base64 data contains invalid characters"),
            ),
        )
        self.assertEqual(self.output("/bin/echo"), b"\n")
        self.assertFalse(made.exists())


globals().update(Arguments.for_every_agent())
globals().update(Surroundings.for_every_agent())
globals().update(Input.for_every_agent())
