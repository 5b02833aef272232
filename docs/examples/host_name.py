"""Ask a guest for its name: ``python host_name.py unix:/run/qga/db1.sock``."""

import sys

from twisted.internet import endpoints, task
from twisted.internet.defer import Deferred

from txqga import monotonic
from txqga.session import Session


async def main(reactor, channel):
    monotonic(reactor)  # before the first timer: see "Time" in "The house"
    guest = Session(reactor, endpoints.clientFromString(reactor, channel))
    guest.start()
    await guest.when_ready()
    reply = await guest.call("guest-get-host-name")
    print(reply["host-name"])
    await guest.stop()


task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, sys.argv[1])))
