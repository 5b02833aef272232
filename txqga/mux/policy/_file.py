"""
Rules as an operator writes them, in TOML::

    [[rule]]
    name = "backup"
    who = ["user:backup", "group:libvirt", "bearer:backup.example.org"]
    guests = ["db*"]
    commands = ["guest-ping", "guest-info", "guest-file-*"]
    arguments.path = ["/var/backups/**"]

    [[rule]]
    name = "nobody turns off the light"
    who = ["everybody"]
    commands = ["guest-shutdown"]
    allow = false
"""

import grp
import os
import pwd
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from txqga.mux._toml import read_toml
from txqga.mux.policy._patterns import EVERYTHING, Patterns, names, patterns
from txqga.mux.policy._rules import Policy, Rule, Whom

_EVERYBODY = "everybody"
_KEYS = ("name", "who", "guests", "commands", "arguments", "allow")
_WHO = f"uid:NUMBER, user:NAME, gid:NUMBER, group:NAME, bearer:NAME or {_EVERYBODY}"


class PolicyError(ValueError):
    """A policy is wrong; says where, and what is allowed there."""


@frozen
class Names:
    """Looks up the numbers of users and groups; raises KeyError."""

    user: Callable[[str], int] = lambda name: pwd.getpwnam(name).pw_uid
    group: Callable[[str], int] = lambda name: grp.getgrnam(name).gr_gid


def read_policy(path: Path, own_uid: int | None = None, names: Names | None = None) -> Policy:
    """
    Read a file of rules.

    :param own_uid: the daemon's; None: ask.
    :raise PolicyError: something is wrong with it, or others may write it.
    """
    own = os.geteuid() if own_uid is None else own_uid
    try:
        table = read_toml(path, check=lambda file: _check(path, os.fstat(file), own))
    except PolicyError:
        raise
    except ValueError as why:
        raise PolicyError(str(why)) from why
    return parse_policy(table, str(path), own, names or Names())


def parse_policy(
    table: Mapping[str, Any], where: str, own_uid: int, names: Names | None = None
) -> Policy:
    """
    Make a policy of what a file says.

    :param where: the file, for errors.
    :raise PolicyError: it is wrong.
    """
    for key in table:
        if key != "rule":
            raise PolicyError(f"{where}: {key}: there is no such key; there are [[rule]] tables")
    rules = table.get("rule", [])
    if not isinstance(rules, list):
        raise PolicyError(f"{where}: rule: write [[rule]], once for each")
    reader = _Reader(names or Names())
    return Policy.of(
        tuple(
            reader.rule(each, f"{where}: rule {number}", f"rule {number}")
            for number, each in enumerate(rules, 1)
        ),
        own_uid,
    )


@frozen
class _Reader:
    names: Names

    def rule(self, table: Any, where: str, name: str) -> Rule:
        if not isinstance(table, dict):
            raise PolicyError(f"{where}: it is no table")
        for key in table:
            if key not in _KEYS:
                known = ", ".join(_KEYS)
                raise PolicyError(f"{where}: {key}: there is no such key; there are {known}")
        for key in ("who", "commands"):
            if key not in table:
                raise PolicyError(f"{where}: {key} is missing")
        allow = table.get("allow", True)
        if not isinstance(allow, bool):
            raise PolicyError(f"{where}: allow: true or false is allowed")
        name = table.get("name", name)
        if not isinstance(name, str) or not 0 < len(name) <= 64:
            raise PolicyError(f"{where}: name: a string of 1 to 64 characters is allowed")
        arguments = table.get("arguments", {})
        if not isinstance(arguments, dict):
            raise PolicyError(f"{where}: arguments: a table is allowed")
        if arguments and not allow:
            raise PolicyError(
                f"{where}: arguments: a rule that refuses has none, for one path can be written in "
                "many ways; allow what is wanted instead"
            )
        return Rule(
            name=name,
            who=self._whom(list(_strings(table["who"], f"{where}: who"))),
            guests=_patterns(table, "guests", where, names),
            commands=_patterns(table, "commands", where, names),
            arguments={key: _patterns(arguments, key, where) for key in arguments},
            allow=allow,
        )

    def _whom(self, words: list[tuple[str, str]]) -> Whom:
        uids, gids, bearers, everybody = set(), set(), set(), False
        for where, word in words:
            kind, _, name = word.partition(":")
            try:
                if word == _EVERYBODY:
                    everybody = True
                elif kind == "uid":
                    uids.add(int(name))
                elif kind == "gid":
                    gids.add(int(name))
                elif kind == "user":
                    uids.add(self.names.user(name))
                elif kind == "group":
                    gids.add(self.names.group(name))
                elif kind == "bearer" and name:
                    bearers.add(name)
                else:
                    raise PolicyError(f"{where}: {word!r} is none of {_WHO}")
            except KeyError:
                raise PolicyError(f"{where}: there is no {kind} {name!r} on this host") from None
            except ValueError as why:
                if isinstance(why, PolicyError):
                    raise
                raise PolicyError(f"{where}: {name!r} is no number") from None
        return Whom(
            uids=frozenset(uids),
            gids=frozenset(gids),
            bearers=frozenset(bearers),
            everybody=everybody,
        )


def _patterns(
    table: Mapping[str, Any],
    key: str,
    where: str,
    make: Callable[[Iterable[str]], Patterns] = patterns,
) -> Patterns:
    if key not in table:
        return EVERYTHING
    return make(word for _, word in _strings(table[key], f"{where}: {key}"))


def _strings(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value:
        raise PolicyError(f"{where}: a string or an array of them is allowed")
    for number, each in enumerate(value):
        if not isinstance(each, str):
            raise PolicyError(f"{where}[{number}]: a string is allowed")
        yield f"{where}[{number}]", each


def _check(path: Path, found: os.stat_result, own_uid: int) -> None:
    """Who can write the policy can do what it allows."""
    if found.st_uid not in (0, own_uid):
        raise PolicyError(f"{path}: it belongs to uid {found.st_uid}; chown it to root")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PolicyError(f"{path}: others may write it; chmod go-w {path}")
