"""
Names of files, as the other side says them.

A guest may call its files what it likes. On this side a name is one step down from a folder, and
nothing that a terminal would obey.
"""

import ntpath
import posixpath
import unicodedata

#: Octets of one name; Linux has none that are longer.
LONGEST = 255

#: Categories of Unicode that move what stands around them: control, format, surrogates.
_UNSEEN = ("Cc", "Cf", "Cs")


def fault(name: str) -> str | None:
    """Say what is wrong with the name of a file in a folder; None: nothing."""
    if name in ("", ".", ".."):
        return "it is no name"
    if "/" in name or "\0" in name:
        return "it is no name, but a way out"
    try:
        octets = name.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is no UTF-8"
    if len(octets) > LONGEST:
        return "its name is too long"
    if any(unicodedata.category(each) == "Cc" for each in name):
        return "there are control characters in its name"
    return None


def shown(name: str) -> str:
    """Return a name that does nothing to a terminal."""
    kept = [
        repr(each)[1:-1] if unicodedata.category(each) in _UNSEEN else each for each in name[:4096]
    ]
    return "".join(kept)


def points_inside(target: str, depth: int) -> bool:
    """
    Say whether a symbolic link leads to something in the folder that is copied.

    Steps up are counted where they stand in front: behind a name they may start from anywhere,
    for that may be a link itself.

    :param depth: of the folder that the link is in; 0: the one that is copied.
    """
    if not target or target.startswith("/") or "\0" in target:
        return False
    steps = [step for step in target.split("/") if step not in ("", ".")]
    up = 0
    while up < len(steps) and steps[up] == "..":
        up += 1
    return up <= depth and ".." not in steps[up:]


def folded(name: str) -> str:
    """Return what names have in common that some filesystems take for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def base(path: str, *, windows: bool = False) -> str:
    """Return the last name of a guest's path."""
    last: str = (ntpath if windows else posixpath).basename(path.rstrip("/\\" if windows else "/"))
    return last


def beside(path: str, mark: str) -> str:
    """Return the path of a file of ours beside a guest's."""
    folder, name = posixpath.split(path)
    short = name.encode("utf-8", "surrogateescape")[: LONGEST - len(mark) - 16]
    return posixpath.join(folder, f".{short.decode('utf-8', 'ignore')}.{mark}")


def is_beside(name: str, mark: str) -> bool:
    """Say whether a file may be one of ours beside another, by its name."""
    return name.startswith(".") and name[1:].endswith(f".{mark}")


def below(path: str, names: tuple[str, ...]) -> str:
    """Return the path of something in a guest's folder."""
    return posixpath.join(path, *names)
