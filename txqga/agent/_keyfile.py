"""
GLib's key files: the agent's configuration, its ``qga.state``, and ``os-release``.

Only what those three need is here, with GLib's error texts (``g_key_file_load_from_data``), since
they are what an administrator searches for. Groups of one name are merged and of equal keys the
last counts; a line is an error the moment it is met, a value only when it is asked for.
"""

import re
import stat
from pathlib import Path

from attrs import define, field

#: what ``g_ascii_isspace`` takes for white space, the vertical tab left out
_BLANKS = b" \t\n\r\f"
_GROUP = re.compile(rb"\[([^]]*)\][ \t]*")
_GROUP_NAME = re.compile(rb"[^\[\]\x00-\x1f\x7f]+")
_KEY_NAME = re.compile(rb"(?! )[^=\[\]]+(?<! )(\[[\w.@-]*\])?")
_INTEGER = re.compile(r"[ \t\n\r\f\v]*([+-]?[0-9]+)(?![^ \t\n\r\f\v])")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_UNESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@define
class KeyFileError(Exception):
    """A key file that cannot be used; ``desc`` is GLib's text for it."""

    desc: str

    def __str__(self) -> str:
        return self.desc


@define
class KeyFile:
    """A key file in memory: values by group and key, not yet unescaped."""

    _groups: dict[str, dict[str, bytes]] = field(factory=dict)

    @classmethod
    def load(cls, path: Path) -> "KeyFile":
        """
        Read the key file at ``path``.

        :raise KeyFileError: it is not a regular file, or not a key file.
        :raise OSError: it cannot be read.
        """
        if not stat.S_ISREG(path.stat().st_mode):
            raise KeyFileError("Not a regular file")
        return cls.parse(path.read_bytes())

    @classmethod
    def parse(cls, octets: bytes) -> "KeyFile":
        """
        Read a key file from its ``octets``.

        :raise KeyFileError: a line is not a group, a key with a value, a comment or blank.
        """
        groups: dict[str, dict[str, bytes]] = {}
        current: dict[str, bytes] | None = None
        for line in octets.split(b"\n"):
            text = line.removesuffix(b"\r").split(b"\0", 1)[0]
            start = text.lstrip(_BLANKS)
            if not start or start.startswith(b"#"):
                continue
            group = _GROUP.fullmatch(start)
            if group is not None:
                if _GROUP_NAME.fullmatch(group[1]) is None:
                    raise KeyFileError(f"Invalid group name: {_shown(group[1])}")
                current = groups.setdefault(_shown(group[1]), {})
                continue
            name, equals, value = start.partition(b"=")
            if not equals or not name:
                raise KeyFileError(
                    f"Key file contains line “{_shown(text)}” which is not a key-value pair, "
                    "group, or comment"
                )
            if current is None:
                raise KeyFileError("Key file does not start with a group")
            name = name.rstrip(_BLANKS)
            if _KEY_NAME.fullmatch(name) is None:
                raise KeyFileError(f"Invalid key name: {_shown(name)}")
            current[_shown(name)] = value.lstrip(_BLANKS)
        return cls(groups)

    def has(self, group: str, key: str) -> bool:
        """Tell whether ``key`` is there, whatever its value."""
        return key in self._groups.get(group, {})

    def raw(self, group: str, key: str) -> bytes:
        """Return the value of a key that is there, as it is written."""
        return self._groups[group][key]

    def string(self, group: str, key: str) -> str:
        r"""
        Return the value of a key that is there, its escapes (``\s \n \t \r \\``) undone.

        :raise KeyFileError: the value is not UTF-8, or holds another escape.
        """
        value = self._groups[group][key]
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise KeyFileError(
                f"Key file contains key “{key}” with value “{_shown(value)}” which is not UTF-8"
            ) from None
        if any(escape not in _UNESCAPED for escape in _ESCAPE.findall(text)):
            raise _uninterpretable(key)
        return _ESCAPE.sub(lambda match: _UNESCAPED[match[1]], text)

    def boolean(self, group: str, key: str) -> bool:
        """
        Return the value of a key that is there: true, false, 1 or 0.

        :raise KeyFileError: it is something else.
        """
        value = _shown(self._groups[group][key].rstrip(_BLANKS))
        if value not in _BOOLEANS:
            raise _uninterpretable(key)
        return _BOOLEANS[value]

    def integer(self, group: str, key: str) -> int:
        """
        Return the value of a key that is there, a signed integer of 32 bits.

        :raise KeyFileError: it is something else.
        """
        match = _INTEGER.match(_shown(self._groups[group][key]))
        # The length is looked at first: Python refuses to read a number of 5,000 digits.
        if match is None or len(match[1]) > 20 or not -(2**31) <= int(match[1]) < 2**31:
            raise _uninterpretable(key)
        return int(match[1])


def escape(value: str) -> str:
    r"""Return ``value`` as a key file spells it: leading blanks become ``\s`` and ``\t``."""
    body = value.lstrip(" \t")
    blanks = value[: len(value) - len(body)].replace(" ", r"\s").replace("\t", r"\t")
    return blanks + body.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")


def _uninterpretable(key: str) -> KeyFileError:
    return KeyFileError(
        f"Key file contains key “{key}” which has a value that cannot be interpreted."
    )


def _shown(octets: bytes) -> str:
    return octets.decode(errors="replace")
