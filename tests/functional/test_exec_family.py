"""How programs of the guest are started: real ones, on the real reactor."""

import os
import signal
from pathlib import Path

from tests.functional._started import ProgramTestCase


class StartTests(ProgramTestCase):
    async def test_searched(self) -> None:
        """
        A program is looked for along its own PATH, and gets the name it was called by.
        """
        self.program("#!/bin/sh\necho found $0\n")
        path = f"PATH=/nowhere:{self.folder}:/bin:/usr/bin"
        done = await self.done(self.start("program", env=[path], capture_output=True))
        self.assertEqual(done.out.decode(), f"found {self.folder}/program\n")
        self.assertEqual(
            self.refused("program", env=["PATH=/bin"]),
            "Failed to execute child process “program” (No such file or directory)",
        )

    async def test_no_interpreter(self) -> None:
        """
        A file that does not say what runs it is a shell script.
        """
        path = self.program("echo shell $0 $1 $FOO\n")
        for name in (str(path), "program"):
            done = await self.done(
                self.start(
                    name,
                    "word",
                    env=[f"PATH={self.folder}", "FOO=bar"],
                    capture_output=True,
                )
            )
            self.assertEqual(done.out.decode(), f"shell {path} word bar\n")

    async def test_not_executable(self) -> None:
        """
        What may not be executed is refused at once; a later one that may be is found.
        """
        path = self.program("echo hello\n", 0o644)
        for name, reason in (
            (str(path), "Permission denied"),
            (str(self.folder), "Permission denied"),
            (f"{path}/x", "Not a directory"),
            ("", "No such file or directory"),
            (f"{path}\0", "No such file or directory"),
        ):
            self.assertEqual(
                self.refused(name), f"Failed to execute child process “{name}” ({reason})"
            )
        for search, reason in (
            (f"{self.folder}:/nowhere", "Permission denied"),
            ("/nowhere", "No such file or directory"),
        ):
            self.assertIn(reason, self.refused("program", env=[f"PATH={search}"]))
        (self.folder / "true").touch(0o644)
        search = f"PATH={self.folder}:/bin:/usr/bin"
        done = await self.done(self.start("true", env=[search]))
        self.assertEqual(done.exitcode, 0)

    async def test_too_long(self) -> None:
        """
        Arguments that the system does not take are refused.
        """
        self.assertEqual(
            self.refused("/bin/true", "x" * 140_000),
            "Failed to execute child process “/bin/true” (Argument list too long)",
        )

    async def test_variables(self) -> None:
        """
        The given variables are all there are, as they are: twice, empty, without a sign.
        """
        given = ["FOO", "A=1", "A=2", "=x", "B=1=2", "Ä=ü", "", "N=\0"]
        done = await self.done(
            self.start("/bin/cat", "/proc/self/environ", env=given, capture_output=True)
        )
        self.assertEqual(
            done.out,
            b"FOO\0A=1\0A=2\0=x\0B=1=2\0\xc3\x84=\xc3\xbc\0\0N=\xc0\x80\0",
        )
        done = await self.done(
            self.start("/bin/cat", "/proc/self/environ", env=[], capture_output=True)
        )
        self.assertEqual(done.out, b"")
        done = await self.done(self.start("/bin/cat", "/proc/self/environ", capture_output=True))
        inherited = {b"%b=%b" % pair for pair in os.environb.items()}
        self.assertLessEqual(inherited, set(done.out.split(b"\0")))

    async def test_arguments(self) -> None:
        """
        Arguments reach the program as they are.
        """
        words = ["a b", "", "$HOME", "ä\U0001f600", "x\0y"]
        done = await self.done(self.start("/usr/bin/printf", "<%s>", *words, capture_output=True))
        expected = "".join(f"<{word}>" for word in words).encode().replace(b"\0", b"\xc0\x80")
        self.assertEqual(done.out, expected)

    async def test_surroundings(self) -> None:
        """
        Folder, umask, session and process group are the agent's.
        """
        before = os.umask(0o027)
        self.addCleanup(os.umask, before)
        here, umask, stat = (await self.output("pwd -P; umask; cat /proc/$$/stat")).splitlines()
        self.assertEqual(Path(here), Path.cwd().resolve())
        self.assertEqual(int(umask, 8), 0o027)
        group, session = stat.rpartition(")")[2].split()[2:4]
        self.assertEqual((int(group), int(session)), (os.getpgrp(), os.getsid(0)))

    async def test_signals(self) -> None:
        """
        A program dies of a broken pipe, as programs expect, though the agent does not.
        """
        self.assertIs(signal.getsignal(signal.SIGPIPE), signal.SIG_IGN)
        for env in (None, ["PATH=/bin:/usr/bin"]):
            more = {} if env is None else {"env": env}
            ignored = await self.output("grep SigIgn /proc/self/status", **more)
            bit = 1 << (signal.SIGPIPE - 1)
            self.assertEqual(int(ignored.split()[1], 16) & bit, 0)

    async def test_files_of_the_agent(self) -> None:
        """
        A program has its three streams open and no file of the agent's, inheritable or not.
        """
        leaked = os.open("/dev/null", os.O_RDONLY)
        self.addCleanup(os.close, leaked)
        os.set_inheritable(leaked, True)
        for env in (None, ["PATH=/bin:/usr/bin"]):
            more = {} if env is None else {"env": env}
            # the shell's own "$$" is not the one that opens the folder
            listed = await self.output("ls /proc/$$/fd; true", input_data="", **more)
            self.assertEqual([n for n in listed.split() if int(n) < 10], ["0", "1", "2"])
            self.assertNotIn(str(leaked), listed.split())
