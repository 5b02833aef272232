"""
One side of ``session_speed.py``, in a process of its own: pings an agent, and prints a rate.

::

    python -m tests.benchmarks._session_client ours|qemu.qmp SOCKET IN_FLIGHT SECONDS
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

WARM_UP = 0.2  #: seconds before what counts


async def pings(
    ping: Callable[[], Awaitable[object]],
    gather: Callable[[list[Awaitable[object]]], Awaitable[object]],
    in_flight: int,
    seconds: float,
) -> float:
    """
    Ping for some seconds, and return the rate.

    ``in_flight`` clients ping one after the other each, so that as many calls are under way.
    """

    async def client(until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            await ping()
            count += 1
        return count

    async def together(until: float) -> int:
        if in_flight == 1:
            return await client(until)
        counts: list[int] = []

        async def one() -> None:
            counts.append(await client(until))

        await gather([one() for _ in range(in_flight)])
        return sum(counts)

    await together(time.perf_counter() + WARM_UP)
    began = time.perf_counter()
    count = await together(began + seconds)
    return count / (time.perf_counter() - began)


def of_ours(path: str, in_flight: int, seconds: float) -> None:
    """With our session, on Twisted's reactor."""
    from twisted.internet.defer import Deferred, gatherResults
    from twisted.internet.endpoints import UNIXClientEndpoint
    from twisted.internet.task import react

    from txqga.session import Session

    async def gather(coroutines: list[Awaitable[object]]) -> None:
        await gatherResults([Deferred.fromCoroutine(each) for each in coroutines])  # type: ignore[arg-type]

    async def story(reactor: object) -> None:
        session = Session(reactor, UNIXClientEndpoint(reactor, path))  # type: ignore[arg-type]
        session.start()
        await session.when_ready()

        def ping() -> Awaitable[object]:
            return session.call("guest-ping")

        print(await pings(ping, gather, in_flight, seconds))
        await session.stop()

    react(lambda reactor: Deferred.fromCoroutine(story(reactor)))


def of_qemu_qmp(path: str, in_flight: int, seconds: float) -> None:
    """With QEMU's own library, on asyncio."""
    from qemu.qmp import QMPClient

    async def gather(coroutines: list[Awaitable[object]]) -> None:
        await asyncio.gather(*coroutines)

    async def story() -> None:
        client = QMPClient("agent")
        client.await_greeting = client.negotiate = False  # a guest agent has neither
        await client.connect(path)

        def ping() -> Awaitable[object]:
            return client.execute("guest-ping")

        print(await pings(ping, gather, in_flight, seconds))
        await client.disconnect()

    asyncio.run(story())


if __name__ == "__main__":
    side = {"ours": of_ours, "qemu.qmp": of_qemu_qmp}[sys.argv[1]]
    side(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
