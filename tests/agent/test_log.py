"""The agent's log."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._held_back import LIMIT
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

    def test_held(self) -> None:
        """
        While nothing may be written lines are kept, and written later with their own times.
        """
        log = LogFile.open(str(self.path))
        log.hold()
        log.line("info", "a")
        self.assertEqual(self.path.read_text(), "")
        log.resume()
        log.line("info", "b")
        self.assertRegex(self.path.read_text(), r"\A\S+ info: a\n\S+ info: b\n\Z")

    def test_opened_later(self) -> None:
        """
        A file that may not be written yet is not made either.
        """
        log = LogFile.open(str(self.path), held=True)
        log.line("info", "a")
        self.assertFalse(self.path.exists())
        log.resume()
        self.assertRegex(self.path.read_text(), r"\A\S+ info: a\n\Z")

    def test_too_many(self) -> None:
        """
        Only the last lines are kept, and how many were lost is told.
        """
        log = LogFile.open(str(self.path), held=True)
        for _ in range(10):
            log.line("info", "x" * (LIMIT // 4))
        log.resume()
        first, *rest = self.path.read_text().splitlines()
        self.assertIn("warning: 7 lines before these were lost while filesystems were froz", first)
        self.assertEqual(len(rest), 3)
