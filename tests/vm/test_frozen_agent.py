"""An agent that has frozen a real guest: killed, started, ended, and watched meanwhile."""

from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS, V10_0
from tests.vm._agents import GuestAgent
from tests.vm._freezes import DISABLED, FREEZE, STATE, STATUS, THAW, FreezeCase, writes
from tests.vm._hardware import PORTS

_HIDE = """find / /data -xdev -type d -name __pycache__ -prune |
    while read -r each; do mv $each $each.away; done"""
_SHOW = """find / /data -xdev -type d -name __pycache__.away -prune |
    while read -r each; do mv $each ${each%.away}; done"""
_COPY = """mkdir /data/agent && cp -r /opt/agent/tree /opt/agent/packages /data/agent
find /data/agent -name __pycache__ -prune -o -name dropin.cache | xargs rm -rf
cat > /data/agent/run <<'END' && chmod 755 /data/agent/run
#!/usr/bin/python3.11
import sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/data/agent/tree", "/data/agent/packages"]
from txqga.daemons.agent import main
main()
END"""


class FrozenAgentTests(FreezeCase, SynchronousTestCase):
    series: ClassVar[str] = OURS

    def test_killed(self) -> None:
        """
        An agent that was killed leaves a freeze to the next one, with its deadline.
        """
        before = self.frozen("--freeze-limit=60")
        writer = writes(self.side, "/data")
        writer.blocks()
        self.kill(before)
        agent = self.started("-t", STATE, "--freeze-limit=600")
        with agent.connect() as client:
            self.assertEqual(client.call(STATUS), "frozen")
            left = client.call("txqga-freeze-lease")["seconds"]
            self.assertLess(left, 60)
            client.call("txqga-freeze-lease", seconds=1)
        writer.ends()
        self.lapsed(agent)

    def test_no_byte_code(self) -> None:
        """
        So does one that lies on the frozen disk with nothing of it compiled, nor of Python.
        """
        self.addCleanup(self.side.check, f"{_SHOW}; rm -rf /data/agent", 600.0)
        before = self.started("-t", STATE, "--freeze-limit=20")
        with before.connect() as client:
            # once it runs: a Python that is started would compile itself anew
            self.side.check(f"mkdir -p /run/bed/bare; {_HIDE}; {_COPY}", 600.0)
            self.assertGreater(client.call(FREEZE), 1)
        self.kill(before)
        environment = "PATH=/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1"  # as in our unit
        words = f"-m virtio-serial -p {PORTS['agent']} -t {STATE} --freeze-limit=600"
        start = f"exec setsid env -i {environment} /data/agent/run {words}"
        pid = self.side.check(f"{{ {start} > /run/bed/bare/log 2>&1 & }}; echo $!")
        agent = GuestAgent(self.machine, "agent", int(pid), "bare")
        self.addCleanup(agent.stop)
        self.lapsed(agent)
        self.assertEqual(
            self.side.check("find / /data -xdev -name '*.pyc' | grep -v away || :"), ""
        )

    def test_of_qemu_ga(self) -> None:
        """
        What the real ``qemu-ga`` left frozen ours thaws, and the other way round.
        """
        self.has(V10_0)
        counts = []
        for first, second in ((V10_0, OURS), (OURS, V10_0)):
            self.kill(self.frozen(series=first))
            agent = self.started("-t", STATE, series=second)
            with agent.connect() as client:
                self.assertEqual(client.call(STATUS), "frozen")
                self.assertEqual(
                    self.refused(client, "guest-get-load"),
                    ("CommandNotFound", DISABLED.format("guest-get-load")),
                )
                counts.append(client.call(THAW))
                self.assertEqual(client.call(STATUS), "thawed")
                client.call("guest-get-load")
            self.nothing_is_frozen()
            agent.stop()
        self.assertEqual(counts[0], counts[1])
        self.assertGreater(counts[0], 1)

    def test_terminated(self) -> None:
        """
        SIGTERM while frozen leaves nothing frozen, and tells the hook.
        """
        agent = self.frozen(self.hook())
        self.side.check(f"kill {agent.pid}")
        self.side.until(f"! grep -q '^State:.[^Z]' /proc/{agent.pid}/status")
        self.nothing_is_frozen()
        self.assertEqual(self.hooked(), ["freeze", "thaw"])
        self.side.check(f"! test -e {STATE}/qga.state.isfrozen")

    def test_writes_nothing(self) -> None:
        """
        While everything is frozen the agent makes no file and writes to none but its own state.
        """
        agent = self.frozen("-v", "-l", "/data/agent.log", "--freeze-limit=600", self.hook())
        trace = "/run/bed/trace"
        self.side.check(
            f"setsid strace -f -y -o {trace} -p {agent.pid} > /dev/null 2>&1 &"
            f" echo $! > {trace}.pid"
        )
        self.side.until(f"grep -q 'TracerPid:.[1-9]' /proc/{agent.pid}/status")
        with agent.connect() as client:
            client.call("guest-ping")
            client.call("guest-info")
            client.call("txqga-info")
            client.call("txqga-freeze-lease", seconds=500)
            self.refused(client, "guest-file-open", path="/data/x", mode="w")
            self.assertEqual(client.call(STATUS), "frozen")
            self.side.until(f"grep -q '^until=' {STATE}/qga.state.isfrozen")
            self.side.check(f"kill $(cat {trace}.pid)")
            self.side.until(f"! grep -q 'TracerPid:.[1-9]' /proc/{agent.pid}/status")
            client.call(THAW)
        lines = self.side.check(f"cat {trace}").splitlines()
        self.assertTrue(any("vport" in line and "write" in line for line in lines), lines[:20])
        self.assertEqual([line for line in lines if self.changes(line)], [])
        self.side.check("grep -q 'processing command guest-ping' /data/agent.log")

    def changes(self, line: str) -> bool:
        """Whether a line of strace's speaks of a file that is made or changed outside the state."""
        call = line.partition(" ")[2].strip().partition("(")[0]
        if f'"{STATE}/' in line or f"<{STATE}/" in line:
            return False
        if call in ("open", "openat"):
            return any(flag in line for flag in ("O_CREAT", "O_WRONLY", "O_RDWR", "O_TRUNC"))
        if call in ("write", "pwrite64", "writev", "ftruncate", "fsync", "fchmod"):
            return "</" in line and "</dev/v" not in line
        return call in ("mkdir", "mkdirat", "unlink", "unlinkat", "rename", "renameat", "renameat2")
