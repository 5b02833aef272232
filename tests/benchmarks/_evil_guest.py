"""
A guest that means no good, and a client that keeps it at it, in a process of their own.

``python -m tests.benchmarks._evil_guest SOCKET SERVED KIND`` answers syncs and pings at SOCKET. For
a line ``go`` it begins to ask itself through the mux, at SERVED, for what it then answers with
evil; for a line ``stop`` it ends that. Each is answered by a line when it is so.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from typing_extensions import Self

from tests.functional._client import Client, Gone, request
from tests.functional._evil_agent import EvilAgent, Speech, again_and_again
from tests.functional._process import environment

MIB = 1 << 20

#: Seconds until the client asks again, when the mux has told it that the agent is away.
AWAY = 0.01


class Again:
    """Octets that are said anew each time."""

    def __init__(self, octets: bytes, total: int, pause: float = 0.0) -> None:
        self._octets = octets
        self._total = total
        self._pause = pause

    def __iter__(self) -> Iterator[bytes]:
        if not self._pause:
            yield from again_and_again(self._octets, self._total)
        for _ in range(self._total if self._pause else 0):
            yield self._octets
            time.sleep(self._pause)


#: What it says, by what that is called.
KINDS: dict[str, Speech] = {
    "floods: no newline": Again(b"a", 64 * MIB),
    "floods: lines that are no JSON": Again(b"a\n", 64 * MIB),
    "floods: replies nobody asked for": Again(b'{"return": {}, "id": "x"}\n', 64 * MIB),
    "floods: 0xFF": Again(b"\xff", 64 * MIB),
    "floods: blank lines": Again(b"\n", 64 * MIB),
    "drips: an octet each millisecond": Again(b" ", 10_000, 0.001),
    "lies: the ids of others": Again(b'{"return": {}, "id": "000000000000.1.1"}\n', 64 * MIB),
    "long: nine megabytes of text": [b'{"return": "' + b"a" * 9 * MIB + b'"}\n'],
    "depth: brackets": [b"[" * 9 * MIB + b"\n"],
    "depth: objects": [b'{"return": ' + b'{"a": ' * 500_000 + b"1" + b"}" * 500_001 + b"\n"],
    "members: a million": [b'{"return": [' + b"1," * 1_000_000 + b"1]}\n"],
}


class EvilGuest:
    """Its process."""

    def __init__(self, agent: Path, served: Path, kind: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(agent), str(served), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self._told()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def go(self) -> None:
        """Begin."""
        self._say("go")

    def stop(self) -> None:
        """End."""
        self._say("stop")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self._told()

    def _told(self) -> None:
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the evil guest is no more")


def _ask(served: Path, going: threading.Event, over: threading.Event) -> None:
    while not over.is_set():
        going.wait(0.1)
        with contextlib.suppress(OSError, Gone), Client(served, patience=2) as client:
            while going.is_set():
                client.send(request("guest-info"))
                if b'"error"' in client.line():
                    time.sleep(AWAY)  # or it would be the client who floods


def _main(agent: Path, served: Path, kind: str) -> None:
    going, over = threading.Event(), threading.Event()
    with EvilAgent(agent, KINDS[kind]):
        asking = threading.Thread(target=_ask, args=(served, going, over))
        asking.start()
        print("ready", flush=True)
        for line in sys.stdin:
            going.set() if line == "go\n" else going.clear()
            print("so it is", flush=True)
        going.clear()
        over.set()
        asking.join()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
