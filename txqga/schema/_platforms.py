"""
Build conditions: on which operating systems a definition can be there.

A condition such as ``CONFIG_LIBUDEV`` depends on how an agent was built, so the question has two
answers: it can hold, and it can fail. The table is "conditions" and "platforms" of QEMU's schema
for its guest agent.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import evolve

from txqga.errors import SchemaError
from txqga.schema._linking import check_links
from txqga.schema._model import Condition, Definition, Named

PLATFORMS = ("linux", "windows", "freebsd", "netbsd", "openbsd", "sunos")

#: true there, false elsewhere
_SYSTEMS = {"CONFIG_LINUX": "linux", "CONFIG_WIN32": "windows", "CONFIG_FREEBSD": "freebsd"}
#: can be true there, false elsewhere
_FACILITIES = {
    "CONFIG_FSFREEZE": frozenset({"linux", "freebsd"}),
    "CONFIG_FSTRIM": frozenset({"linux"}),
    "CONFIG_LIBUDEV": frozenset({"linux"}),
    "HAVE_GETIFADDRS": frozenset(PLATFORMS) - {"windows"},
    "HAVE_UTMPX": frozenset({"linux", "freebsd", "netbsd", "sunos"}),
    "CONFIG_GETLOADAVG": frozenset(PLATFORMS) - {"windows"},
}

N = TypeVar("N", bound=Named)


def holds(condition: Condition | None, platform: str) -> bool:
    """
    Tell whether a condition can hold on a platform.

    :param platform: one of ``PLATFORMS``.
    :return: True for None, and for a name that is not known: it may be set anywhere.
    """
    if platform not in PLATFORMS:
        raise ValueError(f"{platform!r} is none of {', '.join(PLATFORMS)}")
    return condition is None or _outcomes(condition, platform)[0]


def _outcomes(condition: Condition, platform: str) -> tuple[bool, bool]:
    """Tell whether it can hold, and whether it can fail."""
    if isinstance(condition, str):
        if condition in _SYSTEMS:
            here = _SYSTEMS[condition] == platform
            return here, not here
        return platform in _FACILITIES.get(condition, PLATFORMS), True
    ((operator, operand),) = condition.items()
    if operator == "not":
        can_hold, can_fail = _outcomes(operand, platform)
        return can_fail, can_hold
    each = [_outcomes(one, platform) for one in operand]
    if operator == "all":
        return all(hold for hold, _ in each), any(fail for _, fail in each)
    return any(hold for hold, _ in each), all(fail for _, fail in each)


def restrict(definitions: Mapping[str, Definition], platform: str) -> dict[str, Definition]:
    """
    Give what can be there on a platform, without members, values and features that cannot.

    :raise SchemaError: what is left refers to what is not.
    """
    left = {
        name: _cut(definition, platform)
        for name, definition in definitions.items()
        if holds(definition.condition, platform)
    }

    def fault(name: str, member: str, why: str) -> SchemaError:
        return SchemaError(f"{name} on {platform}", why)

    check_links(left, fault)
    return left


def _cut(named: N, platform: str) -> N:
    changes: dict[str, Any] = {}
    for attribute in ("arguments", "members", "branches", "values"):
        parts = getattr(named, attribute, ())
        left = tuple(_cut(part, platform) for part in parts if holds(part.condition, platform))
        if left != parts:
            changes[attribute] = left
    if conditions := named.feature_conditions:
        changes["features"] = tuple(
            feature for feature in named.features if holds(conditions.get(feature), platform)
        )
    return evolve(named, **changes) if changes else named
