"""A program whose output is told when all is over."""

from typing import Any

from tests.exec._case import ExecCase
from txqga.errors import CommandNotFound, InvalidArguments
from txqga.exec import Way
from txqga.exec._whole import SHELL


class WholeTests(ExecCase):
    def said(self, system: str, **options: Any) -> Any:
        """What the agent is told."""
        self.stock(system)
        self.successResultOf(self.exec.start("C:\\x.exe", ["a b"], way=Way.WHOLE, **options))
        return self.guest.started[0]

    def test_plain(self) -> None:
        """
        A program is started as it is, with words that agents of old know.
        """
        for system in ("debian", "mswindows"):
            self.assertEqual(
                self.said(system, env={"A": "b"}),
                {"path": "C:\\x.exe", "arg": ["a b"], "capture-output": True, "env": ["A=b"]},
            )

    def test_shell(self) -> None:
        """
        What an agent cannot do, a shell does; words are not taken for anything else.
        """
        said = self.said("debian", cwd="/a b", merge=True)
        words = ["-c", SHELL, "sh", "/a b", "merge", "C:\\x.exe", "a b"]
        self.assertEqual((said["path"], said["arg"]), ("/bin/sh", words))
        words = ["-c", SHELL, "sh", "", "", "C:\\x.exe", "a b"]
        self.assertEqual(self.said("debian", time_out=3)["arg"], words)

    def test_windows(self) -> None:
        """
        On Windows no shell is assumed, and what would need one is refused: the agent there cannot
        join streams either. Where nobody knows the system, the agent is asked.
        """
        self.stock("mswindows")
        for options in ({"cwd": "C:\\"}, {"merge": True}):
            self.failureResultOf(self.exec.start("x.exe", **options), InvalidArguments)
        self.assertEqual(self.guest.started, [])
        self.assertEqual(self.said("", merge=True)["capture-output"], "merged")

    def test_no_stream(self) -> None:
        """
        A program that shall be written to while it runs is not started.
        """
        self.stock("mswindows")
        self.failureResultOf(self.exec.start("cat", stdin=True), CommandNotFound)
        self.assertEqual(self.guest.started, [])
