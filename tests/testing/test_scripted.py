"""The agent in memory behaves like the one behind QEMU's channel."""

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.interfaces import IStreamClientEndpoint, ITransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.errors import CommandFailed
from txqga.testing import SILENCE, ScriptedAgent
from txqga.wire import command

PING = command("guest-ping")
PONG = b'{"return": {}}\n'
SYNC = command("guest-sync-delimited", {"id": 7})
SYNCED = b'\xff{"return": 7}\n'


class Client(Protocol):
    """Keeps what it reads."""

    def __init__(self) -> None:
        self.read = b""
        self.lost = False

    def dataReceived(self, data: bytes) -> None:
        self.read += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = True


class ScriptedAgentTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent = ScriptedAgent()

    def client(self, *octets: bytes) -> Client:
        made = self.successResultOf(self.agent.connect(Factory.forProtocol(Client)))
        assert isinstance(made, Client)
        self.write(made, *octets)
        return made

    def write(self, client: Client, *octets: bytes) -> None:
        assert client.transport is not None
        client.transport.writeSequence(octets)
        self.agent.flush()

    def close(self, client: Client) -> None:
        assert client.transport is not None
        client.transport.loseConnection()
        self.agent.flush()

    def test_interfaces(self) -> None:
        """
        The agent is an endpoint, and its connections are transports.
        """
        self.client()
        self.assertTrue(verifyObject(IStreamClientEndpoint, self.agent))
        self.assertTrue(verifyObject(ITransport, self.agent.connections[0]))

    def test_answers(self) -> None:
        """
        Commands are answered in order, with their ids, and with what the script says.
        """
        self.agent.answer("guest-file-open", lambda arguments: len(arguments["path"]))
        self.agent.answer("guest-exec", CommandFailed("no"))
        client = self.client(
            command("guest-ping", id=1),
            command("guest-file-open", {"path": "abc"}),
            command("guest-exec", id=[2]),
            command("guest-nonsense"),
        )
        self.assertEqual(
            client.read.splitlines(),
            [
                b'{"return": {}, "id": 1}',
                b'{"return": 3}',
                b'{"id": [2], "error": {"class": "GenericError", "desc": "no"}}',
                b'{"error": {"class": "CommandNotFound", "desc": '
                b'"The command guest-nonsense has not been found"}}',
            ],
        )
        self.assertEqual(self.agent.executed, ["guest-file-open", "guest-exec", "guest-nonsense"])

    def test_asked_when_told(self) -> None:
        """
        Whoever asks again when something arrives may let it be carried: it is, and in order.
        """
        client = self.client()

        def received(data: bytes) -> None:
            client.read += data
            if client.read == PONG:
                self.write(client, SYNC)
                self.assertEqual(client.read, PONG)
                client.read += b"-"

        client.dataReceived = received  # type: ignore[method-assign]
        self.write(client, PING)
        self.assertEqual(client.read, PONG + b"-" + SYNCED)

    def test_commands(self) -> None:
        """
        It tells what it has an answer to.
        """
        self.agent.answer("guest-exec", {"pid": 1})
        self.assertEqual(
            self.agent.commands,
            ["guest-ping", "guest-sync", "guest-sync-delimited", "guest-exec"],
        )

    def test_old(self) -> None:
        """
        An agent before QEMU 4.0 refuses an id, without an id.
        """
        self.agent.ids = False
        client = self.client(command("guest-ping", id=1), PING)
        self.assertIn(b"QMP input member 'id' is unexpected", client.read)
        self.assertTrue(client.read.endswith(PONG))
        self.assertEqual(len(self.agent.ran), 1)

    def test_silence(self) -> None:
        """
        A command can be left without a reply.
        """
        self.agent.answer("guest-shutdown", SILENCE)
        self.assertEqual(self.client(command("guest-shutdown"), PING).read, PONG)

    def test_slow(self) -> None:
        """
        While an answer is awaited the agent reads nothing else: it has one thread.
        """
        answer: Deferred[object] = Deferred()
        self.agent.answer("guest-get-fsinfo", answer)
        client = self.client(command("guest-get-fsinfo"), PING)
        self.assertEqual(client.read, b"")
        answer.callback([])
        self.agent.flush()
        self.assertEqual(client.read, b'{"return": []}\n' + PONG)

    def test_slow_failure(self) -> None:
        """
        A late answer may be an error.
        """
        answer: Deferred[object] = Deferred()
        self.agent.answer("guest-get-fsinfo", answer)
        client = self.client(command("guest-get-fsinfo"))
        answer.errback(CommandFailed("no"))
        self.agent.flush()
        self.assertIn(b'"desc": "no"', client.read)

    def test_flush(self) -> None:
        """
        0xFF throws away half a request, with one line of error, also when there was none.
        """
        client = self.client(b'{"exec', b"\xff" + SYNC)
        self.assertEqual(client.read.count(b'"error"'), 1)
        self.assertTrue(client.read.endswith(SYNCED))
        self.write(client, b"\xff", SYNC)
        self.assertEqual(client.read.count(b'"error"'), 2)

    def test_refused_request(self) -> None:
        """
        What is no request is refused with its id.
        """
        self.assertIn(b'{"id": 5, "error"', self.client(b'{"id": 5}').read)

    def test_one_at_a_time(self) -> None:
        """
        The second connection is served when the first one goes, with what it wrote meanwhile.
        """
        first, second = self.client(PING), self.client(PING)
        self.assertEqual((first.read, second.read), (PONG, b""))
        self.close(first)
        self.assertTrue(first.lost)
        self.assertEqual(second.read, PONG)

    def test_waiting_connection_closes(self) -> None:
        """
        A connection that leaves before its turn is never heard.
        """
        first, second = self.client(), self.client(command("guest-exec"))
        self.close(second)
        self.close(first)
        self.client(PING)
        self.assertEqual(self.agent.executed, [])

    def test_ghosts(self) -> None:
        """
        What was written to an agent that does not run yet is executed when it starts.
        """
        self.agent.kill()
        client = self.client(PING)
        self.assertEqual(client.read, b"")
        self.agent.start()
        self.agent.flush()
        self.assertEqual(client.read, PONG)

    def test_closing_flushes(self) -> None:
        """
        If the host closes before the agent starts, nothing is executed.
        """
        self.agent.kill()
        self.close(self.client(command("guest-exec")))
        self.agent.start()
        self.assertEqual(self.client(PING).read, PONG)
        self.assertEqual(self.agent.executed, [])

    def test_hangs(self) -> None:
        """
        What a hung agent did not read stays, and the replies go to the next connection.
        """
        self.agent.hangs = True
        self.close(self.client(command("guest-exec"), PING))
        later = self.client()
        self.agent.hangs = False
        self.agent.flush()
        self.assertEqual(self.agent.executed, ["guest-exec"])
        self.assertTrue(later.read.endswith(PONG))

    def test_killed_while_answering(self) -> None:
        """
        A killed agent answers nothing any more, and a new one begins afresh.
        """
        answer: Deferred[object] = Deferred()
        self.agent.answer("guest-exec", answer)
        client = self.client(command("guest-exec"))
        self.agent.kill()
        self.agent.start()
        answer.callback({"pid": 1})
        self.write(client, PING)
        self.assertEqual(client.read, PONG)

    def test_hangs_up(self) -> None:
        """
        The channel can be closed from the other side, after which nothing is carried.
        """
        client = self.client()
        self.agent.hang_up()
        self.agent.hang_up()
        self.write(client, PING)
        self.assertTrue(client.lost)
        self.assertEqual(client.read, b"")

    def test_unreachable(self) -> None:
        """
        Connecting can be made to fail.
        """
        self.agent.unreachable = Refused()
        self.failureResultOf(self.agent.connect(Factory.forProtocol(Client)), Refused)

    def test_says(self) -> None:
        """
        Octets can be sent that nobody asked for.
        """
        client = self.client()
        self.agent.say(b"login: ")
        self.agent.flush()
        self.assertEqual(client.read, b"login: ")
