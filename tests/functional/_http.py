"""HTTP as other people's programs speak it: the standard library's client, over any socket."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.functional._client import PATIENCE

TOKEN = "0123456789abcdef0123"


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


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def over_tcp(folder: Path, who: str) -> tuple[int, list[str]]:
    """
    Let a mux be asked at a port of this machine, by who has :data:`TOKEN`.

    :param folder: for the file of tokens.
    :param who: the name that goes with the token.
    :return: the port, and the options that say so.
    """
    tokens = folder / "tokens"
    tokens.write_text(f"{who} {TOKEN}\n")
    tokens.chmod(0o600)
    port = free_port()
    where = f"tcp:{port}:interface=127.0.0.1"
    return port, ["--http", where, "--http-tokens", str(tokens)]


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


def events(path: Path) -> Iterator[tuple[str, Any]]:
    """
    The names and the data of all events that the mux at a UNIX socket keeps, and of those that
    come.
    """
    connection, name = UnixConnection(path), ""
    try:
        # as one who comes back from another life of the mux: what was before is told first
        connection.request("GET", "/v1/events", headers={"Last-Event-ID": "0-0"})
        for line in connection.getresponse():
            key, _, value = line.decode().rstrip("\n").partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                yield name, json.loads(value)
    finally:
        connection.close()
