"""An agent at a character device: as its virtio-serial port, and as its serial line. Facts 1."""

import base64
import os
import signal
import termios
from typing import ClassVar

from tests.functional._behaviour import Behaviour, only
from tests.functional._client import request
from tests.functional._oracle import OURS, require
from tests.functional._rows import Row, ok
from tests.functional._terminal import Terminal, TerminalAgent

PING = request("guest-ping")


class Devices(Behaviour):
    """What does not depend on the kind of device."""

    all_of_a_process = True
    method: ClassVar[str] = ""

    def start(self, *options: str) -> TerminalAgent:
        return self.start_at(None, *options)

    def start_at(self, terminal: Terminal | None, *options: str) -> TerminalAgent:
        """One more agent, at that terminal."""
        agent = TerminalAgent(require(self.series), self.method, *options, terminal=terminal)
        self.addCleanup(agent.remove)
        agent.start()
        return agent


class Conversations(Devices):
    def test_requests(self) -> None:
        """
        Requests are answered in order, however they are cut or glued.
        """
        self.check(
            Row(PING, ok({})),
            Row(request("guest-ping", id=1) + request("guest-sync", {"id": 5}), (ok({}, 1), ok(5))),
            Row(b'{"execute":"guest-ping"}{"execute":"guest-ping","id":[]}', (ok({}), ok({}, []))),
        )
        for octet in request("guest-sync", {"id": 77}):
            self.peer.send(bytes([octet]))
        self.assertEqual(self.peer.line(), b'{"return": 77}')

    def test_recovery(self) -> None:
        """
        Whatever a host that went away has left, the next one gets the agent's attention.
        """
        sync = b"\xff" + request("guest-sync-delimited", {"id": 7})
        for left in (b"", b'{"execute": "gue', b"[[[{", b'"', b"%%%\n", b"\0\0\0"):
            self.assertEqual(self.peer.raw(left + sync)[-1], b'\xff{"return": 7}', left)

    def test_long(self) -> None:
        """
        Texts far longer than the device's buffer pass whole, both ways.
        """
        path = str(self.folder / "f")
        data = os.urandom(100_000)
        handle = self.peer.call("guest-file-open", path=path, mode="w+")
        text = base64.b64encode(data).decode()
        written = self.peer.call("guest-file-write", handle=handle, buf_b64=text)
        self.assertEqual(written["count"], len(data))
        self.peer.call("guest-file-seek", handle=handle, offset=0, whence="set")
        read = self.peer.call("guest-file-read", handle=handle, count=len(data))
        self.assertEqual(base64.b64decode(read["buf-b64"]), data)

    @only(OURS, because="qemu-ga loses some of them")
    def test_host_does_not_read(self) -> None:
        """
        Replies that the host does not take for a while all come, in order.
        """
        count = 2000
        for number in range(count):
            self.peer.send(request("guest-ping", id=number))
        for number in range(count):
            self.assertEqual(self.peer.line(), b'{"return": {}, "id": %d}' % number)

    def test_signals(self) -> None:
        """
        SIGTERM and SIGINT end the agent cleanly, also while replies wait.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start()
            self.assertTrue(process.answers())
            process.signal(number)
            self.assertEqual(process.wait(), 0)


class VirtioSerial(Conversations):
    method = "virtio-serial"

    def test_asked_before_it_starts(self) -> None:
        """
        What the host says before the agent runs is answered when it does.
        """
        terminal = Terminal()
        terminal.send(request("guest-sync", {"id": 123}))
        agent = TerminalAgent(require(self.series), self.method, terminal=terminal)
        self.addCleanup(agent.remove)
        agent.spawn()
        self.assertEqual(terminal.line(), b'{"return": 123}')

    def test_settings(self) -> None:
        """
        The device is left as it is.
        """
        terminal = Terminal()
        before = terminal.settings()
        self.start_at(terminal)
        self.assertEqual(terminal.settings(), before)


class IsaSerial(Conversations):
    method = "isa-serial"

    def test_settings(self) -> None:
        """
        The line is made raw, with 38400 baud both ways; what else it was stays.
        """
        terminal = Terminal(raw=False)
        iflag, _, cflag, _, _, _, characters = terminal.settings()
        self.start_at(terminal)
        kept = iflag & ~(termios.ICRNL | termios.IXON)
        characters[termios.VMIN] = 1
        characters[termios.VTIME] = 0
        speed = termios.B38400
        self.assertEqual(terminal.settings(), [kept, 0, cflag | speed, 0, speed, speed, characters])


globals().update(VirtioSerial.for_every_agent())
globals().update(IsaSerial.for_every_agent())
