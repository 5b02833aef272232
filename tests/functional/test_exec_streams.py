"""What comes of programs of the guest: real ones, on the real reactor."""

import base64
import errno
import os
import resource
import signal

from tests.functional._started import Done, ProgramTestCase, open_files
from txqga.agent._reaper import Reaper
from txqga.agent.families._exec import Exec
from txqga.errors import CommandFailed


class StreamTests(ProgramTestCase):
    async def test_exit(self) -> None:
        """
        Both streams and the exit code come back, apart from each other.
        """
        done = await self.done(self.shell("echo out; echo err >&2; exit 300"))
        self.assertEqual(done, Done(44, None, b"out\n", b"err\n", []))

    async def test_signal(self) -> None:
        """
        A program that was killed has a signal instead.
        """
        done = await self.done(self.shell("kill -KILL $$"))
        self.assertEqual(done, Done(None, signal.SIGKILL, b"", b"", []))

    async def test_merged(self) -> None:
        """
        Joined streams keep their order.
        """
        done = await self.done(
            self.shell("for n in 1 2 3; do echo o$n; echo e$n >&2; done", capture_output="merged")
        )
        self.assertEqual(done, Done(0, None, b"o1\ne1\no2\ne2\no3\ne3\n", b"", []))

    async def test_one_stream(self) -> None:
        """
        What is not captured is gone, again and again.
        """
        script = "echo out; echo err >&2"
        for _ in range(3):
            out = await self.done(self.shell(script, capture_output="stdout"))
            self.assertEqual((out.out, out.err), (b"out\n", b""))
            err = await self.done(self.shell(script, capture_output="stderr"))
            self.assertEqual((err.out, err.err), (b"", b"err\n"))
            none = await self.done(self.shell(script, capture_output="none"))
            self.assertEqual((none.out, none.err), (b"", b""))

    async def test_no_input(self) -> None:
        """
        Without input data a program reads nothing.
        """
        self.assertEqual(await self.output("readlink /proc/$$/fd/0; cat"), "/dev/null\n")

    async def test_input(self) -> None:
        """
        Input of any size goes through, while the output is read.
        """
        for size in (0, 1, 65536, 65537, 3_000_000):
            data = os.urandom(size)
            done = await self.done(
                self.start(
                    "/bin/cat",
                    input_data=base64.b64encode(data).decode(),
                    capture_output=True,
                )
            )
            self.assertEqual(done, Done(0, None, data, b"", []))

    async def test_unwanted_input(self) -> None:
        """
        A program need not read its input.
        """
        data = base64.b64encode(bytes(1_000_000)).decode()
        done = await self.done(self.shell("exec 0<&-; echo no", input_data=data))
        self.assertEqual(done, Done(0, None, b"no\n", b"", []))
        await self.until(lambda: not self.reactor.getWriters())

    async def test_background(self) -> None:
        """
        A program is not over while another one that it started writes into its output.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pid = self.shell(f"(read word < {gate}; echo $word) & echo early")
        await self.until_gone(pid)
        for _ in range(20):
            self.assertEqual(self.call("guest-exec-status", pid=pid), {"exited": False})
            await self.pause()
        gate.write_text("late\n")
        self.assertEqual(await self.done(pid), Done(0, None, b"early\nlate\n", b"", []))

    async def test_closed_output(self) -> None:
        """
        A program that closes its streams runs on.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pid = self.shell(f"echo early; exec >&- 2>&-; read word < {gate}; exit 3")
        for _ in range(20):
            self.assertEqual(self.call("guest-exec-status", pid=pid), {"exited": False})
            await self.pause()
        gate.write_text("go\n")
        self.assertEqual(await self.done(pid), Done(3, None, b"early\n", b"", []))

    async def test_truncated(self) -> None:
        """
        Of each stream 16 MiB are kept; the program is not held up by the rest.
        """
        done = await self.done(
            self.shell("head -c 16777216 /dev/zero >&2; head -c 40000000 /dev/zero")
        )
        self.assertEqual((done.exitcode, done.truncated), (0, ["out"]))
        self.assertEqual((len(done.out), len(done.err)), (16777216, 16777216))

    async def test_told_once(self) -> None:
        """
        A result is told once.
        """
        pid = self.shell("echo x")
        await self.done(pid)
        with self.assertRaises(CommandFailed) as caught:
            self.call("guest-exec-status", pid=pid)
        self.assertEqual(caught.exception.desc, "PID ld does not exist")


class LeftoverTests(ProgramTestCase):
    """Nothing stays behind."""

    async def test_no_zombies(self) -> None:
        """
        A program that ended is buried at once, whether anybody asks or not.
        """
        pids = [self.start("/bin/true") for _ in range(20)]
        for pid in pids:
            await self.until_gone(pid)
        for pid in pids:
            self.assertEqual((await self.done(pid)).exitcode, 0)

    async def test_many(self) -> None:
        """
        Many programs at a time do not mix, and leave nothing open.
        """
        await self.pause()  # the reactor has opened what it needs
        before = open_files()
        pids = [
            self.shell(f"echo {n}; read x; echo $x >&2; exit {n}", input_data="eA==")
            for n in range(60)
        ]
        for n, pid in enumerate(pids):
            self.assertEqual(await self.done(pid), Done(n, None, b"%d\n" % n, b"x\n", []))
        self.assertEqual(open_files(), before)

    async def test_failed_starts_leave_nothing(self) -> None:
        """
        Programs that cannot be started leave nothing open and no zombies.
        """
        await self.pause()  # the reactor has opened what it needs
        before = open_files()
        path = self.program("", 0o644)
        for _ in range(20):
            self.refused(str(path), input_data="eA==", capture_output=True)
        self.assertEqual(open_files(), before)
        self.assertRaises(ChildProcessError, os.waitpid, -1, os.WNOHANG)

    async def test_no_descriptors(self) -> None:
        """
        An agent that may open no more files says so, or runs the program; it loses track of none.
        """
        await self.pause()
        before = open_files()
        os.close(lowest := os.dup(0))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        started, refusals = [], set()
        for more in range(24):
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + more, hard))
            try:
                started.append(self.shell("cat; exit 3", input_data="eA=="))
            except CommandFailed as why:
                refusals.add(why.desc)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self.assertEqual(
            refusals, {"Failed to execute child process “/bin/sh” (Too many open files)"}
        )
        self.assertTrue(started)
        for pid in started:
            self.assertEqual(await self.done(pid), Done(3, None, b"x", b"", []))
        self.assertEqual(open_files(), before)


class SignalTests(ProgramTestCase):
    """The same where the kernel has no pidfd."""

    def make(self) -> Exec:
        def missing(pid: int) -> int:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        reactor = self.reactor
        return Exec(reactor, reaper=Reaper(reactor, missing))

    async def test_ends(self) -> None:
        """
        Programs that end are noticed by SIGCHLD.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pids = [self.shell(f"read word < {gate}; echo $word; exit 3"), self.start("/bin/true")]
        await self.until_gone(pids[1])
        gate.write_text("go\n")
        self.assertEqual(await self.done(pids[0]), Done(3, None, b"go\n", b"", []))
        self.assertEqual((await self.done(pids[1])).exitcode, 0)

    async def test_ended_before(self) -> None:
        """
        A program that ended before anybody watched it is noticed too.
        """
        pid = os.fork()
        if not pid:
            os._exit(3)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        told: list[int] = []
        reaper = Reaper(self.reactor, _no_more)
        reaper.watch(pid, told.append)
        self.assertEqual(told, [3 << 8])


def _no_more(pid: int) -> int:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
