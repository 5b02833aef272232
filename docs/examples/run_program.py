"""Run a program in a guest: ``python run_program.py unix:/run/qga/db1.sock uname -a``."""

import base64
import sys

from twisted.internet import endpoints, task
from twisted.internet.defer import Deferred

from txqga import monotonic
from txqga.errors import AgentUnavailable, CommandFailed, OutcomeUnknown
from txqga.session import Session


async def run(reactor, guest, path, arguments):
    """Run a program to its end; its exit code and what it printed."""
    started = await guest.call(
        "guest-exec", {"path": path, "arg": arguments, "capture-output": True}
    )
    pause = 0.01
    while True:
        status = await guest.call("guest-exec-status", {"pid": started["pid"]})
        if status["exited"]:
            return status.get("exitcode"), base64.b64decode(status.get("out-data", ""))
        await task.deferLater(reactor, pause)
        pause = min(1.0, pause * 1.5)


async def main(reactor, channel, path, *arguments):
    monotonic(reactor)
    guest = Session(reactor, endpoints.clientFromString(reactor, channel))
    guest.start()
    try:
        await guest.when_ready()
        code, printed = await run(reactor, guest, path, list(arguments))
        print(printed.decode(errors="replace"), end="")
        print("exit code", code)
    except CommandFailed as why:
        print("the guest refused:", why)
    except AgentUnavailable as why:
        print("nothing was asked:", why)
    except OutcomeUnknown as why:
        print("it may have run:", why)
    finally:
        await guest.stop()


task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, *sys.argv[1:])))
