"""
Which sockets are those of agents, and what their guests are called.

``/run/libvirt/qemu/channel/{id}-{name}/org.qemu.guest_agent.0``: each part of the path is a name,
or a shell's pattern of names, in which ``{name}`` and ``{id}`` stand for what tells one guest from
the others.
"""

import re
from collections.abc import Mapping

from attrs import evolve, field, frozen

from txqga._guest_name import NAME
from txqga.mux._inventory import VM, unix

_TOKENS = re.compile(r"\{(?P<brace>[^{}]*)\}|\[(?P<set>!?\]?[^\]]*)\]|(?P<other>.)", re.DOTALL)

#: What stands in braces, and what it stands for.
PLACES = {"name": r"(?P<name>.+)", "id": r"(?P<id>[0-9]+)"}


@frozen
class Part:
    """What one name of a path must be."""

    pattern: re.Pattern[str]
    literal: str | None  #: the only name that fits, if there is only one

    def fits(self, name: str) -> bool:
        """Whether this name is one."""
        return self.pattern.fullmatch(name) is not None


@frozen
class Watch:
    """Where sockets of agents may appear."""

    glob: str  #: as :meth:`parse` takes it
    qmp: str | None = None  #: path of the monitor of each guest, with ``{name}`` and ``{id}``
    parts: tuple["Part", ...] = field(
        default=(), eq=False, repr=False
    )  #: one for each name of the path

    @classmethod
    def parse(cls, glob: str) -> "Watch":
        """
        Read a pattern of paths.

        :raise ValueError: says what is wrong with it.
        """
        first, *names = glob.split("/")
        if first or not names:
            raise ValueError(
                f"{glob!r} is no absolute path, such as /run/qga/{{name}}.sock, in which {{name}} "
                "or {id} is what tells one guest from the others"
            )
        for name in names:
            if name in ("", ".", "..", "**"):
                raise ValueError(
                    f"{glob!r} has {name!r} for a part of its path: each part is a file's name, "
                    "or a pattern with *, ?, [...], {name} or {id}"
                )
        for place in PLACES:
            if glob.count(f"{{{place}}}") > 1:
                raise ValueError(f"{glob!r} has {{{place}}} twice")
        parts = tuple(_compile(glob, name) for name in names)
        if not any(part.pattern.groupindex for part in parts):
            raise ValueError(f"{glob!r} has neither {{name}} nor {{id}}: all guests would be one")
        return cls(glob, parts=parts)

    def with_qmp(self, path: str) -> "Watch":
        """
        The same, of guests whose monitors are at ``path``, in which ``{name}`` and ``{id}`` are
        what they are here.

        :raise ValueError: they are not here, or it is no such path.
        """
        known = [place for part in self.parts for place in part.pattern.groupindex]
        if not path.startswith("/") or set(re.findall(r"\{([^{}]*)\}", path)) - set(known):
            places = " and ".join(f"{{{place}}}" for place in known)
            raise ValueError(f"{path!r} is no absolute path that has {places} of {self.glob}")
        if set("{}") & set(re.sub(r"\{[^{}]*\}", "", path)):
            raise ValueError(f"{path!r} has a brace without its counterpart")
        return evolve(self, qmp=path)

    def guest(self, path: str, file: tuple[int, int]) -> VM:
        """
        Say whose the socket at ``path`` is, which the pattern fits.

        :param file: device and number of the socket's file.
        :raise ValueError: nobody's: it gives no name that a guest can have.
        """
        found = self.places(path)
        name = found.get("name", found.get("id", ""))
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} cannot be a guest's name: 1 to 64 of A-Z a-z 0-9 . _ - are taken, a "
                "letter or digit first"
            )
        qmp = None if self.qmp is None else unix(self.qmp.format_map(found))
        return VM(name, unix(path), file, qmp)

    def places(self, path: str) -> Mapping[str, str]:
        """What ``{name}`` and ``{id}`` stand for in ``path``, which the pattern fits."""
        found: dict[str, str] = {}
        for part, name in zip(self.parts, path.split("/")[1:], strict=True):
            if match := part.pattern.fullmatch(name):
                found.update(match.groupdict())
        return found


def _compile(glob: str, pattern: str) -> Part:
    """A shell's pattern of names: a leading dot is fit by a dot only."""
    made = "" if pattern.startswith(".") else r"(?!\.)"
    for token in _TOKENS.finditer(pattern):
        if token["brace"] is not None:
            if token["brace"] not in PLACES:
                raise ValueError(f"{glob!r}: {{name}} and {{id}} are known, not {token[0]}")
            made += PLACES[token["brace"]]
        elif token["set"] is not None:
            inner = token["set"].replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
            made += f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
        elif token[0] in "{}":
            raise ValueError(f"{glob!r} has a {token[0]} without its counterpart")
        else:
            made += {"*": ".*", "?": "."}.get(token[0], re.escape(token[0]))
    try:
        literal = None if set("*?[{") & set(pattern) else pattern
        return Part(re.compile(made, re.DOTALL), literal)
    except re.error as why:
        raise ValueError(f"{glob!r}: {pattern!r} is no pattern: {why}") from why
