"""``/proc/net/dev``: what went through each interface. Facts 6.2."""

from collections.abc import Mapping

from txqga.agent._octets import text
from txqga.agent.platform.linux._columns import leading_numbers
from txqga.wire import JSON

FILE = "/proc/net/dev"
_COLUMNS = 16
_TOLD = ("bytes", "packets", "errs", "dropped")


def statistics(octets: bytes) -> Mapping[str, JSON]:
    """Return a ``GuestNetworkInterfaceStat`` for each line that is whole, by name."""
    found: dict[str, JSON] = {}
    for line in octets.splitlines():
        name, _, columns = line.strip().partition(b":")
        numbers = leading_numbers(columns.split())
        if len(numbers) >= _COLUMNS:
            received = {f"rx-{what}": number for what, number in zip(_TOLD, numbers, strict=False)}
            sent = {f"tx-{what}": number for what, number in zip(_TOLD, numbers[8:], strict=False)}
            found.setdefault(text(name), {**received, **sent})
    return found
