"""The mux in front of real agents, and its clients as other people write them."""

import base64
import json
import os
import socket
import stat

from tests.functional import _mux_case
from tests.functional import _mux_clients as others
from tests.functional._client import Client, Refused, request
from tests.functional._oracle import OURS, V7_2, V10_0

PING = request("guest-ping", id=1)
PONG = b'{"return": {}, "id": 1}\n'

#: Things that an agent refuses, in words of its own.
ASKS: list[tuple[str, dict[str, object]]] = [
    ("guest-nonsense", {}),
    ("guest-shutdown", {}),
    ("guest-ping", {"x": 1}),
    ("guest-file-open", {"path": "/no/such/file"}),
    ("guest-file-open", {"path": 5}),
    ("guest-file-read", {"handle": "1000"}),
    ("guest-exec", {"path": "/no/such/program"}),
]


class Behind72(_mux_case.MuxCase):
    """In front of the agent of QEMU 7.2."""

    series = V7_2

    def test_socat(self) -> None:
        """
        ``socat`` works, though it ends its writing side before it is answered.
        """
        self.assertEqual(others.socat(self.path, PING), PONG)
        self.assertEqual(others.socat(self.path, PING * 100), PONG * 100)
        self.assertEqual(others.socat(self.path, b""), b"")

    def test_bare_socket(self) -> None:
        """
        A bare socket works.
        """
        for _ in range(20):
            self.assertEqual(others.bare(self.path, PING), PONG)

    def test_qmp(self) -> None:
        """
        ``qemu.qmp`` works: it is strict, and takes a reply without its id for an accident.
        """
        path = self.file(b"hello")
        found = others.qmp(
            self.path,
            ("guest-sync", {"id": 5}),
            ("guest-ping", None),
            ("guest-file-open", {"path": str(path)}),
            ("guest-info", None),
            ("guest-get-host-name", None),
        )
        self.assertEqual(found[:2], [5, {}])
        self.assertEqual(found[4], {"host-name": socket.gethostname()})
        self.until_closed(path)

    def test_proxmox(self) -> None:
        """
        Proxmox's way works: it finds each of its replies where it looks for it.
        """
        proxmox = others.Proxmox(self.path)
        self.assertEqual(proxmox.call("guest-ping"), {})
        self.assertEqual(proxmox.call("guest-info")["version"], self.agent.program.version)
        refused = proxmox.ask("guest-shutdown", {"mode": "powerdown"})
        self.assertEqual(refused["error"]["class"], "CommandNotFound")

    def test_guest_info_is_the_agents(self) -> None:
        """
        What the agent says of itself is passed on unchanged.
        """
        through = others.bare(self.path, request("guest-info", id=1))
        with self.mux.connect("db1") as client:
            self.assertEqual(json.loads(through)["return"], client.call("guest-info"))
        self.mux.stop()
        with self.agent.connect() as client:
            self.assertEqual(json.loads(through)["return"], client.call("guest-info"))

    def test_errors_are_the_agents(self) -> None:
        """
        What the agent refuses is refused in its own words.
        """
        with self.mux.connect("db1") as client, self.start_agent().connect() as direct:
            for command, arguments in ASKS:
                asked = request(command, arguments, id=7)
                self.assertEqual(client.ask(asked), direct.ask(asked))

    def test_syncs(self) -> None:
        """
        Each client has syncs of its own, with 0xFF or without, and half a request of one is no
        concern of another.
        """
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            ann.send(b'{"execute":"guest-pi')
            bob.send(request("guest-sync-delimited", {"id": 7}))
            self.assertEqual(bob.line(), b'\xff{"return": 7}')
            ann.send(b"\xff" + request("guest-sync-delimited", {"id": 8}))
            self.assertIn(b'"GenericError"', ann.line())
            self.assertEqual(ann.line(), b'\xff{"return": 8}')

    def test_handles(self) -> None:
        """
        A file is the connection's that opened it: nobody else can use it, and it goes with it.
        """
        path = self.file(b"hello")
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            handle = ann.call("guest-file-open", path=str(path))
            for command in ("guest-file-read", "guest-file-close", "guest-file-flush"):
                refused = self.assertRaises(Refused, bob.call, command, handle=handle)
                self.assertEqual(refused.desc, f"handle '{handle}' has not been found")
            self.assertEqual(ann.call("guest-file-read", handle=handle)["count"], 5)
        self.until_closed(path)

    def test_processes(self) -> None:
        """
        So is a process, and its result does not stay in the agent.
        """
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            pid = ann.call("guest-exec", path="/bin/echo", arg=["hello"], capture_output=True)[
                "pid"
            ]
            refused = self.assertRaises(Refused, bob.call, "guest-exec-status", pid=pid)
            self.assertEqual(refused.desc, "PID ld does not exist")
            status = self.until(lambda: self.exited(ann, pid))
            self.assertEqual(base64.b64decode(status["out-data"]), b"hello\n")
            pid = ann.call("guest-exec", path="/bin/true")["pid"]
        self.mux.stop()
        with self.agent.connect() as client:
            self.assertRaises(Refused, client.call, "guest-exec-status", pid=pid)

    def exited(self, client: Client, pid: int) -> dict[str, str] | None:
        status = client.call("guest-exec-status", pid=pid)
        return status if status["exited"] else None

    def test_big_file(self) -> None:
        """
        The biggest read that an agent takes passes, of 48 MiB in one reply.
        """
        content = os.urandom(1 << 20) * 48
        path = self.file(content)
        with self.mux.connect("db1") as client, self.mux.connect("db1") as other:
            handle = client.call("guest-file-open", path=str(path))
            client.send(request("guest-file-read", {"handle": handle, "count": 48 << 20}))
            self.assertEqual(other.call("guest-ping"), {})
            reply = json.loads(client.line())["return"]
            self.assertEqual(reply["count"], len(content))
            self.assertEqual(base64.b64decode(reply["buf-b64"]), content)

    def test_stop(self) -> None:
        """
        When the mux stops its sockets go, and no file stays open in the agent, or lies about.
        """
        path = self.file(b"hello")
        client = self.mux.connect("db1")
        client.call("guest-file-open", path=str(path))
        self.mux.stop()
        self.assertEqual(client.rest(), b"")
        client.abandon()
        self.assertEqual(list(self.mux.served.iterdir()), [])
        self.until_closed(path)


class Behind100(Behind72):
    """In front of the agent of QEMU 10.0."""

    series = V10_0


class BehindOurs(Behind72):
    """In front of our own agent."""

    series = OURS


class UsersHandles(_mux_case.MuxCase):
    """Where handles are the user's."""

    series = V7_2
    options = ("--handles", "user")

    def test_proxmox(self) -> None:
        """
        Proxmox reads a file over one connection for each step.
        """
        path = self.file(b"hello, world")
        proxmox = others.Proxmox(self.path)
        handle = proxmox.call("guest-file-open", path=str(path), mode="r")
        first = proxmox.call("guest-file-read", handle=handle, count=5)
        self.assertEqual(base64.b64decode(first["buf-b64"]), b"hello")
        rest = proxmox.call("guest-file-read", handle=handle)
        self.assertEqual(base64.b64decode(rest["buf-b64"]), b", world")
        self.assertIn(str(path), self.agent.open_files().values())
        self.assertEqual(proxmox.call("guest-file-close", handle=handle), {})
        self.until_closed(path)

    def test_proxmox_exec(self) -> None:
        """
        Proxmox starts a program over one connection, and asks for its end over others.
        """
        proxmox = others.Proxmox(self.path)
        pid = proxmox.call("guest-exec", path="/bin/sh", arg=["-c", "exit 3"])["pid"]
        status = self.until(
            lambda: (
                found if (found := proxmox.call("guest-exec-status", pid=pid))["exited"] else None
            )
        )
        self.assertEqual(status["exitcode"], 3)
        again = proxmox.ask("guest-exec-status", {"pid": pid})
        self.assertEqual(again["error"]["desc"], "PID ld does not exist")


class WhoIsServed(_mux_case.MuxCase):
    """Who may connect."""

    series = V7_2

    def test_modes(self) -> None:
        """
        The folder and its sockets are for the mux's own user alone.
        """
        self.assertEqual(stat.S_IMODE(self.mux.served.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)

    def test_others(self) -> None:
        """
        Another user is refused with the reason, even where the modes would let it in.
        """
        if os.geteuid() != 0:
            self.skipTest("only root can be another user")
        for path, mode in ((self.mux.folder, 0o755), (self.mux.served, 0o755), (self.path, 0o666)):
            path.chmod(mode)
        os.seteuid(65534)
        try:
            client = self.connect()
        finally:
            os.seteuid(0)
        self.assertIn(b"you are uid 65534", client.rest())
        self.assertEqual(others.bare(self.path, PING), PONG)


class KilledClients(_mux_case.MuxCase):
    """Clients that go without a word."""

    def test_killed_while_opening(self) -> None:
        """
        A client that was killed while it opened a file leaves none open.
        """
        path = self.file(b"hello")
        client = self.connect()
        self.tap.hold()
        client.send(request("guest-file-open", {"path": str(path)}))
        self.tap.wait_for(b"guest-file-open")
        client.abandon()
        self.until(lambda: str(path) in self.agent.open_files().values())
        self.tap.release()
        self.until_closed(path)

    def test_killed_while_waiting(self) -> None:
        """
        What a client asked and was not written before it was killed does not happen, not even if
        it had said before that it would say no more.
        """
        first, second, third = (self.connect() for _ in range(3))
        self.tap.hold()
        first.send(request("guest-get-timezone"))
        self.tap.wait_for(b"guest-get-timezone")
        made = self.agent.folder / "made"
        for client in (second, third):
            client.send(request("guest-file-open", {"path": str(made), "mode": "w"}))
        third.hang_up()
        second.abandon()
        third.abandon()
        self.until_gone(1)
        self.tap.release()
        self.assertIn(b"return", first.line())
        self.assertEqual(first.call("guest-ping"), {})
        self.assertNotIn(b"guest-file-open", self.tap.asked)
        self.assertFalse(made.exists())
