"""
Requests with everything wrong that can be.

They are made from the schema (arguments missing, of the wrong type, out of range, one too many)
and by hand (paths that lead nowhere, handles of nobody, folders for files, counts below nothing).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from txqga.schema import shipped

NOWHERE = "/nonexistent/qga"
LARGEST_READ = 48 << 20

#: handles that :meth:`Folder.prepare` opens
READ, FOLDER, WRITE, BOTH, CLOSED, NOBODY = 1000, 1001, 1002, 1003, 1004, 99999

#: one of each kind, at the edges of what numbers can be, and beyond
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.0, -0.0, 1.5, 1e3, "", "nonexistent", "5", "Set", "é", [], [1],
    ["a"], [None], [[]], {}, {"a": 1}, 2**31, 2**32, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1,
    2**64 - 1, 2**64,
)  # fmt: skip

#: commands that may be asked, with arguments that fit but change nothing outside the folder
FITTING: Mapping[str, Mapping[str, Any]] = {
    **{name: {} for name in shipped().commands if name.startswith("guest-get-")},
    "guest-ping": {},
    "guest-info": {},
    "guest-fsfreeze-status": {},
    "guest-network-get-interfaces": {},
    "guest-network-get-route": {},
    "guest-sync": {"id": 1},
    "guest-sync-delimited": {"id": 1},
    "guest-ssh-get-authorized-keys": {"username": "no such user"},
    "guest-file-open": {"path": NOWHERE, "mode": "r"},
    "guest-file-close": {"handle": NOBODY},
    "guest-file-read": {"handle": READ, "count": 1},
    "guest-file-write": {"handle": WRITE, "buf-b64": "YWJj", "count": 1},
    "guest-file-seek": {"handle": READ, "offset": 0, "whence": "set"},
    "guest-file-flush": {"handle": WRITE},
    "guest-exec": {
        "path": NOWHERE,
        "arg": ["a"],
        "env": ["A=1"],
        "input-data": "",
        "capture-output": True,
    },
    "guest-exec-status": {"pid": 0},
}
Asked = tuple[str, Mapping[str, Any]]


def damaged(command: str, fitting: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield a request with each thing wrong that the schema knows of."""
    yield command, {}
    yield command, fitting
    yield command, {**fitting, "extra": 1}
    for name in fitting:
        without = {other: value for other, value in fitting.items() if other != name}
        yield command, without
        yield command, {**without, "extra": 1}
        yield command, {**without, name.upper(): fitting[name]}
        for value in VALUES:
            yield command, {**fitting, name: value}


def by_hand(folder: Path) -> Iterator[Asked]:
    """Yield requests that fit the schema, most of which are wrong all the same."""
    for path in (
        *("", ".", "..", "/", "//", "relative", f"{folder}/none", f"{folder}/file/below"),
        *(f"{folder}/none/file", f"{folder}/circle", f"{folder}/broken", f"{folder}/folder"),
        *(f"{folder}/" + "x" * 256, "/" + "x/" * 3000, f"{folder}/nul\0", f"{folder}/é"),
    ):
        for mode in ("r", "rb", "r+", "w", "a", "w+b", "wb+"):
            if mode.startswith("r") or path.startswith(f"{folder}/"):
                yield "guest-file-open", {"path": path, "mode": mode}
    for mode in ("", "x", "rt", "re", "r ", "R", "rw", "wr", "r++", "rbb", "+r", "b"):
        yield "guest-file-open", {"path": f"{folder}/file", "mode": mode}
    for handle in (READ, FOLDER, WRITE, BOTH, CLOSED, NOBODY, 0, -1, -(2**63), 2**63 - 1):
        for count in (0, 1, -1, 5, LARGEST_READ, LARGEST_READ + 1, -(2**63), 2**63 - 1):
            yield "guest-file-read", {"handle": handle, "count": count}
        yield "guest-file-read", {"handle": handle}
        for data in ("", "YWJj", "Y", "YQ==", "=", "YW Jj", "YWJj\n", "a-b_", "é", "YQ==YQ=="):
            yield "guest-file-write", {"handle": handle, "buf-b64": data}
            for count in (0, 1, 3, 4, -1, 2**63 - 1, -(2**63)):
                yield "guest-file-write", {"handle": handle, "buf-b64": data, "count": count}
        for whence in ("set", "cur", "end", 0, 1, 2, 3, -1, 2**63 - 1, "SET", "", "0"):
            for offset in (0, 1, -1, 2**63 - 1, -(2**63), 2**40):
                yield "guest-file-seek", {"handle": handle, "offset": offset, "whence": whence}
        yield "guest-file-flush", {"handle": handle}
    for handle in (CLOSED, NOBODY, READ, READ, FOLDER, WRITE, BOTH, -1):
        yield "guest-file-close", {"handle": handle}
    for path in ("", "/", ".", str(folder), f"{folder}/file", f"{folder}/none", "no-such-program"):
        yield "guest-exec", {"path": path}
        for data in ("", "Y!", "YQ=="):
            yield "guest-exec", {"path": path, "input-data": data}
    for pid in (0, 1, -1, 2**31, 2**63 - 1, -(2**63)):
        yield "guest-exec-status", {"pid": pid}
    for name in ("", ":", "a:b", "no such user", "root\0", "é", "x" * 5000):
        yield "guest-ssh-get-authorized-keys", {"username": name}
