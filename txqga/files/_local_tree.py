"""What is in a folder of this host, and below it."""

import os
import stat
from pathlib import Path

from txqga.files._names import shown
from txqga.files._report import Skipped
from txqga.files._system import Entry, Kind, Stat

_KINDS = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.FOLDER, stat.S_IFLNK: Kind.LINK}


def local_tree(path: str | Path) -> tuple[list[Entry], list[Skipped]]:
    """
    List a folder and all that is below it, sorted, without following links; for a thread.

    :return: what there is; what could not be read.
    :raise OSError: the folder itself cannot be read.
    """
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        names = waiting.pop()
        try:
            with os.scandir(Path(path, *names)) as found:
                here = [Entry((*names, each.name), _stat(each)) for each in found]
        except OSError as why:
            if not names:
                raise
            skipped.append(Skipped(shown("/".join(names)), why.strerror or str(why)))
            continue
        entries += here
        waiting += [each.names for each in here if each.stat.kind is Kind.FOLDER]
    return sorted(entries, key=lambda each: each.names), skipped


def _stat(each: "os.DirEntry[str]") -> Stat:
    found = each.stat(follow_symlinks=False)
    kind = _KINDS.get(stat.S_IFMT(found.st_mode), Kind.OTHER)
    return Stat(
        kind=kind,
        mode=stat.S_IMODE(found.st_mode) & 0o777,
        size=found.st_size,
        mtime=found.st_mtime_ns,
        target=os.readlink(each.path) if kind is Kind.LINK else None,  # noqa: PTH115
    )
