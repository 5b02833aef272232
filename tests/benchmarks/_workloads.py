"""What an agent is asked to do while it is measured: each returns a rate per second."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks._harness import rate
from tests.benchmarks._lean_client import LeanClient
from tests.functional._client import request

KIB, MIB = 1 << 10, 1 << 20

#: A client and for how many seconds, about; returns a rate.
Workload: TypeAlias = Callable[[LeanClient, float], float]


def calls(command: str) -> Workload:
    """Calls of a command without arguments, one after the other, in calls per second."""
    octets = request(command)

    def workload(client: LeanClient, seconds: float) -> float:
        def work(count: int) -> None:
            for _ in range(count):
                client.ask(octets)

        return rate(work, seconds)

    return workload


def reading(path: Path, chunk: int, size: int) -> Workload:
    """Reading a file of ``size`` octets, many chunks, over and over again, in MB/s."""

    def workload(client: LeanClient, seconds: float) -> float:
        handle = client.call("guest-file-open", path=str(path), mode="r")
        rewind = request("guest-file-seek", {"handle": handle, "offset": 0, "whence": 0})
        octets = request("guest-file-read", {"handle": handle, "count": chunk})
        place = size

        def work(count: int) -> None:
            nonlocal place
            for _ in range(count):
                if place + chunk > size:
                    client.ask(rewind)
                    place = 0
                client.ask(octets)
                place += chunk

        found = rate(work, seconds) * chunk / 1e6
        client.call("guest-file-close", handle=handle)
        return found

    return workload


def writing(path: Path, chunk: int, size: int = 16 * MIB) -> Workload:
    """Writing chunks one after the other, over and over the same file, in MB/s."""
    text = base64.b64encode(os.urandom(chunk)).decode()

    def workload(client: LeanClient, seconds: float) -> float:
        handle = client.call("guest-file-open", path=str(path), mode="w")
        rewind = request("guest-file-seek", {"handle": handle, "offset": 0, "whence": 0})
        octets = request("guest-file-write", {"handle": handle, "buf-b64": text})
        place = 0

        def work(count: int) -> None:
            nonlocal place
            for _ in range(count):
                if place >= size:
                    client.ask(rewind)
                    place = 0
                client.ask(octets)
                place += chunk

        found = rate(work, seconds) * chunk / 1e6
        client.call("guest-file-close", handle=handle)
        return found

    return workload


def programs(client: LeanClient, seconds: float) -> float:
    """Starting a program and asking until it has exited, in programs per second."""
    start = request("guest-exec", {"path": "/bin/true", "capture-output": True})

    def work(count: int) -> None:
        for _ in range(count):
            reply = bytes(client.ask(start))
            pid = int(reply.partition(b'"pid": ')[2].rstrip(b"}\n"))
            status = request("guest-exec-status", {"pid": pid})
            while b'"exited": true' not in bytes(client.ask(status)):
                pass

    return rate(work, seconds)
