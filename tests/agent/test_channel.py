"""
The agent's channel, as long as the agent runs.

Devices are served by ``tests/functional/test_agent_channels.py``; here they can be gone.
"""

import os
from collections.abc import Callable
from errno import EMFILE, ENODEV

from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import LogLevel, capturedLogs
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeListening, FakeSocket, Reactor, real
from txqga.agent import _channel
from txqga.agent._channel import Channel
from txqga.agent._config import Config
from txqga.agent._opening import Opened
from txqga.agent._start import ChannelFailed
from txqga.transports.devices import Device, Edges


class Served(Protocol):
    """A conversation whose last command ends when it is told to."""

    def __init__(self, over: Callable[[], None]) -> None:
        self.over = over
        self.running = False
        self.lost = False

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = True
        if not self.running:
            self.over()

    def finish(self) -> None:
        """End the command that runs."""
        self.running = False
        if self.lost:
            self.over()


class ChannelTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.there = True
        self.conversations: list[Served] = []
        self.ends = 0

    def open(self, config: Config) -> Opened:
        if not self.there:
            raise ChannelFailed("error opening channel '/dev/port': No such device")
        # Something to have a descriptor of: nothing is ever read from it here.
        return os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)

    def serve(self, over: Callable[[], None]) -> Served:
        self.conversations.append(Served(over))
        return self.conversations[-1]

    def ended(self) -> None:
        self.ends += 1

    def made(self, opened: Opened | None = None, *, retry: bool = False) -> Channel:
        config = Config(path="/dev/port", retry_path=retry)
        channel = Channel(
            self.reactor, config, opened, self.serve, self.ended, open_channel=self.open
        )
        channel.start()
        return channel

    def unplug(self) -> None:
        """Let the device be gone."""
        (device,) = self.reactor.getReaders()
        assert isinstance(device, Device)
        device.connectionLost(Failure(OSError(ENODEV, "No such device")))

    def test_device(self) -> None:
        """
        A device is served from the start, by one conversation.
        """
        channel = self.made()
        self.assertFalse(channel.unreachable)
        (conversation,) = self.conversations
        assert isinstance(conversation.transport, Device)
        self.assertEqual(conversation.transport.getHost().path, "/dev/port")
        channel.stop()
        self.reactor.advance(0)
        self.assertTrue(conversation.lost)
        self.assertEqual((self.reactor.getReaders(), self.ends), ([], 0))

    def test_open_already(self) -> None:
        """
        What is open already is served, and not opened again.
        """
        opened = self.open(Config())
        self.there = False
        channel = self.made(opened)
        self.assertEqual(len(self.conversations), 1)
        channel.stop()
        self.reactor.advance(0)

    def test_unplugged(self) -> None:
        """
        When the device is unplugged the agent ends.
        """
        self.made()
        with capturedLogs() as seen:
            self.unplug()
        self.assertEqual(self.ends, 1)
        self.assertEqual([event["why"] for event in seen], ["No such device"])

    def test_plugged_in_again(self) -> None:
        """
        With --retry-path it is served again when it is back.
        """
        channel = self.made(retry=True)
        self.there = False
        self.unplug()
        self.reactor.advance(5)
        self.assertTrue(channel.unreachable)
        self.there = True
        self.reactor.advance(5)
        self.assertFalse(channel.unreachable)
        self.assertEqual((len(self.conversations), self.ends), (2, 0))
        channel.stop()
        self.reactor.advance(0)

    def test_no_descriptors(self) -> None:
        """
        A device that cannot be watched, for want of descriptors, is one that cannot be opened.
        """

        def fails(descriptor: int) -> Edges:
            os.close(descriptor)
            raise OSError(EMFILE, "Too many open files")

        self.patch(_channel, "Edges", fails)
        with capturedLogs() as seen:
            channel = self.made(retry=True)
        why = "error opening channel '/dev/port': Too many open files"
        self.assertIn(why, [event.get("why") for event in seen])
        channel.stop()

    def test_command_first(self) -> None:
        """
        While a command of the last conversation runs there is no other one.
        """
        channel = self.made(retry=True)
        (conversation,) = self.conversations
        conversation.running = True
        self.unplug()
        self.reactor.advance(60)
        self.assertEqual(len(self.conversations), 1)
        conversation.finish()
        self.reactor.advance(5)
        self.assertEqual(len(self.conversations), 2)
        channel.stop()
        self.reactor.advance(0)

    def test_told_once(self) -> None:
        """
        That the device is not there is said aloud once, not every five seconds.
        """
        self.there = False
        with capturedLogs() as seen:
            channel = self.made(retry=True)
            self.reactor.pump([5] * 3)
        told = [event for event in seen if "why" in event]
        self.assertEqual(
            {event["why"] for event in told}, {"error opening channel '/dev/port': No such device"}
        )
        self.assertEqual(
            [event["log_level"] for event in told], [LogLevel.critical, *[LogLevel.info] * 3]
        )
        channel.stop()
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_socket(self) -> None:
        """
        The clients of a socket are served one after the other.
        """
        listening, client = FakeListening(), FakeSocket()
        listening.clients = [client]
        channel = self.made(real(listening))
        for descriptor in self.reactor.getReaders():
            self.reactor.readable(descriptor)
        self.assertEqual(len(self.conversations), 1)
        channel.stop()
        self.assertTrue(listening.closed)
