"""
What the agent is told to do, from a configuration file and from its options.

The keys of the file, their defaults and the form in which ``-D`` prints them are qemu-ga's.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from txqga.agent._keyfile import KeyFile, KeyFileError, escape
from txqga.agent._version import QEMU_VERSION

CONFIG_FILE = "/etc/qemu/qemu-ga.conf"
FSFREEZE_HOOK = "/etc/qemu/fsfreeze-hook"  #: what ``-F`` without an argument means
VIRTIO_PATH = "/dev/virtio-ports/org.qemu.guest_agent.0"
ISA_PATH = "/dev/ttyS0"

#: Where plug-ins are looked for if nothing else is said: the administrator's, then those that come
#: with the wheel. Its ``share`` is beside the ``lib`` that has ``python3.X/site-packages/txqga``.
PLUGIN_FOLDERS = (
    "/etc/txqga/plugins",
    str(Path(__file__, *[".."] * 6, "share", "txqga", "plugins").resolve()),
)
FREEZE_LIMIT = 600  #: seconds
HOOK_LIMIT = 120

_GROUP = "general"


@frozen(kw_only=True)
class Config:
    """The agent's configuration; a member is a key of the file, with ``_`` for ``-``."""

    daemon: bool = False
    method: str = "virtio-serial"
    path: str | None = None
    logfile: str | None = None  #: ``None``: standard error
    pidfile: str = "/var/run/qemu-ga.pid"  #: written only by a daemon
    fsfreeze_hook: str | None = None
    statedir: str = "/var/run"
    verbose: bool = False
    retry_path: bool = False
    block_rpcs: tuple[str, ...] = ()
    allow_rpcs: tuple[str, ...] = ()  #: empty: all are allowed
    #: folders with plug-ins, absolute paths; None: where they usually are
    plugins: tuple[str, ...] | None = None
    freeze_limit: int = FREEZE_LIMIT  #: seconds that a freeze may last; 0: for ever
    hook_limit: int = HOOK_LIMIT  #: seconds that each run of the hook may take; 0: for ever
    version: str = QEMU_VERSION  #: what ``guest-info`` says
    inherited: bool = False  #: the channel is a socket that was handed over, whatever the path

    def with_default_path(self) -> "Config":
        """Return this configuration with the path that goes with the method, if none was given."""
        defaults = {"virtio-serial": VIRTIO_PATH, "isa-serial": ISA_PATH}
        return evolve(self, path=defaults.get(self.method)) if self.path is None else self


def split(names: str) -> tuple[str, ...]:
    """
    Return the command names in the list ``names``, last first.

    It is split at commas and nowhere else; the order is what qemu-ga's ``-D`` prints.
    """
    return tuple(reversed(names.split(","))) if names else ()


def folders(paths: str) -> tuple[str, ...]:
    """Return the paths in the list ``paths``, which has colons between them, made absolute."""
    # Now: a daemon changes its working directory.
    return tuple(os.path.abspath(path) for path in paths.split(":") if path)  # noqa: PTH100


def seconds(word: str) -> int:
    """
    Return a number of seconds, 0 to a billion.

    :raise KeyFileError: it is something else.
    """
    if re.fullmatch("[0-9]{1,9}", word) is None:
        raise KeyFileError(f"not a number of seconds: {word}")
    return int(word)


def read_file(path: Path) -> Config:
    """
    Return the configuration that the key file at ``path`` describes.

    Unknown groups and keys are passed over.

    :raise KeyFileError: it is not a key file, or a value in it is not of its kind.
    :raise OSError: it cannot be read.
    """
    file = KeyFile.load(path)
    readers: dict[str, Callable[[str, str], object]] = {
        "daemon": file.boolean,
        "method": file.string,
        "path": file.string,
        "logfile": file.string,
        "pidfile": file.string,
        "fsfreeze-hook": file.string,
        "statedir": file.string,
        "verbose": file.boolean,
        "retry-path": file.boolean,
        "block-rpcs": lambda group, key: split(file.string(group, key)),
        "allow-rpcs": lambda group, key: split(file.string(group, key)),
        "plugins": lambda group, key: folders(file.string(group, key)),
        "freeze-limit": lambda group, key: seconds(str(file.integer(group, key))),
        "hook-limit": lambda group, key: seconds(str(file.integer(group, key))),
    }
    values: dict[str, Any] = {
        key.replace("-", "_"): read(_GROUP, key)
        for key, read in readers.items()
        if file.has(_GROUP, key)
    }
    return evolve(Config(), **values)


def dump(config: Config) -> str:
    """Return ``config`` as the text of a key file."""
    lines: list[tuple[str, bool | str | None]] = [
        ("daemon", config.daemon),
        ("method", config.method),
        ("path", config.path),
        ("logfile", config.logfile),
        ("pidfile", config.pidfile),
        ("fsfreeze-hook", config.fsfreeze_hook),
        ("statedir", config.statedir),
        ("verbose", config.verbose),
        ("retry-path", config.retry_path),
        ("block-rpcs", ",".join(config.block_rpcs)),
        ("allow-rpcs", ",".join(config.allow_rpcs)),
        ("plugins", None if config.plugins is None else ":".join(config.plugins)),
        ("freeze-limit", _unusual(config.freeze_limit, FREEZE_LIMIT)),
        ("hook-limit", _unusual(config.hook_limit, HOOK_LIMIT)),
    ]
    text = "".join(f"{key}={_spell(value)}\n" for key, value in lines if value is not None)
    return f"[{_GROUP}]\n{text}"


def _unusual(value: int, usual: int) -> str | None:
    """Return what ``qemu-ga`` does not print, if it was said."""
    return None if value == usual else str(value)


def _spell(value: bool | str | None) -> str:
    return escape(value) if isinstance(value, str) else str(bool(value)).lower()
