"""
Sending the machine to sleep. Facts 9.

There are three ways, tried in this order: systemd's, that of pm-utils, and the kernel's own. One
that fails is followed by the next.
"""

import os

from attrs import frozen

from txqga.agent._failing import failing
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._tree import Tree
from txqga.errors import CommandFailed

STATE = "/sys/power/state"
_SEEN = 31  #: octets of it that are looked at


@frozen(kw_only=True)
class _Mode:
    """What a way to sleep is called by those who know it."""

    systemd: str  #: the word for ``systemctl``; the unit is called much the same
    unit: str
    pm_utils: str
    program: str
    kernel: bytes | None


_MODES = {
    "disk": _Mode(
        systemd="hibernate",
        unit="systemd-hibernate",
        pm_utils="--hibernate",
        program="pm-hibernate",
        kernel=b"disk",
    ),
    "ram": _Mode(
        systemd="suspend",
        unit="systemd-suspend",
        pm_utils="--suspend",
        program="pm-suspend",
        kernel=b"mem",
    ),
    "hybrid": _Mode(
        systemd="hybrid-sleep",
        unit="systemd-hybrid-sleep",
        pm_utils="--suspend-hybrid",
        program="pm-suspend-hybrid",
        kernel=None,
    ),
}


def suspend(tree: Tree, calls: Calls, name: str) -> None:
    """
    Suspend the machine; return when it is awake again, or as soon as it has been asked.

    :param name: ``disk``, ``ram`` or ``hybrid``.
    :raise CommandFailed: nothing knows how, or the last that did failed.
    """
    mode = _MODES[name]
    run = calls.programs.run
    failure: CommandFailed | None = None
    # a unit that is not running is one that is there
    if calls.programs.code(["systemctl", "status", mode.unit]) in (1, 2, 3):
        try:
            return run(["systemctl", mode.systemd], "suspend")
        except CommandFailed as why:
            failure = why
    if calls.programs.code(["pm-is-supported", mode.pm_utils]) == 0:
        try:
            return run([mode.program], "suspend")
        except CommandFailed as why:
            failure = why
    if mode.kernel is not None and mode.kernel in _states(tree):
        return _write(tree, calls, mode.kernel)
    if failure is None:
        raise CommandFailed("the requested suspend mode is not supported by the guest")
    if mode.kernel is None:
        raise CommandFailed("unknown guest suspend mode") from failure
    raise failure


def _states(tree: Tree) -> bytes:
    """Return what the kernel can do; nothing if it does not tell."""
    try:
        return tree.read(STATE)[:_SEEN]
    except OSError:
        return b""


def _write(tree: Tree, calls: Calls, word: bytes) -> None:
    with failing(f"suspend: cannot write to '{STATE}'"):
        file = calls.open(tree.real(STATE), os.O_WRONLY | os.O_CLOEXEC)
        try:
            calls.pwrite(file, word, 0)
        finally:
            os.close(file)
