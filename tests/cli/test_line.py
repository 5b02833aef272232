"""How the control interface is reached."""

from pathlib import Path
from typing import Any

from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._line import Line, line_of
from txqga.cli._where import Where

TOKEN = "0123456789abcdef0123"


class LineTests(SynchronousTestCase):
    def line(self, control: str, **more: Any) -> Line:
        return line_of(MemoryReactorClock(), Where(control=control, **more))

    def wrong(self, control: str, **more: Any) -> str:
        where = Where(control=control, **more)
        why = self.assertRaises(Complaint, line_of, MemoryReactorClock(), where)
        self.assertEqual(why.exit, Exit.USAGE)
        return str(why)

    def file(self, text: str, mode: int = 0o600) -> str:
        path = Path(self.mktemp())
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def test_local(self) -> None:
        """
        At a socket of this host the kernel says who asks: no token is told.
        """
        for control in ("/run/txqga/control.http", "unix:/run/txqga/control.http"):
            line = self.line(control, token=TOKEN)
            self.assertEqual((line.root, line.token), ("http://localhost", None))

    def test_network(self) -> None:
        """
        Over a network it is asked at its address, with a token.
        """
        line = self.line("https://mux.example:8443/", token=TOKEN)
        self.assertEqual((line.root, line.token), ("https://mux.example:8443", TOKEN))
        self.assertEqual(self.line("http://[::1]:80").root, "http://[::1]:80")
        self.assertEqual(self.line("tcp:mux.example:8080", token=TOKEN).token, TOKEN)

    def test_secret(self) -> None:
        """
        The token is in no log and no traceback.
        """
        self.assertNotIn(TOKEN, repr(self.line("http://h", token=TOKEN)))
        self.assertNotIn(TOKEN, repr(Where(token=TOKEN)))

    def test_token_file(self) -> None:
        """
        A file holds the token, and goes before the environment; nobody else may read it.
        """
        path = self.file(f"{TOKEN}\n")
        self.assertEqual(self.line("http://h", token="other", token_file=path).token, TOKEN)
        self.assertIn("chmod 600", self.wrong("http://h", token_file=self.file(TOKEN, 0o644)))
        self.assertIn("No such file", self.wrong("http://h", token_file="/nonexistent"))

    def test_no_token(self) -> None:
        """
        What is no token is not sent, nor shown.
        """
        for text in ("", "short", f"{TOKEN}\r\nX-Evil: 1", f"name {TOKEN}"):
            words = self.wrong("http://h", token_file=self.file(text))
            self.assertIn("it is no token", words)
            self.assertNotIn(TOKEN, words)

    def test_no_address(self) -> None:
        """
        What is no address is a mistake on the command line.
        """
        for control in (
            *("nonsense", "http://", "https://h:99999", "https://u:p@h", "https://h/x"),
            "https://[::1",
        ):
            self.assertIn("--control", self.wrong(control))

    def test_authority(self) -> None:
        """
        A file with certificates says whose word counts; over http there is nobody's.
        """
        self.assertIn("no certificate", self.wrong("https://h", ca=self.file("")))
        broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        self.assertIn("no certificate", self.wrong("https://h", ca=self.file(broken)))
        self.assertIn("No such file", self.wrong("https://h", ca="/nonexistent"))
        self.assertIn("http://", self.wrong("http://h", ca="/nonexistent"))
