"""A guest with a POSIX shell, whose agent knows only what QEMU's does."""

from attrs import define, field
from twisted.internet.interfaces import IReactorTime

from txqga.errors import CommandFailed, Misfit, TooLarge
from txqga.files._asked import Asked
from txqga.files._program import Done, complaint, shell
from txqga.files._system import Entry, Kind, Stat, Tree

_STAT = """\
if [ -d "$1" ]; then k=folder
elif [ -f "$1" ]; then k=file
elif [ -e "$1" ]; then k=other
else echo none; exit 0
fi
echo "$k $(stat -L -c '%a %s %Y' -- "$1" 2>/dev/null)"
"""

_CREATE = 'rm -f -- "$1" && umask 077 && set -C && : >"$1"'

#: what mv would move it into is no name for it; what is moved is on the disk before
_SETTLE = """\
lost=
[ "$1" = "$2" ] || [ ! -d "$2" ] || { echo "$2: there is a folder of that name" >&2; exit 1; }
[ -z "$3" ] || chmod -- "$3" "$1" 2>/dev/null || lost="mode"
[ -z "$4" ] || touch -d "@$4.$5" -- "$1" 2>/dev/null || touch -d "@$4" -- "$1" 2>/dev/null ||
    lost="$lost time"
if [ "$1" != "$2" ]; then
    sync -- "$1" 2>/dev/null
    mv -f -- "$1" "$2" || exit 1
    sync -- "$(dirname -- "$2")" 2>/dev/null
fi
echo $lost
"""

_LINK = 'rm -f -- "$1" && ln -s -- "$2" "$1"'

#: GNU's find tells all; others only what is a folder, a file, a link
_WALK = """\
cd -- "$1" || exit 20
if find . -prune -printf '' >/dev/null 2>&1; then
    printf 'all\\0'
    find . -mindepth 1 -printf '%y %m %s %T@ %P\\0%l\\0'
    exit 0
fi
printf 'some\\0'
find . -type d -exec printf 'd %s\\0' {} +
find . -type f -exec printf 'f %s\\0' {} +
find . -type l -exec printf 'l %s\\0' {} +
find . ! -type d ! -type f ! -type l -exec printf 'o %s\\0' {} +
"""

_KINDS = {"d": Kind.FOLDER, "f": Kind.FILE, "l": Kind.LINK}


@define
class Shell:
    """A guest with a POSIX shell."""

    clock: IReactorTime
    guest: Asked
    can_rename: bool = field(default=True, init=False)

    async def stat(self, path: str) -> Stat | None:
        told = (await self._run(_STAT, path)).out.decode("ascii", "replace").split()
        kind, mode, size, mtime = (*told, "", "", "", "")[:4]
        if kind == "none":
            return None
        if kind not in ("file", "folder", "other"):
            raise Misfit("stat", "it does not end as it should")
        return Stat(
            kind=Kind(kind), mode=_octal(mode), size=_number(size), mtime=_nanoseconds(mtime)
        )

    async def create(self, path: str) -> None:
        await self._run(_CREATE, path)

    async def settle(self, path: str, to: str, mode: int | None, mtime: int | None) -> list[str]:
        seconds, nanoseconds = divmod(mtime or 0, 10**9)
        done = await self._run(
            _SETTLE,
            path,
            to,
            "" if mode is None else f"{mode:o}",
            "" if mtime is None else str(seconds),
            f"{nanoseconds:09}",
        )
        return done.out.decode("ascii", "replace").split()

    async def remove(self, path: str) -> None:
        await self._run('rm -f -- "$1"', path)

    async def make_folder(self, path: str) -> None:
        await self._run('mkdir -p -- "$1"', path)

    async def link(self, path: str, target: str) -> None:
        await self._run(_LINK, path, target)

    async def walk(self, path: str, most: int) -> Tree:
        done = await shell(self.clock, self.guest, _WALK, path, seconds=600)
        if done.code == 20:
            raise CommandFailed(complaint(done), "guest-exec")
        if done.is_cut or done.out.count(b"\0") > 2 * most + 2:
            raise TooLarge(path, most)
        form, *words = done.out.decode("utf-8", "surrogateescape").split("\0")[:-1] or [""]
        if form == "all" and len(words) % 2 == 0:
            entries = [_told(words[at], words[at + 1]) for at in range(0, len(words), 2)]
        elif form == "some":
            entries = [_named(word) for word in words if word[2:] != "."]
        else:
            raise Misfit("find", "it does not end as it should")
        told = done.err.decode("utf-8", "replace").splitlines()
        return Tree(tuple(entries), tuple(line[:200] for line in told[:100]))

    async def _run(self, script: str, *arguments: str) -> Done:
        done = await shell(self.clock, self.guest, script, *arguments)
        if done.code != 0:
            raise CommandFailed(complaint(done), "guest-exec")
        return done


def _told(word: str, target: str) -> Entry:
    kind, mode, size, mtime, names = (*word.split(" ", 4), "", "", "", "")[:5]
    return Entry(
        tuple(names.split("/")),
        Stat(
            kind=_KINDS.get(kind, Kind.OTHER),
            mode=_octal(mode),
            size=_number(size),
            mtime=_nanoseconds(mtime),
            target=target if kind == "l" else None,
        ),
    )


def _named(word: str) -> Entry:
    names = word[2:].removeprefix("./")
    return Entry(tuple(names.split("/")), Stat(kind=_KINDS.get(word[:1], Kind.OTHER)))


def _octal(word: str) -> int | None:
    """Read permissions; those that would give somebody else's rights are left out."""
    return int(word[-3:], 8) if word and not word.strip("01234567") else None


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else None


def _nanoseconds(word: str) -> int | None:
    seconds, _, fraction = word.partition(".")
    whole = _number(seconds)
    if whole is None or whole >= 1 << 33:
        return None
    return whole * 10**9 + (_number(fraction[:9].ljust(9, "0")) or 0)
