"""
Platforms as an operator writes them, in TOML::

    [[webhook]]
    name = "acme"
    url = "https://metrics.acme.example/guests"
    guests = ["acme-*"]
    labels = { tenant = "acme" }
    token-file = "/etc/txqga/acme.token"

    [[otlp]]
    name = "collector"
    url = "http://127.0.0.1:4318/v1/metrics"
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from txqga.monitor.sinks._push import Kind, Platform
from txqga.mux import read_toml

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}\Z")
#: Labels by which the mux itself tells guests apart.
OURS = frozenset({"vm", "vm_name", "host"})
_KEYS = (
    *("name", "url", "guests", "labels", "every"),
    *("secret-file", "token-file", "spool", "spool-limit"),
)


class PushError(ValueError):
    """A file of platforms is wrong; says where, and what is allowed there."""


def read_platforms(path: Path, spools: Path | None = None) -> list[Platform]:
    """
    Read a file of platforms.

    :param spools: folder in which each platform has one, unless it names its own.
    :raise PushError: something is wrong with it, or with a file that it names.
    """
    try:
        table = read_toml(path)
    except ValueError as why:
        raise PushError(str(why)) from why
    found: list[Platform] = []
    for kind in Kind:
        entries = table.pop(kind.value, [])
        if not isinstance(entries, list):
            raise PushError(f"{path}: {kind.value}: write [[{kind.value}]] for each platform")
        for number, entry in enumerate(entries, 1):
            where = f"{path}: {kind.value} {number}"
            if not isinstance(entry, dict):
                raise PushError(f"{where}: a table is expected")
            platform = _platform(entry, kind, where, spools)
            if platform.name in {each.name for each in found}:
                raise PushError(f"{where}: there are two of the name {platform.name}")
            found.append(platform)
    if table:
        allowed = " and ".join(f"[[{kind.value}]]" for kind in Kind)
        raise PushError(f"{path}: {', '.join(table)}: only {allowed} are allowed, once a platform")
    return found


def _platform(entry: Mapping[str, Any], kind: Kind, where: str, spools: Path | None) -> Platform:
    for key in entry:
        if key not in _KEYS:
            raise PushError(f"{where}: {key}: there is no such key; there are {', '.join(_KEYS)}")
    name, url = entry.get("name"), entry.get("url")
    if not isinstance(name, str) or not _NAME.match(name):
        raise PushError(f"{where}: name: up to 32 of a-z 0-9 _ - are expected")
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        raise PushError(f"{where}: url: http://... or https://... is expected")
    guests = entry.get("guests", ["*"])
    if not isinstance(guests, list) or not guests or not all(isinstance(e, str) for e in guests):
        raise PushError(f"{where}: guests: an array of names, or patterns such as db*, is expected")
    labels = entry.get("labels", {})
    if not isinstance(labels, dict) or not all(
        _LABEL.match(key) and isinstance(value, str) for key, value in labels.items()
    ):
        raise PushError(f"{where}: labels: a table of strings is expected")
    if taken := OURS.intersection(labels):
        raise PushError(f"{where}: labels: {', '.join(sorted(taken))}: the mux says that itself")
    spool = entry.get("spool")
    if spool is not None and not isinstance(spool, str):
        raise PushError(f"{where}: spool: a folder is expected")
    own = None if spools is None else spools / kind.value / name
    return Platform(
        name=name,
        url=url,
        kind=kind,
        guests=tuple(guests),
        labels=labels,
        every=_number(entry, "every", 15, 1, 3600, where),
        secret=_secret(entry, "secret-file", where),
        token=_secret(entry, "token-file", where).decode("latin-1"),
        spool=own if spool is None else Path(spool),
        disk=int(_number(entry, "spool-limit", 256, 1, 1 << 20, where) * (1 << 20)),
    )


def _number(
    entry: Mapping[str, Any], key: str, usual: float, least: float, most: float, where: str
) -> float:
    value = entry.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise PushError(f"{where}: {key}: a number from {least} to {most} is expected")
    return value


def _secret(entry: Mapping[str, Any], key: str, where: str) -> bytes:
    """Read a file that holds a secret, which others may not read."""
    named = entry.get(key)
    if named is None:
        return b""
    if not isinstance(named, str):
        raise PushError(f"{where}: {key}: a file is expected")
    path = Path(named)
    try:
        if path.stat().st_mode & 0o077:
            raise PushError(f"{where}: {key}: others can read {path}; chmod 600 it")
        secret = path.read_bytes()[:4096].strip()
    except OSError as why:
        raise PushError(f"{where}: {key}: {path}: {why.strerror}") from why
    if not secret or b"\n" in secret:
        raise PushError(f"{where}: {key}: {path}: one line is expected")
    return secret
