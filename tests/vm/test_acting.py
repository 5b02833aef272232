"""
Every command that changes the guest, but for those that freeze it: each is judged by what becomes
of the machine, seen from QEMU, from the host, or from the guest's own shell.
"""

import base64
import time
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, Refused, request
from tests.functional._oracle import OURS, V7_2, V10_0
from tests.vm._agents import GuestAgent, start
from tests.vm._alike import differences
from tests.vm._case import VMCase, for_every_agent
from tests.vm._patience import PATIENCE

_KEYS = "/home/tester/.ssh/authorized_keys"
_LATER = 1_900_000_000  #: a time in 2030

#: Compares the password of a line of /etc/shadow with another one.
_CRYPT = "import crypt, sys; print(crypt.crypt(sys.argv[1], sys.argv[2]) == sys.argv[2])"


class Acting(VMCase):
    """What every agent does."""

    agent: GuestAgent
    client: Client

    def setUp(self) -> None:
        super().setUp()
        self.side = self.machine.side
        self.agent = self.started()
        self.client = self.agent.connect()
        self.addCleanup(self.client.close)

    def restored(self, *paths: str) -> None:
        """Put these files back at the end of the test."""
        for path in paths:
            copy = f"/run/bed/{path.replace('/', '-')}"
            self.side.check(f"cp -a {path} {copy}")
            self.addCleanup(self.side.check, f"cp -a {copy} {path}")

    def test_trim(self) -> None:
        """
        What no file needs any more is given back: the image on the host shrinks.
        """
        self.side.check("dd if=/dev/urandom of=/data/large bs=1M count=32; sync")
        full = self.machine.data.stat().st_blocks
        self.side.check("rm /data/large; sync")
        paths = {each["path"]: each for each in self.client.call("guest-fstrim")["paths"]}
        self.assertGreater(paths["/data"]["trimmed"], 16 << 20)
        self.assertLess(self.machine.data.stat().st_blocks, full - 16 * 2048)
        self.assertLessEqual({"/", "/opt/agent"}, paths.keys())
        # and what is small is not worth the trouble
        self.side.check("dd if=/dev/urandom of=/data/large bs=1M count=8; sync")
        self.side.check("rm /data/large; sync")
        full = self.machine.data.stat().st_blocks
        reply = self.client.call("guest-fstrim", minimum=1 << 50)
        found = {each["path"]: each for each in reply["paths"]}["/data"]
        self.assertEqual(found, {"path": "/data", "error": "failed to trim: Invalid argument"})
        self.assertEqual(self.machine.data.stat().st_blocks, full)

    def test_processor(self) -> None:
        """
        A processor goes and comes back.
        """
        self.addCleanup(self.side.run, "echo 1 > /sys/devices/system/cpu/cpu1/online")
        for online, count in ((False, "1\n"), (False, "1\n"), (True, "2\n")):
            cpus = [{"logical-id": 1, "online": online}]
            self.assertEqual(self.client.call("guest-set-vcpus", vcpus=cpus), 1)
            self.assertEqual(self.side.check("grep -c ^processor /proc/cpuinfo"), count)

    def test_memory(self) -> None:
        """
        A block of the DIMM goes and comes back.
        """
        folder = "/sys/devices/system/memory"
        movable = self.side.check(f"grep -lx Movable {folder}/memory*/valid_zones").split()
        block = movable[-1].split("/")[-2]
        number = int(block.removeprefix("memory"))
        self.addCleanup(self.side.run, f"echo online_movable > {folder}/{block}/state")
        for online, state in ((False, "offline\n"), (False, "offline\n"), (True, "online\n")):
            blocks = [
                {"phys-index": number, "online": online},
                {"phys-index": 9999, "online": True},
            ]
            self.assertEqual(
                self.client.call("guest-set-memory-blocks", mem_blks=blocks),
                [
                    {"phys-index": number, "response": "success"},
                    {"phys-index": 9999, "response": "not-found", "error-code": 2},
                ],
            )
            self.assertEqual(self.side.check(f"cat {folder}/{block}/state"), state)

    def test_clock(self) -> None:
        """
        The clock is set, and the hardware's after it; then the other way round.
        """
        now = "date -u -s @{} > /dev/null && hwclock -u -w"
        self.addCleanup(lambda: self.side.check(now.format(int(time.time()))))
        self.machine.qmp.forget()
        self.assertEqual(self.client.call("guest-set-time", time=_LATER * 10**9), {})
        self.machine.qmp.wait("RTC_CHANGE")
        self.assertIn(self.seconds("date +%s"), range(_LATER, _LATER + 120))
        hardware = "cat /sys/class/rtc/rtc0/since_epoch"
        self.assertIn(self.seconds(hardware), range(_LATER - 2, _LATER + 120))
        self.side.check("date -s @1000000000")
        self.assertEqual(self.client.call("guest-set-time"), {})
        self.assertIn(self.seconds("date +%s"), range(_LATER - 2, _LATER + 120))

    def seconds(self, script: str) -> int:
        return int(self.side.check(script))

    def test_password(self) -> None:
        """
        A password is hashed by the system, or is the hash already.
        """
        self.restored("/etc/shadow")
        password = base64.b64encode(b"s3cret: x\xc3\xa4").decode()
        words = {"username": "tester", "password": password, "crypted": False}
        self.assertEqual(self.client.call("guest-set-user-password", **words), {})
        check = f"python3 -W ignore -c '{_CRYPT}' 's3cret: xä' '{self.shadow()}'"
        self.assertEqual(self.side.check(check), "True\n")
        words["password"] = base64.b64encode(b"$6$salt$hash").decode()
        words["crypted"] = True
        self.assertEqual(self.client.call("guest-set-user-password", **words), {})
        self.assertEqual(self.shadow(), "$6$salt$hash")

    def shadow(self) -> str:
        return self.side.check("grep ^tester: /etc/shadow").split(":")[1]

    def test_keys(self) -> None:
        """
        Keys appear in a file that is the user's alone, and go again.
        """
        self.addCleanup(self.side.check, "rm -rf /home/tester/.ssh")
        add, remove = "guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys"
        self.assertEqual(self.client.call(add, username="tester", keys=["ssh-x A a"]), {})
        listed = self.side.check(f"stat -c '%U:%G %a' /home/tester/.ssh {_KEYS}")
        self.assertEqual(listed, "tester:tester 700\ntester:tester 600\n")
        self.client.call(add, username="tester", keys=["ssh-x B b", "ssh-x A a"])
        self.assertEqual(self.side.check(f"cat {_KEYS}"), "ssh-x A a\nssh-x B b")
        self.client.call(remove, username="tester", keys=["ssh-x A a"])
        self.assertEqual(self.side.check(f"cat {_KEYS}"), "ssh-x B b")
        self.client.call(add, username="tester", keys=["ssh-x C c"], reset=True)
        self.assertEqual(self.side.check(f"cat {_KEYS}"), "ssh-x C c")
        self.assertEqual(self.side.check("ls -A /home/tester/.ssh"), "authorized_keys\n")

    def test_suspend_to_ram(self) -> None:
        """
        The guest sleeps until it is woken; there is no reply, and the agent goes on.
        """
        if self.series == V10_0:  # 10.0.2 never can: facts 12
            refused = self.assertRaises(Refused, self.client.call, "guest-suspend-ram")
            self.assertIn("suspend: cannot write to '/sys/power/state'", refused.desc)
            return
        self.machine.qmp.forget()
        self.client.send(request("guest-suspend-ram", id="asleep"))
        self.machine.qmp.wait("SUSPEND")
        self.machine.qmp.call("system_wakeup")
        self.machine.qmp.wait("WAKEUP")
        self.assertEqual(self.client.raw(b""), [])
        self.agent.sync(self.client)
        self.assertEqual(self.client.call("guest-ping"), {})


class Ending(VMCase, SynchronousTestCase):
    """The guest ends; nothing is left to be cleaned up but to boot it again."""

    series: ClassVar[str] = OURS

    def end(self, series: str = OURS, **arguments: str) -> Client:
        """Tell an agent to end it all."""
        self.machine.qmp.forget()
        client = start(self.machine, series).connect()
        client.send(request("guest-shutdown", arguments, id="end"))
        return client

    def said_nothing(self, client: Client) -> None:
        """A shutdown that works has no reply."""
        client.patience = 1.0
        self.assertEqual(client.rest(), b"")
        client.abandon()

    def test_reboot(self) -> None:
        """
        The guest boots again.
        """
        for series in (OURS, V7_2, V10_0):
            self.has(series)
            client = self.end(series, mode="reboot")
            self.machine.rebooted()
            self.said_nothing(client)

    def test_powerdown(self) -> None:
        """
        By default the power goes.
        """
        client = self.end()
        self.addCleanup(self.machine.reset)
        self.machine.qmp.wait("SHUTDOWN", guest=True, reason="guest-shutdown")
        self.assertEqual(self.machine.qmp.call("query-status")["status"], "shutdown")
        self.said_nothing(client)

    def test_halt(self) -> None:
        """
        A guest that halts stands still, with its power on.
        """
        client = self.end(mode="halt")
        self.addCleanup(self.machine.reset)
        deadline = time.monotonic() + PATIENCE
        while not self.machine.complaints().rstrip().endswith("System halted"):
            self.assertLess(time.monotonic(), deadline, self.machine.complaints())
            time.sleep(0.2)
        self.assertEqual(self.machine.qmp.call("query-status")["status"], "running")
        self.said_nothing(client)


class HostileUser(VMCase, SynchronousTestCase):
    """A user of the guest who would like to have root's rights."""

    series: ClassVar[str] = OURS

    def setUp(self) -> None:
        super().setUp()
        self.side = self.machine.side
        self.agent = self.started()
        self.client = self.agent.connect()
        self.addCleanup(self.client.close)
        self.side.check("mkdir -p -m 700 /root/.ssh && echo -n ours > /root/.ssh/authorized_keys")
        self.side.check("chmod 600 /root/.ssh/authorized_keys")
        self.addCleanup(self.side.check, "rm -rf /root/.ssh /home/tester/.ssh")
        self.ids = self.agents_ids()

    def agents_ids(self) -> str:
        return self.side.check(f"grep -E '^(Uid|Gid|Groups):' /proc/{self.agent.pid}/status")

    def plant(self, script: str) -> None:
        """Do something as the user."""
        self.side.check(
            f"/usr/bin/setpriv --reuid=tester --regid=tester --clear-groups /bin/sh -c '{script}'"
        )

    def add(self, **more: Any) -> str:
        """Add a key; why that was refused, or nothing."""
        words = {"username": "tester", "keys": ["ssh-x evil"], **more}
        try:
            self.client.call("guest-ssh-add-authorized-keys", **words)
        except Refused as refused:
            return refused.desc
        finally:
            self.assertEqual(self.agents_ids(), self.ids)
        return ""

    def unharmed(self) -> None:
        """Root's keys are what they were, and root's."""
        self.assertEqual(self.side.check("cat /root/.ssh/authorized_keys"), "ours")
        listed = self.side.check("stat -c '%U %a' /root/.ssh /root/.ssh/authorized_keys")
        self.assertEqual(listed, "root 700\nroot 600\n")

    def test_traps(self) -> None:
        """
        A link to a file or a folder of root's is not followed with root's rights, and a pipe does
        not hold the agent up.
        """
        self.plant(f"mkdir /home/tester/.ssh; ln -s /root/.ssh/authorized_keys {_KEYS}")
        self.assertIn("Permission denied", self.add())
        self.unharmed()
        self.assertEqual(self.add(reset=True), "")
        self.unharmed()
        seen = self.side.check(f"cat {_KEYS}; stat -c ' %F' {_KEYS}")
        self.assertEqual(seen, "ssh-x evil regular file\n")
        for target in ("/root/.ssh", f"/proc/{self.agent.pid}/cwd", "/proc/self/cwd", "/etc"):
            self.plant(f"rm -rf /home/tester/.ssh; ln -s {target} /home/tester/.ssh")
            for reset in (False, True):
                self.assertIn("Permission denied", self.add(reset=reset), target)
            self.unharmed()
        self.side.check("! test -e /authorized_keys && ! test -e /etc/authorized_keys")
        self.plant(f"rm /home/tester/.ssh; mkdir /home/tester/.ssh; mkfifo {_KEYS}")
        self.assertEqual(self.add(), "")
        self.assertEqual(self.side.check(f"cat {_KEYS}"), "ssh-x evil")


class RefusalTests(VMCase, SynchronousTestCase):
    """What is refused is refused in the words of 10.0."""

    series: ClassVar[str] = OURS

    def setUp(self) -> None:
        super().setUp()
        self.has(V10_0)
        self.ours = self.started().connect()
        self.addCleanup(self.ours.close)
        self.real = self.started(series=V10_0, port="oracle").connect()
        self.addCleanup(self.real.close)

    def ask(self, client: Client, command: str, arguments: dict[str, Any]) -> Any:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        return client.ask(request(command, wire))

    def alike(self, command: str, **arguments: Any) -> Any:
        """Both agents must say the same; what they say."""
        real = self.ask(self.real, command, arguments)
        ours = self.ask(self.ours, command, arguments)
        self.assertEqual(list(differences(real, ours, real, command)), [], arguments)
        return ours

    def refused(self, command: str, **arguments: Any) -> str:
        """Why both agents refuse."""
        return str(self.alike(command, **arguments)["error"]["desc"])

    def test_refusals(self) -> None:
        """
        One agent after the other is asked for what it cannot do.
        """
        self.power()
        self.clock()
        self.processors()
        self.memory()
        self.passwords()
        self.keys()
        self.trim()

    def power(self) -> None:
        """
        There are three ways to end, and a machine that cannot sleep in the fourth.
        """
        for mode in ("", "poweroff", "REBOOT"):
            self.assertIn("mode is invalid", self.refused("guest-shutdown", mode=mode))
        self.refused("guest-shutdown", mode=1)
        self.refused("guest-shutdown", surplus=1)
        self.refused("guest-suspend-ram", surplus=1)
        self.refused("guest-suspend-hybrid")

    def clock(self) -> None:
        """
        A time that the kernel does not want.
        """
        for nanoseconds in (0, -1, 999, 10**9, -1500):
            self.assertIn("Invalid argument", self.refused("guest-set-time", time=nanoseconds))
        self.refused("guest-set-time", time="now")
        # 10.0 adds the text of an error that was long ago
        for nanoseconds in (1 << 62, -(10**9) * 86400):
            reply = self.ask(self.ours, "guest-set-time", {"time": nanoseconds})
            self.assertEqual(reply["error"]["desc"], "Invalid time")
            reply = self.ask(self.real, "guest-set-time", {"time": nanoseconds})
            self.assertTrue(reply["error"]["desc"].startswith("Invalid time"), reply)

    def processors(self) -> None:
        """
        Processors that are not there, and the one that stays; 11.1 says otherwise that it cannot
        open a folder.
        """
        self.alike("guest-set-vcpus", vcpus=[])
        self.alike("guest-set-vcpus", vcpus=[{"logical-id": 1, "online": True}] * 1000)
        cpu = [{"logical-id": 0, "online": False, "can-offline": True}]
        self.assertIn("can't be offlined", self.refused("guest-set-vcpus", vcpus=cpu))
        self.alike("guest-set-vcpus", vcpus=[{"logical-id": 0, "online": True}, *cpu, *cpu])
        element: Any
        for element in (5, {}, {"logical-id": 0}, {"logical-id": "0", "online": True}):
            self.refused("guest-set-vcpus", vcpus=[element])
        self.refused("guest-set-vcpus", vcpus=None)
        self.refused("guest-set-vcpus")
        for number in (99, -1):
            missing = {"vcpus": [{"logical-id": number, "online": True}]}
            self.assertEqual(
                self.ask(self.ours, "guest-set-vcpus", missing)["error"]["desc"],
                f"Could not open '/sys/devices/system/cpu/cpu{number}/': No such file or directory",
            )
            self.assertEqual(
                self.ask(self.real, "guest-set-vcpus", missing)["error"]["desc"],
                f'open("/sys/devices/system/cpu/cpu{number}/"): No such file or directory',
            )

    def memory(self) -> None:
        """
        Blocks that are not there, or stay.
        """
        self.alike("guest-set-memory-blocks", mem_blks=[])
        for number in (9999, -1, (1 << 64) - 1):
            block = {"phys-index": number, "online": False}
            self.alike("guest-set-memory-blocks", mem_blks=[block, block])
        self.refused("guest-set-memory-blocks", mem_blks=[{"phys-index": 1}])
        self.refused("guest-set-memory-blocks", mem_blks=[{"phys-index": 1 << 64, "online": True}])

    def passwords(self) -> None:
        """
        What is no password, and nobody's.
        """
        command = "guest-set-user-password"
        for password in (b"a\nb", b"\n"):
            encoded = base64.b64encode(password).decode()
            desc = self.refused(command, username="a:b", password=encoded, crypted=False)
            self.assertEqual(desc, "forbidden characters in raw password")
        for username in ("a:b", "a\nb", ":"):
            desc = self.refused(command, username=username, password="YQ==", crypted=True)
            self.assertEqual(desc, "forbidden characters in username")
        self.refused(command, username="tester", password="*", crypted=False)
        self.refused(command, username="tester", password="YQ==")
        for username in ("nobody-at-all", ""):
            desc = self.refused(command, username=username, password="YQ==", crypted=False)
            self.assertIn("child process has failed to set user password: ", desc)

    def keys(self) -> None:
        """
        What is no key, and nobody's.
        """
        for command in ("guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys"):
            for key in ("# a", "a\nb"):
                desc = self.refused(command, username="nobody-at-all", keys=["a", key])
                self.assertEqual(desc, f"invalid OpenSSH public key: '{key}'")
            self.refused(command, username="nobody-at-all", keys=["a"])
            self.refused(command, username="tester", keys="a")
            self.refused(command, username="tester", keys=[1])
        self.alike("guest-ssh-remove-authorized-keys", username="tester", keys=["a"])
        self.refused("guest-ssh-remove-authorized-keys", username="tester", keys=[], reset=True)

    def trim(self) -> None:
        """
        What is trimmed, and what cannot be.
        """
        self.refused("guest-fstrim", minimum="x")
        self.alike("guest-fstrim", minimum=-1)


globals().update(for_every_agent(Acting))
