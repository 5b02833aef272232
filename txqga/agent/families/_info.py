"""guest-info: which commands there are, and which of them may be used."""

from collections.abc import Callable, Mapping

from attrs import frozen

from txqga.agent._family import Encoded, Served
from txqga.agent._version import QEMU_VERSION
from txqga.wire import JSON, encode


@frozen
class Listed:
    """A command, as ``guest-info`` shows it."""

    name: str
    enabled: bool
    success_response: bool


class Info:
    """
    What the agent says about itself.

    :param listing: the commands in the order of the schema. It returns the same tuple as long as
        nothing has changed: the reply is then encoded once.
    """

    def __init__(
        self, listing: Callable[[], tuple[Listed, ...]], version: str = QEMU_VERSION
    ) -> None:
        self._listing = listing
        self._version = version
        self._told: tuple[Listed, ...] = ()
        self._reply = Encoded(b"")

    def commands(self) -> Mapping[str, Served]:
        return {"guest-info": Served(self._info)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _info(self, arguments: Mapping[str, JSON]) -> Encoded:
        listing = self._listing()
        if listing is not self._told:
            self._told = listing
            self._reply = Encoded(encode(_report(self._version, listing)))
        return self._reply


def _report(version: str, listing: tuple[Listed, ...]) -> JSON:
    """Return the value in the order of facts: the last command first."""
    return {
        "version": version,
        "supported_commands": [
            {
                "enabled": each.enabled,
                "name": each.name,
                "success-response": each.success_response,
            }
            for each in reversed(listing)
        ],
    }
