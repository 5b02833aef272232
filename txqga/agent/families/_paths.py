"""
txqga-file-stat and its like: what files need besides being read and written, to be copied well.

All are *blocking*: a folder may be on a disk that never answers.
"""

# paths are octets here, which pathlib does not take
# ruff: noqa: PTH101, PTH103, PTH104, PTH108, PTH115, PTH116, PTH118, PTH120, PTH211

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from errno import EINVAL
from heapq import nsmallest

from txqga.agent._failing import failing
from txqga.agent._family import Served
from txqga.agent._octets import octets, text
from txqga.errors import CommandFailed
from txqga.wire import JSON

_MOST = 1000  #: entries of one reply

#: Octets of entries in one reply, after which it is sent: names are of 255 octets at most, and the
#: targets of links of 4095, which JSON may write in six times as many.
_LONG = 1 << 20

_ALL = 0o7777

_TYPES = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}


class Paths:
    """What files need besides being read and written."""

    def commands(self) -> Mapping[str, Served]:
        return {
            "txqga-file-stat": Served(self._stat, blocking=True),
            "txqga-file-list": Served(self._list, blocking=True),
            "txqga-file-create": Served(self._create, blocking=True),
            "txqga-file-set": Served(self._set, blocking=True),
            "txqga-file-rename": Served(self._rename, blocking=True),
            "txqga-file-remove": Served(self._remove, blocking=True),
            "txqga-file-make-folder": Served(self._make_folder, blocking=True),
            "txqga-file-link": Served(self._link, blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _stat(self, arguments: Mapping[str, JSON]) -> JSON:
        path = arguments["path"]
        with failing(f"failed to look at '{path}'"):
            return _told(octets(path), follow=arguments.get("follow", False))

    def _list(self, arguments: Mapping[str, JSON]) -> JSON:
        path, count = arguments["path"], arguments.get("count", _MOST)
        if not 0 < count <= _MOST:
            raise CommandFailed(f"value '{count}' is invalid for argument count")
        after = _name(arguments.get("after"))
        with failing(f"failed to list '{path}'"), os.scandir(octets(path)) as found:
            names = nsmallest(count + 1, (each.name for each in found if each.name > after))
        entries: list[JSON] = []
        long = 0
        last: bytes | None = None
        for name in names[:count]:
            with suppress(FileNotFoundError):  # it was removed meanwhile
                told = _told(os.path.join(octets(path), name))
                long += len(name) + len(told.get("target", "")) + 1
                entries.append({"name": text(name), **told})
            last = name
            if long > _LONG // 6:
                break
        if last is None or last == names[-1]:
            return {"entries": entries}
        return {"entries": entries, "next": last.hex()}

    def _create(self, arguments: Mapping[str, JSON]) -> JSON:
        path = arguments["path"]
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with failing(f"failed to create '{path}'"):
            os.close(os.open(octets(path), flags, 0o600))
        return {}

    def _set(self, arguments: Mapping[str, JSON]) -> JSON:
        path, mode, mtime = arguments["path"], arguments.get("mode"), arguments.get("mtime")
        if mode is not None and not 0 <= mode <= _ALL:
            raise CommandFailed(f"value '{mode}' is invalid for argument mode")
        with failing(f"failed to change '{path}'"):
            if mode is not None:
                os.chmod(octets(path), mode)
            if mtime is not None:
                os.utime(octets(path), ns=(mtime, mtime))
        return {}

    def _rename(self, arguments: Mapping[str, JSON]) -> JSON:
        path, to = arguments["path"], arguments["to"]
        syncs = arguments.get("sync", False)
        if syncs:
            with failing(f"failed to write '{path}' to the disk"):
                _sync(octets(path))
        with failing(f"failed to rename '{path}' to '{to}'"):
            os.rename(octets(path), octets(to))
        if syncs:
            with failing(f"failed to write '{to}' to the disk"):
                _sync(os.path.dirname(octets(to)) or b".")
        return {}

    def _remove(self, arguments: Mapping[str, JSON]) -> JSON:
        path = arguments["path"]
        with failing(f"failed to remove '{path}'"), suppress(FileNotFoundError):
            os.unlink(octets(path))
        return {}

    def _make_folder(self, arguments: Mapping[str, JSON]) -> JSON:
        path = arguments["path"]
        with failing(f"failed to make folder '{path}'"):
            os.makedirs(octets(path), exist_ok=True)
        return {}

    def _link(self, arguments: Mapping[str, JSON]) -> JSON:
        path, target = arguments["path"], octets(arguments["target"])
        with failing(f"failed to link '{path}'"):
            with suppress(FileNotFoundError):
                if os.readlink(octets(path)) == target:
                    return {}
            os.symlink(target, octets(path))
        return {}


def _told(path: bytes, *, follow: bool = False) -> dict[str, JSON]:
    found = os.stat(path, follow_symlinks=follow)
    told: dict[str, JSON] = {
        "type": _TYPES.get(stat.S_IFMT(found.st_mode), "other"),
        "mode": stat.S_IMODE(found.st_mode),
        "size": found.st_size,
        "mtime": found.st_mtime_ns,
    }
    if stat.S_ISLNK(found.st_mode):
        told["target"] = text(os.readlink(path))
    return told


def _sync(path: bytes) -> None:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    except PermissionError:  # it may not be read, not even by us
        os.sync()
        return
    try:
        os.fsync(file)
    except OSError as why:
        if why.errno != EINVAL:  # there are filesystems without
            raise
    finally:
        os.close(file)


def _name(after: JSON) -> bytes:
    try:
        return b"" if after is None else bytes.fromhex(after)
    except ValueError:
        raise CommandFailed("no listing has told this value of argument after") from None
