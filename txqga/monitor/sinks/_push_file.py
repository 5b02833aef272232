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
from stat import S_ISREG
from urllib.parse import urlsplit

from txqga.monitor._table import Table
from txqga.monitor.sinks._push import Kind, Platform
from txqga.mux import read_toml

#: Octets of a secret.
LONGEST_SECRET = 4096

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
                for other in found:
                    if platform.spool is not None and platform.spool == other.spool:
                        raise table.wrong(
                            "spool", f"{platform.spool} is that of {other.name} already"
                        )
                found.append(platform)
        file.end()
    except ValueError as why:
        raise PushError(str(why)) from why
    return found


def _platform(table: Table, kind: Kind, spools: Path | None) -> Platform:
    name = table.text("name")
    if not _NAME.match(name):
        raise table.wrong("name", "up to 32 of a-z 0-9 _ - are expected")
    platform = Platform(
        name=name,
        url=_url(table),
        kind=kind,
        guests=table.guests(),
        labels=table.labels(),
        every=table.number("every", 1, 3600) or 15.0,
        secret=_secret(table, "secret-file"),
        token=_token(table),
        spool=_spool(table, spools and spools / kind.value / name, kind),
        disk=int((table.number("spool-limit", 1, 1 << 20) or 256) * (1 << 20)),
    )
    table.end()
    return platform


def _url(table: Table) -> str:
    url = table.text("url")
    if not url.isprintable() or " " in url:
        raise table.wrong("url", "it has a space, or something else that cannot be seen")
    try:
        parsed = urlsplit(url)
        host, port = parsed.hostname or "", parsed.port
        host.encode("idna")
    except ValueError as why:
        raise table.wrong("url", str(why)) from why
    if parsed.scheme not in ("http", "https") or not host or port == 0:
        raise table.wrong("url", "http://... or https://... is expected")
    if "@" in parsed.netloc:
        raise table.wrong("url", "what is secret is named by token-file or secret-file")
    return url


def _spool(table: Table, own: Path | None, kind: Kind) -> Path | None:
    """Name the folder of a platform, and of what it takes: the folder of each is another."""
    named = table.text("spool", "")
    folder = Path(named) / kind.value if named else own
    return folder and folder.resolve()


def _token(table: Table) -> str:
    token = _secret(table, "token-file")
    if not all(0x20 < octet < 0x7F for octet in token):
        raise table.wrong("token-file", "visible ASCII is expected: it becomes a header")
    return token.decode("ascii")


def _secret(table: Table, key: str) -> bytes:
    """Read a file that holds a secret, which others may not read."""
    named = table.text(key, "")
    if not named:
        return b""
    path = Path(named)
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            raise table.wrong(key, f"{path}: a file is expected")
        if mode & 0o077:
            raise table.wrong(key, f"others can read {path}; chmod 600 it")
        with path.open("rb") as file:
            secret = file.read(LONGEST_SECRET + 1).strip()
    except OSError as why:
        raise table.wrong(key, f"{path}: {why.strerror}") from why
    if len(secret) > LONGEST_SECRET:
        raise table.wrong(key, f"{path}: it has more than {LONGEST_SECRET} octets")
    if not secret or b"\n" in secret:
        raise table.wrong(key, f"{path}: one line is expected")
    return secret
