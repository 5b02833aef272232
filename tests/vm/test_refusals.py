"""
Every command with everything wrong that can be, asked of our agent and of ``qemu-ga`` 10.0.

On a test machine of its own the commands that change it are asked, too: with arguments that are
refused, or that ask for what is so already. What they do is for other tests.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, request
from tests.functional._damaged import FITTING, NOBODY, NOWHERE, VALUES, Asked, damaged
from tests.vm._comparing import ComparingCase
from txqga.schema import ArrayOf, Struct, shipped

#: further commands, with arguments that fit and change nothing
_CHANGING: Mapping[str, Mapping[str, Any]] = {
    "guest-fsfreeze-freeze-list": {"mountpoints": [NOWHERE]},
    "guest-fsfreeze-thaw": {},
    "guest-set-memory-blocks": {"mem-blks": [{"phys-index": 99999, "online": True}]},
    "guest-set-time": {"time": -1},
    "guest-set-user-password": {"username": "no:user", "password": "YQ==", "crypted": False},
    "guest-set-vcpus": {"vcpus": [{"logical-id": 99999, "online": True}]},
    "guest-shutdown": {"mode": "slowly"},
    "guest-ssh-add-authorized-keys": {"username": "no user", "keys": ["a b"], "reset": False},
    "guest-ssh-remove-authorized-keys": {"username": "no user", "keys": ["a b"]},
}

#: without arguments they act; each has one that it does not know
_ACTING = (
    "guest-fsfreeze-freeze",
    "guest-fstrim",
    "guest-suspend-disk",
    "guest-suspend-hybrid",
    "guest-suspend-ram",
)

_PASSWORD = "guest-set-user-password"
_ADD, _REMOVE = "guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys"


@frozen
class Difference:
    """Where 11.1, whose behaviour ours is, says something else than 10.0, or nothing silly."""

    reason: str
    command: str
    as_10_0: Callable[[str], str]  #: of our description, what 10.0 says instead


def _replaced(pattern: str, by: str) -> Callable[[str], str]:
    return lambda desc: re.sub(pattern, by, desc)


_DIFFERENCES = (
    Difference(
        "11.1 has another text for a processor that is not there",
        "guest-set-vcpus",
        _replaced(r"^Could not open '([^']*)'", r'open("\1")'),
    ),
)

#: the reason of an earlier failure, which 10.0 may add to a text of its own
_STALE = re.compile(r"^(Invalid time): .*$")


def _requests() -> Iterator[Asked]:
    for command, fitting in sorted({**FITTING, **_CHANGING}.items()):
        for name, arguments in damaged(command, fitting):
            if not _acts(name, arguments):
                yield name, arguments
        yield from _nested(command, fitting)
    for command in _ACTING:
        yield command, {"surplus": 1}
    for value in VALUES:
        if type(value) is not int:
            yield "guest-fstrim", {"minimum": value}
    yield from _by_hand()


def _acts(command: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a request does more than it is asked for here."""
    return command in {"guest-shutdown", "guest-set-time"} and not arguments


def _nested(command: str, fitting: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield the same for the elements of lists, and their members."""
    schema = shipped()
    for member in schema.commands[command].arguments:
        if not isinstance(member.type, ArrayOf) or member.name not in fitting:
            continue
        for value in VALUES:
            yield command, {**fitting, member.name: [*fitting[member.name], value]}
        struct = schema.definitions.get(member.type.element)
        if not isinstance(struct, Struct):
            continue
        good = {each.name: True if each.type == "bool" else 99999 for each in struct.members}
        for name in good:
            without = {other: value for other, value in good.items() if other != name}
            wrong = [without, {**without, name.upper(): 1}, {**good, "surplus": 1}]
            wrong += [{**good, name: value} for value in VALUES]
            for element in wrong:
                yield command, {**fitting, member.name: [element]}
                yield command, {**fitting, member.name: [good, element, good]}


def _by_hand() -> Iterator[Asked]:
    for name in ("", "a:b", "a\nb", ":", "\n", "no user", "x" * 300, "é", "-h"):
        for password in ("", "YQ==", "YQo=", "Y Q", "YTpi", "AGE=", "YQBh"):
            if password == "" or name in {"a:b", "a\nb", ":", "\n", "no user", ""}:
                for crypted in (False, True):
                    words = {"username": name, "password": password, "crypted": crypted}
                    yield _PASSWORD, words
        for keys in ([], ["a\nb"], ["# a"], ["#"], [""], ["a", "b\n"], ["a b c"], ["é"]):
            yield _ADD, {"username": name, "keys": keys}
            yield _ADD, {"username": name, "keys": keys, "reset": True}
            yield _REMOVE, {"username": name, "keys": keys}
    for mode in ("", "HALT", "halt ", " powerdown", "reboot\0", "é"):
        yield "guest-shutdown", {"mode": mode}
    for when in (0, -1, 1, 999, 10**9, -(10**9), -(2**63), 2**63 - 1, 3155760000 * 10**9):
        yield "guest-set-time", {"time": when}
    for number in (0, 1, -1, 2, NOBODY, 2**63 - 1, -(2**63)):
        yield "guest-set-vcpus", {"vcpus": [{"logical-id": number, "online": True}]}
        yield "guest-set-memory-blocks", {"mem-blks": [{"phys-index": number, "online": True}]}
    for points in ([], [""], ["/data/"], [NOWHERE, "data"]):
        yield "guest-fsfreeze-freeze-list", {"mountpoints": points}


class RefusalsTests(ComparingCase, SynchronousTestCase):
    """Class and words are the same, and the guest lives on."""

    def test_refusals(self) -> None:
        """
        Whatever is wrong, our agent says what the real one says, word for word.
        """
        served = self.served(self.real)
        self.assertLessEqual(served, self.served(self.ours))
        asked = [each for each in _requests() if each[0] in served]
        ours, real = (self.replies(client, asked) for client in (self.ours, self.real))
        wrong, refused = [], 0
        for (command, arguments), our, their in zip(asked, ours, real, strict=True):
            refused += "error" in our
            if self.comparable(command, our) != self.comparable(command, their, theirs=True):
                wrong.append(f"{command} {arguments}\n    theirs {their}\n    ours   {our}"[:1500])
        assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong[:50])
        self.assertGreater(refused, len(asked) // 2)
        self.assertEqual(self.machine.side.run("cat /proc/mounts > /data/kept").status, 0)

    def served(self, client: Client) -> set[str]:
        told = client.call("guest-info")["supported_commands"]
        return {each["name"] for each in told if each["enabled"]}

    def replies(self, client: Client, asked: list[Asked]) -> list[Any]:
        """One for each; there is not one more."""
        octets = [request(name, arguments, id=n) for n, (name, arguments) in enumerate(asked)]
        lines = []
        for start in range(0, len(octets), 50):
            lines += client.raw(b"".join(octets[start : start + 50]))
        replies = [json.loads(line.lstrip(b"\xff")) for line in lines]
        self.assertEqual([each.pop("id") for each in replies], list(range(len(asked))))
        return replies

    def comparable(self, command: str, reply: Mapping[str, Any], *, theirs: bool = False) -> Any:
        """What of a reply must be the same: of a success, that it was one."""
        if "error" not in reply:
            return reply if command in _CHANGING else "success"
        desc = reply["error"]["desc"]
        if theirs:
            desc = _STALE.sub(r"\1", desc)
        for each in _DIFFERENCES:
            if each.command == command and not theirs:
                desc = each.as_10_0(desc)
        return reply["error"]["class"], desc
