"""A command as a method."""

import inspect
from typing import Any

from tests.guest._case import GuestCase
from txqga.errors import CommandFailed, InvalidArguments, Misfit
from txqga.guest._method import Method, documentation, method_name, parameter_name
from txqga.guest.types import GuestLogicalProcessor, QGASeek
from txqga.schema import Member, extended, parse
from txqga.testing import SILENCE


class MethodTests(GuestCase):
    def test_names(self) -> None:
        """
        A method is called as its command, without what all of QEMU's have in front.
        """
        for command, method in [
            ("guest-get-osinfo", "get_osinfo"),
            ("txqga-info", "txqga_info"),
            ("guest-import", "import_"),
            ("guest-", "guest_"),
        ]:
            self.assertEqual(method_name(command), method)

    def test_parameters(self) -> None:
        """
        An argument has the name that it has everywhere, unless every method has one of that name.
        """
        for argument, parameter in [("mem-blks", "mem_blks"), ("cap", "cap_"), ("self", "self_")]:
            self.assertEqual(parameter_name(Member(name=argument, type="str")), parameter)
        octets = Member(name="buf-b64", type="str", features=("base64",))
        self.assertEqual(parameter_name(octets), "buf")

    def test_reply(self) -> None:
        """
        The reply is a value of the type that the schema says.
        """
        self.agent.answer("guest-get-host-name", {"host-name": "db1"})
        self.assertEqual(self.result(self.guest.get_host_name()).host_name, "db1")

    def test_no_reply(self) -> None:
        """
        A command that answers nothing gives None.
        """
        self.assertIs(self.result(self.guest.ping()), None)

    def test_octets(self) -> None:
        """
        Octets go out and come in as bytes.
        """
        self.agent.answer("guest-file-write", {"count": 2, "eof": False})
        self.agent.answer("guest-file-read", {"count": 2, "buf-b64": "aGk=", "eof": False})
        self.assertEqual(self.result(self.guest.file_write(1000, b"hi")).count, 2)
        self.assertEqual(self.result(self.guest.file_read(1000, count=2)).buf, b"hi")
        self.assertEqual(
            self.agent.ran[-2:],
            [
                ("guest-file-write", {"handle": 1000, "buf-b64": "aGk="}),
                ("guest-file-read", {"handle": 1000, "count": 2}),
            ],
        )

    def test_octets_elsewhere(self) -> None:
        """
        Octets where a string belongs, and a string where octets do, are refused: they would arrive
        as something else, a path as its base64.
        """
        guest: Any = self.guest
        for asked in (
            guest.file_open(b"/etc/motd", mode="w"),
            guest.exec("/bin/rm", arg=["-r", b"/srv/old"]),
            guest.file_write(1000, "aGk="),
        ):
            self.failure(asked, InvalidArguments)
        self.assertEqual(self.agent.executed, [])

    def test_values(self) -> None:
        """
        Values of the schema's types go out as the wire has them.
        """
        self.agent.answer("guest-file-seek", {"position": 0, "eof": False})
        self.agent.answer("guest-set-vcpus", 1)
        self.result(self.guest.file_seek(1000, 0, QGASeek.SET))
        cpu = GuestLogicalProcessor(logical_id=1, online=False)
        self.result(self.guest.set_vcpus([cpu]))
        self.assertEqual(
            [arguments for _, arguments in self.agent.ran[-2:]],
            [
                {"handle": 1000, "offset": 0, "whence": "set"},
                {"vcpus": [{"logical-id": 1, "online": False}]},
            ],
        )

    def test_checked_before(self) -> None:
        """
        Arguments that do not fit the schema are not sent.
        """
        wrong = self.failure(self.guest.file_read("x"), InvalidArguments)  # type: ignore[arg-type]
        self.assertEqual(wrong.desc, "Invalid parameter type for 'handle', expected: integer")
        self.assertEqual(self.agent.executed, [])

    def test_signature(self) -> None:
        """
        What must be given is given by position or name, the rest by name; nothing else is taken.
        """
        signature = inspect.signature(type(self.guest).file_write)
        self.assertEqual(
            str(signature), "(self, /, handle, buf, *, count=None, deadline=None, cap=None)"
        )
        for call in [
            lambda: self.guest.file_read(),  # type: ignore[call-arg]
            lambda: self.guest.file_read(1, 2),  # type: ignore[call-arg]
            lambda: self.guest.file_read(1, size=2),  # type: ignore[call-arg]
        ]:
            self.assertRaises(TypeError, call)

    def test_misfit(self) -> None:
        """
        A reply of another shape is told, with the place where it is wrong.
        """
        self.agent.answer("guest-get-host-name", {"host-name": 7})
        self.assertEqual(
            str(self.failure(self.guest.get_host_name(), Misfit)),
            "GuestHostName.host-name: string expected, integer found",
        )

    def test_silent(self) -> None:
        """
        A command that has no reply is done when it was sent, and not refused.
        """
        self.agent.answer("guest-shutdown", SILENCE)
        asked = self.guest.shutdown(mode="reboot", deadline=2.0)
        self.agent.flush()
        self.assertNoResult(asked)
        self.clock.advance(2.0)
        self.assertIs(self.successResultOf(asked), None)

    def test_silent_refused(self) -> None:
        """
        Where it is refused, that is told.
        """
        self.agent.answer("guest-shutdown", CommandFailed("no"))
        self.assertEqual(self.failure(self.guest.shutdown(), CommandFailed).desc, "no")

    def test_deadline(self) -> None:
        """
        Every method has a deadline, which goes where that of a call goes.
        """
        self.agent.hangs = True
        asked = self.guest.get_time(deadline=1.0)
        self.agent.flush()
        self.clock.advance(0.9)
        self.assertNoResult(asked)
        self.clock.advance(0.1)
        self.failureResultOf(asked)

    def test_documentation(self) -> None:
        """
        A method says what the schema says of its command.
        """
        text = documentation(extended().commands["guest-file-read"])
        self.assertIn("Read on in a file", text)
        self.assertIn(":param handle: from guest-file-open", text)
        text = documentation(extended().commands["guest-exec"])
        self.assertIn(
            ":param input_data: what it reads from standard input; nothing if not\n    given", text
        )
        bare = parse("{'command': 'x'}", "x.json")
        self.assertEqual(documentation(bare.commands["x"]), "Call ``x``.")
        self.assertIn(
            "There is no reply when it works", documentation(extended().commands["guest-shutdown"])
        )

    def test_function(self) -> None:
        """
        As a function it has the name and the documentation of the command.
        """
        schema = extended()
        made = Method(schema, schema.commands["guest-ping"]).function()
        self.assertEqual(made.__name__, "ping")
        self.assertIn("Do nothing", str(made.__doc__))
        self.result(made(self.guest))
        self.assertRaises(TypeError, made, self.guest, 1)
