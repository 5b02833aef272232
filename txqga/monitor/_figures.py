"""
Every figure that is read in a guest, under the names that operators know from node_exporter.

What the guest says of itself is ``qga_guest_...``; nothing that the host sees is mixed in.
"""

from collections.abc import Iterator

from txqga.monitor._sample import Figure, Kind

_CPU = ("cpu", "mode")
_DEVICE = ("device",)
_FILESYSTEM = ("device", "mountpoint", "fstype")


def _counter(name: str, words: str, labels: tuple[str, ...], unit: str = "") -> Figure:
    return Figure(name=name, words=words, kind=Kind.COUNTER, unit=unit, labels=labels)


# -- processors

LOAD1 = Figure(
    name="qga_guest_load1",
    words="Load average of 1 minute.",
    least=0.0,
)
LOAD5 = Figure(
    name="qga_guest_load5",
    words="Load average of 5 minutes.",
    least=0.0,
)
LOAD15 = Figure(
    name="qga_guest_load15",
    words="Load average of 15 minutes.",
    least=0.0,
)
CPU = _counter(
    "qga_guest_cpu_seconds_total", "Time that each processor spent in each mode.", _CPU, "seconds"
)
CPU_GUEST = _counter(
    "qga_guest_cpu_guest_seconds_total",
    "Time that each processor ran guests of the guest; part of user and nice.",
    _CPU,
    "seconds",
)
CPUS = Figure(
    name="qga_guest_cpus", words="Processors, by whether they are online.", labels=("state",)
)

# -- filesystems

FILESYSTEM_SIZE = Figure(
    name="qga_guest_filesystem_size_bytes",
    words="Size of each filesystem; without root's reserve where the agent does not tell it.",
    unit="bytes",
    labels=_FILESYSTEM,
    least=0.0,
)
FILESYSTEM_AVAILABLE = Figure(
    name="qga_guest_filesystem_avail_bytes",
    words="What users other than root can still write.",
    unit="bytes",
    labels=_FILESYSTEM,
    least=0.0,
)
FILESYSTEM_USED = Figure(
    name="qga_guest_filesystem_used_bytes",
    words="What is used of each filesystem.",
    unit="bytes",
    labels=_FILESYSTEM,
    least=0.0,
)

# -- disks

DISK_READ_BYTES = _counter(
    "qga_guest_disk_read_bytes_total", "Read of each disk.", _DEVICE, "bytes"
)
DISK_WRITTEN_BYTES = _counter(
    "qga_guest_disk_written_bytes_total", "Written to each disk.", _DEVICE, "bytes"
)
DISK_READS = _counter(
    "qga_guest_disk_reads_completed_total",
    "Reads that ended.",
    _DEVICE,
)
DISK_WRITES = _counter("qga_guest_disk_writes_completed_total", "Writes that ended.", _DEVICE)
DISK_READ_TIME = _counter(
    "qga_guest_disk_read_time_seconds_total", "Time that reads took.", _DEVICE, "seconds"
)
DISK_WRITE_TIME = _counter(
    "qga_guest_disk_write_time_seconds_total", "Time that writes took.", _DEVICE, "seconds"
)
DISK_IO_TIME = _counter(
    "qga_guest_disk_io_time_seconds_total", "Time in which each disk was busy.", _DEVICE, "seconds"
)
DISK_IO_NOW = Figure(
    name="qga_guest_disk_io_now",
    words="Requests under way at each disk.",
    labels=_DEVICE,
    least=0.0,
)

# -- network

RECEIVED_BYTES = _counter(
    "qga_guest_network_receive_bytes_total", "Received by each interface.", _DEVICE, "bytes"
)
RECEIVED_PACKETS = _counter(
    "qga_guest_network_receive_packets_total",
    "Packets received.",
    _DEVICE,
)
RECEIVED_ERRORS = _counter(
    "qga_guest_network_receive_errs_total",
    "Errors of receiving.",
    _DEVICE,
)
RECEIVED_DROPPED = _counter(
    "qga_guest_network_receive_drop_total",
    "Packets received and dropped.",
    _DEVICE,
)
SENT_BYTES = _counter(
    "qga_guest_network_transmit_bytes_total", "Sent by each interface.", _DEVICE, "bytes"
)
SENT_PACKETS = _counter("qga_guest_network_transmit_packets_total", "Packets sent.", _DEVICE)
SENT_ERRORS = _counter("qga_guest_network_transmit_errs_total", "Errors of sending.", _DEVICE)
SENT_DROPPED = _counter(
    "qga_guest_network_transmit_drop_total", "Packets that were not sent.", _DEVICE
)

# -- the system

USERS = Figure(name="qga_guest_users", words="Sessions of users that are logged in.", least=0.0)
CLOCK_OFFSET = Figure(
    name="qga_guest_clock_offset_seconds",
    words="How far the guest's clock is ahead of the host's, half the round trip taken off.",
    unit="seconds",
)
CLOCK_ERROR = Figure(
    name="qga_guest_clock_offset_error_seconds",
    words="How far that may be off, either way: half the round trip.",
    unit="seconds",
    least=0.0,
)
BOOT_TIME = Figure(
    name="qga_guest_boot_time_seconds",
    words="When the guest was started, by the host's clock.",
    unit="seconds",
)
OS_INFO = Figure(
    name="qga_guest_os_info",
    words="The guest's operating system.",
    kind=Kind.INFO,
    labels=("id", "version_id", "kernel_release"),
)
BOOT_INFO = Figure(
    name="qga_guest_boot_info",
    words="The run of the guest's kernel: another one after each start.",
    kind=Kind.INFO,
    labels=("boot_id",),
)
AGENT_INFO = Figure(
    name="qga_agent_info",
    words="The version of QEMU's interface that the agent serves.",
    kind=Kind.INFO,
    labels=("version",),
)

# -- memory: the kernel's own names, as node_exporter has them

#: What is told of a guest's memory, of all that the kernel counts.
MEMORY_NAMES = (
    "MemTotal",
    "MemFree",
    "MemAvailable",
    "Buffers",
    "Cached",
    "Active",
    "Inactive",
    "Dirty",
    "Writeback",
    "AnonPages",
    "Mapped",
    "Shmem",
    "Slab",
    "SReclaimable",
    "SwapTotal",
    "SwapFree",
    "Committed_AS",
)

#: By the kernel's name.
MEMORY = {
    name: Figure(
        name=f"qga_guest_memory_{name}_bytes",
        words=f"{name} of the guest's /proc/meminfo.",
        unit="bytes",
        least=0.0,
    )
    for name in MEMORY_NAMES
}


def figures() -> Iterator[Figure]:
    """Yield every figure, in the order of this file."""
    for value in globals().values():
        if isinstance(value, Figure):
            yield value
        elif isinstance(value, dict):
            yield from (each for each in value.values() if isinstance(each, Figure))
