"""Who may do what, and the record of it, as the mux's command line describes them."""

import grp
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twisted.logger import Logger
from twisted.python import usage

from txqga.mux import Audit, AuditFile, Authority, Policy, PolicyError, Sockets, read_policy
from txqga.schema import extended

_log = Logger()

#: The highest number of a group: the one above says that none is meant.
_LAST_GROUP = 2**32 - 2

#: The options that say so.
WORDS: list[list[str | None]] = [
    [
        "policy",
        None,
        None,
        "Let those call commands whom the rules in this TOML file let. Without it root, the "
        "user that runs this, and whoever has a token may everything, and others nothing. Read "
        "again at SIGHUP.",
    ],
    [
        "audit",
        None,
        None,
        "Append a line of JSON to this file for each command that somebody asks for.",
    ],
    [
        "socket-mode",
        None,
        "600",
        "Mode of the guests' sockets, which says who may connect at all. What they may ask for "
        "then, --policy says.",
    ],
    ["socket-group", None, None, "Group of the guests' sockets."],
]


def policy_of(options: Mapping[str, Any]) -> Policy:
    """
    Read the policy that is named.

    :raise UsageError: it is wrong.
    """
    if options["policy"] is None:
        return Policy.default(os.geteuid())
    try:
        return read_policy(Path(options["policy"]))
    except PolicyError as why:
        raise usage.UsageError(f"--policy: {why}") from why


def sockets_of(options: Mapping[str, Any]) -> Sockets:
    """
    Say who may connect to the guests' sockets at all.

    :raise UsageError: it is said wrong.
    """
    text = options["socket-mode"]
    try:
        mode = int(text, 8)
        if mode & ~0o666 or not mode & 0o600 == 0o600:
            raise ValueError(text)
    except ValueError:
        raise usage.UsageError(
            f"--socket-mode: {text!r} is none of 600, 660, 666 and what is between: octal, and "
            "our own user has to be let in"
        ) from None
    name = options["socket-group"]
    if name is None:
        return Sockets(mode=mode)
    try:
        return Sockets(mode=mode, group=_group(name))
    except (KeyError, ValueError):
        raise usage.UsageError(f"--socket-group: there is no group {name!r}") from None


def _group(name: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", name):
        return grp.getgrnam(name).gr_gid
    if int(name) > _LAST_GROUP:
        raise ValueError(name)
    return int(name)


def make_audit(reactor: Any, options: Mapping[str, Any]) -> Audit | None:
    """
    Open the audit, if there is to be one.

    :raise CannotStart: that cannot be done.
    """
    path = options["audit"]
    if path is None:
        return None

    def complain(why: str) -> None:
        reactor.callFromThread(_log.error, "the audit {path}: {why}", path=path, why=why)

    return Audit(AuditFile(Path(path)), complain)


def make_authority(reactor: Any, options: Mapping[str, Any], audit: Audit | None) -> Authority:
    """
    Make what decides who may.

    :raise UsageError: the policy is wrong.
    """
    write = None if audit is None else audit.write
    return Authority(reactor, policy_of(options), extended(), write)
