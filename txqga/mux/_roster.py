"""
Which guests there should be: from the configuration, from programs that add some, from folders.

One name is one guest, and one channel serves one guest. Where two claim the same, what was
configured goes before what was added, that before what was found, and what was found first before
what was found later; the other waits, and is told of, until the first has gone.

A socket may be reached by several paths, such as ``/run/...`` and ``/var/run/...``: what is found
is known by its file too, not by its path alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from txqga.mux._inventory import VM, inventory

#: Device and number of a file.
File = tuple[int, int]


def file_of(vm: VM) -> File | None:
    """Tell which file a guest's socket is; None: there is none at present."""
    if vm.file is not None or vm.path is None:
        return vm.file
    try:
        found = vm.path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


class Roster:
    """
    Which guests there should be.

    :param file_of: tells which file a guest's socket is.
    """

    def __init__(self, file_of: Callable[[VM], File | None] = file_of) -> None:
        self._file_of = file_of
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
        files: dict[File, str] = {}
        conflicts: dict[str, str] = {}
        for vm in (*self._fixed(), *self._found.values()):
            file = self._file_of(vm) if self._found else None
            other = channels.get(vm.channel)
            if other is None and vm.file is not None:  # what was configured is served as it says
                other = files.get(vm.file)
            if other is not None:
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
                if file is not None:
                    files[file] = vm.name
        return names, conflicts

    def _fixed(self) -> Iterator[VM]:
        yield from self._configured.values()
        yield from self._added.values()
