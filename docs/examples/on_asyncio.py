"""Ask a guest from an asyncio program: ``python on_asyncio.py unix:/run/qga/db1.sock``."""

import asyncio
import sys

from twisted.internet import asyncioreactor

from txqga import Guest, monotonic
from txqga.errors import AgentUnavailable


async def main(channel):
    loop = asyncio.get_running_loop()
    asyncioreactor.install(loop)  # before anything imports the reactor
    from twisted.internet import reactor

    monotonic(reactor)
    guest = Guest.connect(reactor, channel)
    try:
        await guest.wait_ready(30).asFuture(loop)
        # two questions at the same time; a time-out of asyncio's cancels them
        asked = guest.get_host_name().asFuture(loop), guest.get_time().asFuture(loop)
        named, nanoseconds = await asyncio.wait_for(asyncio.gather(*asked), 30)
        print(named.host_name, nanoseconds // 10**9)
    except AgentUnavailable as why:
        print("nobody to ask:", why)
    finally:
        await guest.close().asFuture(loop)


asyncio.run(main(sys.argv[1]))
