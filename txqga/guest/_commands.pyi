# Written by docs/stubs.py: type `make stubs` when the schema has changed.

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred

from txqga.guest.types import (
    GuestAgentInfo,
    GuestAuthorizedKeys,
    GuestCpuStats,
    GuestDeviceInfo,
    GuestDiskInfo,
    GuestDiskStatsInfo,
    GuestExec,
    GuestExecCaptureOutput,
    GuestExecStatus,
    GuestFileRead,
    GuestFileSeek,
    GuestFileWhence,
    GuestFileWrite,
    GuestFilesystemInfo,
    GuestFilesystemTrimResponse,
    GuestFsfreezeStatus,
    GuestHostName,
    GuestLoadAverage,
    GuestLogicalProcessor,
    GuestMemoryBlock,
    GuestMemoryBlockInfo,
    GuestMemoryBlockResponse,
    GuestNetworkInterface,
    GuestNetworkRoute,
    GuestOSInfo,
    GuestTimezone,
    GuestUser,
    TxqgaDigestAlgorithm,
    TxqgaExecInput,
    TxqgaExecJob,
    TxqgaExecOutput,
    TxqgaExecSignal,
    TxqgaExecStatus,
    TxqgaFence,
    TxqgaFileDigest,
    TxqgaFileListing,
    TxqgaFileStatus,
    TxqgaFreezeLease,
    TxqgaInfo,
)
from txqga.schema import Schema

class Commands:
    """
    A method for each command of QEMU's guest agent, and of ours.

    A subclass made with another schema has methods for its commands too.
    """

    schema: Schema

    def __init_subclass__(cls, schema: Schema | None = None, **others: Any) -> None: ...

    def sync_delimited(
        self,
        id: int,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Give back a number, with the octet 0xFF right before the reply. Whoever
        reads a channel that others used before drops everything up to that octet,
        and then knows that the replies from there on are its own. Sending 0xFF
        before the request makes the agent drop a half-sent one.

        :param id: any number; a random one cannot be mistaken for an older one

        :return: `id`
        """

    def sync(
        self,
        id: int,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Give back a number. The reader skips replies until the one with its number;
        where an older reply may be cut short, guest-sync-delimited is the one to
        use.

        :param id: any number; a random one cannot be mistaken for an older one

        :return: `id`
        """

    def ping(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Do nothing, and say so: the reply is an empty object.
        """

    def get_time(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Tell the guest's time of day.

        :return: nanoseconds since 1970-01-01 00:00 UTC; the clock behind it counts
        microseconds
        """

    def set_time(
        self,
        *,
        time: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Set the guest's time of day: to `time`, which is then written to the
        hardware clock too, or without it to what the hardware clock shows, as after
        a resume.

        :param time: nanoseconds since 1970-01-01 00:00 UTC; years 1970 to 2069
        """

    def info(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestAgentInfo]:
        """
        Tell the version and the commands.
        """

    def shutdown(
        self,
        *,
        mode: str | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Shut the guest down. There is no reply when it works: the channel closes, or
        the guest keeps silent.

        :param mode: `powerdown`, `halt` or `reboot`; powerdown if not given

        :return: None: it was sent, and not refused. There is no reply when it works.
        """

    def file_open(
        self,
        path: str,
        *,
        mode: str | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Open a file of the guest. Everything is done through the agent's buffers:
        what was written is on disk after a flush, a seek, a close, or about 4096
        octets later.

        :param path: relative ones start at the agent's working directory, which is `/`
            for a service
        :param mode: `r`, `w` or `a`, each with `b`, `+` or both behind it, as for fopen;
            `r` if not given. A new file gets the permissions 0666, whatever the
            umask

        :return: a handle, from 1000 upwards, never given twice; it belongs to the
        agent, not to the connection
        """

    def file_close(
        self,
        handle: int,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Write out what is buffered, and forget the handle.

        :param handle: from guest-file-open
        """

    def file_read(
        self,
        handle: int,
        *,
        count: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestFileRead]:
        """
        Read on in a file, until `count` octets are there or the file ends. The end
        is not final: a file that grew can be read further.

        :param handle: from guest-file-open
        :param count: how many octets at most, 0 to 50331648 (48 MiB); 4096 if not given
        """

    def file_write(
        self,
        handle: int,
        buf: bytes | bytearray | memoryview,
        *,
        count: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestFileWrite]:
        """
        Write octets to a file, at its position or, in mode `a`, at its end. Line
        feeds in base64 do not count.

        :param handle: from guest-file-open
        :param buf: the octets
        :param count: only the first so many of the decoded octets; all if not given
        """

    def file_seek(
        self,
        handle: int,
        offset: int,
        whence: GuestFileWhence,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestFileSeek]:
        """
        Move to another position in a file; it may lie behind the end. With whence
        `set` asking again leads to the same place.

        :param handle: from guest-file-open
        :param offset: octets, counted as `whence` says
        :param whence: what `offset` counts from
        """

    def file_flush(
        self,
        handle: int,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Write out what is buffered.

        :param handle: from guest-file-open
        """

    def fsfreeze_status(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestFsfreezeStatus | str]:
        """
        Tell whether the agent holds filesystems still.
        """

    def fsfreeze_freeze(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Run the hook script with `freeze`, write out and hold still every mounted
        filesystem that lies on a device, the last mounted first. Until
        guest-fsfreeze-thaw only ping, info, the two syncs, status and thaw are
        answered. Without a thaw it stays so, whatever happens to the host.

        :return: how many filesystems are held still; with 0 nothing is frozen
        """

    def fsfreeze_freeze_list(
        self,
        *,
        mountpoints: Sequence[str] | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Do what guest-fsfreeze-freeze does with some filesystems only.

        :param mountpoints: the mount points, exactly as the guest lists them; unknown
            ones are passed over. All if not given; an empty list freezes nothing

        :return: how many filesystems are held still; with 0 nothing is frozen
        """

    def fsfreeze_thaw(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Let all filesystems go, those that others froze too, and run the hook script
        with `thaw`, even if nothing was frozen.

        :return: how many filesystems were let go
        """

    def fstrim(
        self,
        *,
        minimum: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestFilesystemTrimResponse]:
        """
        Tell the devices below the mounted filesystems which blocks are free. It may
        take minutes.

        :param minimum: leave out free ranges that are shorter, in octets; 0 if not given
        """

    def suspend_disk(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Save memory to disk and switch the guest off. There is no reply when it
        works: the guest sleeps, and a ping after it has woken tells.

        :return: None: it was sent, and not refused. There is no reply when it works.
        """

    def suspend_ram(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Put the guest to sleep with its memory powered. The host should see first
        that the machine can be woken. There is no reply when it works: the guest
        sleeps, and a ping after it has woken tells.

        :return: None: it was sent, and not refused. There is no reply when it works.
        """

    def suspend_hybrid(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Save memory to disk, then put the guest to sleep with its memory powered.
        There is no reply when it works: the guest sleeps, and a ping after it has
        woken tells.

        :return: None: it was sent, and not refused. There is no reply when it works.
        """

    def network_get_interfaces(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestNetworkInterface, ...]]:
        """
        List the network interfaces, with addresses and counters, in the order of
        the system.
        """

    def get_vcpus(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestLogicalProcessor, ...]]:
        """
        List the processors, in no particular order.
        """

    def set_vcpus(
        self,
        vcpus: Sequence[GuestLogicalProcessor],
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[int]:
        """
        Start and stop processors, one after the other, up to the first that fails.

        :param vcpus: what shall be; those that are so already count as done

        :return: how many of them were done, from the first on; an error only if the
        first failed
        """

    def get_disks(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestDiskInfo, ...]]:
        """
        List the disks and partitions, mounted or not.
        """

    def get_fsinfo(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestFilesystemInfo, ...]]:
        """
        List the mounted filesystems that lie on a device, the last mounted first.
        """

    def set_user_password(
        self,
        username: str,
        password: bytes | bytearray | memoryview,
        crypted: bool,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Change the password of an account.

        :param username: the account
        :param password: the password
        :param crypted: true if the password is already hashed, as crypt does
        """

    def get_memory_blocks(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestMemoryBlock, ...]]:
        """
        List the memory blocks; the list is empty where the system has none that can
        be taken.
        """

    def set_memory_blocks(
        self,
        mem_blks: Sequence[GuestMemoryBlock],
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestMemoryBlockResponse, ...]]:
        """
        Take memory blocks from the guest, or give them back.

        :param mem_blks: what shall be; those that are so already count as done

        :return: one entry for each, in the same order; the command as a whole does
        not fail
        """

    def get_memory_block_info(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestMemoryBlockInfo]:
        """
        Tell how big a memory block is.
        """

    def exec_status(
        self,
        pid: int,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestExecStatus]:
        """
        Ask about a program that guest-exec started. The first answer with `exited`
        true is the last: it makes the agent forget the program.

        :param pid: from guest-exec
        """

    def exec(
        self,
        path: str,
        *,
        arg: Sequence[str] | None = None,
        env: Sequence[str] | None = None,
        input_data: bytes | bytearray | memoryview | None = None,
        capture_output: GuestExecCaptureOutput | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestExec]:
        """
        Start a program, without waiting for its end. It runs with the agent's user,
        working directory and umask.

        :param path: the program; without a slash it is looked for in PATH, that of `env`
            if there is one
        :param arg: its arguments, without its name
        :param env: its whole environment, as `NAME=value`; that of the agent if not given
        :param input_data: what it reads from standard input; nothing if not
            given
        :param capture_output: which output guest-exec-status shall tell; none if not
            given
        """

    def get_host_name(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestHostName]:
        """
        Tell the guest's own idea of its name.
        """

    def get_users(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestUser, ...]]:
        """
        List who is logged in, each user once.
        """

    def get_timezone(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestTimezone]:
        """
        Tell the guest's time zone, from TZ or /etc/localtime; without either it is
        UTC.
        """

    def get_osinfo(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestOSInfo]:
        """
        Tell which operating system runs in the guest.
        """

    def get_devices(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestDeviceInfo, ...]]:
        """
        List the devices and the drivers that Windows has for them.
        """

    def ssh_get_authorized_keys(
        self,
        username: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestAuthorizedKeys]:
        """
        List the keys that may log in as a user.

        :param username: the account
        """

    def ssh_add_authorized_keys(
        self,
        username: str,
        keys: Sequence[str],
        *,
        reset: bool | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Let keys log in as a user. Lines that are there already are not added again.

        :param username: the account
        :param keys: lines as in `authorized_keys`
        :param reset: true to drop everything that was in the file before; false if not
            given
        """

    def ssh_remove_authorized_keys(
        self,
        username: str,
        keys: Sequence[str],
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Let keys log in as a user no more. A key that is not there is no error.

        :param username: the account
        :param keys: lines exactly as in `authorized_keys`
        """

    def get_diskstats(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestDiskStatsInfo, ...]]:
        """
        Tell what each disk and partition did, loop devices and the like included,
        in the order of the kernel.
        """

    def get_cpustats(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestCpuStats, ...]]:
        """
        Tell what each running processor spent its time on.
        """

    def get_load(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[GuestLoadAverage]:
        """
        Tell the load average.
        """

    def network_get_route(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[GuestNetworkRoute, ...]]:
        """
        List the routes of the kernel, version 4 before version 6.
        """

    def txqga_info(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaInfo]:
        """
        Tell which txqga it is that answers, and what its limits are.
        """

    def txqga_exec_start(
        self,
        path: str,
        *,
        arg: Sequence[str] | None = None,
        env: Sequence[str] | None = None,
        cwd: str | None = None,
        stdin: bool | None = None,
        merge: bool | None = None,
        time_out: int | None = None,
        key: str | None = None,
        detached: bool | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaExecJob]:
        """
        Start a program, without waiting for its end. It runs with the agent's user
        and umask, in a session and process group of its own.

        :param path: the program; without a slash it is looked for in PATH, that of `env`
            if there is one; a path that is not absolute begins at `cwd`
        :param arg: its arguments, without its name
        :param env: its whole environment, as `NAME=value`; that of the agent if not given
        :param cwd: its working directory; the agent's if not given
        :param stdin: true if txqga-exec-write shall write its standard input; otherwise
            it reads nothing
        :param merge: true if standard error shall be joined to standard output
        :param time_out: seconds, from 1 to 1000000, after which its process group is
            killed
        :param key: a name of the caller's choice. While there is a job of that name, it is
            the answer, and nothing is started, whatever else is said: so a start
            whose reply was lost can be repeated
        :param detached: true if it is meant to outlive whoever has started it, as
            txqga-exec-detach says
        """

    def txqga_exec_read(
        self,
        job: str,
        *,
        out_offset: int | None = None,
        err_offset: int | None = None,
        count: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaExecOutput]:
        """
        Read what a program has said, and how it fares. An offset tells how much has
        arrived: what lies before it is forgotten, what comes after it is the answer.
        What was not acknowledged so can be read again. A program of which 256 KiB
        are unread waits, as if it wrote into a full pipe.

        A program is done with when `running` is false and both streams have met
        their end. They may be held open by what the program has started.

        :param job: from txqga-exec-start
        :param out_offset: octets of standard output that have arrived; if not given, what
            is kept is told from its beginning, and nothing is forgotten
        :param err_offset: the same of standard error
        :param count: at most this many octets of each, from 0 to 262144; 65536 if not
            given
        """

    def txqga_exec_write(
        self,
        job: str,
        offset: int,
        *,
        buf: bytes | bytearray | memoryview | None = None,
        eof: bool | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaExecInput]:
        """
        Write to a program's standard input as much as it takes now, which may be
        nothing: it has room for 256 KiB that the program has not read yet, or for
        64 KiB where the system gives no more.

        :param job: from txqga-exec-start, with `stdin` true
        :param offset: where these octets belong; those before what was taken already are
            passed over
        :param buf: the octets; none if not given
        :param eof: true if these are the last ones. It counts when all of them are taken;
            send it again, with the rest, if they were not
        """

    def txqga_exec_signal(
        self,
        job: str,
        signal: TxqgaExecSignal | str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Send a signal to a program and all that belongs to its process group, also
        when the program itself has ended. It is no error if nobody is left.

        :param job: from txqga-exec-start
        :param signal: which one
        """

    def txqga_exec_status(
        self,
        job: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaExecStatus]:
        """
        Tell of one job, and change nothing.

        :param job: from txqga-exec-start
        """

    def txqga_exec_list(
        self,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[TxqgaExecStatus, ...]]:
        """
        Tell of every job that was not released, the oldest first.
        """

    def txqga_exec_detach(
        self,
        job: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Say that a job is meant to outlive whoever has started it. To the agent all
        jobs are alike; a mux that shares the agent among clients kills and releases
        the others when the client that has started them goes.

        :param job: from txqga-exec-start
        """

    def txqga_exec_release(
        self,
        job: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Forget a job, with what was not read. A program that still runs lives on,
        with its streams closed; its time-out still holds. A job that is not there is
        no error: it may have been released by the same command, whose reply was lost.

        A job that has ended is released by itself when nobody has asked for it
        during ten minutes.

        :param job: from txqga-exec-start
        """

    def txqga_fence(
        self,
        token: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaFence]:
        """
        Begin a fence. From now on no fenced command of an earlier one runs. A fence
        ends with the agent: one that was started again knows of none.

        :param token: its name, up to 128 characters; one that was never used before, and
            that nobody can guess
        """

    def txqga_fenced(
        self,
        token: str,
        not_after: int,
        execute: str,
        *,
        arguments: Any | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[Any]:
        """
        Run a command, if it does not come too late. It is then as if that command
        had been asked for: it is refused where it would be, its arguments are
        checked, and the reply is its reply, or none; but no 0xFF is in front.

        :param token: of the fence; it has to be the newest one
        :param not_after: the `boot-time` up to which the command may begin
        :param execute: the name of the command
        :param arguments: its arguments, an object; none if not given

        :return: what the command returns
        """

    def txqga_file_digest(
        self,
        algorithm: TxqgaDigestAlgorithm | str,
        *,
        handle: int | None = None,
        path: str | None = None,
        offset: int | None = None,
        count: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaFileDigest]:
        """
        Make a digest of a file, to see whether a copy of it is good. It is read in
        small pieces, beside what else the agent does; its position stays where it is.
        Who has blocked guest-file-open or guest-file-read has blocked this too.

        :param handle: of an open file, opened for writing too; what was written through it
            is written out first
        :param path: of a file, if there is no handle; there has to be one of the two
        :param algorithm: how it is made
        :param offset: where to begin; 0 if not given
        :param count: how many octets, at most; up to the end if not given
        """

    def txqga_file_stat(
        self,
        path: str,
        *,
        follow: bool | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaFileStatus]:
        """
        Tell what is known of a file besides what it holds. Who has blocked
        guest-file-open has blocked this too, and all commands below; those that
        change something are blocked with guest-file-write as well.

        :param path: of the file
        :param follow: whether to tell of what a symbolic link leads to, in its stead;
            false if not given
        """

    def txqga_file_list(
        self,
        path: str,
        *,
        after: str | None = None,
        count: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaFileListing]:
        """
        List a folder, a thousand names at a time or less, without what is in the
        folders in it.

        :param path: of the folder
        :param after: where to go on: @next of the part before; from the beginning if not
            given
        :param count: how many names at most, up to 1000, which it is if not given
        """

    def txqga_file_create(
        self,
        path: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Make an empty file, which only the agent's user may read or write. Whatever
        has that name already is left as it is.

        :param path: of the file
        """

    def txqga_file_set(
        self,
        path: str,
        *,
        mode: int | None = None,
        mtime: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Set what is known of a file besides what it holds: of that which a symbolic
        link leads to.

        :param path: of the file
        :param mode: who may do what, as chmod(2) has it; as it is if not given
        :param mtime: when it was written last, in nanoseconds since 1970-01-01 UTC, and
            when it was read last; as they are if not given
        """

    def txqga_file_rename(
        self,
        path: str,
        to: str,
        *,
        sync: bool | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Give a file another name, at once, on the same filesystem. A file that has
        that name already is replaced.

        :param path: of the file
        :param to: its new path
        :param sync: whether what is in it is on the disk before it has that name, and the
            name is there before this is answered: what has a power failure then is
            whole, under either name (default: false)
        """

    def txqga_file_remove(
        self,
        path: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Remove a file or a symbolic link, if it is there; no folder.

        :param path: of the file
        """

    def txqga_file_make_folder(
        self,
        path: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Make a folder, and those that it is in, where they are not there.

        :param path: of the folder
        """

    def txqga_file_link(
        self,
        path: str,
        target: str,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[None]:
        """
        Make a symbolic link. One that is there already and leads to the same is as
        good; whatever else has that name is left as it is.

        :param path: of the link
        :param target: where it leads to, as it is to say
        """

    def txqga_freeze_lease(
        self,
        *,
        seconds: int | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[TxqgaFreezeLease]:
        """
        Let a freeze last longer, or less long, and tell how long that is. The
        agent's administrator sets a limit, `freeze-limit`, which starts anew with
        each call.

        :param seconds: from now on; what is beyond the limit is cut off. As long as it
            would last anyway, if not given
        """

def add_methods(made: type[Commands], schema: Schema) -> None: ...
