"""
Agents on a machine that does not exist: its files take the place of this one's.

An agent that is a process is started in a mount namespace of its own, in which folders and files
of the test lie over ``/sys``, ``/run``, ``/proc`` and ``/etc``; nobody else sees them. Our agent in
memory reads the same files where they are.
"""

import functools
import os
import subprocess
from collections.abc import Mapping
from typing import Any, ClassVar
from unittest import SkipTest

from tests.agent.platform.linux._machine import Machine
from tests.functional._behaviour import Agent, Behaviour, Reached
from tests.functional._memory import MemoryAgent
from tests.functional._oracle import AgentProcess, require
from txqga.agent.platform.linux import Calls, Linux

#: Lays what there is of the machine ``$1`` over this one, and becomes the rest of its words. What
#: is in ``/proc/self`` belongs to the process, which it stays.
_OVERLAY = """
set -e
root=$1
shift
for path in sys run; do
    if [ -d "$root/$path" ]; then mount --bind "$root/$path" "/$path"; fi
done
for path in etc/passwd etc/os-release proc/stat proc/diskstats; do
    if [ -f "$root/$path" ]; then mount --bind "$root/$path" "/$path"; fi
done
if [ -d "$root/proc/net" ]; then mount --bind "$root/proc/net" "/proc/$$/net"; fi
if [ -f "$root/proc/self/mountinfo" ]; then
    mount --bind "$root/proc/self/mountinfo" "/proc/$$/mountinfo"
elif [ -d "$root/proc/self" ]; then
    mount --bind "$root/proc/self" "/proc/$$"
fi
exec "$@"
"""


def namespace(*kinds: str) -> list[str]:
    """The words that start a program in namespaces of its own, such as ``--mount``."""
    return ["unshare", *(["--user", "--map-root-user"] if os.geteuid() != 0 else []), *kinds]


@functools.cache
def _namespaces_work(*kinds: str) -> bool:
    words = ["mount", "--bind", "/proc/stat", "/proc/stat"] if "--mount" in kinds else ["true"]
    try:
        done = subprocess.run([*namespace(*kinds), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def require_namespaces(*kinds: str) -> None:
    """
    Go on only where a program can have namespaces of its own.

    :raise SkipTest: that is not allowed here, as in most containers.
    """
    if not _namespaces_work(*kinds):
        raise SkipTest(f"{' '.join(namespace(*kinds))} is not allowed here")


class MachineBehaviour(Behaviour):
    """
    A suite about :attr:`machine`, which a test furnishes before it asks the agent.
    """

    calls: ClassVar[Calls] = Calls()  #: of our agent in memory

    def setUp(self) -> None:
        super().setUp()
        self.machine = Machine(self.folder / "machine")
        self.folder.chmod(0o755)  # an agent that reads for a user has to get there

    def start(self, *options: str) -> Agent:
        if self.reached is Reached.IN_MEMORY:
            agent = MemoryAgent(*options, platform=Linux(self.machine.tree, self.calls, {}))
            self.addCleanup(agent.remove)
            return agent
        return self.start_process(*options)

    def start_process(
        self, *options: str, env: Mapping[str, str | None] | None = None
    ) -> AgentProcess:
        """One more agent; what the machine has by now lies over what this one has."""
        require_namespaces("--mount")
        # libudev asks whether /sys is really the kernel's
        changed = {"SYSTEMD_DEVICE_VERIFY_SYSFS": "0", **(env or {})}
        process = AgentProcess(require(self.series), *options, env=changed)
        overlay = ["sh", "-c", _OVERLAY, "sh", str(self.machine.root)]
        process.argv = [*namespace("--mount"), *overlay, *process.argv]
        self.addCleanup(process.remove)
        process.start()
        return process

    def mount(self, *lines: tuple[str, str]) -> None:
        """Have devices mounted, each a number and a folder, in this order."""
        self.machine.file(
            "/proc/self/mountinfo",
            "".join(
                f"{number} 1 {device} / {folder} rw,relatime shared:1 - ext4 /dev/x rw\n"
                for number, (device, folder) in enumerate(lines, 20)
            ),
        )

    def told(self, command: str, **arguments: Any) -> Any:
        """What the agent returns."""
        return self.peer.call(command, **arguments)
