"""An agent as a process: its socket, its clients one after another, its end. Facts 1 and 10."""

import signal
import socket
from pathlib import Path

from tests.functional._behaviour import Behaviour, only
from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._oracle import OURS, AgentProcess, require
from tests.functional._rows import Row, error, ok

PING = request("guest-ping")


class Clients(Behaviour):
    all_of_a_process = True

    def test_one_at_a_time(self) -> None:
        """
        A client that comes while another is served waits; then it is served, in its turn.
        """
        first = self.process.connect()
        self.assertEqual(first.call("guest-sync", id=1), 1)
        second = self.process.connect(patience=0.3)
        second.send(request("guest-sync", {"id": 2}))
        self.assertRaises(Gone, second.line)
        self.assertEqual(first.call("guest-sync", id=11), 11)
        first.close()
        with self.process.connect() as third:
            third.send(request("guest-sync", {"id": 3}))
            second.patience = PATIENCE
            self.assertEqual(second.line(), b'{"return": 2}')
            second.close()
            self.assertEqual(third.line(), b'{"return": 3}')

    def test_many_in_a_row(self) -> None:
        """
        Any number of clients may come, one after the other; none leaves anything open.
        """
        with self.process.connect() as client:
            client.call("guest-ping")
        before = len(self.process.open_files())
        for number in range(100):
            with self.process.connect() as client:
                self.assertEqual(client.call("guest-sync", id=number), number)
        with self.process.connect() as client:
            client.call("guest-ping")
        self.assertLessEqual(len(self.process.open_files()), before + 1)

    def test_half_close(self) -> None:
        """
        A client that says it is done still gets its replies, and then the end.
        """
        with self.process.connect() as client:
            client.send(PING * 3)
            client.hang_up()
            self.assertEqual(client.rest(), b'{"return": {}}\n' * 3)
        self.assertTrue(self.process.answers())

    def test_silent_client(self) -> None:
        """
        A client that comes and goes without a word does no harm.
        """
        for _ in range(20):
            Client(self.process.socket).abandon()
        self.assertTrue(self.process.answers())

    @only(OURS, because="qemu-ga ends itself")
    def test_leaves_with_replies_unread(self) -> None:
        """
        A client that leaves without reading its replies does no harm: the next one is served.
        """
        for sent in (PING, request("guest-info") * 500, b"\xff" * 10_000):
            client = self.process.connect()
            client.send(sent)
            client.abandon()
            self.assertTrue(self.process.answers())

    @only(OURS, because="qemu-ga completes it with what the next client says")
    def test_nothing_is_left_for_the_next(self) -> None:
        """
        Half a request of one client is nobody's: the next one starts clean.
        """
        for left in (
            b"{",
            b'{"execute": "guest-',
            b"[[[",
            b'"',
            b'{"execute": "guest-ping"',
            b"12",
        ):
            client = self.process.connect()
            client.send(left)
            client.abandon()
            with self.process.connect() as again:
                self.check(Row(PING, ok({})), peer=again)

    def test_slow_reader(self) -> None:
        """
        A client may let its replies wait: they all come, in order.
        """
        with self.process.connect() as client:
            count = 2000
            asked = b"".join(request("guest-info", id=number) for number in range(count))
            client.send(asked)
            for number in range(count):
                self.assertIn(b'"id": %d}' % number, client.line()[-20:])


class Socket(Behaviour):
    all_of_a_process = True

    def test_left_behind(self) -> None:
        """
        The socket stays when the agent ends; a new agent takes its place.
        """
        self.process.stop()
        self.assertTrue(self.process.socket.is_socket())
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        self.assertRaises(ConnectionRefusedError, client.connect, str(self.process.socket))
        self.process.start(unlink=False)
        self.assertTrue(self.process.answers())

    def test_any_file_in_the_way(self) -> None:
        """
        A file in the way of the socket is removed by qemu-ga, and left alone by ours.
        """
        process = AgentProcess(require(self.series))
        self.addCleanup(process.remove)
        process.socket.write_text("in the way")
        if self.series == OURS:
            process.spawn()
            self.assertEqual(process.wait(), 1)
            self.assertIn(f"Failed to bind socket to {process.socket}: ", process.complaints())
            self.assertEqual(process.socket.read_text(), "in the way")
        else:
            process.start(unlink=False)
            self.assertTrue(process.socket.is_socket())

    def test_longest_path(self) -> None:
        """
        A path of 107 octets is just short enough.
        """
        path = str(self.folder / "s").ljust(107, "s")
        process = AgentProcess(require(self.series), "-p", path)
        self.addCleanup(process.remove)
        process.socket = Path(path)
        process.start()
        self.assertTrue(process.answers())


class End(Behaviour):
    all_of_a_process = True

    def test_signals(self) -> None:
        """
        SIGTERM and SIGINT end the agent cleanly, also while a client is served.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start_process()
            with process.connect() as client:
                client.call("guest-ping")
                process.signal(number)
                self.assertEqual(process.wait(), 0)

    def test_hangup(self) -> None:
        """
        SIGHUP is not for agents: it kills.
        """
        process = self.start_process()
        process.signal(signal.SIGHUP)
        self.assertEqual(process.wait(), -signal.SIGHUP)

    def test_with_a_program_running(self) -> None:
        """
        The agent ends although a program that it started goes on.
        """
        fifo = self.folder / "fifo"
        script = f"mkfifo {fifo}; read x <{fifo}"
        with self.process.connect() as client:
            client.call("guest-exec", path="/bin/sh", arg=["-c", script], capture_output=True)
        self.assertEqual(self.process.stop(), 0)
        while not fifo.exists():
            pass
        fifo.write_text("end\n")

    def test_what_is_left(self) -> None:
        """
        An agent leaves its state, its socket and what it was told to write; nothing else.
        """
        with self.process.connect() as client:
            client.call("guest-file-open", path="foo", mode="w")
        self.assertEqual(self.process.stop(), 0)
        for folder, names in (
            (self.process.state, ["qga.state"]),
            (self.process.cwd, ["foo"]),
            (self.process.folder, ["cwd", "s", "state", "stderr"]),
        ):
            self.assertEqual(sorted(each.name for each in folder.iterdir()), names)

    def test_quiet(self) -> None:
        """
        An agent that works says nothing.
        """
        with self.process.connect() as client:
            client.raw(b"%%%" + PING + request("guest-nonsense"))
        self.assertEqual(self.process.stop(), 0)
        self.assertEqual(self.process.complaints(), "")

    def test_stopped_and_continued(self) -> None:
        """
        An agent that stood still goes on where it was, and answers what was asked meanwhile.
        """
        with self.process.connect() as client:
            client.call("guest-ping")
            self.process.signal(signal.SIGSTOP)
            client.send(request("guest-ping", id=1) + request("guest-ping", {"x": 1}, id=2))
            self.process.signal(signal.SIGCONT)
            self.assertEqual(client.line(), b'{"return": {}, "id": 1}')
            self.assertIn(b'"id": 2', client.line())


class State(Behaviour):
    all_of_a_process = True

    def test_first_start(self) -> None:
        """
        The state is written at the first start already.
        """
        self.assertEqual(
            (self.process.state / "qga.state").read_text(), "[global]\nfd_counter=1000\n"
        )

    def test_kept(self) -> None:
        """
        Numbers of handles go on where they were, whatever else is in the file.
        """
        for text, handle in (
            ("[global]\nfd_counter=5\n", 5),
            ("# comment\n\n[other]\nx=1\n[global]\nfd_counter = 77\n", 77),
            ("[global]\n", 1000),
            ("[global]\nfd_counter=nonsense\n", 0),
            ("[global]\nfd_counter=99999999999\n", 0),
        ):
            process = AgentProcess(require(self.series))
            self.addCleanup(process.remove)
            (process.state / "qga.state").write_text(text)
            process.start()
            with process.connect() as client:
                self.assertEqual(client.call("guest-file-open", path="f", mode="w"), handle, text)

    def test_unreadable(self) -> None:
        """
        An agent does not start with a state that it cannot read.
        """
        process = AgentProcess(require(self.series))
        self.addCleanup(process.remove)
        (process.state / "qga.state").write_text("no key file\n")
        process.spawn()
        process.wait()
        self.assertIn("error loading persistent state from path", process.complaints())

    def test_unknown_command_still(self) -> None:
        """
        An agent that was restarted knows what it knew.
        """
        self.process.restart()
        with self.process.connect() as client:
            self.check(
                Row(PING, ok({})),
                Row(b'{"execute": 1}', error("QMP input member 'execute' must be a string")),
                peer=client,
            )


globals().update(Clients.for_every_agent())
globals().update(Socket.for_every_agent())
globals().update(End.for_every_agent())
globals().update(State.for_every_agent())
