"""The two daemons of the demo, as processes that leave nothing behind."""

import shlex
import signal
import subprocess
import sys
from pathlib import Path

from txqga.schema import CommandClass, command_class, shipped

PATIENCE = 30.0  #: seconds in which a daemon has to end when it is asked to


class Failed(Exception):
    """A daemon did not do what the demo is there to show."""


def harmless() -> list[str]:
    """
    Name the commands that leave a machine as it is.

    Opening a file is not among them: it may create the file, or empty it.
    """
    schema = shipped()
    reading = [n for n in schema.commands if command_class(schema, n, {}) is CommandClass.READ]
    return ["guest-sync", "guest-sync-delimited", *reading]


class Daemon:
    """A process, its log beside its socket."""

    def __init__(self, name: str, folder: Path, *words: str) -> None:
        self.name = name
        self.words = words
        self.log = folder / f"{name}.log"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; the terminal's Ctrl-C does not reach it, so that we can end all in order."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(Path(sys.executable).parent / self.words[0]), *self.words[1:]],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def check(self) -> None:
        """
        Look whether it still runs.

        :raise Failed: it does not; with the end of its log.
        """
        if self._process is not None and self._process.poll() is not None:
            said = self.log.read_text(errors="replace").splitlines()[-20:]
            raise Failed("\n".join([f"{self.name} ended with {self._process.returncode}:", *said]))

    def kill(self) -> None:
        """End it at once, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE)
        self._process = None

    def stop(self) -> int:
        """
        End it as a service manager would.

        :return: the exit status; 0 if it was not running.
        """
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(PATIENCE)
        finally:
            self._process = None

    def __str__(self) -> str:
        return shlex.join(self.words)
