"""Tests for what running a command once more would do."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import CommandClass, command_class, extended, shipped, unfenced

READ = [
    "guest-ping",
    "guest-info",
    "guest-get-time",
    "guest-get-timezone",
    "guest-fsfreeze-status",
    "guest-get-host-name",
    "guest-get-osinfo",
    "guest-get-load",
    "guest-get-users",
    "guest-get-devices",
    "guest-network-get-interfaces",
    "guest-network-get-route",
    "guest-get-vcpus",
    "guest-get-cpustats",
    "guest-get-memory-blocks",
    "guest-get-memory-block-info",
    "guest-get-disks",
    "guest-get-diskstats",
    "guest-get-fsinfo",
    "guest-ssh-get-authorized-keys",
]
IDEMPOTENT = ["guest-fsfreeze-thaw", "guest-set-vcpus", "guest-file-flush"]
OURS_READ = [
    "txqga-info",
    "txqga-exec-status",
    "txqga-exec-list",
    "txqga-file-stat",
    "txqga-file-list",
]
OURS_IDEMPOTENT = [
    "txqga-file-digest",
    "txqga-file-set",
    "txqga-file-remove",
    "txqga-file-make-folder",
    "txqga-file-link",
    "txqga-exec-read",
    "txqga-exec-write",
    "txqga-exec-detach",
    "txqga-exec-release",
    "txqga-freeze-lease",
]


class CommandClassTests(SynchronousTestCase):
    def of(self, name: str, arguments: dict[str, Any] | None = None) -> CommandClass:
        return command_class(shipped(), name, arguments or {})

    def test_every_command(self) -> None:
        """
        Some commands only read, some may be repeated, and all others run at most once.
        """
        for name in shipped().commands:
            expected = (
                CommandClass.READ
                if name in READ
                else CommandClass.IDEMPOTENT
                if name in IDEMPOTENT
                else CommandClass.ONCE
            )
            self.assertIs(self.of(name), expected, name)
        self.assertEqual(set(READ + IDEMPOTENT) - set(shipped().commands), set())

    def test_ours(self) -> None:
        """
        So it is with the commands that are ours.
        """
        schema = extended()
        ours = schema.commands.keys() - shipped().commands.keys()
        for kind, names in (
            (CommandClass.READ, OURS_READ),
            (CommandClass.IDEMPOTENT, OURS_IDEMPOTENT),
        ):
            found = {name for name in ours if command_class(schema, name, {}) is kind}
            self.assertEqual(found, set(names))

    def test_set_time(self) -> None:
        """
        Setting the clock to a given time may be repeated; to the hardware clock's may not.
        """
        self.assertIs(self.of("guest-set-time", {"time": 5}), CommandClass.IDEMPOTENT)
        self.assertIs(self.of("guest-set-time"), CommandClass.ONCE)

    def test_seek(self) -> None:
        """
        Seeking to a place may be repeated; seeking on from here, or from an end that moves, not.
        """
        for whence, expected in (
            ("set", CommandClass.IDEMPOTENT),
            (0, CommandClass.IDEMPOTENT),
            ("cur", CommandClass.ONCE),
            ("end", CommandClass.ONCE),
            (1, CommandClass.ONCE),
            (2, CommandClass.ONCE),
            (False, CommandClass.ONCE),
            (0.0, CommandClass.ONCE),
            ([], CommandClass.ONCE),
            (None, CommandClass.ONCE),
        ):
            arguments: dict[str, Any] = {"handle": 1000, "offset": 0, "whence": whence}
            self.assertIs(self.of("guest-file-seek", arguments), expected, repr(whence))
        self.assertIs(self.of("guest-file-seek"), CommandClass.ONCE)

    def test_fenced(self) -> None:
        """
        A fenced command is of the class of what is inside; nothing is inside a fence in a fence.
        """
        inner = {"execute": "guest-set-time", "arguments": {"time": 5}}
        for arguments, expected in (
            ({"execute": "guest-get-time"}, CommandClass.READ),
            (inner, CommandClass.IDEMPOTENT),
            ({"execute": "guest-set-time"}, CommandClass.ONCE),
            ({"execute": "guest-get-time", "arguments": 5}, CommandClass.ONCE),
            ({"execute": "txqga-fenced", "arguments": inner}, CommandClass.ONCE),
            ({"execute": ["guest-get-time"]}, CommandClass.ONCE),
            ({}, CommandClass.ONCE),
        ):
            found = command_class(extended(), "txqga-fenced", arguments)
            self.assertIs(found, expected, str(arguments))

    def test_unfenced(self) -> None:
        """
        What runs is what is inside a fence, if that can run at all.
        """
        inner = {"execute": "x", "arguments": {"a": 1}}
        self.assertEqual(unfenced("txqga-fenced", inner), ("x", {"a": 1}))
        self.assertEqual(unfenced("txqga-fenced", {"execute": "x"}), ("x", {}))
        self.assertEqual(unfenced("y", inner), ("y", inner))
        nested = {"execute": "txqga-fenced", "arguments": inner}
        self.assertEqual(unfenced("txqga-fenced", nested), ("txqga-fenced", nested))

    def test_unknown(self) -> None:
        """
        Of a command that nobody described, nobody knows what it does.
        """
        self.assertIs(self.of("vendor-get-something"), CommandClass.ONCE)

    def test_plugin(self) -> None:
        """
        A plug-in's command says in its features what it is.
        """
        schema = shipped().with_fragment(
            "{'command': 'a', 'features': ['read']} {'command': 'b', 'features': ['idempotent']}"
            "{'command': 'c', 'features': ['unstable']}",
            "t",
        )
        self.assertEqual(
            [command_class(schema, name, {}) for name in "abc"],
            [CommandClass.READ, CommandClass.IDEMPOTENT, CommandClass.ONCE],
        )

    def test_words(self) -> None:
        """
        A class is its word, wherever it is printed.
        """
        self.assertEqual(str(CommandClass.READ), "read")
        self.assertEqual(f"{CommandClass.ONCE}", "once")
        self.assertEqual(CommandClass("idempotent"), CommandClass.IDEMPOTENT)
