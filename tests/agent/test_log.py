"""The agent's log."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._log import LogFile
from txqga.agent._start import StartFailed


class LogFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def test_line(self) -> None:
        """
        A line has the time in seconds since 1970 with six digits behind the point, and a level.
        """
        LogFile.open(str(self.path)).line("info", "guest-exec called")
        self.assertRegex(self.path.read_text(), r"\A\d+\.\d{6}: info: guest-exec called\n\Z")

    def test_appends(self) -> None:
        """
        What is in the file stays there; each line is written at once.
        """
        self.path.write_text("old\n")
        log = LogFile.open(str(self.path))
        log.line("info", "a")
        self.assertEqual(len(self.path.read_text().splitlines()), 2)
        log.line("info", "b")
        self.assertEqual(len(self.path.read_text().splitlines()), 3)

    def test_one_line(self) -> None:
        """
        Whatever a host sent, it cannot write lines of its own into the log.
        """
        text = "a\n1.000000: info: b\r\x1b[2J\u2028\x9b é \udcff"
        LogFile.open(str(self.path)).line("info", text)
        [line] = self.path.read_bytes().splitlines()
        shown = rb"a\n1.000000: info: b\r\x1b[2J\u2028\x9b " + "é".encode() + rb" \udcff"
        self.assertTrue(line.endswith(shown), line)

    def test_cannot_open(self) -> None:
        """
        A log that cannot be opened is an error in qemu-ga's words.
        """
        with self.assertRaises(StartFailed) as caught:
            LogFile.open(str(self.path / "x"))
        self.assertEqual(
            str(caught.exception), "unable to open specified log file: No such file or directory"
        )

    def test_full(self) -> None:
        """
        A disk that is full, or an output that is closed, does not stop the agent.
        """
        LogFile.open("/dev/full").line("info", "lost")
        LogFile(-1).line("info", "lost")
