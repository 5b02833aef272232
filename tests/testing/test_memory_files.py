"""Files of a guest that is in memory."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.testing._memory_files import MemoryFiles


class MemoryFilesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.files = {"/a": b"0123456789"}
        self.answers = MemoryFiles(self.files).answers

    def ask(self, name: str, **arguments: Any) -> Any:
        wire = {each.replace("_", "-"): value for each, value in arguments.items()}
        return self.answers[f"guest-file-{name}"](wire)

    def test_read(self) -> None:
        """
        A file is read piece by piece, to its end.
        """
        handle = self.ask("open", path="/a")
        self.assertEqual(handle, 1000)
        self.assertEqual(
            self.ask("read", handle=handle, count=10),
            {"count": 10, "buf-b64": "MDEyMzQ1Njc4OQ==", "eof": False},
        )
        self.assertEqual(self.ask("read", handle=handle), {"count": 0, "buf-b64": "", "eof": True})

    def test_seek(self) -> None:
        """
        One may go to another place.
        """
        handle = self.ask("open", path="/a")
        for whence, offset, position in [("set", 4, 4), (1, 2, 6), ("cur", -1, 5), ("end", -2, 8)]:
            told = self.ask("seek", handle=handle, whence=whence, offset=offset)
            self.assertEqual(told, {"position": position, "eof": False})
        self.assertEqual(self.ask("read", handle=handle, count=1)["buf-b64"], "OA==")

    def test_write(self) -> None:
        """
        A file is written from its beginning, over what is there, or at its end.
        """
        for mode, there in [
            ("r+", b"hi23456789"),
            ("w", b"hi"),
            ("a", b"hihi"),
        ]:
            handle = self.ask("open", path="/a", mode=mode)
            self.assertEqual(
                self.ask("write", handle=handle, buf_b64="aGk="), {"count": 2, "eof": False}
            )
            self.assertEqual(self.files["/a"], there)
        handle = self.ask("open", path="/new", mode="a")
        self.ask("write", handle=handle, buf_b64="aGk=", count=1)
        self.assertEqual(self.files["/new"], b"h")

    def test_beyond(self) -> None:
        """
        What lies between the end and a write behind it is zeros.
        """
        handle = self.ask("open", path="/b", mode="w")
        self.ask("seek", handle=handle, whence="set", offset=2)
        self.ask("write", handle=handle, buf_b64="aGk=")
        self.assertEqual(self.files["/b"], b"\0\0hi")

    def test_errors(self) -> None:
        """
        What is not there is told as agents do.
        """
        refused = self.ask("open", path="/c")
        assert isinstance(refused, CommandFailed)
        self.assertEqual(
            refused.desc, "failed to open file '/c' (mode: 'r'): No such file or directory"
        )
        handle = self.ask("open", path="/a")
        self.assertEqual(self.ask("flush", handle=handle), {})
        self.assertEqual(self.ask("close", handle=handle), {})
        asked: list[tuple[str, dict[str, Any]]] = [
            ("close", {}),
            ("flush", {}),
            ("read", {}),
            ("write", {"buf_b64": ""}),
            ("seek", {"whence": 0, "offset": 0}),
        ]
        for name, more in asked:
            refused = self.ask(name, handle=handle, **more)
            assert isinstance(refused, CommandFailed)
            self.assertEqual(refused.desc, "handle '1000' has not been found")
