"""Agents at a terminal: the nearest thing to a guest's port that any machine has."""

import json
import os
import select
import termios
import time
import tty
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.functional._client import PATIENCE, Conversation, Gone, request
from tests.functional._oracle import DANGEROUS, AgentProcess, Program


class Terminal(Conversation):
    """
    A pair of pseudo terminals: the agent has :attr:`path`, this is the host's end.

    The host's end passes octets as they are; what the agent's end does with them is the agent's
    business, or is raw too.
    """

    def __init__(self, *, raw: bool = True) -> None:
        self._ours, theirs = os.openpty()
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(theirs)
        self._theirs = theirs  # kept: where nobody has it open, our end reads an error
        self._read = bytearray()
        if raw:
            tty.setraw(theirs)

    def send(self, octets: bytes) -> None:
        """Write everything; what the agent says meanwhile is kept, so neither side can block."""
        rest = memoryview(octets)
        while rest:
            if self._wait(writing=True):
                rest = rest[os.write(self._ours, rest[:4096]) :]

    def takes(self, octets: bytes) -> bool:
        """Write all of this, but read nothing; whether the agent took it."""
        rest = memoryview(octets)
        while rest and select.select([], [self._ours], [], 1.0)[1]:
            rest = rest[os.write(self._ours, rest) :]
        return not rest

    def line(self) -> bytes:
        start = 0
        while (end := self._read.find(b"\n", start)) < 0:
            start = len(self._read)
            self._wait(writing=False)
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    def silent(self, seconds: float) -> bool:
        """Whether the agent says nothing for that long."""
        return not (self._read or select.select([self._ours], [], [], seconds)[0])

    def settings(self) -> list[Any]:
        """How the agent's end is set: see ``termios.tcgetattr``."""
        return termios.tcgetattr(self._theirs)

    def close(self) -> None:
        """Leave the line as it is: the host says nothing for the moment."""

    def hang_up(self) -> None:
        """Take the line away."""
        if self._ours >= 0:
            os.close(self._theirs)
            os.close(self._ours)
            self._ours = -1

    def _wait(self, *, writing: bool) -> bool:
        """Read what there is; return whether more can be written."""
        wants = [self._ours] if writing else []
        readable, writable, _ = select.select([self._ours], wants, [], PATIENCE)
        if not (readable or writable):
            raise Gone(f"silent for {PATIENCE:g} s; read so far: {bytes(self._read[:500])!r}")
        if readable:
            self._read += os.read(self._ours, 1 << 16)
        return bool(writable)


class TerminalAgent(AgentProcess):
    """An agent whose channel is a terminal."""

    def __init__(
        self,
        program: Program,
        method: str,
        *options: str,
        terminal: Terminal | None = None,
        path: Path | None = None,
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        """
        :param terminal: the host's end; none: a new one.
        :param path: what the agent opens, if it is not the terminal itself.
        """
        self.terminal = terminal or Terminal()
        words = ("-m", method, "-p", str(path or self.terminal.path), *options)
        super().__init__(program, *words, block=DANGEROUS, env=env)

    def start(self, *, unlink: bool = True) -> None:
        """Start it, and wait until it answers."""
        self.spawn()
        self.sync()

    def sync(self) -> None:
        """
        Get its attention, as a host does who knows nothing of what was before.

        :raise AssertionError: it ended, or does not answer.
        """
        deadline = time.monotonic() + PATIENCE
        number = int(deadline * 1e6) & 0xFFFFFFFF
        answer = b'\xff{"return": %d}' % number
        asked = request("guest-sync-delimited", {"id": number})
        while True:
            # An agent on a serial line drops what was said before it had opened it.
            self.terminal.send(b"\xff" + asked)
            while not self.terminal.silent(1.0):
                if self.terminal.line() == answer:
                    self._drain()
                    return
            if not self.alive or time.monotonic() > deadline:
                raise AssertionError(f"{self.argv} does not answer: {self.complaints()}")

    def _drain(self) -> None:
        """Read the answers to what was asked more than once."""
        self.terminal.send(request("guest-ping", id="drained"))
        while b'"drained"' not in self.terminal.line():
            pass

    def answers(self) -> bool:
        """Whether it answers a ping."""
        self.terminal.send(request("guest-ping", id="alive"))
        try:
            return bool(json.loads(self.terminal.line()) == {"return": {}, "id": "alive"})
        except Gone:
            return False

    def connect(self, patience: float = PATIENCE) -> Terminal:  # type: ignore[override]
        """The host's end."""
        return self.terminal

    def remove(self) -> None:
        """End it, and take its line away."""
        super().remove()
        self.terminal.hang_up()
