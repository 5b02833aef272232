"""
A blocking client of one agent, for tests that talk to processes.

It is deliberately not our own session: what proves a session must not be made of it.
"""

import itertools
import json
import select
import socket
import struct
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from attrs import define
from typing_extensions import Self

#: Seconds that a test waits for anything at all; nothing that works takes a tenth of it.
PATIENCE = 60.0

_fences = itertools.count(1)


@define
class Refused(Exception):
    """The agent answered a call with an error."""

    wire_class: str
    desc: str
    id: Any = None

    def __str__(self) -> str:
        return f"{self.wire_class}: {self.desc}"


class Gone(Exception):
    """The agent closed the connection, or did not answer in time; says what was read so far."""


def request(command: str, arguments: Mapping[str, Any] | None = None, **more: Any) -> bytes:
    """
    One request in octets, newline included.

    :param more: further members, such as ``id``.
    """
    message: dict[str, Any] = {"execute": command}
    if arguments is not None:
        message["arguments"] = dict(arguments)
    return json.dumps({**message, **more}).encode() + b"\n"


class Conversation:
    """What a client says and hears, whatever carries it: subclasses send octets and read lines."""

    def send(self, octets: bytes) -> None:
        raise NotImplementedError

    def line(self) -> bytes:
        """
        The next line the agent sends, without its newline; a leading 0xFF is part of it.

        :raise Gone: no line came.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the conversation."""
        raise NotImplementedError

    def abandon(self) -> None:
        """End the conversation in the middle."""
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def lines(self, count: int) -> list[bytes]:
        """The next ``count`` lines."""
        return [self.line() for _ in range(count)]

    def raw(self, octets: bytes) -> list[bytes]:
        """
        Send octets, and return every reply to them.

        They are fenced off by a ping of our own, behind a newline: its reply ends the list, so
        what is asked must leave the agent ready for a request.
        """
        number = f"fence-{next(_fences)}"
        self.send(octets + b"\n" + request("guest-ping", id=number))
        mark = b'"' + number.encode() + b'"'
        replies = []
        while mark not in (line := self.line()):
            replies.append(line)
        return replies

    def ask(self, octets: bytes) -> Any:
        """
        Send one request and return its one reply, decoded.

        :raise Gone: it was not answered.
        """
        self.send(octets)
        return json.loads(self.line().lstrip(b"\xff"))

    def call(self, command: str, **arguments: Any) -> Any:
        """
        Run one command; underscores in the names of arguments become hyphens.

        :return: the value of ``return``.
        :raise Refused: the agent answered with an error.
        """
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        reply = self.ask(request(command, wire))
        if "error" in reply:
            error = reply["error"]
            raise Refused(error["class"], error["desc"], reply.get("id"))
        return reply["return"]


class Client(Conversation):
    """
    A connection to a guest agent's UNIX socket.

    ``qemu-ga`` stops when a client leaves with replies unread, so :meth:`close` reads them first.
    """

    def __init__(self, path: Path | str, patience: float = PATIENCE) -> None:
        self.patience = patience  #: seconds of silence that are too long
        self._read = bytearray()
        self._listening = True
        self._owes = False  # something was sent: replies may be on their way
        self._socket = socket.socket(socket.AF_UNIX)
        # a blocking connect waits for a place in the queue; one with a time-out in Python does not
        limit = struct.pack("ll", int(patience), int(patience % 1 * 1e6))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)

    def stop_listening(self) -> None:
        """From now on read nothing: what the agent says fills its socket's buffer."""
        self._listening = False

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, octets: bytes) -> None:
        """Write everything; what the agent says meanwhile is kept, so neither side can block."""
        self._owes = True
        rest = memoryview(octets)
        while rest:
            if self._wait(writing=True):
                try:
                    rest = rest[self._socket.send(rest[: 1 << 20]) :]
                except BlockingIOError:
                    continue
                except OSError as why:
                    raise Gone(f"{why} with {len(rest)} octets unsent; {self._so_far()}") from why

    def line(self) -> bytes:
        start = 0
        while (end := self._read.find(b"\n", start)) < 0:
            start = len(self._read)
            self._wait(writing=False)
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    def hang_up(self) -> None:
        """Close our writing side; what is read goes on."""
        self._socket.shutdown(socket.SHUT_WR)

    def rest(self) -> bytes:
        """Everything up to the end of the stream."""
        try:
            while True:
                self._wait(writing=False)
        except Gone:
            return bytes(self._read)

    def close(self) -> None:
        """Read what is still to come, then close: a ``qemu-ga`` survives this."""
        if self._socket.fileno() < 0:
            return
        try:
            if self._owes:
                self.send(b"\xff\n")  # out of any unfinished text
                self.raw(b"")
        except Gone:
            pass  # nothing to spare: the agent has gone first
        finally:
            self._socket.close()

    def abandon(self) -> None:
        """Close at once, with whatever is unread."""
        self._socket.close()

    def _wait(self, *, writing: bool) -> bool:
        """Read what there is; return whether more can be written."""
        deadline = time.monotonic() + self.patience
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Gone(f"silent for {self.patience:g} s; {self._so_far()}")
            wants = [self._socket] if writing else []
            heard = [self._socket] if self._listening else []
            readable, writable, _ = select.select(heard, wants, [], left)
            if readable:
                try:
                    data = self._socket.recv(1 << 20)
                except BlockingIOError:
                    continue
                except OSError as why:
                    raise Gone(f"{why}; {self._so_far()}") from why
                if not data:
                    raise Gone(f"closed by the agent; {self._so_far()}")
                self._read += data
            if readable or writable:
                return bool(writable)

    def _so_far(self) -> str:
        return f"read so far: {bytes(self._read[:500])!r} ({len(self._read)} octets)"
