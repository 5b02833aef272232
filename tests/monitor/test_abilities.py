"""What a guest's agent has."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._abilities import Abilities
from txqga.monitor._source import Command, File
from txqga.wire import JSON

LOAD = Command("guest-get-load", lambda answer, draft: None)
FILE = File("/proc/loadavg", lambda answer, draft: None)

ALL = ("guest-get-load", "guest-file-open", "guest-file-read", "guest-file-close")


def info(*names: str, disabled: str = "") -> JSON:
    listed: list[JSON] = [{"name": name, "enabled": name != disabled} for name in names]
    return {"version": "10.0.2", "supported_commands": listed}


class AbilitiesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.abilities = Abilities()

    def usable(self) -> list[str]:
        return [source.name for source in self.abilities.usable((LOAD, FILE))]

    def test_in_order(self) -> None:
        """
        The best comes first; nothing is there before the agent has told.
        """
        self.assertEqual(self.usable(), [])
        self.abilities.learn(info(*ALL))
        self.assertTrue(self.abilities.known)
        self.assertEqual(self.usable(), ["guest-get-load", "/proc/loadavg"])

    def test_disabled(self) -> None:
        """
        What is blocked is not there; a file takes all of its commands.
        """
        self.abilities.learn(info(*ALL, disabled="guest-file-close"))
        self.assertEqual(self.usable(), ["guest-get-load"])
        self.abilities.learn(info(*ALL, disabled="guest-get-load"))
        self.assertEqual(self.usable(), ["/proc/loadavg"])

    def test_windows(self) -> None:
        """
        Windows has no such files.
        """
        self.abilities.learn(info(*ALL))
        self.abilities.system({"id": "mswindows"})
        self.assertEqual(self.usable(), ["guest-get-load"])

    def test_turned_out(self) -> None:
        """
        What turned out to be missing is not tried again.
        """
        self.abilities.learn(info(*ALL))
        self.abilities.lacks(LOAD)
        self.assertEqual(self.usable(), ["/proc/loadavg"])

    def test_odd(self) -> None:
        """
        An agent that says something else has nothing.
        """
        others: list[JSON] = [
            None,
            7,
            [],
            {"supported_commands": [{"name": 7, "enabled": True}, 5]},
        ]
        for said in others:
            self.abilities.learn(said)
            self.assertEqual(self.usable(), [])
