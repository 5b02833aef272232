"""A guest that tells of itself whatever it was given to tell; it freezes only a variable."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.functional._freezing_agent import FreezingAgent

MARKUP = "<script>alert(1)</script>"
_SCREEN = "\x1b[2J\x07\u202e"


class TellingAgent(FreezingAgent):
    """
    Answers what a page asks.

    :param told: what it answers, by command; it has no others but the usual ones.
    """

    def __init__(self, path: Path, told: Mapping[str, Any]) -> None:
        super().__init__(path)
        self.told = told

    def _execute(self, command: str) -> dict[str, Any]:
        if command in self.told and not self.frozen:
            told = self.told[command]
            return {"return": told() if callable(told) else told}
        return super()._execute(command)


def told(word: str = "plain", *, hostile: bool = False) -> dict[str, Any]:
    """
    Say what a guest tells.

    :param word: stands in all that it names.
    :param hostile: what it names is markup, and controls a terminal.
    """
    name = f"{MARKUP}{_SCREEN}{word}" if hostile else word
    commands = [
        *("guest-info", "guest-get-osinfo", "guest-get-fsinfo", "guest-get-load", "guest-ping"),
        *("guest-get-cpustats", "guest-get-users", "guest-network-get-interfaces"),
        *("guest-get-diskstats", "guest-fsfreeze-status", "guest-sync", "txqga-get-meminfo"),
        *("guest-fsfreeze-freeze", "guest-fsfreeze-thaw"),
    ]
    began = time.monotonic()

    def grown(share: float) -> int:
        return int((time.monotonic() - began + 10) * 1000 * share)

    return {
        "guest-info": {
            "version": "10.0.0",
            "supported_commands": [
                {"name": each, "enabled": True, "success-response": True}
                for each in [*commands, *([name] if hostile else [])]
            ],
        },
        "guest-get-osinfo": {
            "id": name,
            "name": name,
            "pretty-name": f"{name} 12",
            "version-id": "12",
            "kernel-release": "6.1.0",
            "machine": "x86_64",
        },
        "guest-get-load": {"load1m": 0.75, "load5m": 0.5, "load15m": 0.25},
        "guest-get-cpustats": lambda: [
            {
                "type": "linux",
                "cpu": 0,
                "user": grown(0.25),
                "system": grown(0.05),
                "idle": grown(0.7),
            }
        ],
        "txqga-get-meminfo": {
            "mem-total": 4 << 30,
            "mem-free": 1 << 30,
            "mem-available": 3 << 30,
        },
        "guest-get-fsinfo": [
            {
                "name": name,
                "mountpoint": f"/{name}",
                "type": "ext4",
                "used-bytes": 6 << 30,
                "total-bytes": 8 << 30,
                "total-bytes-privileged": 8 << 30,
                "disk": [],
            }
        ],
        "guest-get-users": [{"user": name, "login-time": 1_700_000_000.5}],
        "guest-get-diskstats": lambda: [
            {
                "name": "vda",
                "major": 254,
                "minor": 0,
                "stats": {
                    "read-sectors": grown(20.0),
                    "write-sectors": grown(10.0),
                    "read-ios": grown(1.0),
                    "write-ios": grown(1.0),
                },
            }
        ],
        "guest-network-get-interfaces": lambda: [
            {
                "name": name[:14] if not hostile else name,
                "hardware-address": "52:54:00:12:34:56",
                "ip-addresses": [
                    {"ip-address": "192.0.2.7", "ip-address-type": "ipv4", "prefix": 24}
                ],
                "statistics": {
                    "rx-bytes": grown(900.0),
                    "rx-packets": grown(1.0),
                    "rx-errs": 0,
                    "rx-dropped": 0,
                    "tx-bytes": grown(300.0),
                    "tx-packets": grown(1.0),
                    "tx-errs": 0,
                    "tx-dropped": 0,
                },
            }
        ],
    }
