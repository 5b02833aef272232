"""The programs shown in the documentation do what it says."""

import socket
import subprocess
import sys
import tempfile

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._oracle import DANGEROUS, OURS, AgentProcess, require

EXAMPLES = ROOT / "docs" / "examples"


class ExamplesTests(SynchronousTestCase):
    def run_example(self, agent: AgentProcess, name: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / name), f"unix:{agent.socket}", *words],
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

    def test_run_program(self) -> None:
        """
        The example about sessions runs a program in the guest, and tells how it ended.
        """
        with AgentProcess(require(OURS)) as agent:
            self.assertEqual(
                self.run_example(agent, "run_program.py", "sh", "-c", "echo hello; exit 3"),
                "hello\nexit code 3\n",
            )

    def test_test(self) -> None:
        """
        The example of a test, with an agent that does as it is told, passes.
        """
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "twisted.trial", str(EXAMPLES / "test_start.py")],
                cwd=folder,
                env={"PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=120,
                text=True,
            )
        self.assertIn("PASSED (successes=2)", done.stdout)

    def test_refused(self) -> None:
        """
        The example tells a refused command from one that may have run.
        """
        with AgentProcess(require(OURS), block=[*DANGEROUS, "guest-exec"]) as agent:
            self.assertRegex(
                self.run_example(agent, "run_program.py", "true"), "\\Athe guest refused: "
            )
