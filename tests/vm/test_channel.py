"""The channel between a host and the agent in a real virtual machine. Facts 1, 2.3; C1 to C16."""

import base64
import hashlib
import json
import select
from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, request
from tests.functional._oracle import OURS, V7_2
from tests.vm._agents import GuestAgent, start
from tests.vm._case import VMCase, for_every_agent

MIB = 1 << 20


class Channel(VMCase):
    """What any agent does at its port."""

    def test_first_answer(self) -> None:
        """
        An agent that was just started answers the host who waited for it.
        """
        with self.started().connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
            self.assertTrue(client.call("guest-info")["supported_commands"])

    def test_asked_before_it_runs(self) -> None:
        """
        What a host said before there was an agent is answered once there is one.
        """
        waiting = Client(self.machine.socket("agent"))
        self.addCleanup(waiting.abandon)
        waiting.send(request("guest-ping", id="early"))
        self.started()
        self.assertEqual(json.loads(waiting.line()), {"return": {}, "id": "early"})

    def test_told_by_qemu(self) -> None:
        """
        QEMU tells the host when an agent opens its port, and when it has gone.
        """
        self.machine.qmp.forget()
        agent = self.started()
        self.machine.qmp.wait("VSERPORT_CHANGE", id="agent", open=True)
        agent.stop()
        self.machine.qmp.wait("VSERPORT_CHANGE", id="agent", open=False)

    def test_garbage(self) -> None:
        """
        0xFF ends whatever was said before it: the next request is answered.
        """
        with self.started().connect() as client:
            client.send(b'{"execute": ["guest-ping", {"a\xff')
            client.send(request("guest-sync-delimited", {"id": 7}))
            while not (line := client.line()).endswith(b'\xff{"return": 7}'):
                self.assertIn(b'"error"', line)
            self.assertEqual(client.call("guest-ping"), {})

    def test_closed_in_a_request(self) -> None:
        """
        A host that goes in the middle of a request leaves nothing behind for the next one.
        """
        agent = self.started()
        for size in (1, 17, 5000):
            client = agent.connect()
            unfinished = b'{"execute": "guest-file-open", "arguments": {"path": "' + b"x" * size
            client.send(unfinished)
            client.abandon()
            with agent.connect() as client:
                self.assertEqual(client.call("guest-ping"), {})

    def test_closed_in_a_reply(self) -> None:
        """
        A host that goes in the middle of a reply does not stop the agent; the next one is served.
        """
        agent = self.started()
        self.machine.side.check("dd if=/dev/zero of=/data/long bs=1M count=4")
        for _ in range(2):
            client = agent.connect()
            handle = client.call("guest-file-open", path="/data/long")
            client.stop_listening()
            client.send(request("guest-file-read", {"handle": handle, "count": 4 * MIB}))
            self.begins_to_answer(client)
            client.abandon()
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
        self.assertTrue(agent.alive)

    def begins_to_answer(self, client: Client) -> None:
        """Wait for the first octets of a reply, and read no more."""
        select.select([client], [], [])

    def test_file_there_and_back(self) -> None:
        """
        A large file that is written and read back through the port equals itself.
        """
        block = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(MIB // 32))
        octets = block * self.large
        with self.started().connect() as client:
            handle = client.call("guest-file-open", path="/data/large", mode="w+")
            for start_of in range(0, len(octets), MIB):
                text = base64.b64encode(octets[start_of : start_of + MIB]).decode()
                wrote = client.call("guest-file-write", handle=handle, buf_b64=text)
                self.assertEqual(wrote, {"count": MIB, "eof": False})
            client.call("guest-file-seek", handle=handle, offset=0, whence="set")
            read = hashlib.sha256()
            while not (got := client.call("guest-file-read", handle=handle, count=MIB))["eof"]:
                read.update(base64.b64decode(got["buf-b64"]))
            read.update(base64.b64decode(got["buf-b64"]))
            client.call("guest-file-close", handle=handle)
        self.assertEqual(read.digest(), hashlib.sha256(octets).digest())
        seen = self.machine.side.check("sha256sum /data/large; rm /data/large").split()[0]
        self.assertEqual(seen, hashlib.sha256(octets).hexdigest())

    def test_program(self) -> None:
        """
        A program runs in the guest, and its output comes back.
        """
        with self.started().connect() as client:
            words = {"path": "/bin/uname", "arg": ["-n"], "capture_output": True}
            pid = client.call("guest-exec", **words)["pid"]
            while not (status := client.call("guest-exec-status", pid=pid))["exited"]:
                pass
        self.assertEqual(base64.b64decode(status["out-data"]), b"bed\n")

    def test_serial(self) -> None:
        """
        It serves an ISA serial port as it does a virtio one.
        """
        agent = self.started(port="serial")
        for _ in range(2):
            with agent.connect() as client:
                self.assertEqual(client.call("guest-ping"), {})
                self.assertTrue(client.call("guest-info")["supported_commands"])


globals().update(for_every_agent(Channel))


class OurChannel(VMCase, SynchronousTestCase):
    """What our agent does at its port that ``qemu-ga`` does not do, or not well."""

    series: ClassVar[str] = OURS

    def test_nobody(self) -> None:
        """
        With no host connected the agent sleeps: fewer than five wakes a minute.
        """
        self.assertLess(self.wakes(self.started()), 5)

    def test_nobody_any_more(self) -> None:
        """
        So it does after a host has come and gone.
        """
        agent = self.started()
        agent.connect().close()
        self.assertLess(self.wakes(agent), 5)

    def test_somebody_who_polls(self) -> None:
        """
        The count is one: ``qemu-ga``, which looks ten times a second, is caught.
        """
        agent = self.started(series=V7_2)
        agent.connect().close()
        before = agent.switches()
        self.machine.side.check("sleep 10")
        self.assertGreater(agent.switches() - before, 20)

    def wakes(self, agent: GuestAgent) -> int:
        """How often it wakes in a minute, once it has nothing more to do."""
        asleep = f"grep -q '^State:.S' /proc/{agent.pid}/status && sleep 2"
        before = -1
        while before != (now := agent.switches()):
            before = now
            self.machine.side.until(asleep)
        self.machine.side.check("sleep 60")
        self.assertTrue(agent.alive)
        return agent.switches() - before

    def test_clock(self) -> None:
        """
        A guest whose clock is set back an hour does not make the agent wait for an hour.
        """
        side = self.machine.side
        side.check("rm -f /run/bed/late")
        agent = start(self.machine, OURS, "-r", "-p", "/run/bed/late", words=False)
        self.addCleanup(agent.stop)
        side.until(f"grep -q 'error opening channel' /run/bed/{agent.name}/log")
        side.check("date -s @$(($(date +%s) - 3600))")
        self.addCleanup(side.check, "date -s @$(($(date +%s) + 3600))")
        side.check("ln -s /dev/virtio-ports/org.qemu.guest_agent.0 /run/bed/late")
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})

    def test_as_a_service(self) -> None:
        """
        Started as the unit of ``qemu-ga`` starts that, with no word at all, it serves the port.
        """
        agent = start(self.machine, OURS, words=False)
        self.addCleanup(agent.stop)
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})

    def test_as_a_daemon(self) -> None:
        """
        Started as the script of ``qemu-ga`` in ``/etc/init.d`` starts that, it goes to the
        background, writes its number down, and stops when that number is told to.
        """
        side = self.machine.side
        path = "/dev/virtio-ports/org.qemu.guest_agent.0"
        side.check(f"/opt/agent/bin/txqga-agent --daemonize -m virtio-serial -p {path}")
        pid = int(side.until("cat /run/qemu-ga.pid"))
        agent = GuestAgent(self.machine, "agent", pid, "daemon")
        self.addCleanup(agent.stop)
        with agent.connect() as client:
            self.assertEqual(client.call("guest-ping"), {})
        agent.stop()
        side.check("! test -e /run/qemu-ga.pid")
