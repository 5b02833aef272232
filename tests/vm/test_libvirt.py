"""
The agent as libvirt sees it: what ``virsh`` asks of a guest, with ours in it and with the real one.

Each agent has the machine for itself and is asked the same, in the same order; the tests compare
what came of it.
"""

import atexit
import functools
import os
import re
from collections.abc import Sequence
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS, V10_0
from tests.vm import _image
from tests.vm._agents import PROGRAMS
from tests.vm._hardware import PORTS
from tests.vm._libvirt import Libvirt, Said, missing

_COMMAND = ("qemu-agent-command", "bed")
_KEYS = "ssh-ed25519 AAAAC3Nza one@bed\nssh-rsa AAAAB3Nza two@bed\n"
_CRYPTED = "$6$bed$CwXGaJGmsHDpQ3Wf3xZ3kcKnZmqCqKkZc0pLSXkE8J7mC9fVUVfD2BvHcDcnL6xQnRo6KDHtdZq1"
_WHEN = 1_700_000_000

#: What ``virsh`` is told, by a name for it; ``guest`` is not for virsh but for the guest's shell.
_STEPS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("ping", (*_COMMAND, '{"execute": "guest-ping"}')),
    ("sync", (*_COMMAND, '{"execute": "guest-sync", "arguments": {"id": 5}}')),
    ("refused", (*_COMMAND, '{"execute": "guest-file-open", "arguments": {"path": "/not/there"}}')),
    ("unknown", (*_COMMAND, '{"execute": "guest-no-such-command"}')),
    ("guestinfo", ("guestinfo", "bed")),
    ("domhostname", ("domhostname", "bed", "--source", "agent")),
    ("domfsinfo", ("domfsinfo", "bed")),
    ("domifaddr", ("domifaddr", "bed", "--source", "agent", "--full")),
    ("freeze", ("domfsfreeze", "bed")),
    ("freeze again", ("domfsfreeze", "bed")),
    ("frozen", (*_COMMAND, '{"execute": "guest-fsfreeze-status"}')),
    ("domfsinfo frozen", ("domfsinfo", "bed")),
    ("thaw", ("domfsthaw", "bed")),
    ("thaw again", ("domfsthaw", "bed")),
    ("freeze one", ("domfsfreeze", "bed", "--mountpoint", "/data")),
    ("thaw one", ("domfsthaw", "bed")),
    ("guest write", ("guest", "echo thawed > /data/thawed && sync && cat /data/thawed")),
    ("domfstrim", ("domfstrim", "bed")),
    (
        "snapshot",
        ("snapshot-create-as", "bed", "snap", "--disk-only", "--quiesce", "--no-metadata"),
    ),
    ("disks", ("domblklist", "bed")),
    ("thawed", (*_COMMAND, '{"execute": "guest-fsfreeze-status"}')),
    ("guest write after", ("guest", "echo snap > /data/snap && sync && cat /data/snap")),
    ("domtime set", ("domtime", "bed", "--time", str(_WHEN))),
    ("domtime", ("domtime", "bed")),
    ("domtime sync", ("domtime", "bed", "--sync")),
    ("domtime synced", ("domtime", "bed")),
    ("domtime now", ("domtime", "bed", "--now")),
    ("guestvcpus", ("guestvcpus", "bed")),
    ("setvcpus 1", ("setvcpus", "bed", "1", "--guest")),
    ("guest processors 1", ("guest", "cat /sys/devices/system/cpu/online")),
    ("vcpucount 1", ("vcpucount", "bed", "--guest")),
    ("setvcpus 2", ("setvcpus", "bed", "2", "--guest")),
    ("guest processors 2", ("guest", "cat /sys/devices/system/cpu/online")),
    ("setvcpus 3", ("setvcpus", "bed", "3", "--guest")),
    ("password", ("set-user-password", "bed", "tester", "secret")),
    ("guest shadow", ("guest", "grep ^tester: /etc/shadow | cut -c1-11")),
    ("password crypted", ("set-user-password", "bed", "tester", _CRYPTED, "--encrypted")),
    ("guest shadow crypted", ("guest", "grep ^tester: /etc/shadow | cut -d: -f2")),
    ("password nobody", ("set-user-password", "bed", "no-such-user", "secret")),
    ("keys none", ("get-user-sshkeys", "bed", "tester")),
    ("keys set", ("set-user-sshkeys", "bed", "tester", "--file", "{folder}/keys")),
    ("keys", ("get-user-sshkeys", "bed", "tester")),
    ("guest keys", ("guest", "ls -lnR /home/tester/.ssh | awk '{ print $1, $3, $4, $9 }'")),
    ("keys remove", ("set-user-sshkeys", "bed", "tester", "--file", "{folder}/one", "--remove")),
    ("keys left", ("get-user-sshkeys", "bed", "tester")),
    ("keys reset", ("set-user-sshkeys", "bed", "tester", "--file", "{folder}/one", "--reset")),
    ("keys one", ("get-user-sshkeys", "bed", "tester")),
    ("keys nobody", ("get-user-sshkeys", "bed", "no-such-user")),
    ("shutdown", ("shutdown", "bed", "--mode", "agent")),
)

#: What moves from one moment to the next.
_MOVING = re.compile(r"(fs\.\d+\.used-bytes *: |Time: )(\d+)")


@functools.cache
def _libvirt() -> Libvirt | str:
    """The libvirtd of this run, or why there is none."""
    if (reason := missing() or _image.missing()) is not None:
        return reason
    made = Libvirt(_image.images())
    atexit.register(made.stop)
    for name, text in (("keys", _KEYS), ("one", _KEYS.splitlines()[0] + "\n")):
        (made.folder / name).write_text(text)
    try:
        made.start()
    except AssertionError as why:
        return str(why)
    return made


@functools.cache
def _conversation(series: str) -> dict[str, Said] | str:
    """All that came of the steps with that agent, from boot to shutdown; or why nothing did."""
    libvirt = _libvirt()
    assert isinstance(libvirt, Libvirt), libvirt
    said = {}
    try:
        libvirt.boot()
        _start(libvirt, series)
        for name, words in _STEPS:
            if words[0] == "guest":
                ran = libvirt.side.run(words[1])
                said[name] = Said(ran.status, ran.output.decode(errors="replace"))
            else:
                there = (each.replace("{folder}", str(libvirt.folder)) for each in words)
                said[name] = libvirt.virsh(*there)
        libvirt.until("domstate", "bed", status=1, says="failed to get domain")
    except AssertionError as why:
        return f"{why}; so far {said}"
    finally:
        libvirt.off()
    return said


def _start(libvirt: Libvirt, series: str) -> None:
    """Start an agent in the guest; libvirt hears of it from QEMU."""
    # QEMU's network tells of a second address after a while
    libvirt.side.until("ip addr show eth0 | grep fec0: | grep -v tentative")
    line = f"{PROGRAMS[series]} -m virtio-serial -p {PORTS['agent']} -t /run/bed/agent"
    script = f"{{ exec setsid {line} > /run/bed/agent/log 2>&1 & }}"
    libvirt.side.check(f"mkdir /run/bed/agent && cd / && {script}")
    libvirt.until("dumpxml", "bed", says="name='org.qemu.guest_agent.0' state='connected'")
    # libvirt waits for five seconds only, and the emulated processors are slow
    libvirt.until(*_COMMAND, '{"execute": "guest-ping"}', says="return")


class LibvirtTests(SynchronousTestCase):
    """Libvirt 9.0, of somebody without rights, with QEMU's emulation."""

    def setUp(self) -> None:
        why = missing() or _image.missing()
        if why is not None and os.environ.get("TXQGA_REQUIRE_REAL") != "1":
            raise SkipTest(why)

    def alike(self, *names: str, status: int = 0) -> str:
        """
        What these steps came to must be the same with both agents.

        :return: the output of the last one.
        """
        for name in names:
            conversations = _conversation(OURS), _conversation(V10_0)
            ours, real = (self.step(each, name) for each in conversations)
            self.assertEqual((ours.status, name), (status, name), ours.output)
            self.assertEqual(self.still(ours), self.still(real), name)
        return ours.output

    def step(self, conversation: dict[str, Said] | str, name: str) -> Said:
        assert isinstance(conversation, dict), conversation
        return conversation[name]

    def still(self, said: Said) -> tuple[int, str]:
        return said.status, _MOVING.sub(r"\1...", said.output)

    def test_command(self) -> None:
        """
        ``qemu-agent-command``: what works, what is refused, what nobody knows.
        """
        self.assertEqual(self.alike("ping").strip(), '{"return":{}}')
        self.assertEqual(self.alike("sync").strip(), '{"return":5}')
        self.assertIn("No such file", self.alike("refused", status=1))
        self.alike("unknown", status=1)

    def test_information(self) -> None:
        """
        ``guestinfo``, ``domhostname``, ``domfsinfo``, ``domifaddr``.
        """
        self.assertRegex(self.alike("guestinfo"), r"os\.id +: debian\n")
        self.assertEqual(self.alike("domhostname").strip(), "bed")
        self.assertRegex(self.alike("domfsinfo"), r"/data +vdc +ext4 +vdc")
        self.assertIn("10.0.2.15/24", self.alike("domifaddr"))

    def test_freeze(self) -> None:
        """
        ``domfsfreeze`` and ``domfsthaw``: all of them, and one.
        """
        self.assertIn("Froze 3 filesystem", self.alike("freeze"))
        self.alike("freeze again", "domfsinfo frozen", status=1)
        self.assertIn("frozen", self.alike("frozen"))
        self.assertIn("Thawed 3 filesystem", self.alike("thaw"))
        self.assertIn("Thawed 0 filesystem", self.alike("thaw again"))
        self.assertIn("Froze 1 filesystem", self.alike("freeze one"))
        self.assertIn("Thawed 1 filesystem", self.alike("thaw one"))
        self.assertEqual(self.alike("guest write"), "thawed\n")

    def test_trim(self) -> None:
        """
        ``domfstrim``.
        """
        self.alike("domfstrim")

    def test_snapshot(self) -> None:
        """
        A quiesced snapshot of the disks: they are held still for it, and free afterwards.
        """
        self.assertIn("snapshot snap created", self.alike("snapshot"))
        self.assertIn("data.snap", self.alike("disks"))
        self.assertIn("thawed", self.alike("thawed"))
        self.assertEqual(self.alike("guest write after"), "snap\n")

    def test_time(self) -> None:
        """
        ``domtime``: set, told, taken from the hardware's clock, taken from the host's.
        """
        for name in ("domtime", "domtime synced"):
            told = int(self.alike(name).split()[1])
            self.assertLessEqual(_WHEN, told)
            self.assertLess(told, _WHEN + 600)
        self.alike("domtime set", "domtime sync", "domtime now")

    def test_processors(self) -> None:
        """
        ``setvcpus --guest``, ``guestvcpus``, ``vcpucount``: one goes and comes back.
        """
        self.alike("guestvcpus", "setvcpus 1", "setvcpus 2")
        self.assertEqual(self.alike("guest processors 1").strip(), "0")
        self.assertEqual(self.alike("vcpucount 1").strip(), "1")
        self.assertEqual(self.alike("guest processors 2").strip(), "0-1")
        self.alike("setvcpus 3", status=1)

    def test_password(self) -> None:
        """
        ``set-user-password``, in clear and encrypted.
        """
        self.alike("password", "password crypted")
        self.assertEqual(self.alike("guest shadow").strip(), "tester:$y$j")
        self.assertEqual(self.alike("guest shadow crypted").strip(), _CRYPTED)
        self.alike("password nobody", status=1)

    def test_keys(self) -> None:
        """
        ``set-user-sshkeys`` and ``get-user-sshkeys``: added, taken away, replaced.
        """
        self.alike("keys set", "keys remove", "keys reset")
        self.alike("keys none", "keys nobody", status=1)
        self.assertIn("two@bed", self.alike("keys"))
        self.assertRegex(self.alike("guest keys"), r"-rw------- 1000 1000 authorized_keys")
        self.assertNotIn("one@bed", self.alike("keys left"))
        self.assertIn("one@bed", self.alike("keys one"))

    def test_shutdown(self) -> None:
        """
        ``shutdown --mode agent``: the machine ends.
        """
        self.alike("shutdown")
