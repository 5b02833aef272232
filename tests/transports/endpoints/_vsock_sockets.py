"""Sockets between host and guest that are only in memory."""

import socket
from typing import cast

from tests.agent._sockets import FakeListening, FakeSocket


class FakeVsock(FakeSocket):
    """A socket that is connected, or whose connecting fails with ``error``."""

    def __init__(self, error: int = 0) -> None:
        super().__init__()
        self.error = error

    def getsockname(self) -> tuple[int, int]:
        return (2, 5000)

    def getsockopt(self, level: int, option: int) -> int:
        assert (level, option) == (socket.SOL_SOCKET, socket.SO_ERROR)
        return self.error


class FakeVsockListening(FakeListening):
    """A socket that listens as guest 3."""

    def getsockname(self) -> tuple[int, int]:
        return (3, 1024)

    def accept(self) -> tuple[FakeSocket, tuple[int, int]]:  # type: ignore[override]
        client, _ = super().accept()
        return client, (2, 5000)


def real(fake: FakeSocket | FakeListening) -> socket.socket:
    """Pass a fake for what it stands for."""
    return cast(socket.socket, fake)
