"""
A guest in memory at a UNIX socket, to try things on: ``python -m txqga.testing SOCKET``.

Whoever connects finds an agent that answers a little and has files. It freezes nothing but a
variable.
"""

import argparse
import time
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.task import react

from txqga.testing._memory_guest import MemoryGuest
from txqga.testing._served import serve
from txqga.wire import JSON

_SIZE = 8 << 30

_ANSWERS: dict[str, Any] = {
    "guest-get-host-name": {"host-name": "toy"},
    "guest-get-osinfo": {"id": "toy", "pretty-name": "A guest in memory"},
    "guest-get-time": lambda arguments: time.time_ns(),
    "guest-get-users": [],
    "guest-get-fsinfo": [
        {
            "name": "memory",
            "mountpoint": "/",
            "type": "dict",
            "used-bytes": _SIZE // 4,
            "total-bytes": _SIZE,
            "disk": [],
        }
    ],
}


async def main(reactor: Any, path: Path) -> JSON:
    """Serve it until the process is ended."""
    guest = MemoryGuest(_ANSWERS, name="toy", files={"/etc/motd": b"nothing here is real\n"})
    await guest.close()  # whose own session has the channel
    try:
        await serve(reactor, guest.agent, path)
    except CannotListenError as why:
        reason = getattr(why.socketError, "strerror", None) or why.socketError
        raise SystemExit(f"{path}: {reason}: choose another path, or remove what is there") from why
    print(f"a guest in memory is at {path}, until Ctrl-C", flush=True)
    return await Deferred()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m txqga.testing", description=__doc__)
    parser.add_argument(
        "socket", type=Path, help="where it can be reached: made, and not there yet"
    )
    chosen = parser.parse_args()
    react(lambda reactor: Deferred.fromCoroutine(main(reactor, chosen.socket)))
