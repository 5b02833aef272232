"""How arguments are checked against the schema. Facts 2.6, step 6, and its table."""

from typing import Any

from tests.functional._behaviour import Behaviour
from tests.functional._rows import Expected, Row, call, error, not_found, ok

OPEN, READ, SEEK, WRITE = (
    "guest-file-open",
    "guest-file-read",
    "guest-file-seek",
    "guest-file-write",
)
EXEC, CLOSE = "guest-exec", "guest-file-close"


def missing(name: str) -> Expected:
    """The refusal of a request that lacks this argument."""
    return error(f"Parameter '{name}' is missing")


def unexpected(name: str) -> Expected:
    """The refusal of a request with an argument too many."""
    return error(f"Parameter '{name}' is unexpected")


def wrong(name: str, expected: str) -> Expected:
    """The refusal of an argument of the wrong type."""
    return error(f"Invalid parameter type for '{name}', expected: {expected}")


NO_HANDLE_1 = error("handle '1' has not been found")


#: a value of every type that JSON has, without strings and without lists
NO_STRING: tuple[Any, ...] = (None, True, 0, 1.5, [], ["x"], {})
NO_LIST: tuple[Any, ...] = (None, True, 0, "x", {})
NEITHER: tuple[Any, ...] = (None, True, [], {})


class Arguments(Behaviour):
    def test_missing(self) -> None:
        """
        An argument that is not optional must be there.
        """
        self.check(
            Row(b'{"execute": "guest-file-open"}', missing("path")),
            call(OPEN, {}, missing("path")),
            call(OPEN, {"mode": "r"}, missing("path")),
            call(READ, {"count": 1}, missing("handle")),
            call(WRITE, {"handle": 1}, missing("buf-b64")),
            call(WRITE, {"handle": 1, "buf_b64": ""}, missing("buf-b64")),
            call(SEEK, {"handle": 1, "offset": 0}, missing("whence")),
            call(SEEK, {"handle": 1, "whence": 0}, missing("offset")),
            call(CLOSE, {}, missing("handle")),
            call("guest-file-flush", {}, missing("handle")),
            call(EXEC, {}, missing("path")),
            call("guest-exec-status", {}, missing("pid")),
        )

    def test_unexpected(self) -> None:
        """
        An argument that the command does not have is refused, also by commands without any.
        """
        self.check(
            call("guest-ping", {"foo": 42}, unexpected("foo")),
            call("guest-ping", {"": None}, unexpected("")),
            call("guest-info", {"id": 1}, unexpected("id")),
            call("guest-get-time", {"time": 1}, unexpected("time")),
            call("guest-get-host-name", {"é": 1}, unexpected("é")),
            call("guest-get-timezone", {"x": []}, unexpected("x")),
            call(OPEN, {"path": "/", "Mode": "r"}, unexpected("Mode")),
            call(READ, {"handle": 1, "eof": True}, unexpected("eof")),
            call(EXEC, {"path": "/bin/true", "input_data": ""}, unexpected("input_data")),
        )

    def test_integer(self) -> None:
        """
        An integer has 64 bits and a sign; a float is none, however round.
        """
        bad: tuple[Any, ...] = (
            None,
            True,
            "1",
            "",
            1.0,
            1.5,
            1e3,
            [],
            [1],
            {},
            2**63,
            -(2**63) - 1,
            2**64,
        )
        for value in bad:
            self.check(
                call(READ, {"handle": value}, wrong("handle", "integer")),
                call(READ, {"handle": 1, "count": value}, wrong("count", "integer")),
                call("guest-exec-status", {"pid": value}, wrong("pid", "integer")),
            )
        for good in (0, -1, 2**63 - 1, -(2**63)):
            self.check(call(READ, {"handle": good}, error(f"handle '{good}' has not been found")))
        self.check(
            Row(
                b'{"execute": "guest-file-read", "arguments": {"handle": 1e0}}',
                wrong("handle", "integer"),
            ),
            Row(
                b'{"execute": "guest-file-read", "arguments": {"handle": -0}}',
                error("handle '0' has not been found"),
            ),
        )

    def test_string(self) -> None:
        """
        A string is a string.
        """
        for value in NO_STRING:
            self.check(
                call(OPEN, {"path": value}, wrong("path", "string")),
                call(OPEN, {"path": "/", "mode": value}, wrong("mode", "string")),
                call(WRITE, {"handle": 1, "buf-b64": value}, wrong("buf-b64", "string")),
                call(EXEC, {"path": value}, wrong("path", "string")),
            )

    def test_list(self) -> None:
        """
        A list is a list, and what is wrong inside is named by its place.
        """
        for value in NO_LIST:
            self.check(
                call(EXEC, {"path": "/bin/true", "arg": value}, wrong("arg", "array")),
                call(EXEC, {"path": "/bin/true", "env": value}, wrong("env", "array")),
            )
        for value in NO_STRING:
            self.check(
                call(EXEC, {"path": "/bin/true", "arg": [value]}, wrong("arg[0]", "string")),
                call(
                    EXEC,
                    {"path": "/bin/true", "env": ["A=1", "", value]},
                    wrong("env[2]", "string"),
                ),
            )

    def test_alternate(self) -> None:
        """
        An alternate such as whence is an integer or a name: each is checked as what it is.
        """

        def seek(whence: Any) -> dict[str, Any]:
            return {"handle": 1, "offset": 0, "whence": whence}

        for good in (0, 1, 2, 3, -1, "set", "cur", "end"):
            self.check(call(SEEK, seek(good), NO_HANDLE_1))
        for name in ("SET", "", "start", " set", "0"):
            self.check(
                call(SEEK, seek(name), error(f"Parameter 'whence' does not accept value '{name}'"))
            )
        for other in NEITHER:
            self.check(call(SEEK, seek(other), wrong("whence", "GuestFileWhence")))
        for number in (1.5, 2**63):
            self.check(call(SEEK, seek(number), wrong("whence", "integer")))

    def test_capture_output(self) -> None:
        """
        The alternate capture-output is a boolean or, since 8.1, a mode.
        """

        def run(capture: Any) -> dict[str, Any]:
            return {"path": "/nonexistent/program", "capture-output": capture}

        only_boolean = wrong("capture-output", "boolean")
        for number in (1, 1.5, None, *NEITHER[2:]):
            self.check(
                call(
                    EXEC,
                    run(number),
                    wrong("capture-output", "GuestExecCaptureOutput"),
                    v7_2=only_boolean,
                )
            )
        for name in ("both", "", "None", "true"):
            self.check(
                call(
                    EXEC,
                    run(name),
                    error(f"Parameter 'capture-output' does not accept value '{name}'"),
                    v7_2=only_boolean,
                )
            )

    def test_optional_null(self) -> None:
        """
        An optional argument given as null is of the wrong type, not absent.
        """
        self.check(
            call(OPEN, {"path": "/", "mode": None}, wrong("mode", "string")),
            call(READ, {"handle": 1, "count": None}, wrong("count", "integer")),
            call(EXEC, {"path": "/bin/true", "arg": None}, wrong("arg", "array")),
            call(EXEC, {"path": "/bin/true", "input-data": None}, wrong("input-data", "string")),
        )

    def test_order(self) -> None:
        """
        Arguments are checked in the schema's order; those that do not belong come last.
        """
        self.check(
            call(OPEN, {"mode": 5, "path": 5}, wrong("path", "string")),
            call(OPEN, {"x": 1, "mode": 5, "path": "/"}, wrong("mode", "string")),
            call(OPEN, {"x": 1, "mode": "r"}, missing("path")),
            call(READ, {"count": "x", "x": 1}, missing("handle")),
            call(WRITE, {"count": "x", "handle": 1}, missing("buf-b64")),
            call(SEEK, {"whence": None, "offset": "x", "handle": 1}, wrong("offset", "integer")),
            call(
                EXEC,
                {"input-data": 1, "env": 1, "arg": 1, "path": "/bin/true"},
                wrong("arg", "array"),
            ),
            call(
                EXEC,
                {"capture-output": [], "input-data": 1, "path": "x"},
                wrong("input-data", "string"),
            ),
            # and the command itself comes after all of them
            call(READ, {"handle": 1, "count": -1, "x": 1}, unexpected("x")),
            call(EXEC, {"path": "/bin/true", "input-data": "%", "x": 1}, unexpected("x")),
        )

    def test_disabled_first(self) -> None:
        """
        A disabled command says so whatever its arguments are.
        """
        self.use(self.start("-b", "guest-file-close"))
        desc = "Command guest-file-close has been disabled"
        arguments: list[dict[str, Any]] = [{}, {"handle": "x"}, {"nonsense": None}]
        for each in arguments:
            self.check(
                call(
                    CLOSE,
                    each,
                    not_found(f"{desc}: the command is not allowed"),
                    v7_2=not_found(desc),
                )
            )

    def test_empty_arguments(self) -> None:
        """
        Commands without arguments take an empty object as well as none.
        """
        for command in ("guest-ping", "guest-get-host-name", "guest-get-time", "guest-info"):
            for text in (b'"arguments": {}, "id": 3', b'"id": 3'):
                reply = self.peer.ask(b'{"execute": "%s", %s}' % (command.encode(), text))
                self.assertEqual(set(reply), {"return", "id"})

    def test_many_leftovers(self) -> None:
        """
        Of several arguments too many, one is named.
        """
        reply = self.peer.ask(
            b'{"execute": "guest-file-open", "arguments": {"path": "/", "a": 1, "b": 2}}'
        )
        self.assertIn(
            reply["error"]["desc"],
            ["Parameter 'a' is unexpected", "Parameter 'b' is unexpected"],
        )

    def test_absent_command_data(self) -> None:
        """
        A command whose reply has no data returns an empty object.
        """
        handle = self.peer.call(OPEN, path=str(self.folder / "f"), mode="w")
        self.check(
            Row(b'{"execute": "guest-ping"}', ok({})),
            call("guest-file-flush", {"handle": handle}, ok({})),
            call(CLOSE, {"handle": handle}, ok({})),
        )


globals().update(Arguments.for_every_agent())
