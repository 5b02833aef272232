"""Agents in the guest: started, stopped and talked to from outside."""

import itertools
import shlex
import time
from collections.abc import Mapping

from attrs import define

from tests.functional._client import Client, Gone, request
from tests.functional._oracle import OURS, V7_2, V10_0
from tests.vm._hardware import PORTS
from tests.vm._machine import Machine
from tests.vm._patience import PATIENCE

OURS_FAST = "ours, fast"  #: with what ``txqga[fast]`` adds

#: The agents' programs in the guest.
PROGRAMS = {
    OURS: "/opt/agent/bin/txqga-agent",
    OURS_FAST: "/opt/agent/bin/txqga-agent-fast",
    V7_2: "/usr/sbin/qemu-ga",
    V10_0: "/opt/agent/bin/qemu-ga-10.0",
}

#: What systemd gives a service that asks for nothing.
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}

_numbers = itertools.count(1)


@define
class GuestAgent:
    """An agent that was started in the guest."""

    machine: Machine
    port: str  #: of :data:`tests.vm._hardware.PORTS`
    pid: int
    name: str  #: of its folder, which is on a tmpfs that no freeze touches

    def connect(self) -> Client:
        """A new client, which has the agent's attention."""
        client = Client(self.machine.socket(self.port), PATIENCE)
        try:
            self.sync(client)
        except BaseException:
            client.abandon()
            raise
        return client

    def sync(self, client: Client) -> None:
        """
        Get the agent's attention, as a host does who knows nothing of what was before.

        :raise AssertionError: it ended, or does not answer; with what it wrote.
        """
        deadline = time.monotonic() + PATIENCE
        number = next(_numbers)
        answer = b'{"return": %d}' % number
        # An agent on a serial line drops what was said before it had opened it: ask again.
        client.patience = 10.0
        while True:
            client.send(b"\xff" + request("guest-sync-delimited", {"id": number}))
            try:
                # what an agent had not sent yet ends without a newline
                while not client.line().endswith(b"\xff" + answer):
                    pass
                break
            except Gone as why:
                if not self.alive or time.monotonic() > deadline:
                    raise AssertionError(f"{why}; the agent wrote: {self.log()}") from why
        client.patience = PATIENCE
        client.raw(b"")  # the answers to what was asked more than once

    @property
    def alive(self) -> bool:
        # a zombie is not: the shell that started it does not look after it at once
        state = self.machine.side.run(f"grep -q '^State:.[^Z]' /proc/{self.pid}/status")
        return state.status == 0

    def log(self) -> str:
        """What it wrote to standard output and standard error."""
        return self.machine.side.check(f"cat /run/bed/{self.name}/log")

    def switches(self) -> int:
        """How often its threads were put to sleep or put aside: once for each time they woke."""
        script = f"cat /proc/{self.pid}/task/*/status | grep ctxt_switches"
        lines = self.machine.side.check(script).splitlines()
        return sum(int(line.split()[1]) for line in lines)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if that does not end it; wait until it is gone."""
        gone = f"! grep -q '^State:.[^Z]' /proc/{self.pid}/status"
        self.machine.side.run(f"kill {self.pid}")
        try:
            self.machine.side.until(gone, patience=10.0)
        except AssertionError:
            self.machine.side.run(f"kill -9 {self.pid}")
            self.machine.side.until(gone)


def start(
    machine: Machine,
    series: str,
    *options: str,
    port: str = "agent",
    words: bool = True,
    env: Mapping[str, str] = _ENVIRONMENT,
) -> GuestAgent:
    """
    Start an agent in the guest, and wait for nothing.

    :param series: 7.2, 10.0 or ours.
    :param words: tell it method and path of the port.
    """
    name = f"agent-{next(_numbers)}"
    argv = [PROGRAMS[series]]
    if words:
        method = "isa-serial" if port == "serial" else "virtio-serial"
        argv += ["-m", method, "-p", PORTS[port], "-t", f"/run/bed/{name}"]
    variables = [f"{key}={value}" for key, value in env.items()]
    line = shlex.join(["env", "-i", *variables, *argv, *options])
    log = f"/run/bed/{name}/log"
    script = f"mkdir /run/bed/{name} && cd / && {{ exec setsid {line} > {log} 2>&1 & }}; echo $!"
    pid = int(machine.side.check(script))
    return GuestAgent(machine, port, pid, name)
