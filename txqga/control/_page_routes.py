"""
The page for people: files that any browser runs, told to anyone.

Nothing about guests is in them. The script asks the interface, as whoever has a token.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from txqga.control._routes import Route

_FOLDER = Path(__file__).parent / "page"

_KINDS: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}

#: Scripts and styles are files of ours and nothing else; nobody shows the page inside of theirs.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

_HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class PageRoutes:
    """The files of the page."""

    def __init__(self) -> None:
        files = sorted(each for each in _FOLDER.iterdir() if each.suffix in _KINDS)
        self.routes = tuple(
            Route("GET", _path(each), _answering(each.read_bytes(), _KINDS[each.suffix]))
            for each in files
        )


def _path(file: Path) -> str:
    return "/" if file.name == "index.html" else f"/page/{file.name}"


def _answering(octets: bytes, kind: str) -> Callable[..., bytes]:
    return partial(_answer, octets, kind)


def _answer(octets: bytes, kind: str, request: Any) -> bytes:
    request.setHeader(b"content-type", kind.encode())
    for name, value in _HEADERS.items():
        request.setHeader(name.encode(), value.encode())
    return octets
