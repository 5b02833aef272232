"""Filesystems in memory: frozen and thawed as they would be."""

from collections.abc import Iterable, Mapping

from txqga.agent.platform._platform import Mounted
from txqga.errors import CommandFailed


class MemoryMounts:
    """
    Filesystems that can be frozen, of a :class:`MemoryPlatform`.

    :param mounted: those first that others lie on.
    """

    frozen: set[str]  #: folders of those that are frozen, whoever froze them
    done: list[tuple[str, str]]  #: ``freeze`` or ``thaw`` with a folder: what changed, in order

    def __init__(self, mounted: Iterable[Mounted] = ()) -> None:
        self._mounted = list(mounted)
        self._refusals: Mapping[str, CommandFailed | None] = {}
        self._held: dict[int, str] = {}
        self.frozen = set()
        self.done = []

    def refuse(self, refusals: Mapping[str, CommandFailed | None]) -> None:
        """
        Let freezing fail from now on.

        :param refusals: by folder; None: it cannot be frozen, which is no failure.
        """
        self._refusals = refusals

    def all(self) -> list[Mounted]:
        return list(self._mounted)

    def freeze(self, mount: Mounted) -> int | None:
        if mount.folder in self._refusals:
            why = self._refusals[mount.folder]
            if why is not None:
                raise why
            return None
        if mount.folder in self.frozen or mount not in self._mounted:
            return None
        self.frozen.add(mount.folder)
        self.done.append(("freeze", mount.folder))
        held = len(self.done)
        self._held[held] = mount.folder
        return held

    def thaw(self, held: int) -> bool:
        return self._thaw(self._held.pop(held))

    def thaw_at(self, mount: Mounted) -> bool:
        return self._thaw(mount.folder)

    def _thaw(self, folder: str) -> bool:
        if folder not in self.frozen:
            return False
        self.frozen.remove(folder)
        self.done.append(("thaw", folder))
        return True
