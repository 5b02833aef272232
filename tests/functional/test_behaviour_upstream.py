"""
What QEMU's own test of its agent expects (``tests/unit/test-qga.c``). Facts 14.

Its cases for the commands that are served today, in its order, each as QEMU's test asks it.
"""

import base64

from tests.functional._behaviour import Behaviour, of_a_process, only
from tests.functional._client import request
from tests.functional._files import FileBehaviour, at, data, wrote
from tests.functional._oracle import OURS, V7_2, V10_0, require
from tests.functional._programs import Programs
from tests.functional._rows import Row, call, error, not_found, ok

HELLO = b"Hello, World!\0"  # its size includes the NUL

OS_RELEASE = r"""ID=qemu-ga-test
NAME=QEMU-GA
PRETTY_NAME="QEMU Guest Agent test"
VERSION="Test 1"
VERSION_ID=1
VARIANT="Unit test \"\'\$\`\\ and \\\\ etc."
VARIANT_ID=unit-test
"""
OS_TOLD = {
    "id": "qemu-ga-test",
    "name": "QEMU-GA",
    "pretty-name": "QEMU Guest Agent test",
    "version": "Test 1",
    "version-id": "1",
    "variant": r"""Unit test "'$`\ and \\ etc.""",
    "variant-id": "unit-test",
}


class UpstreamBasics(Behaviour):
    def test_sync_delimited(self) -> None:
        """
        Before the 0xFF anything may come; after it, the id.
        """
        for number in (0, 1, 2**31 - 1, 2**32 - 1, 0x12345678):
            self.peer.send(b"\xff" + request("guest-sync-delimited", {"id": number}))
            while not (line := self.peer.line()).startswith(b"\xff"):
                pass
            self.assertEqual(line, b'\xff{"return": %d}' % number)

    def test_sync(self) -> None:
        """
        A sync returns its id.
        """
        self.check(*(call("guest-sync", {"id": number}, ok(number)) for number in (0, 2**32 - 1)))

    def test_ping(self) -> None:
        """
        A ping is answered.
        """
        self.check(call("guest-ping", {}, ok({})))

    def test_id(self) -> None:
        """
        The id comes back.
        """
        self.check(Row(b"{'execute': 'guest-ping', 'id': 1}", ok({}, id=1)))

    def test_invalid_oob(self) -> None:
        """
        There is no out-of-band execution.
        """
        self.check(
            Row(b"{'exec-oob': 'guest-ping'}", error("QMP input member 'exec-oob' is unexpected"))
        )

    def test_invalid_arguments(self) -> None:
        """
        An argument too many is named.
        """
        self.check(call("guest-ping", {"foo": 42}, error("Parameter 'foo' is unexpected")))

    def test_invalid_command(self) -> None:
        """
        An unknown command has its own class of error.
        """
        self.check(Row(b"{'execute': 'foo'}", not_found("The command foo has not been found")))

    def test_info(self) -> None:
        """
        The agent knows its version.
        """
        self.assertEqual(self.peer.call("guest-info")["version"], require(self.series).version)

    def test_get_vcpus(self) -> None:
        """
        A processor has a number, and runs or does not.
        """
        first, *_ = self.peer.call("guest-get-vcpus")
        self.assertLessEqual({"online", "logical-id"}, set(first))

    def test_get_fsinfo(self) -> None:
        """
        A filesystem has a name, a folder, a type and disks.
        """
        for each in self.peer.call("guest-get-fsinfo")[:1]:
            self.assertLessEqual({"name", "mountpoint", "type", "disk"}, set(each))

    def test_get_memory(self) -> None:
        """
        Memory may have no blocks; a block has a number, a size, and is there or is not.
        """
        size = self.peer.ask(request("guest-get-memory-block-info"))
        blocks = self.peer.ask(request("guest-get-memory-blocks"))
        self.assertGreater(size.get("return", {"size": 1})["size"], 0)
        for each in blocks.get("return", [])[:1]:
            self.assertLessEqual({"phys-index", "online"}, set(each))

    def test_get_interfaces(self) -> None:
        """
        There is an interface, and it has a name.
        """
        first, *_ = self.peer.call("guest-network-get-interfaces")
        self.assertIn("name", first)

    def test_get_users(self) -> None:
        """
        The reply is a list.
        """
        self.assertIsInstance(self.peer.call("guest-get-users"), list)

    def test_fsfreeze_status(self) -> None:
        """
        Nothing is frozen.
        """
        self.check(call("guest-fsfreeze-status", {}, ok("thawed")))

    @of_a_process
    def test_get_osinfo(self) -> None:
        """
        The distribution is what a file says that a variable names.
        """
        description = self.folder / "os-release"
        description.write_text(OS_RELEASE)
        process = self.start_process(env={"QGA_OS_RELEASE": str(description)})
        with process.connect() as peer:
            told = peer.call("guest-get-osinfo")
        self.assertEqual({name: told[name] for name in OS_TOLD}, OS_TOLD)

    def test_get_time(self) -> None:
        """
        It is after 1970.
        """
        self.assertGreater(self.peer.call("guest-get-time"), 0)

    def test_get_host_name(self) -> None:
        """
        The reply has a host name.
        """
        self.assertIn("host-name", self.peer.call("guest-get-host-name"))

    def test_get_timezone(self) -> None:
        """
        The reply has an offset.
        """
        self.assertIn("offset", self.peer.call("guest-get-timezone"))

    def test_blocked_rpcs(self) -> None:
        """
        What is blocked says so.
        """
        self.use(self.start("-b", "guest-ping,guest-get-time"))
        for name in ("guest-ping", "guest-get-time"):
            reply = self.peer.ask(request(name))
            self.assertEqual(reply["error"]["class"], "CommandNotFound")
            self.assertIn("has been disabled", reply["error"]["desc"])
        self.assertIn("return", self.peer.ask(request("guest-get-fsinfo")))

    @only(V10_0, OURS, because="7.2 has no such option")
    def test_allowed_rpcs(self) -> None:
        """
        What is not allowed says so.
        """
        self.use(self.start("-a", "guest-ping,guest-get-time"))
        for name in ("guest-ping", "guest-get-time"):
            self.assertIn("return", self.peer.ask(request(name)))
        reply = self.peer.ask(request("guest-get-fsinfo"))
        self.assertEqual(reply["error"]["class"], "CommandNotFound")
        self.assertIn("has been disabled", reply["error"]["desc"])


class UpstreamFiles(FileBehaviour):
    through_a_mux = True

    @of_a_process
    def test_file_operations(self) -> None:
        """
        A file is written, read, sought in, and on disk between.
        """
        handle = self.peer.call("guest-file-open", path="foo", mode="w+")
        self.check(
            self.write(handle, HELLO),
            call("guest-file-flush", {"handle": handle}, ok({})),
            call("guest-file-close", {"handle": handle}, ok({})),
        )
        path = self.process.cwd / "foo"
        self.assertEqual(path.read_bytes(), HELLO)
        handle = self.peer.call("guest-file-open", path="foo", mode="r")
        self.check(
            self.read(handle, data(HELLO, eof=True)),
            self.read(handle, data(b"", eof=True)),
            self.seek(handle, 6, "set", at(6)),
            self.read(handle, data(HELLO[6:], eof=True)),
            call("guest-file-close", {"handle": handle}, ok({})),
        )

    def test_file_write_read(self) -> None:
        """
        A read after a write finds the end; from the start it finds everything.
        """
        handle = self.peer.call("guest-file-open", path="foo", mode="w+")
        self.check(
            self.write(handle, HELLO, wrote(14)),
            self.read(handle, data(b"", eof=True)),
            self.seek(handle, 0, 0, at(0)),
            self.read(handle, data(HELLO, eof=True)),
            call("guest-file-close", {"handle": handle}, ok({})),
        )


SEPARATED = (
    "for i in $(seq 4); do "
    "if [ $((i % 2)) -eq 0 ]; then echo stdout; else echo stderr 1>&2; fi; done"
)


class UpstreamPrograms(Programs):
    through_a_mux = True

    def test_guest_exec(self) -> None:
        """
        What a program prints comes back, octet by octet.
        """
        status = self.run_program("/bin/echo", "-n", '" test_str "')
        self.assertEqual(status, self.ended(0, b'" test_str "'))

    def test_separated(self) -> None:
        """
        Both streams come back, each for itself.
        """
        capture = True if self.series == V7_2 else "separated"
        pid = self.launch("/bin/bash", "-c", SEPARATED, capture_output=capture)
        self.assertEqual(self.result(pid), self.ended(0, b"stdout\n" * 2, b"stderr\n" * 2))

    @only(V10_0, OURS, because="7.2 knows only the boolean")
    def test_merged(self) -> None:
        """
        Both streams come back in one, in order.
        """
        pid = self.launch("/bin/bash", "-c", SEPARATED, capture_output="merged")
        status = self.result(pid)
        self.assertEqual(base64.b64decode(status["out-data"]), b"stderr\nstdout\n" * 2)
        self.assertNotIn("err-data", status)

    def test_invalid(self) -> None:
        """
        Neither a missing program nor pid 0 is anything.
        """
        missing = "Failed to execute child process “/bin/invalid-cmd42” (No such file or directory)"
        self.check(
            call(
                "guest-exec",
                {"path": "/bin/invalid-cmd42"},
                error(missing),
                v7_2=error(f"Guest agent command failed, error was '{missing}'"),
            ),
            call(
                "guest-exec-status",
                {"pid": 0},
                error("PID ld does not exist"),
                v7_2=error("Invalid parameter 'pid'"),
            ),
        )


globals().update(UpstreamBasics.for_every_agent())
globals().update(UpstreamFiles.for_every_agent())
globals().update(UpstreamPrograms.for_every_agent())
