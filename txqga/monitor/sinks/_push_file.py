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
from pathlib import Path
from urllib.parse import urlsplit

from txqga.monitor._table import Table
from txqga.monitor.sinks._push import Kind, Platform
from txqga.mux import read_toml

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


class PushError(ValueError):
    """A file of platforms is wrong; says where, and what is allowed there."""


def read_platforms(path: Path, spools: Path | None = None) -> list[Platform]:
    """
    Read a file of platforms.

    :param spools: folder in which each platform has one, unless it names its own.
    :raise PushError: something is wrong with it, or with a file that it names.
    """
    try:
        file = Table(read_toml(path), str(path))
        found: list[Platform] = []
        for kind in Kind:
            for table in file.tables(kind.value):
                platform = _platform(table, kind, spools)
                if platform.name in {each.name for each in found}:
                    raise table.wrong("name", f"there are two of the name {platform.name}")
                found.append(platform)
        file.end()
    except ValueError as why:
        raise PushError(str(why)) from why
    return found


def _platform(table: Table, kind: Kind, spools: Path | None) -> Platform:
    name = table.text("name")
    if not _NAME.match(name):
        raise table.wrong("name", "up to 32 of a-z 0-9 _ - are expected")
    url = table.text("url")
    if urlsplit(url).scheme not in ("http", "https"):
        raise table.wrong("url", "http://... or https://... is expected")
    own = "" if spools is None else str(spools / kind.value / name)
    platform = Platform(
        name=name,
        url=url,
        kind=kind,
        guests=table.guests(),
        labels=table.labels(),
        every=table.number("every", 1, 3600) or 15.0,
        secret=_secret(table, "secret-file"),
        token=_secret(table, "token-file").decode("latin-1"),
        spool=Path(spool) if (spool := table.text("spool", own)) else None,
        disk=int((table.number("spool-limit", 1, 1 << 20) or 256) * (1 << 20)),
    )
    table.end()
    return platform


def _secret(table: Table, key: str) -> bytes:
    """Read a file that holds a secret, which others may not read."""
    named = table.text(key, "")
    if not named:
        return b""
    path = Path(named)
    try:
        if path.stat().st_mode & 0o077:
            raise table.wrong(key, f"others can read {path}; chmod 600 it")
        secret = path.read_bytes()[:4096].strip()
    except OSError as why:
        raise table.wrong(key, f"{path}: {why.strerror}") from why
    if not secret or b"\n" in secret:
        raise table.wrong(key, f"{path}: one line is expected")
    return secret
