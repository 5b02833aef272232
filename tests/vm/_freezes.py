"""Filesystems of the guest that are frozen, seen from the side channel."""

import itertools

from attrs import define

from tests.functional._client import Client, Refused
from tests.functional._oracle import OURS
from tests.vm._agents import GuestAgent
from tests.vm._case import VMCase
from tests.vm._side import Side

FREEZE, THAW, STATUS = "guest-fsfreeze-freeze", "guest-fsfreeze-thaw", "guest-fsfreeze-status"

DISABLED = "Command {} has been disabled: the command is not allowed"

STATE = "/run/bed/state"  #: of agents that take turns

_HOOK = """\
#!/run/bed/bin/busybox sh
echo $1 >> /run/bed/hooked
"""

_numbers = itertools.count(1)


@define
class Writer:
    """A program in the guest that writes a file, and says when it has."""

    side: Side
    pid: int
    number: int

    def blocks(self) -> None:
        """Wait until it waits for the disk."""
        self.side.until(f"grep -q '^State:.D' /proc/{self.pid}/status")

    def ends(self) -> None:
        """Wait until it has written."""
        self.side.until(f"test -e /run/bed/wrote-{self.number}")


def writes(side: Side, folder: str) -> Writer:
    """Start one."""
    number = next(_numbers)
    script = f"echo x > {folder}/wrote-{number}; touch /run/bed/wrote-{number}"
    started = side.check(f"setsid sh -c '{script}' > /dev/null 2>&1 & echo $!")
    return Writer(side, int(started), number)


class FreezeCase(VMCase):
    """Tests after which nothing is frozen, whatever became of them."""

    def setUp(self) -> None:
        super().setUp()
        self.side = self.machine.side
        self.addCleanup(self.let_go)
        self.side.check(f"rm -rf {STATE} /run/bed/hooked; mkdir {STATE}")

    def let_go(self) -> None:
        self.side.run("for folder in / /opt/agent /data; do fsfreeze -u $folder; done")

    def frozen(self, *options: str, series: str = OURS) -> GuestAgent:
        """An agent that has frozen everything; its client is gone."""
        agent = self.started("-t", STATE, *options, series=series)
        with agent.connect() as client:
            self.assertGreater(client.call(FREEZE), 1)
        return agent

    def lapsed(self, agent: GuestAgent) -> None:
        """What it had frozen is thawed, by nobody but itself, and the next thaw says so."""
        for folder in ("", "/data"):
            writes(self.side, folder).ends()
        self.nothing_is_frozen()
        with agent.connect() as client:
            self.assertEqual(client.call(STATUS), "thawed")
            wire_class, desc = self.refused(client, THAW)
            self.assertEqual(wire_class, "GenericError")
            self.assertRegex(desc, r"^thawed by itself after \d+ s: the snapshot may be inc")
            self.assertEqual(client.call(THAW), 0)

    def hook(self, *lines: str) -> str:
        """A hook that writes down what it is told, and then does more."""
        script = _HOOK + "".join(f"{line}\n" for line in lines)
        self.side.check(f"cat > /run/bed/hook <<'END'\n{script}END\nchmod 755 /run/bed/hook")
        return "-F/run/bed/hook"

    def hooked(self) -> list[str]:
        """What the hook was told."""
        return self.side.check("cat /run/bed/hooked").split()

    def refused(self, client: Client, command: str, **arguments: object) -> tuple[str, str]:
        """The class and the text of an error."""
        try:
            value = client.call(command, **arguments)
        except Refused as why:
            return why.wire_class, why.desc
        raise AssertionError(f"{command} was not refused: {value!r}")

    def nothing_is_frozen(self) -> None:
        """Everything can be written to."""
        self.side.check("touch /free /data/free && sync")

    def kill(self, agent: GuestAgent) -> None:
        """End an agent as no agent wants to be ended."""
        self.side.check(f"kill -9 {agent.pid}")
        self.side.until(f"! grep -q '^State:.[^Z]' /proc/{agent.pid}/status")
