"""What an agent tells: guest-info, time, zone, host name, lists of commands. Facts 6 and 10.1."""

import socket
import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.functional._behaviour import Behaviour, of_a_process, only
from tests.functional._client import Conversation, Refused
from tests.functional._oracle import DANGEROUS, OURS, V7_2, V10_0, require
from tests.functional._rows import Row, call, not_found, ok

#: what today's agent serves; a later one serves more
SERVED = {
    *("guest-sync", "guest-sync-delimited", "guest-ping", "guest-info"),
    *("guest-get-time", "guest-get-timezone", "guest-get-host-name"),
    *("guest-file-open", "guest-file-close", "guest-file-read", "guest-file-write"),
    *("guest-file-seek", "guest-file-flush", "guest-exec", "guest-exec-status"),
    *("guest-get-osinfo", "guest-get-users", "guest-get-vcpus", "guest-get-cpustats"),
    *("guest-get-memory-blocks", "guest-get-memory-block-info", "guest-get-fsinfo"),
    *("guest-get-disks", "guest-get-diskstats", "guest-network-get-interfaces"),
    *("guest-ssh-get-authorized-keys", "guest-fsfreeze-status"),
}


def listed(peer: Conversation) -> dict[str, dict[str, Any]]:
    """The commands of guest-info, by name."""
    return {each["name"]: each for each in peer.call("guest-info")["supported_commands"]}


class Information(Behaviour):
    def test_info(self) -> None:
        """
        Information about the agent has its version, and each of its commands once.
        """
        info = self.peer.call("guest-info")
        self.assertEqual(set(info), {"version", "supported_commands"})
        self.assertEqual(info["version"], require(self.series).version)
        commands = info["supported_commands"]
        for command in commands:
            self.assertEqual(set(command), {"name", "enabled", "success-response"})
            self.assertIs(type(command["enabled"]), bool)
            self.assertIs(type(command["success-response"]), bool)
        names = [command["name"] for command in commands]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual(SERVED, set(names))

    def test_silent_commands(self) -> None:
        """
        Information about the agent says which commands do not answer when they succeed.
        """
        silent = {name for name, each in listed(self.peer).items() if not each["success-response"]}
        everywhere = {
            "guest-shutdown",
            *(f"guest-suspend-{how}" for how in ("disk", "ram", "hybrid")),
        }
        self.assertEqual(silent, everywhere)

    def test_every_listed_command_exists(self) -> None:
        """
        What is listed is known, and what is enabled is not refused as unknown.
        """
        for name, each in listed(self.peer).items():
            refused = self.assertRaises(Refused, self.peer.call, name, no_such_argument=1)
            if each["enabled"]:
                self.assertEqual(refused.wire_class, "GenericError", name)
            else:
                self.assertIn("has been disabled", refused.desc)

    def test_time(self) -> None:
        """
        The guest's time is in nanoseconds, whole microseconds of them.
        """
        before = time.time_ns() // 1000 * 1000
        value = self.peer.call("guest-get-time")
        self.assertLessEqual(before, value)
        self.assertLessEqual(value, time.time_ns())
        self.assertEqual(value % 1000, 0)

    def test_host_name(self) -> None:
        """
        The host name is the kernel's, as it is.
        """
        self.check(call("guest-get-host-name", {}, ok({"host-name": socket.gethostname()})))

    @of_a_process
    def test_timezone(self) -> None:
        """
        The zone is what TZ says: its abbreviation, and the seconds east of UTC today.
        """
        for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"):
            now = datetime.now(ZoneInfo(name))
            offset = now.utcoffset()
            assert offset is not None
            process = self.start_process(env={"TZ": name})
            with process.connect() as peer:
                self.assertEqual(
                    peer.call("guest-get-timezone"),
                    {"zone": now.tzname(), "offset": int(offset.total_seconds())},
                    name,
                )
        for tz, zone, offset_s in (("XYZ-5:30", "XYZ", 19800), ("ABC8", "ABC", -28800)):
            with self.start_process(env={"TZ": tz}).connect() as peer:
                self.assertEqual(
                    peer.call("guest-get-timezone"), {"zone": zone, "offset": offset_s}
                )


class Filters(Behaviour):
    def disabled(self, name: str) -> Row:
        """A row that finds this command disabled."""
        desc = f"Command {name} has been disabled"
        return call(
            name, {}, not_found(f"{desc}: the command is not allowed"), v7_2=not_found(desc)
        )

    def test_blocked(self) -> None:
        """
        A blocked command is refused, and listed as not enabled; the others are served.
        """
        process = self.start("-b", "guest-ping,guest-get-time")
        with process.connect() as peer:
            commands = listed(peer)
            for name, each in commands.items():
                blocked = name in {*DANGEROUS, "guest-ping", "guest-get-time"}
                if not (self.series == V7_2 and name == "guest-get-devices"):  # never on Linux
                    self.assertEqual(each["enabled"], not blocked, name)
            peer.send(self.disabled("guest-get-time").send + self.disabled("guest-ping").send)
            for line in peer.lines(2):
                self.assertIn(b"CommandNotFound", line)
                self.assertIn(b"has been disabled", line)
            self.assertEqual(peer.call("guest-sync", id=5), 5)

    def test_block_lists_add_up(self) -> None:
        """
        The option may be given several times: the lists add up. Unknown names do no harm.
        """
        process = self.start(
            "-b", "guest-get-time", "-b", "nonsense,,guest-get-host-name, guest-info"
        )
        with process.connect() as peer:
            self.check(
                self.disabled("guest-get-time"),
                self.disabled("guest-get-host-name"),
                call("nonsense", {}, not_found("The command nonsense has not been found")),
                Row(b'{"execute": "guest-ping"}', ok({})),
                peer=peer,
            )
            self.assertTrue(listed(peer)["guest-info"]["enabled"])  # a blank is part of a name

    def test_semicolons_separate_nothing(self) -> None:
        """
        Only commas separate names.
        """
        with self.start("-b", "guest-get-time;guest-get-host-name").connect() as peer:
            self.assertTrue(listed(peer)["guest-get-time"]["enabled"])
            self.assertTrue(listed(peer)["guest-get-host-name"]["enabled"])

    @only(V10_0, OURS, because="7.2 has no such option")
    def test_allowed(self) -> None:
        """
        With a list of allowed commands everything else is disabled; a blocked one stays so.
        """
        process = self.start(
            *("-a", "guest-ping,guest-get-time", "-a", "guest-info,guest-exec"),
            *("-b", "guest-exec"),
        )
        with process.connect() as peer:
            self.assertEqual(
                {name for name, each in listed(peer).items() if each["enabled"]},
                {"guest-ping", "guest-get-time", "guest-info"},
            )
            self.check(
                Row(b'{"execute": "guest-ping"}', ok({})),
                self.disabled("guest-sync"),
                self.disabled("guest-sync-delimited"),
                self.disabled("guest-get-host-name"),
                self.disabled("guest-exec"),
                self.disabled("guest-file-open"),
                peer=peer,
            )


globals().update(Information.for_every_agent())
globals().update(Filters.for_every_agent())
