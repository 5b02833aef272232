"""``txqga info``: what a guest is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.guest import Guest
    from txqga.wire import JSON

#: What is asked, and under which name it is told.
ASKED: Mapping[str, str] = {
    "agent": "guest-info",
    "host-name": "guest-get-host-name",
    "os": "guest-get-osinfo",
    "timezone": "guest-get-timezone",
    "interfaces": "guest-network-get-interfaces",
    "filesystems": "guest-get-fsinfo",
    "users": "guest-get-users",
}


@verb(
    "info",
    examples="""
    txqga info db1
    txqga info db1 --json | jq -r .os.id
    """,
)
@click.argument("guest", type=GUEST)
async def info(run: Run, guest: str | None) -> None:
    """
    Say what GUEST is: its system, addresses, filesystems, users, and its agent.

    What its agent cannot tell is left out.
    """
    async with run.callee(guest) as found:
        told = await gather(found)
        run.out.pairs({"guest": found.name, **told}, [("guest", found.name), *lines(told)])


async def gather(guest: "Guest") -> "dict[str, JSON]":
    """Ask all that the agent can be asked, and leave out what it refuses."""
    from txqga.errors import CommandFailed

    found: dict[str, JSON] = {}
    for name, command in ASKED.items():
        try:
            found[name] = await guest.call(command)
        except CommandFailed:
            continue
    found["agent"] = _agent(found.get("agent"))
    return found


def lines(told: "Mapping[str, JSON]") -> list[tuple[str, str]]:
    """Say it in a few lines, whatever the guest has said."""
    found: list[tuple[str, str]] = []
    for name, value in told.items():
        text = _TEXTS[name](value)
        if text:
            found += [(name, each) for each in text]
    return found


def _agent(value: "JSON") -> "JSON":
    commands = _list(_get(value, "supported_commands"))
    enabled = [each for each in commands if _get(each, "enabled") is True]
    return {
        "version": _get(value, "version"),
        "commands": len(commands),
        "disabled": len(commands) - len(enabled),
    }


def _of_agent(value: "JSON") -> list[str]:
    number, disabled = _get(value, "commands"), _get(value, "disabled")
    more = f", {disabled} disabled" if disabled else ""
    return [f"{_get(value, 'version')} ({number} commands{more})"]


def _of_host_name(value: "JSON") -> list[str]:
    return _texts(_get(value, "host-name"))


def _of_os(value: "JSON") -> list[str]:
    names = [_get(value, "pretty-name"), _get(value, "kernel-release"), _get(value, "machine")]
    return [", ".join(each for each in names if isinstance(each, str))]


def _of_timezone(value: "JSON") -> list[str]:
    offset = _get(value, "offset")
    zone = _texts(_get(value, "zone"))
    return [f"{(zone or ['?'])[0]} (UTC{offset / 3600:+g})"] if isinstance(offset, int) else zone


def _of_interfaces(value: "JSON") -> list[str]:
    found = []
    for each in _list(value):
        addresses = [
            f"{_get(address, 'ip-address')}/{_get(address, 'prefix')}"
            for address in _list(_get(each, "ip-addresses"))
        ]
        hardware = _texts(_get(each, "hardware-address"))
        found.append(" ".join([f"{_get(each, 'name')}:", *addresses, *hardware]))
    return found


def _of_filesystems(value: "JSON") -> list[str]:
    found = []
    for each in _list(value):
        used, total = _get(each, "used-bytes"), _get(each, "total-bytes")
        share = ""
        if isinstance(used, int) and isinstance(total, int) and total > 0:
            share = f", {100 * used // total} % of {total / 2**30:.1f} GiB"
        found.append(f"{_get(each, 'mountpoint')} ({_get(each, 'type')}{share})")
    return found


def _of_users(value: "JSON") -> list[str]:
    return [name for each in _list(value) for name in _texts(_get(each, "user"))]


def _get(value: "JSON", key: str) -> "JSON":
    return value.get(key) if isinstance(value, dict) else None


def _list(value: "JSON") -> "list[JSON]":
    return value if isinstance(value, list) else []


def _texts(value: "JSON") -> list[str]:
    return [value] if isinstance(value, str) else []


_TEXTS = {
    "agent": _of_agent,
    "host-name": _of_host_name,
    "os": _of_os,
    "timezone": _of_timezone,
    "interfaces": _of_interfaces,
    "filesystems": _of_filesystems,
    "users": _of_users,
}
