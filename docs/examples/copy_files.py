"""Copy a file into a guest and back: ``copy_files.py unix:/run/qga/db1.sock app.tar /srv/app.tar``.

What comes back is kept beside what went in, as ``app.tar.back``.
"""

import sys

from twisted.internet import task
from twisted.internet.defer import Deferred

from txqga import Guest, monotonic


def show(progress):
    print(f"{progress.octets} of {progress.total} octets", file=sys.stderr)


async def main(reactor, where, source, path):
    monotonic(reactor)
    async with Guest.connect(reactor, where) as guest:
        await guest.wait_ready(30)
        report = await guest.push(source, path, progress=show)
        print(f"{report.octets} octets, known to be good by: {min(report.verified).value}")
        report = await guest.pull(path, f"{source}.back", most=1 << 30)
        print(f"{report.octets} octets back")


task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, *sys.argv[1:])))
