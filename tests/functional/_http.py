"""HTTP as other people's programs speak it: the standard library's client, over any socket."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.functional._client import PATIENCE


class UnixConnection(http.client.HTTPConnection):
    """A connection to a server at a UNIX socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def listens(path: Path) -> bool:
    """Whether one can connect to a UNIX socket: it is there a moment before."""
    with socket.socket(socket.AF_UNIX) as made:
        try:
            made.connect(str(path))
        except OSError:
            return False
    return True


@frozen
class Answer:
    """What came back."""

    status: int
    octets: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.octets)


def ask(path: Path, method: str, url: str, body: Any = None, **headers: str) -> Answer:
    """Send one request to the server at a UNIX socket."""
    connection = UnixConnection(path)
    try:
        octets = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, url, octets, {**kind, **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()
