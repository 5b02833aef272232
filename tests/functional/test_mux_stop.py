"""A mux that is told to stop, while its clients wait."""

import fcntl
import signal
import struct
import termios

from tests.functional import _mux_case
from tests.functional._client import Client, Gone, request
from tests.functional._oracle import OURS


class Stopping(_mux_case.MuxCase):
    """A mux in front of an agent that stands still for a while."""

    series = OURS
    tapped = False

    def test_last_words(self) -> None:
        """
        Who waits for a turn is told that it will not come; who waits for an answer gets it; then
        the connections end, and nothing is left.
        """
        runs, waits, idle = self.connect(), self.connect(), self.connect()
        self.assertEqual(idle.call("guest-ping"), {})
        self.agent.signal(signal.SIGSTOP)
        runs.send(request("guest-get-time", id=1))
        self.until(lambda: unread(runs) == 0)
        waits.send(request("guest-get-host-name", id=2))
        self.until(lambda: unread(waits) == 0)
        self.mux.signal(signal.SIGTERM)
        self.assertRegex(waits.line(), rb'{"id": 2, .*"the agent is closed: the mux is stopping"')
        self.agent.signal(signal.SIGCONT)
        self.assertRegex(runs.line(), rb'{"return": [0-9]+, "id": 1}')
        for client in (runs, waits, idle):
            self.assertRaises(Gone, client.line)
        self.assertEqual(self.mux.wait(), -signal.SIGTERM)  # as twistd ends
        self.assertEqual(list(self.mux.served.iterdir()), [])


def unread(client: Client) -> int:
    """Octets that a client has sent and the mux has not read."""
    (octets,) = struct.unpack("i", fcntl.ioctl(client._socket, termios.TIOCOUTQ, b"    "))
    return int(octets)
