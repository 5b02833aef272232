"""
Our checks of arguments against those of real agents: the same requests, the same words.

Only requests go out that change nothing, even if they turned out to be accepted.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, request
from tests.functional._oracle import V7_2, V10_0, AgentProcess, require
from txqga.errors import InvalidArguments
from txqga.schema import check, shipped
from txqga.wire import decode

NOWHERE = "/nonexistent/qga"

#: commands that may be asked, with arguments that fit but lead nowhere
HARMLESS: Mapping[str, Mapping[str, Any]] = {
    "guest-ping": {},
    "guest-info": {},
    "guest-get-time": {},
    "guest-get-osinfo": {},
    "guest-sync": {"id": 1},
    "guest-sync-delimited": {"id": 1},
    "guest-file-open": {"path": NOWHERE, "mode": "r"},
    "guest-file-close": {"handle": 1},
    "guest-file-read": {"handle": 1, "count": 1},
    "guest-file-write": {"handle": 1, "buf-b64": "", "count": 0},
    "guest-file-seek": {"handle": 1, "offset": 0, "whence": "set"},
    "guest-file-flush": {"handle": 1},
    "guest-exec": {
        "path": NOWHERE,
        "arg": ["a"],
        "env": ["A=1"],
        "input-data": "",
        "capture-output": True,
    },
    "guest-exec-status": {"pid": 0},
    "guest-ssh-get-authorized-keys": {"username": "no such user"},
}
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.0, 1.5, 1e3, "", "nonexistent", "Set", "none", [], ["a"], [1],
    ["a", None], [[]], {}, {"a": 1}, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64,
)  # fmt: skip
ABOUT_ARGUMENTS = re.compile(
    r"Parameter '.*' (is missing|is unexpected|expects \w+|does not accept value '.*')"
    r"|Invalid parameter type for '.*', expected: \S+",
    re.DOTALL,
)

texts = st.text(alphabet="aé%'\"\\\u0000\n.[]", max_size=4)
values = st.recursive(
    st.sampled_from(VALUES) | texts | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=5,
)


def damaged(fitting: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give arguments with one thing changed, and some with two."""
    yield dict(fitting)
    for name in fitting:
        without = {other: value for other, value in fitting.items() if other != name}
        yield without
        yield {**without, "extra": 1}
        for value in VALUES:
            yield {**fitting, name: value}
        yield {"extra": 1, **fitting, name: None}
    for name in ("extra", "", "Path", "buf_b64", "é", "a.b", "x[0]", "%s"):
        yield {**fitting, name: 1}


def refused(command: str, arguments: Mapping[str, Any]) -> str | None:
    """Tell what our check says against arguments, as they arrive from the wire."""
    asked = decode(json.dumps(arguments).encode())
    try:
        check(shipped(), shipped().commands[command], asked)
    except InvalidArguments as fault:
        return fault.desc
    return None


class _Checks:
    series: ClassVar[str]
    agent: AgentProcess
    client: Client

    def setUp(self) -> None:
        """Start the agent, and talk to it."""
        agent = AgentProcess(require(self.series))
        self.addCleanup(agent.remove)  # type: ignore[attr-defined]
        agent.start()
        self.client = agent.connect()
        self.addCleanup(self.client.close)  # type: ignore[attr-defined]

    def compare(self, command: str, arguments: dict[str, Any]) -> None:
        """Ask that the agent refuses what we refuse, in our words, and nothing else."""
        if self.series == V7_2:
            arguments.pop("capture-output", None)  # a boolean there, and an alternate since 8.1
        ours = refused(command, arguments)
        error = self.client.ask(request(command, arguments)).get("error")
        theirs = error["desc"] if error and ABOUT_ARGUMENTS.fullmatch(error["desc"]) else None
        if ours is not None and ours.endswith(" is unexpected") and theirs is not None:
            known = {each.name for each in shipped().commands[command].arguments}
            extra = {f"Parameter '{name}' is unexpected" for name in arguments if name not in known}
            assert ours in extra, ours
            assert theirs in extra, theirs  # of several, QEMU names any
            return
        assert theirs == ours, f"{command} {arguments}: {theirs!r}, but we say {ours!r}"

    def test_damaged(self) -> None:
        """
        A request with one thing wrong is refused by us as by the real agent, word for word.
        """
        for command, fitting in HARMLESS.items():
            for arguments in damaged(fitting):
                self.compare(command, arguments)

    def test_anything(self) -> None:
        """
        Whatever the arguments, what we say to them is what the real agent says.
        """

        @settings(max_examples=300, deadline=None)
        @given(st.data())
        def anything(data: st.DataObject) -> None:
            command = data.draw(st.sampled_from(sorted(HARMLESS)))
            fitting = HARMLESS[command]
            names = st.sampled_from(sorted(fitting)) | texts if fitting else texts
            changes = data.draw(st.dictionaries(names, values, max_size=3))
            left = {name: value for name, value in fitting.items() if data.draw(st.booleans())}
            arguments = {**left, **changes}
            if isinstance(arguments.get("path"), str):
                arguments["path"] = NOWHERE
            self.compare(command, arguments)

        anything()


class Checks72Tests(_Checks, SynchronousTestCase):
    series = V7_2


class Checks100Tests(_Checks, SynchronousTestCase):
    series = V10_0
