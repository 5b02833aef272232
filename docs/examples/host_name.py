"""Ask a guest for its name: ``python host_name.py unix:/run/qga/db1.sock``."""

import sys

from twisted.internet import task
from twisted.internet.defer import Deferred

from txqga import Guest, monotonic


async def main(reactor, channel):
    monotonic(reactor)  # before the first timer: see "Time" in "The house"
    async with Guest.connect(reactor, channel) as guest:
        await guest.wait_ready(30)
        named = await guest.get_host_name()
        print(named.host_name)


task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, sys.argv[1])))
