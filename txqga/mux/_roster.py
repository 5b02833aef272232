"""
Which guests there should be: from the configuration, from programs that add some, from folders.

One name is one guest, and one channel serves one guest. Where two claim the same, what was
configured goes before what was added, that before what was found, and what was found first before
what was found later; the other waits, and is told of, until the first has gone.
"""

from collections.abc import Iterable, Iterator, Mapping

from txqga.mux._inventory import VM, inventory


class Roster:
    """Which guests there should be."""

    def __init__(self) -> None:
        self._configured: dict[str, VM] = {}
        self._added: dict[str, VM] = {}
        self._found: Mapping[str, VM] = {}

    @property
    def configured(self) -> list[VM]:
        """What was configured."""
        return list(self._configured.values())

    def configure(self, vms: Iterable[VM]) -> None:
        """
        Take these for the configured ones.

        :raise ValueError: two have the same name, or the same channel.
        """
        self._configured = inventory(vms)

    def add(self, vm: VM) -> None:
        """
        Add a guest.

        :raise ValueError: there is one of that name, or at that channel.
        """
        for other in self._fixed():  # which may be in each other's way, since a configuration
            inventory([other, vm])
        self._added[vm.name] = vm

    def remove(self, name: str) -> None:
        """
        Remove a guest that was added.

        :raise KeyError: there is none of that name.
        """
        del self._added[name]

    def find(self, found: Mapping[str, VM]) -> None:
        """
        Take these for the guests found in folders.

        :param found: by the paths of their sockets, the oldest first.
        """
        self._found = found

    def wanted(self) -> tuple[dict[str, VM], dict[str, str]]:
        """
        Say who is to be served.

        :return: guests by name; and why others are not, by their channels.
        """
        names: dict[str, VM] = {}
        channels: dict[str, str] = {}
        conflicts: dict[str, str] = {}
        for vm in (*self._fixed(), *self._found.values()):
            if vm.channel in channels:
                other = channels[vm.channel]
                if other != vm.name:
                    conflicts[vm.channel] = f"it is served as {other}, not as {vm.name} too"
            elif vm.name in names:
                conflicts[vm.channel] = (
                    f"{vm.name} is the guest at {names[vm.name].channel}, and a name is one "
                    "guest's: this one is not served until that one has gone"
                )
            else:
                names[vm.name] = vm
                channels[vm.channel] = vm.name
        return names, conflicts

    def _fixed(self) -> Iterator[VM]:
        yield from self._configured.values()
        yield from self._added.values()
