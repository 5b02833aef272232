# Written by docs/stubs.py: type `make stubs` when the schema has changed.

from enum import Enum
from typing import Any, TypeAlias

from attrs import frozen

@frozen(kw_only=True)
class GuestAgentCommandInfo:
    """
    One command that the agent knows.
    """

    name: str
    enabled: bool
    success_response: bool | None = None

@frozen(kw_only=True)
class GuestAgentInfo:
    """
    What the agent is and can do.
    """

    version: str
    supported_commands: tuple[GuestAgentCommandInfo, ...]

@frozen(kw_only=True)
class GuestTimezone:
    """
    A zone, as it is at this moment.
    """

    zone: str | None = None
    offset: int

@frozen(kw_only=True)
class GuestFileRead:
    """
    Octets of a file.
    """

    count: int
    buf: bytes
    eof: bool

@frozen(kw_only=True)
class GuestFileWrite:
    """
    What became of a write.
    """

    count: int
    eof: bool

@frozen(kw_only=True)
class GuestFileSeek:
    """
    Where a seek led to.
    """

    position: int
    eof: bool

class QGASeek(str, Enum):
    """
    What an offset counts from.
    """

    SET = 'set'
    CUR = 'cur'
    END = 'end'

GuestFileWhence: TypeAlias = int | QGASeek | str

@frozen(kw_only=True)
class GuestExecStatus:
    """
    A program that was started: whether it ended, how, and what it said.
    """

    exited: bool
    exitcode: int | None = None
    signal: int | None = None
    out_data: bytes | None = None
    err_data: bytes | None = None
    out_truncated: bool | None = None
    err_truncated: bool | None = None

@frozen(kw_only=True)
class GuestExec:
    """
    A program that was started.
    """

    pid: int

class GuestExecCaptureOutputMode(str, Enum):
    """
    Which output of a program is kept.
    """

    NONE = 'none'
    STDOUT = 'stdout'
    STDERR = 'stderr'
    SEPARATED = 'separated'
    MERGED = 'merged'

GuestExecCaptureOutput: TypeAlias = bool | GuestExecCaptureOutputMode | str

class GuestFsfreezeStatus(str, Enum):
    """
    Whether the agent holds filesystems still.
    """

    THAWED = 'thawed'
    FROZEN = 'frozen'

@frozen(kw_only=True)
class GuestFilesystemTrimResult:
    """
    What became of one filesystem.
    """

    path: str
    trimmed: int | None = None
    minimum: int | None = None
    error: str | None = None

@frozen(kw_only=True)
class GuestFilesystemTrimResponse:
    """
    What became of the filesystems.
    """

    paths: tuple[GuestFilesystemTrimResult, ...]

@frozen(kw_only=True)
class GuestHostName:
    """
    A name.
    """

    host_name: str

@frozen(kw_only=True)
class GuestOSInfo:
    """
    The operating system. The first three members are the kernel's words
    (uname), the others those of /etc/os-release or /usr/lib/os-release; one
    that is not in the file is absent.
    """

    kernel_release: str | None = None
    kernel_version: str | None = None
    machine: str | None = None
    id: str | None = None
    name: str | None = None
    pretty_name: str | None = None
    version: str | None = None
    version_id: str | None = None
    variant: str | None = None
    variant_id: str | None = None

@frozen(kw_only=True)
class GuestLoadAverage:
    """
    How many processes ran or waited to run, on average.
    """

    load1m: float
    load5m: float
    load15m: float

class GuestIpAddressType(str, Enum):
    """
    A version of the Internet Protocol.
    """

    IPV4 = 'ipv4'
    IPV6 = 'ipv6'

@frozen(kw_only=True)
class GuestIpAddress:
    """
    An address of an interface.
    """

    ip_address: str
    ip_address_type: GuestIpAddressType | str
    prefix: int

@frozen(kw_only=True)
class GuestNetworkInterfaceStat:
    """
    What went through an interface since it came up.
    """

    rx_bytes: int
    rx_packets: int
    rx_errs: int
    rx_dropped: int
    tx_bytes: int
    tx_packets: int
    tx_errs: int
    tx_dropped: int

@frozen(kw_only=True)
class GuestNetworkInterface:
    """
    An interface.
    """

    name: str
    hardware_address: str | None = None
    ip_addresses: tuple[GuestIpAddress, ...] | None = None
    statistics: GuestNetworkInterfaceStat | None = None

@frozen(kw_only=True)
class GuestNetworkRoute:
    """
    A route. Members from `irtt` to `mtu` are the kernel's; version 4 has
    `gateway` and `mask`, version 6 `nexthop`, `source` and the two prefix
    lengths.
    """

    iface: str
    destination: str
    metric: int
    gateway: str | None = None
    mask: str | None = None
    irtt: int | None = None
    flags: int | None = None
    refcnt: int | None = None
    use: int | None = None
    window: int | None = None
    mtu: int | None = None
    desprefixlen: str | None = None
    source: str | None = None
    srcprefixlen: str | None = None
    nexthop: str | None = None
    version: int

@frozen(kw_only=True)
class GuestLogicalProcessor:
    """
    A processor, as the operating system counts them.
    """

    logical_id: int
    online: bool
    can_offline: bool | None = None

class GuestCpuStatsType(str, Enum):
    """
    Whose way of counting it is.
    """

    LINUX = 'linux'

@frozen(kw_only=True)
class GuestLinuxCpuStats:
    """
    The time one processor spent since the start, in milliseconds. Members from
    `iowait` on are absent where the kernel does not tell them.
    """

    cpu: int
    user: int
    nice: int
    system: int
    idle: int
    iowait: int | None = None
    irq: int | None = None
    softirq: int | None = None
    steal: int | None = None
    guest: int | None = None
    guestnice: int | None = None

@frozen(kw_only=True)
class GuestCpuStats:
    """
    The time one processor spent, counted as its system does.
    """

    type: GuestCpuStatsType | str

@frozen(kw_only=True)
class GuestCpuStatsLinux(GuestCpuStats):
    """
    The time one processor spent, counted as its system does.
    """

    type: GuestCpuStatsType | str = ...
    cpu: int
    user: int
    nice: int
    system: int
    idle: int
    iowait: int | None = None
    irq: int | None = None
    softirq: int | None = None
    steal: int | None = None
    guest: int | None = None
    guestnice: int | None = None

@frozen(kw_only=True)
class GuestMemoryBlock:
    """
    A block of memory that can be taken from the guest and given back.
    """

    phys_index: int
    online: bool
    can_offline: bool | None = None

class GuestMemoryBlockResponseType(str, Enum):
    """
    What became of a memory block.
    """

    SUCCESS = 'success'
    NOT_FOUND = 'not-found'
    OPERATION_NOT_SUPPORTED = 'operation-not-supported'
    OPERATION_FAILED = 'operation-failed'

@frozen(kw_only=True)
class GuestMemoryBlockResponse:
    """
    What became of one memory block.
    """

    phys_index: int
    response: GuestMemoryBlockResponseType | str
    error_code: int | None = None

@frozen(kw_only=True)
class GuestMemoryBlockInfo:
    """
    What all memory blocks have in common.
    """

    size: int

class GuestDiskBusType(str, Enum):
    """
    How a disk is attached.
    """

    IDE = 'ide'
    FDC = 'fdc'
    SCSI = 'scsi'
    VIRTIO = 'virtio'
    XEN = 'xen'
    USB = 'usb'
    UML = 'uml'
    SATA = 'sata'
    SD = 'sd'
    UNKNOWN = 'unknown'
    IEEE1394 = 'ieee1394'
    SSA = 'ssa'
    FIBRE = 'fibre'
    RAID = 'raid'
    ISCSI = 'iscsi'
    SAS = 'sas'
    MMC = 'mmc'
    VIRTUAL = 'virtual'
    FILE_BACKED_VIRTUAL = 'file-backed-virtual'
    NVME = 'nvme'

@frozen(kw_only=True)
class GuestPCIAddress:
    """
    A PCI address; every part is -1 where it is not known.
    """

    domain: int
    bus: int
    slot: int
    function: int

@frozen(kw_only=True)
class GuestCCWAddress:
    """
    A channel subsystem's address, on s390x.
    """

    cssid: int
    ssid: int
    subchno: int
    devno: int

@frozen(kw_only=True)
class GuestDiskAddress:
    """
    Where a disk is attached.
    """

    pci_controller: GuestPCIAddress
    bus_type: GuestDiskBusType | str
    bus: int
    target: int
    unit: int
    serial: str | None = None
    dev: str | None = None
    ccw_address: GuestCCWAddress | None = None

@frozen(kw_only=True)
class GuestNVMeSmart:
    """
    The health of an NVMe disk: log page 02h. Its counters have 128 bits, in two
    halves.
    """

    critical_warning: int
    temperature: int
    available_spare: int
    available_spare_threshold: int
    percentage_used: int
    data_units_read_lo: int
    data_units_read_hi: int
    data_units_written_lo: int
    data_units_written_hi: int
    host_read_commands_lo: int
    host_read_commands_hi: int
    host_write_commands_lo: int
    host_write_commands_hi: int
    controller_busy_time_lo: int
    controller_busy_time_hi: int
    power_cycles_lo: int
    power_cycles_hi: int
    power_on_hours_lo: int
    power_on_hours_hi: int
    unsafe_shutdowns_lo: int
    unsafe_shutdowns_hi: int
    media_errors_lo: int
    media_errors_hi: int
    number_of_error_log_entries_lo: int
    number_of_error_log_entries_hi: int

@frozen(kw_only=True)
class GuestDiskSmart:
    """
    The health of a disk, told as its bus does.
    """

    type: GuestDiskBusType | str

@frozen(kw_only=True)
class GuestDiskSmartNvme(GuestDiskSmart):
    """
    The health of a disk, told as its bus does.
    """

    type: GuestDiskBusType | str = ...
    critical_warning: int
    temperature: int
    available_spare: int
    available_spare_threshold: int
    percentage_used: int
    data_units_read_lo: int
    data_units_read_hi: int
    data_units_written_lo: int
    data_units_written_hi: int
    host_read_commands_lo: int
    host_read_commands_hi: int
    host_write_commands_lo: int
    host_write_commands_hi: int
    controller_busy_time_lo: int
    controller_busy_time_hi: int
    power_cycles_lo: int
    power_cycles_hi: int
    power_on_hours_lo: int
    power_on_hours_hi: int
    unsafe_shutdowns_lo: int
    unsafe_shutdowns_hi: int
    media_errors_lo: int
    media_errors_hi: int
    number_of_error_log_entries_lo: int
    number_of_error_log_entries_hi: int

@frozen(kw_only=True)
class GuestDiskInfo:
    """
    A disk or a partition.
    """

    name: str
    partition: bool
    dependencies: tuple[str, ...] | None = None
    address: GuestDiskAddress | None = None
    alias: str | None = None
    smart: GuestDiskSmart | None = None

@frozen(kw_only=True)
class GuestFilesystemInfo:
    """
    A mounted filesystem.
    """

    name: str
    mountpoint: str
    type: str
    used_bytes: int | None = None
    total_bytes: int | None = None
    total_bytes_privileged: int | None = None
    disk: tuple[GuestDiskAddress, ...]

@frozen(kw_only=True)
class GuestDiskStats:
    """
    What a disk did since the start: a line of Linux' /proc/diskstats. Members
    that the kernel does not tell are absent.
    """

    read_sectors: int | None = None
    read_ios: int | None = None
    read_merges: int | None = None
    write_sectors: int | None = None
    write_ios: int | None = None
    write_merges: int | None = None
    discard_sectors: int | None = None
    discard_ios: int | None = None
    discard_merges: int | None = None
    flush_ios: int | None = None
    read_ticks: int | None = None
    write_ticks: int | None = None
    discard_ticks: int | None = None
    flush_ticks: int | None = None
    ios_pgr: int | None = None
    total_ticks: int | None = None
    weight_ticks: int | None = None

@frozen(kw_only=True)
class GuestDiskStatsInfo:
    """
    A disk or partition, and what it did.
    """

    name: str
    major: int
    minor: int
    stats: GuestDiskStats

@frozen(kw_only=True)
class GuestUser:
    """
    Somebody who is logged in.
    """

    user: str
    login_time: float
    domain: str | None = None

@frozen(kw_only=True)
class GuestAuthorizedKeys:
    """
    Keys that may log in.
    """

    keys: tuple[str, ...]

class GuestDeviceType(str, Enum):
    """
    The kind of bus a device is on.
    """

    PCI = 'pci'

@frozen(kw_only=True)
class GuestDeviceIdPCI:
    """
    What a PCI device says it is.
    """

    vendor_id: int
    device_id: int

@frozen(kw_only=True)
class GuestDeviceId:
    """
    What a device says it is.
    """

    type: GuestDeviceType | str

@frozen(kw_only=True)
class GuestDeviceIdPci(GuestDeviceId):
    """
    What a device says it is.
    """

    type: GuestDeviceType | str = ...
    vendor_id: int
    device_id: int

@frozen(kw_only=True)
class GuestDeviceInfo:
    """
    A device and its driver.
    """

    driver_name: str
    driver_date: int | None = None
    driver_version: str | None = None
    id: GuestDeviceId | None = None

@frozen(kw_only=True)
class TxqgaLimits:
    """
    How much the agent takes and gives at once.
    """

    request: int
    depth: int
    file_read: int
    exec_output: int

@frozen(kw_only=True)
class TxqgaInfo:
    """
    The agent itself; `guest-info` tells of the interface and of its commands.
    """

    version: str
    plugins: tuple[str, ...]
    limits: TxqgaLimits

@frozen(kw_only=True)
class TxqgaExecJob:
    """
    A program that was started.
    """

    job: str
    pid: int

@frozen(kw_only=True)
class TxqgaExecProgress:
    """
    Whether a program runs, and if not, how it ended.
    """

    running: bool
    exitcode: int | None = None
    signal: int | None = None
    timed_out: bool

@frozen(kw_only=True)
class TxqgaExecOutput(TxqgaExecProgress):
    """
    A piece of what a program says.
    """

    out_offset: int
    out_data: bytes
    out_eof: bool
    err_offset: int | None = None
    err_data: bytes | None = None
    err_eof: bool | None = None

@frozen(kw_only=True)
class TxqgaExecInput:
    """
    How much of its standard input a program was given.
    """

    offset: int
    closed: bool

class TxqgaExecSignal(str, Enum):
    """
    The name of a signal, without SIG; its number depends on the machine. What
    each does unless the program has other plans:
    """

    HUP = 'hup'
    INT = 'int'
    QUIT = 'quit'
    ABRT = 'abrt'
    KILL = 'kill'
    USR1 = 'usr1'
    USR2 = 'usr2'
    ALRM = 'alrm'
    TERM = 'term'
    CONT = 'cont'
    STOP = 'stop'
    TSTP = 'tstp'
    WINCH = 'winch'

@frozen(kw_only=True)
class TxqgaExecStatus(TxqgaExecProgress):
    """
    A job, without what it says.
    """

    job: str
    pid: int
    path: str
    key: str | None = None
    detached: bool | None = None
    in_offset: int | None = None
    out_offset: int
    err_offset: int | None = None

@frozen(kw_only=True)
class TxqgaFence:
    """
    The guest's clock, as a fence begins.
    """

    boot_time: int

class TxqgaDigestAlgorithm(str, Enum):
    """
    How a digest is made.
    """

    MD5 = 'md5'
    SHA1 = 'sha1'
    SHA224 = 'sha224'
    SHA256 = 'sha256'
    SHA384 = 'sha384'
    SHA512 = 'sha512'
    SHA3_224 = 'sha3_224'
    SHA3_256 = 'sha3_256'
    SHA3_384 = 'sha3_384'
    SHA3_512 = 'sha3_512'
    BLAKE2B = 'blake2b'
    BLAKE2S = 'blake2s'

@frozen(kw_only=True)
class TxqgaFileDigest:
    """
    What a file holds, in short.
    """

    digest: str
    count: int

class TxqgaFileType(str, Enum):
    """
    What something in a folder is.
    """

    FILE = 'file'
    FOLDER = 'folder'
    LINK = 'link'
    OTHER = 'other'

@frozen(kw_only=True)
class TxqgaFileStatus:
    """
    What is known of a file besides what it holds.
    """

    type: TxqgaFileType | str
    mode: int
    size: int
    mtime: int
    target: str | None = None

@frozen(kw_only=True)
class TxqgaFileEntry(TxqgaFileStatus):
    """
    Something in a folder.
    """

    name: str

@frozen(kw_only=True)
class TxqgaFileListing:
    """
    What is in a folder, or a part of it.
    """

    entries: tuple[TxqgaFileEntry, ...]
    next: str | None = None

@frozen(kw_only=True)
class TxqgaFreezeLease:
    """
    How long filesystems stay frozen.
    """

    seconds: int | None = None
