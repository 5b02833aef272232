"""A conversation with one client."""

from collections.abc import Callable
from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.agent._dispatch import Reply
from txqga.agent._server import Conversation, IChannel
from txqga.wire import JSON


class Channel(StringTransport):
    """A transport that calls ``full`` after each write."""

    full: Callable[[], None] | None = None

    def write(self, data: bytes) -> None:
        super().write(data)  # type: ignore[no-untyped-call]
        if self.full is not None:
            self.full()

    def read(self) -> str:
        """Return what was written since the last time."""
        written = bytes(self.value()).decode("latin-1")
        self.clear()
        return written


class ConversationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.asked: list[JSON] = []
        self.running: list[Deferred[Reply]] = []
        self.writes: list[str] = []
        self.ends = 0
        self.conversation = Conversation(self.answer, self.over)
        self.channel = Channel()
        self.conversation.makeConnection(cast(IChannel, self.channel))  # type: ignore[no-untyped-call]

    def answer(self, value: JSON) -> Reply | Deferred[Reply]:
        """``"x"`` is echoed; ``"-"`` has no reply; ``[n]`` takes its time; 0 is done already."""
        self.asked.append(value)
        if value == "-":
            return None
        if value == 0:
            done: Deferred[Reply] = Deferred()
            done.callback(b"0\n")
            return done
        if isinstance(value, list):
            self.running.append(Deferred())
            return self.running[-1]
        return f"{value}\n".encode()

    def over(self) -> None:
        self.ends += 1

    def send(self, octets: bytes) -> str:
        self.conversation.dataReceived(octets)
        return self.channel.read()

    def test_interfaces(self) -> None:
        """
        Its transport can tell it of half-closed connections and of full buffers.
        """
        verifyObject(IHalfCloseableProtocol, self.conversation)
        verifyObject(IPushProducer, self.conversation)

    def test_in_order(self) -> None:
        """
        Requests are answered in order, however they are cut or glued.
        """
        self.assertEqual(self.send(b'"a""b" "c'), "a\nb\n")
        self.assertEqual(self.send(b'"'), "c\n")
        self.assertEqual(self.send(b'"-""d"'), "d\n")

    def test_malformed(self) -> None:
        """
        What is no JSON gets an error without an id, in its place among the replies.
        """
        replies = self.send(b'"a"\n\xff"b"').splitlines()
        self.assertEqual([replies[0], replies[2]], ["a", "b"])
        self.assertIn('{"error": {"class": "GenericError", "desc": "JSON parse', replies[1])

    def test_one_at_a_time(self) -> None:
        """
        While a command runs the next one waits, and nothing is read.
        """
        self.assertEqual(self.send(b'[1]"a"[2]"b"'), "")
        self.assertEqual(self.asked, [[1]])
        self.assertEqual(self.channel.producerState, "paused")
        self.running[0].callback(b"1\n")
        self.assertEqual(self.channel.read(), "1\na\n")
        self.assertEqual(self.asked, [[1], "a", [2]])
        self.assertEqual(self.channel.producerState, "paused")
        self.running[1].callback(None)
        self.assertEqual(self.channel.read(), "b\n")
        self.assertEqual(self.channel.producerState, "producing")

    def test_many_at_once(self) -> None:
        """
        Thousands of commands that are done at once do not pile up on the stack.
        """
        self.assertEqual(self.send(b"0 " * 5000), "0\n" * 5000)

    def test_replies_not_read(self) -> None:
        """
        A client that does not take its replies is not read from, and its commands do not run.
        """
        self.conversation.pauseProducing()
        self.assertEqual(self.channel.producerState, "paused")
        self.assertEqual(self.send(b'"a""b"'), "")
        self.assertEqual(self.asked, [])
        self.conversation.resumeProducing()
        self.assertEqual(self.channel.read(), "a\nb\n")
        self.assertEqual(self.channel.producerState, "producing")

    def test_full_while_answering(self) -> None:
        """
        When long replies fill up the buffer, the commands behind them wait.
        """
        long = "a" * 70_000
        self.channel.full = self.conversation.pauseProducing
        self.assertEqual(self.send(f'"{long}""{long}""b"'.encode()), f"{long}\n")
        self.conversation.resumeProducing()
        self.assertEqual(self.channel.read(), f"{long}\n")
        self.assertEqual(self.asked, [long, long])
        self.assertEqual(self.channel.producerState, "paused")

    def test_burst(self) -> None:
        """
        The short replies to many requests that came together go out together.
        """
        self.channel.full = lambda: self.writes.append(self.channel.read())
        self.send(b'"a""b""c"')
        self.send(b'"d"[1]"e"')
        self.assertEqual(self.writes, ["a\nb\nc\n", "d\n"])
        self.running[0].callback(b"1\n")
        self.assertEqual(self.writes[2:], ["1\n", "e\n"])

    def test_read_again_while_running(self) -> None:
        """
        A client that takes its replies again is not read from before its command has ended.
        """
        self.send(b"[1]")
        self.conversation.pauseProducing()
        self.conversation.resumeProducing()
        self.assertEqual(self.channel.producerState, "paused")
        self.running[0].callback(b"1\n")
        self.assertEqual(self.channel.producerState, "producing")

    def test_half_close(self) -> None:
        """
        A client that sends no more gets its replies, and then the end.
        """
        self.send(b'[1]"a"')
        self.conversation.readConnectionLost()
        self.assertFalse(self.channel.disconnecting)
        self.running[0].callback(b"1\n")
        self.assertEqual(self.channel.read(), "1\na\n")
        self.assertTrue(self.channel.disconnecting)
        self.assertIsNone(self.channel.producer)

    def test_half_close_idle(self) -> None:
        """
        A client that sends no more, and is owed nothing, gets the end at once.
        """
        self.send(b'"a"{"half')
        self.conversation.readConnectionLost()
        self.assertTrue(self.channel.disconnecting)
        self.conversation.writeConnectionLost()

    def test_half_close_unread(self) -> None:
        """
        A client that sends no more may take its time to read.
        """
        self.conversation.pauseProducing()
        self.send(b'"a"')
        self.conversation.readConnectionLost()
        self.assertFalse(self.channel.disconnecting)
        self.conversation.resumeProducing()
        self.assertEqual(self.channel.read(), "a\n")
        self.assertTrue(self.channel.disconnecting)

    def test_over(self) -> None:
        """
        When the client has gone it is over: the next one may come.
        """
        self.send(b'"a"')
        self.conversation.stopProducing()
        self.conversation.connectionLost()
        self.assertEqual(self.ends, 1)

    def test_over_while_running(self) -> None:
        """
        A command outlives its client: only when it has ended is it over. What waited never runs.
        """
        self.send(b'[1]"a"')
        self.conversation.connectionLost()
        self.assertEqual(self.ends, 0)
        self.running[0].callback(b"1\n")
        self.assertEqual(self.ends, 1)
        self.assertEqual(self.asked, [[1]])
        self.assertEqual(self.channel.read(), "")
