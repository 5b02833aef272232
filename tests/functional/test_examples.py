"""The programs shown in the documentation do what it says."""

import platform
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._http import ask, listens
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import DANGEROUS, OURS, V7_2, AgentProcess, require
from tests.functional._process import Process

EXAMPLES = ROOT / "docs" / "examples"


TWISTD = "from twisted.scripts.twistd import run; run()"


#: what the how-to says of freezing on asyncio
FREEZING_ON_ASYNCIO = """
import asyncio
from twisted.internet import asyncioreactor
from twisted.internet.defer import Deferred
from txqga.guest import while_frozen
from txqga.testing import MemoryGuest

async def main():
    loop = asyncio.get_running_loop()
    asyncioreactor.install(loop)
    guest = MemoryGuest()

    async def work():
        await asyncio.sleep(0.001)
        return 1, guest.is_frozen

    done = await while_frozen(
        guest.clock, guest,
        lambda: Deferred.fromFuture(asyncio.ensure_future(work())), owner="a test"
    ).asFuture(loop)
    print(done.result, guest.is_frozen)

asyncio.run(main())
"""


#: around what the how-to does with a guest
RUNS_AND_COPIES = """
import sys
from twisted.internet import task
from twisted.internet.defer import Deferred
from txqga import Guest

async def main(reactor, where):
    guest = Guest.connect(reactor, where)
    await guest.wait_ready(30)
{lines}
task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, *sys.argv[1:])))
"""


class Example(Process):
    """An example that runs until it is told to end."""

    def __init__(
        self,
        argv: Sequence[str],
        is_ready: Callable[[str], bool],
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        """:param is_ready: tells that from what it has said."""
        super().__init__(argv, env=env)
        self._is_ready = is_ready

    def ready(self) -> bool:
        return self._is_ready(self.complaints())


class ExamplesTests(SynchronousTestCase):
    def run_example(self, agent: AgentProcess, name: str, *words: str) -> str:
        return self.run_words(str(EXAMPLES / name), f"unix:{agent.socket}", *words)

    def run_words(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_host_name(self) -> None:
        """
        The first example of the tutorial prints the guest's name.
        """
        with AgentProcess(require(OURS)) as agent:
            self.assertEqual(self.run_example(agent, "host_name.py"), socket.gethostname() + "\n")

    def test_readme(self) -> None:
        """
        The program in the README tells which system the guest has.
        """
        (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
        self.assertIn("unix:/run/qga/db1.sock", program)
        with AgentProcess(require(V7_2)) as agent:
            here = program.replace("/run/qga/db1.sock", str(agent.socket))
            self.assertIn(platform.release(), self.run_words("-c", here))

    def test_freezing_on_asyncio(self) -> None:
        """
        On asyncio, a coroutine of asyncio's can be the work while guests hold still.
        """
        self.assertEqual(self.run_words("-c", FREEZING_ON_ASYNCIO), "(1, True) False\n")

    def test_run_program(self) -> None:
        """
        The example about sessions runs a program in the guest, and tells how it ended.
        """
        with AgentProcess(require(OURS)) as agent:
            self.assertEqual(
                self.run_example(agent, "run_program.py", "sh", "-c", "echo hello; exit 3"),
                "hello\nexit code 3\n",
            )

    def test_follow_program(self) -> None:
        """
        The example about programs shows what one says, on agents of either kind.
        """
        for series, way in ((OURS, "streamed"), (V7_2, "followed")):
            with AgentProcess(require(series)) as agent:
                said = self.run_example(
                    agent, "follow_program.py", "sh", "-c", "echo hello; exit 3"
                )
                self.assertEqual(said, f"hello\n{way}: exit code 3, signal None\n")

    def test_copy_files(self) -> None:
        """
        The example about files copies one in and out, with agents of either kind.
        """
        for series, way in ((OURS, "extension"), (V7_2, "program")):
            with AgentProcess(require(series)) as agent, tempfile.TemporaryDirectory() as folder:
                source, copy = Path(folder, "a"), Path(folder, "b")
                source.write_bytes(b"hello\n")
                said = self.run_example(agent, "copy_files.py", str(source), str(copy))
                self.assertIn("6 of 6 octets\n", said)
                self.assertIn(f"6 octets, known to be good by: {way}\n6 octets back\n", said)
                for path in (copy, Path(f"{source}.back")):
                    self.assertEqual(path.read_bytes(), b"hello\n")

    def test_guest_runs_and_copies(self) -> None:
        """
        What the how-to says of a guest's programs and files is so.
        """
        text = (ROOT / "docs" / "howto" / "guest.rst").read_text()
        (lines,) = re.findall(r"(    done = await guest.run(?:.*\n)+?)\n", text)
        program = RUNS_AND_COPIES.format(lines=lines)
        with AgentProcess(require(OURS)) as agent, tempfile.TemporaryDirectory() as folder:
            Path(folder, "app.tar").write_bytes(b"hello")
            here = program.replace('"/srv/', f'"{folder}/in-').replace("/var/log/syslog", __file__)
            here = here.replace('"app.tar"', f'"{folder}/app.tar"')
            here = here.replace('"syslog"', f'"{folder}/syslog"')
            self.assertIn("0 Filesystem", self.run_words("-c", here, f"unix:{agent.socket}"))
            self.assertEqual(Path(folder, "in-app.tar").read_bytes(), b"hello")
            self.assertEqual(Path(folder, "syslog").read_bytes(), Path(__file__).read_bytes())

    def test_tests(self) -> None:
        """
        The examples of tests, with a guest in memory, and with an agent that does as it is told,
        pass.
        """
        with tempfile.TemporaryDirectory() as folder:
            for name in ("test_backup.py", "test_start.py"):
                done = subprocess.run(
                    [sys.executable, "-m", "twisted.trial", str(EXAMPLES / name)],
                    cwd=folder,
                    env={"PYTHONPATH": str(ROOT)},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    timeout=120,
                    text=True,
                )
                self.assertIn("PASSED (successes=2)", done.stdout)

    def test_asyncio(self) -> None:
        """
        The example of an asyncio program asks two things at the same time.
        """
        with AgentProcess(require(OURS)) as agent:
            said = self.run_example(agent, "on_asyncio.py")
        self.assertRegex(said, rf"\A{re.escape(socket.gethostname())} \d{{10}}\n\Z")

    def test_service(self) -> None:
        """
        The example of a service tells of a guest that is busier than it should be.
        """
        argv = [sys.executable, "-c", TWISTD, "-n", "--pidfile=", "-oy", f"{EXAMPLES}/high_load.py"]
        with AgentProcess(require(OURS)) as agent:
            env = {"CHANNEL": f"unix:{agent.socket}", "LIMIT": "0"}
            with Example(argv, lambda said: "its load is" in said, env=env) as service:
                service.stop()
                self.assertIn("Server Shut Down", service.complaints())

    def test_http(self) -> None:
        """
        The example of a web page tells of the mux's guests, and of what goes wrong.
        """
        with AgentProcess(require(OURS)) as agent, MuxProcess({"db1": agent.socket}) as mux:
            page = mux.folder / "page"
            argv = [sys.executable, f"{EXAMPLES}/guests_over_http.py", f"unix:{page}"]
            with Example([*argv, str(mux.served)], lambda said: listens(page)):
                self.assertIn("kernel-release", ask(page, "GET", "/db1").json)
                self.assertEqual(ask(page, "GET", "/-").status, 404)
                agent.kill()
                while (answer := ask(page, "GET", "/db1")).status == 200:
                    pass  # until the mux has noticed
                self.assertEqual((answer.status, answer.octets[:12]), (504, b"the agent is"))

    def test_refused(self) -> None:
        """
        The example tells a refused command from one that may have run.
        """
        with AgentProcess(require(OURS), block=[*DANGEROUS, "guest-exec"]) as agent:
            self.assertRegex(
                self.run_example(agent, "run_program.py", "true"), "\\Athe guest refused: "
            )
