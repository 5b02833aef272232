"""
What is remembered of a freeze: ``qga.state.isfrozen`` in the state directory.

It is qemu-ga's file: as long as it is there, an agent of either kind that is started finds itself
frozen. Ours says until when, in what no clock and no sleep moves, and of which start of the
machine it speaks: nothing is frozen any more after another one. A second file remembers that the
agent thawed by itself, until somebody was told.

Nothing here imports Twisted: it is asked before the agent has said its first word.
"""

import contextlib
import math
import os
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from txqga.agent._keyfile import KeyFile, KeyFileError

_GROUP = "freeze"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Return what no other start of this machine has, empty if the system does not tell."""
    with contextlib.suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""


@frozen(kw_only=True)
class Remembered:
    """A freeze, of which an earlier agent knew; times in seconds of CLOCK_BOOTTIME."""

    since: float | None = None  #: None: an agent that does not say so
    until: float | None = None  #: None: it has no end
    lapsed: int | None = None  #: how many seconds it had lasted when it ended by itself


class FrozenFile:
    """The two files in ``directory``."""

    def __init__(self, directory: str, boot: str) -> None:
        # Kept absolute: a daemon changes its working directory.
        self._frozen = Path(directory, "qga.state.isfrozen").absolute()
        self._lapsed = Path(directory, "qga.state.lapsed").absolute()
        self._boot = boot

    def load(self) -> Remembered | None:
        """Return what is remembered; what another start of the machine left is forgotten."""
        if self._is_there(self._frozen):
            values = self._values(self._frozen)
            if values is not None:
                return Remembered(
                    since=_number(values.get("since")), until=_number(values.get("until"))
                )
        if self._is_there(self._lapsed):
            values = self._values(self._lapsed)
            seconds = None if values is None else _number(values.get("seconds"))
            return None if seconds is None else Remembered(lapsed=round(seconds))
        return None

    def is_frozen(self) -> bool:
        """Tell whether a freeze is remembered that has not ended."""
        found = self.load()
        return found is not None and found.lapsed is None

    def frozen(self, since: float, until: float | None) -> None:
        """Remember a freeze. :raise OSError: that is not possible."""
        values = {"since": f"{since:.3f}"}
        if until is not None:
            values["until"] = f"{until:.3f}"
        self._write(self._frozen, values)

    def lapsed(self, seconds: int) -> None:
        """Remember that it ended by itself. :raise OSError: that is not possible."""
        self._write(self._lapsed, {"seconds": str(seconds)})

    def thawed(self) -> None:
        """Remember no freeze any more. :raise OSError: that is not possible."""
        self._frozen.unlink(missing_ok=True)

    def told(self) -> None:
        """Nor that it ended by itself. :raise OSError: that is not possible."""
        self._lapsed.unlink(missing_ok=True)

    def _is_there(self, path: Path) -> bool:
        try:
            path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True  # as qemu-ga does: rather frozen than not
        return True

    def _values(self, path: Path) -> Mapping[str, str] | None:
        """Return what a file says; None if it speaks of another start, and remove it then."""
        try:
            file = KeyFile.load(path)
            keys = ("boot", "since", "until", "seconds")
            values = {key: file.string(_GROUP, key) for key in keys if file.has(_GROUP, key)}
        except (OSError, KeyFileError):
            return {}
        if values.get("boot", self._boot) == self._boot:
            return values
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def _write(self, path: Path, values: Mapping[str, str]) -> None:
        """Replace a file in one step."""
        new = f"{path}.{os.urandom(3).hex()}"
        lines = [f"[{_GROUP}]", f"boot={self._boot}", *(f"{k}={v}" for k, v in values.items())]
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write("\n".join(lines) + "\n")
            Path(new).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(new).unlink()
            raise


def _number(word: str | None) -> float | None:
    try:
        number = float(word or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
