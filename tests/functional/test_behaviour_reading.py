"""
What our agent and the real ones tell of this very machine, side by side: every reading command.

Figures move, so ours is asked before and after the real one: a number has to lie between the two,
and everything else has to be equal. What moves the wrong way (a load that falls, a disk that is
written to) is asked again.
"""

import time
from collections.abc import Iterator
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Client, request
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from txqga.schema import shipped, structure

COMMANDS = (
    "guest-get-host-name",
    "guest-get-osinfo",
    "guest-get-timezone",
    "guest-get-load",
    "guest-get-users",
    "guest-get-vcpus",
    "guest-get-cpustats",
    "guest-get-memory-blocks",
    "guest-get-memory-block-info",
    "guest-get-fsinfo",
    "guest-get-disks",
    "guest-get-diskstats",
    "guest-network-get-interfaces",
    "guest-network-get-route",
    "guest-fsfreeze-status",
)
NEWER_THAN_7_2 = {"guest-get-load", "guest-network-get-route"}
MEMBERS_NEWER_THAN_7_2 = {"total-bytes-privileged"}


def kind(value: Any) -> type:
    """What JSON calls a value; whole numbers are numbers as others are."""
    return float if type(value) is int else type(value)


def differences(before: Any, theirs: Any, after: Any, where: str = "") -> Iterator[str]:
    """Yield what cannot be explained by the time that passed between."""
    alike = kind(before) is kind(theirs) is kind(after)
    inner: list[tuple[Any, Any, Any, str]] = []
    if alike and kind(theirs) is float:
        alike = min(before, after) <= theirs <= max(before, after)
    elif alike and kind(theirs) is list:
        alike = len(before) == len(theirs) == len(after)
        for place, values in enumerate(zip(before, theirs, after, strict=False)):
            inner.append((*values, f"{where}[{place}]"))
    elif alike and kind(theirs) is dict:
        alike = set(before) == set(theirs) == set(after)
        for name in theirs if alike else ():
            inner.append((before[name], theirs[name], after[name], f"{where}.{name}"))
    elif alike:
        alike = before == theirs == after
    if not alike:
        yield f"{where or 'it'} was {before!r}, then theirs {theirs!r}, then {after!r}"
    for each in inner if alike else ():
        yield from differences(*each)


def without_newer(value: Any) -> Any:
    """What 7.2 would say."""
    if isinstance(value, dict):
        return {
            name: without_newer(member)
            for name, member in value.items()
            if name not in MEMBERS_NEWER_THAN_7_2
        }
    return [without_newer(each) for each in value] if isinstance(value, list) else value


class _SideBySide:
    series: ClassVar[str]

    def setUp(self) -> None:
        self.ours, self.theirs = self.connect(OURS), self.connect(self.series)

    def connect(self, series: str) -> Client:
        agent = AgentProcess(require(series))
        self.addCleanup(agent.remove)  # type: ignore[attr-defined]
        agent.start()
        client = agent.connect()
        self.addCleanup(client.close)  # type: ignore[attr-defined]
        return client

    def ask(self, client: Client, command: str, **arguments: Any) -> Any:
        """A whole reply; of ours, as much as the other one can know."""
        reply = client.ask(request(command, arguments))
        return without_newer(reply) if self.series == V7_2 else reply

    def compare(self, command: str, **arguments: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            before = self.ask(self.ours, command, **arguments)
            theirs = self.ask(self.theirs, command, **arguments)
            after = self.ask(self.ours, command, **arguments)
            wrong = list(differences(before, theirs, after))
            if not wrong:
                return
            assert time.monotonic() < deadline, f"{command}: {wrong}"

    def test_same(self) -> None:
        """
        Every reading command says the same, member by member, in the same order.
        """
        for command in COMMANDS:
            if self.series != V7_2 or command not in NEWER_THAN_7_2:
                self.compare(command)

    def test_schema(self) -> None:
        """
        Every reply has the shape that the schema gives it, ours and the real one's.
        """
        for command in COMMANDS:
            returned = shipped().commands[command].returns
            assert returned is not None
            for client in (self.ours, self.theirs):
                if client is self.ours or command not in NEWER_THAN_7_2:
                    structure(shipped(), returned, client.call(command))

    def test_keys(self) -> None:
        """
        The keys of users are the same, or the same is wrong with them.
        """
        for user in ("root", "daemon", "nobody", "no such user", ""):
            self.compare("guest-ssh-get-authorized-keys", username=user)

    def test_compared(self) -> None:
        """
        Nothing that tells of this machine is left out.
        """
        listed = self.theirs.call("guest-info")["supported_commands"]
        reading = {
            each["name"]
            for each in listed
            if each["name"].startswith(("guest-get-", "guest-network-get-"))
        }
        elsewhere = {"guest-get-time", "guest-get-devices"}  # moves always; never on Linux
        self.assertEqual(reading - set(COMMANDS), reading & elsewhere)  # type: ignore[attr-defined]


class SideBySide72Tests(_SideBySide, SynchronousTestCase):
    series = V7_2


class SideBySide100Tests(_SideBySide, SynchronousTestCase):
    series = V10_0


class DifferencesTests(SynchronousTestCase):
    """What compares has to see differences, or the tests above prove nothing."""

    def alike(self, before: Any, theirs: Any, after: Any) -> bool:
        return not list(differences(before, theirs, after))

    def test_alike(self) -> None:
        """
        Numbers may grow or shrink with the time; nothing else may change.
        """
        same = {"a": [1, "x", True, None, 1.5]}
        self.assertTrue(self.alike(same, same, same))
        self.assertTrue(self.alike({"a": 1}, {"a": 2}, {"a": 3}))
        self.assertTrue(self.alike({"a": 3}, {"a": 2.5}, {"a": 1}))

    def test_different(self) -> None:
        """
        Another kind, another order, a member more or less: all that is seen.
        """
        for before, theirs, after in (
            (1, 2, 1),
            ("a", "b", "a"),
            ("a", "a", "b"),
            (["a", "b"], ["b", "a"], ["a", "b"]),
            ([1], [1, 1], [1]),
            ({"a": 1}, {"a": 1, "b": 1}, {"a": 1}),
            ({"a": 1, "b": 1}, {"a": 1}, {"a": 1, "b": 1}),
            ("1", 1, "1"),
            ({}, [], {}),
            ([], {}, []),
            (True, 1, True),
            (1, True, 1),
            (0, None, 0),
        ):
            self.assertFalse(self.alike(before, theirs, after), theirs)
