"""Run a program in a guest as if it ran here: ``follow_program.py unix:/run/qga/db1.sock make``."""

import os
import sys

from twisted.internet import task
from twisted.internet.defer import Deferred

from txqga import Guest, monotonic
from txqga.exec import Exec


async def main(reactor, where, path, *arguments):
    monotonic(reactor)
    async with Guest.connect(reactor, where) as guest:
        await guest.wait_ready(30)
        running = await Exec(reactor, guest).start(
            path,
            arguments,
            time_out=3600,
            stdout=lambda octets: os.write(1, octets),
            stderr=lambda octets: os.write(2, octets),
        )
        done = await running.wait()
        print(f"{running.way.value}: exit code {done.exit_code}, signal {done.signal}")


task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, *sys.argv[1:])))
