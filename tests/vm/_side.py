"""The way into the guest that is not under test: a root shell on a port of its own."""

import secrets
import socket
import time
from pathlib import Path

from attrs import frozen

from tests.vm._patience import PATIENCE


class Broken(Exception):
    """The guest's shell went away, or never answered."""


@frozen
class Ran:
    """What came of a command."""

    status: int
    output: bytes  #: standard output and standard error, as they came


class Side:
    """
    The guest's root shell: one command after the other.

    It runs from a tmpfs and opens no file, so it answers while all filesystems are frozen.
    """

    def __init__(self, path: Path) -> None:
        self._read = bytearray()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))

    def booted(self, patience: float = PATIENCE) -> None:
        """
        Wait until there is a shell.

        :raise Broken: there never was.
        """
        deadline = time.monotonic() + patience
        while True:
            # What is sent before anybody listens may be lost, so it is sent again and again; the
            # last of these answers is told from earlier ones by its token.
            try:
                self.run("true", patience=2.0)
                return
            except Broken as why:
                silent = isinstance(why.__cause__, TimeoutError)
                if not silent or time.monotonic() > deadline:
                    raise

    def run(self, script: str, patience: float = PATIENCE) -> Ran:
        """
        Run a script for busybox's shell.

        :raise Broken: it did not end in time.
        """
        token = f"<{secrets.token_hex(8)}>".encode()
        start = b"<" + token
        # The token is put together in the guest: only what the shell prints has it whole.
        half, rest = token[:4].decode(), token[4:].decode()
        told = f"echo '<{half}''{rest}'; ( {script}\n) < /dev/null 2>&1; "
        told += f"echo '{half}''{rest}' $?\n"
        self._socket.settimeout(patience)
        deadline = time.monotonic() + patience
        try:
            self._socket.sendall(told.encode())
            self._until(start + b"\n", deadline)
            output = self._until(token + b" ", deadline)
            status = self._until(b"\n", deadline)
        except OSError as why:
            raise Broken(f"{script}: {why}; so far {bytes(self._read[-2000:])!r}") from why
        return Ran(int(status), output)

    def check(self, script: str, patience: float = PATIENCE) -> str:
        """
        The output of a script that must succeed.

        :raise AssertionError: it did not.
        """
        ran = self.run(script, patience)
        output = ran.output.decode(errors="replace")
        assert ran.status == 0, f"{script}: status {ran.status}: {output}"
        return output

    def until(self, script: str, patience: float = PATIENCE) -> str:
        """
        Run a script again and again until it succeeds; its output then.

        :raise AssertionError: it never did.
        """
        deadline = time.monotonic() + patience
        while (ran := self.run(script)).status != 0:
            assert time.monotonic() < deadline, f"never: {script}: {ran.output!r}"
            time.sleep(0.2)
        return ran.output.decode(errors="replace")

    def close(self) -> None:
        self._socket.close()

    def _until(self, mark: bytes, deadline: float) -> bytes:
        """What comes before ``mark``."""
        start = 0
        while (end := self._read.find(mark, start)) < 0:
            start = max(0, len(self._read) - len(mark))
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer in time")
            self._socket.settimeout(left)
            data = self._socket.recv(1 << 16)
            if not data:
                raise ConnectionError("QEMU has gone")
            self._read += data
        before = bytes(self._read[:end])
        del self._read[: end + len(mark)]
        return before
