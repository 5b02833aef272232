"""
What OpenTelemetry calls our figures: metrics, attributes and units of its conventions for systems.

A figure for which it has no name keeps its own. Source: the semantic conventions "System metrics",
status Development.
"""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from txqga.monitor import _figures as figures
from txqga.monitor._sample import Figure, Kind

#: OpenTelemetry's instruments, as far as we have use for them.
Instrument = Literal["gauge", "counter", "updown"]

_UNITS = {"seconds": "s", "bytes": "By"}


@frozen(kw_only=True)
class Metric:
    """What OpenTelemetry calls a figure."""

    name: str
    unit: str  #: by the Unified Code for Units of Measure
    instrument: Instrument
    #: What it calls our labels; one that is not here keeps its name.
    attributes: Mapping[str, str] = field(factory=dict)
    fixed: Mapping[str, str] = field(factory=dict)  #: attributes that tell two figures apart


def metric_of(figure: Figure) -> Metric:
    """Say what a figure is called."""
    known = _KNOWN.get(figure)
    if known is not None:
        return known
    instrument: Instrument = "counter" if figure.kind is Kind.COUNTER else "gauge"
    unit = _UNITS.get(figure.unit, figure.unit or "1")
    return Metric(name=figure.name, unit=unit, instrument=instrument)


#: By the agent's ``id``, which is that of ``/etc/os-release`` where there is one: ``os.type``.
_TYPES = {
    "mswindows": "windows",
    "freebsd": "freebsd",
    "netbsd": "netbsd",
    "openbsd": "openbsd",
    "dragonfly": "dragonflybsd",
    "solaris": "solaris",
    "illumos": "solaris",
}


def system_of(id: str, version_id: str, kernel_release: str) -> Mapping[str, str]:
    """Say what a resource's operating system is; what the guest did not say is not there."""
    said = {
        "os.type": _TYPES.get(id, "linux") if id else "",
        "os.name": id,
        "os.version": version_id,
    }
    return {name: value for name, value in said.items() if value}


_DISK = {"device": "system.device"}
_NETWORK = {"device": "network.interface.name"}
_FILESYSTEM = {
    "device": "system.device",
    "mountpoint": "system.filesystem.mountpoint",
    "fstype": "system.filesystem.type",
}


def _load(minutes: int) -> Metric:
    return Metric(name=f"system.cpu.load_average.{minutes}m", unit="{thread}", instrument="gauge")


def _disk(name: str, unit: str, direction: str) -> Metric:
    return Metric(
        name=f"system.disk.{name}",
        unit=unit,
        instrument="counter",
        attributes=_DISK,
        fixed={"disk.io.direction": direction},
    )


def _network(name: str, unit: str, direction: str) -> Metric:
    return Metric(
        name=f"system.network.{name}",
        unit=unit,
        instrument="counter",
        attributes=_NETWORK,
        fixed={"network.io.direction": direction},
    )


def _usage(state: str) -> Metric:
    return Metric(
        name="system.filesystem.usage",
        unit="By",
        instrument="updown",
        attributes=_FILESYSTEM,
        fixed={"system.filesystem.state": state},
    )


def _memory(name: str) -> Metric:
    return Metric(name=f"system.memory.{name}", unit="By", instrument="updown")


_KNOWN: Mapping[Figure, Metric] = {
    figures.LOAD1: _load(1),
    figures.LOAD5: _load(5),
    figures.LOAD15: _load(15),
    figures.CPU: Metric(
        name="system.cpu.time",
        unit="s",
        instrument="counter",
        attributes={"cpu": "cpu.logical_number", "mode": "cpu.mode"},
    ),
    figures.FILESYSTEM_SIZE: Metric(
        name="system.filesystem.limit", unit="By", instrument="updown", attributes=_FILESYSTEM
    ),
    figures.FILESYSTEM_USED: _usage("used"),
    figures.FILESYSTEM_AVAILABLE: _usage("free"),
    figures.DISK_READ_BYTES: _disk("io", "By", "read"),
    figures.DISK_WRITTEN_BYTES: _disk("io", "By", "write"),
    figures.DISK_READS: _disk("operations", "{operation}", "read"),
    figures.DISK_WRITES: _disk("operations", "{operation}", "write"),
    figures.DISK_READ_TIME: _disk("operation_time", "s", "read"),
    figures.DISK_WRITE_TIME: _disk("operation_time", "s", "write"),
    figures.DISK_IO_TIME: Metric(
        name="system.disk.io_time", unit="s", instrument="counter", attributes=_DISK
    ),
    figures.RECEIVED_BYTES: _network("io", "By", "receive"),
    figures.SENT_BYTES: _network("io", "By", "transmit"),
    figures.RECEIVED_PACKETS: _network("packet.count", "{packet}", "receive"),
    figures.SENT_PACKETS: _network("packet.count", "{packet}", "transmit"),
    figures.RECEIVED_ERRORS: _network("errors", "{error}", "receive"),
    figures.SENT_ERRORS: _network("errors", "{error}", "transmit"),
    figures.RECEIVED_DROPPED: _network("packet.dropped", "{packet}", "receive"),
    figures.SENT_DROPPED: _network("packet.dropped", "{packet}", "transmit"),
    figures.MEMORY["MemTotal"]: _memory("limit"),
    figures.MEMORY["MemAvailable"]: _memory("linux.available"),
}
