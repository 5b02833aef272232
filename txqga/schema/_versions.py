"""
Which QEMU versions have a definition or a member: what ``Since`` says.
"""

import re

from txqga.schema._model import Definition, EnumValue, Member

_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def since_on(named: Definition | Member | EnumValue, platform: str) -> str | None:
    """
    Give the version that brought it to a platform.

    ``Since: 9.1 (windows: 11.0)`` is how a definition says that a platform came later.

    :return: such as ``2.10``, or None where the schema does not say.
    """
    if isinstance(named, Member | EnumValue):
        return named.since
    found = re.search(rf"\b{platform}:? *({_NUMBER.pattern})", named.doc.since, re.IGNORECASE)
    return found[1] if found else named.since


def known_to(named: Definition | Member | EnumValue, version: str, platform: str = "linux") -> bool:
    """
    Tell whether an agent of this QEMU version can know it; conditions are not looked at.

    A type that came later than a member of that type (``capture-output`` was a bool up to 7.2)
    lists the older form among its branches, with its own version.

    :param version: as in ``guest-info``, such as ``7.2.22``.
    :return: True where the schema does not say since when.
    """
    since = since_on(named, platform)
    return since is None or _numbers(since) <= _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBER.search(version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()  # 0.15.0 is 0.15
    return tuple(numbers)
