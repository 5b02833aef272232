"""From a request to the octets of its reply."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._dispatch import Dispatcher
from txqga.agent._family import NO_REPLY, Encoded, Run, Served
from txqga.agent._filter import CommandFilter
from txqga.errors import CommandFailed, CommandNotFound, InvalidArguments
from txqga.schema import Command, parse
from txqga.wire import JSON

SCHEMA = parse(
    """
    { 'command': 'x-double', 'data': { 'n': 'int' }, 'returns': 'int' }
    { 'command': 'x-nothing' }
    { 'command': 'x-silent', 'success-response': false }
    { 'command': 'x-delimited', 'returns': 'int' }
    { 'command': 'x-encoded', 'returns': 'str' }
    { 'command': 'x-fail' }
    { 'command': 'x-gone' }
    { 'command': 'x-bug' }
    { 'command': 'x-bad-value', 'returns': 'any' }
    { 'command': 'x-later', 'returns': 'int' }
    { 'command': 'x-blocking', 'data': { 'n': 'int' }, 'returns': 'int' }
    { 'command': 'x-other', 'returns': 'any' }
    { 'command': 'x-unserved' }
    """,
    "test.json",
)

T = TypeVar("T")


class FakeWorker:
    """Runs nothing until it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Deferred[Any]]] = []

    def run(self, function: Callable[[], T]) -> Deferred[T]:
        done: Deferred[T] = Deferred()
        self.waiting.append((function, done))
        return done

    def work(self) -> None:
        function, done = self.waiting.pop(0)
        try:
            result = function()
        except Exception as why:
            done.errback(why)
        else:
            done.callback(result)


class Family:
    """What the schema above declares, but for the last one."""

    def __init__(self) -> None:
        self.later: list[Deferred[JSON]] = []
        self.inner = ""
        self.run: Run = lambda name, arguments: None

    def commands(self) -> Mapping[str, Served]:
        return {
            "x-silent": Served(self._silent),
            "x-double": Served(lambda arguments: 2 * arguments["n"]),
            "x-nothing": Served(lambda arguments: 5),
            "x-delimited": Served(lambda arguments: 7, sentinel=True),
            "x-encoded": Served(lambda arguments: Encoded(b'"done"')),
            "x-fail": Served(self._fail, sentinel=True),
            "x-gone": Served(self._gone),
            "x-bug": Served(lambda arguments: arguments["no such argument"]),
            "x-bad-value": Served(lambda arguments: object()),
            "x-later": Served(self._later),
            "x-other": Served(lambda arguments: self.run(self.inner, {})),
            "x-blocking": Served(self._blocking, blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _silent(self, arguments: Mapping[str, JSON]) -> JSON:
        return None

    def _fail(self, arguments: Mapping[str, JSON]) -> JSON:
        raise CommandFailed("it broke")

    def _gone(self, arguments: Mapping[str, JSON]) -> JSON:
        raise CommandNotFound("not any more")

    def _blocking(self, arguments: Mapping[str, JSON]) -> JSON:
        if arguments["n"] < 0:
            raise CommandFailed("too small")
        return arguments["n"] + 1

    def _later(self, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.later.append(Deferred())
        return self.later[-1]


def error(wire_class: str, desc: str, id: str = "") -> bytes:
    """The reply that says so."""
    return f'{{{id}"error": {{"class": "{wire_class}", "desc": "{desc}"}}}}\n'.encode()


class DispatcherTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.family = Family()
        self.traced: list[str] = []
        self.worker = FakeWorker()
        self.dispatcher = self.made(CommandFilter())

    def made(self, commands: CommandFilter) -> Dispatcher:
        dispatcher = Dispatcher(SCHEMA, [self.family], commands, self.traced.append, self.worker)
        self.family.run = dispatcher.run
        return dispatcher

    def ask(self, name: str, **members: JSON) -> bytes | None:
        reply = self.dispatcher.answer({"execute": name, **members})
        assert not isinstance(reply, Deferred)
        return reply

    def test_success(self) -> None:
        """
        A command's value is returned, with the id of the request if it has one.
        """
        self.assertEqual(self.ask("x-double", arguments={"n": 4}), b'{"return": 8}\n')
        self.assertEqual(
            self.ask("x-double", arguments={"n": 4}, id=None), b'{"return": 8, "id": null}\n'
        )

    def test_no_value(self) -> None:
        """
        A command that returns nothing returns an empty object, whatever its function does.
        """
        self.assertEqual(self.ask("x-nothing"), b'{"return": {}}\n')

    def test_silent(self) -> None:
        """
        A command without a reply to success has none, not even for an id; errors are told.
        """
        self.assertIsNone(self.ask("x-silent", id=1))
        self.assertEqual(
            self.ask("x-silent", arguments={"a": 1}),
            error("GenericError", "Parameter 'a' is unexpected"),
        )

    def test_sentinel(self) -> None:
        """
        0xFF comes before a success, and not before an error.
        """
        self.assertEqual(self.ask("x-delimited", id=1), b'\xff{"return": 7, "id": 1}\n')
        self.assertEqual(self.ask("x-fail"), error("GenericError", "it broke"))

    def test_encoded(self) -> None:
        """
        A value that is encoded already is sent as it is.
        """
        self.assertEqual(self.ask("x-encoded"), b'{"return": "done"}\n')
        self.assertEqual(
            self.ask("x-encoded", id={"a": [1]}), b'{"return": "done", "id": {"a": [1]}}\n'
        )

    def test_envelope(self) -> None:
        """
        A request that is none gets an error, with its id where it has one.
        """
        desc = "QMP input must be a JSON object"
        self.assertEqual(self.dispatcher.answer(5), error("GenericError", desc))
        reply = self.dispatcher.answer({"id": 3, "exec-oob": "x"})
        desc = "QMP input member 'exec-oob' is unexpected"
        self.assertEqual(reply, error("GenericError", desc, '"id": 3, '))

    def test_unknown(self) -> None:
        """
        A command is unknown if nothing serves it, though the schema has it.
        """
        for name in ("nonsense", "", "x-unserved"):
            desc = f"The command {name} has not been found"
            self.assertEqual(self.ask(name), error("CommandNotFound", desc))

    def test_disabled(self) -> None:
        """
        A blocked command is refused before its arguments are looked at.
        """
        self.dispatcher = self.made(CommandFilter(blocked=["x-double"]))
        desc = "Command x-double has been disabled: the command is not allowed"
        self.assertEqual(self.ask("x-double", id=1), error("CommandNotFound", desc, '"id": 1, '))
        self.assertEqual(self.ask("x-nothing"), b'{"return": {}}\n')

    def test_arguments(self) -> None:
        """
        Wrong arguments are refused in QEMU's words.
        """
        for arguments, desc in (
            ({}, "Parameter 'n' is missing"),
            ({"n": "4"}, "Invalid parameter type for 'n', expected: integer"),
            ({"n": 4, "m": 5}, "Parameter 'm' is unexpected"),
        ):
            self.assertEqual(self.ask("x-double", arguments=arguments), error("GenericError", desc))

    def test_refused(self) -> None:
        """
        A command says itself of which class its error is.
        """
        self.assertEqual(self.ask("x-gone"), error("CommandNotFound", "not any more"))

    def test_bug(self) -> None:
        """
        A bug of ours is logged, and the client told that it is not to blame.
        """
        for name, kind in (("x-bug", KeyError), ("x-bad-value", TypeError)):
            desc = f"internal error of the agent in {name}, see its log"
            self.assertEqual(self.ask(name, id=1), error("GenericError", desc, '"id": 1, '))
            self.assertEqual(len(self.flushLoggedErrors(kind)), 1)

    def test_run(self) -> None:
        """
        A command may run another one: it is found, allowed, checked and run as if asked for.
        """
        run = self.dispatcher.run
        self.assertEqual(run("x-double", {"n": 4}), 8)
        self.assertEqual(run("x-nothing", {}), {})
        self.assertEqual(run("x-delimited", {}), 7)
        self.assertIs(run("x-silent", {}), NO_REPLY)
        self.assertEqual(self.traced, ["x-double", "x-nothing", "x-delimited", "x-silent"])
        for name, arguments, kind in (
            ("x-unserved", {}, CommandNotFound),
            ("x-double", {}, InvalidArguments),
            ("x-fail", {}, CommandFailed),
            ("x-bug", {}, KeyError),
        ):
            self.assertRaises(kind, run, name, arguments)
        later = run("x-later", {})
        assert isinstance(later, Deferred)
        self.family.later[0].callback(9)
        self.assertEqual(self.successResultOf(later), 9)
        self.dispatcher = self.made(CommandFilter(blocked=["x-double"]))
        self.assertRaises(CommandNotFound, self.dispatcher.run, "x-double", {"n": 4})

    def test_runs_silent(self) -> None:
        """
        A command that ran one without a reply has none itself.
        """
        self.family.inner = "x-silent"
        self.assertIsNone(self.ask("x-other", id=1))
        self.family.inner = "x-encoded"
        self.assertEqual(self.ask("x-other", id=1), b'{"return": "done", "id": 1}\n')

    def test_later(self) -> None:
        """
        A command that takes its time is answered when it has ended.
        """
        reply = self.dispatcher.answer({"execute": "x-later", "id": 1})
        assert isinstance(reply, Deferred)
        self.assertNoResult(reply)
        self.family.later[0].callback(9)
        self.assertEqual(self.successResultOf(reply), b'{"return": 9, "id": 1}\n')

    def test_fails_later(self) -> None:
        """
        A command may fail when it has run for a while; a bug is a bug then too.
        """
        for why, desc in (
            (CommandFailed("it broke"), "it broke"),
            (ValueError(), "internal error of the agent in x-later, see its log"),
        ):
            reply = self.dispatcher.answer({"execute": "x-later"})
            assert isinstance(reply, Deferred)
            self.family.later[-1].errback(why)
            self.assertEqual(self.successResultOf(reply), error("GenericError", desc))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_blocking(self) -> None:
        """
        A command that may hang runs elsewhere; its arguments are looked at before.
        """
        refused = self.ask("x-blocking", arguments={"n": "1"})
        desc = "Invalid parameter type for 'n', expected: integer"
        self.assertEqual(refused, error("GenericError", desc))
        for n, said in ((4, b'{"return": 5}\n'), (-1, error("GenericError", "too small"))):
            reply = self.dispatcher.answer({"execute": "x-blocking", "arguments": {"n": n}})
            assert isinstance(reply, Deferred)
            self.assertNoResult(reply)
            self.worker.work()
            self.assertEqual(self.successResultOf(reply), said)

    def test_nowhere_else(self) -> None:
        """
        Where nothing runs what blocks, nothing that blocks is served.
        """
        with self.assertRaises(ValueError):
            Dispatcher(SCHEMA, [self.family], CommandFilter())

    def test_listing(self) -> None:
        """
        What is served is listed in the order of the schema, with what may not be used.
        """
        self.dispatcher = self.made(CommandFilter(allowed=["x-silent", "x-fail"]))
        listed = [
            (each.name, each.enabled, each.success_response) for each in self.dispatcher.listing
        ]
        self.assertEqual(listed[0], ("x-double", False, True))
        self.assertEqual(listed[2], ("x-silent", True, False))
        self.assertEqual(len(listed), 12)

    def is_named(self, name: str, command: Command) -> bool:
        return command.name == name

    def test_enable(self) -> None:
        """
        Other commands can be served from now on, whatever the lists say, and others again.
        """
        dispatcher = self.made(CommandFilter(blocked=["x-nothing"]))
        disabled = b"the command is not allowed"
        for enabled in ("x-nothing", "x-encoded", "x-nothing"):
            dispatcher.enable(partial(self.is_named, enabled))
            for name in ("x-nothing", "x-encoded"):
                reply = dispatcher.answer({"execute": name})
                assert isinstance(reply, bytes)
                self.assertEqual(disabled in reply, name != enabled)
            self.assertEqual([each.name for each in dispatcher.listing if each.enabled], [enabled])

    def test_traced(self) -> None:
        """
        What runs is told first, and what does not run is not.
        """
        self.dispatcher = self.made(CommandFilter(blocked=["x-double"]))
        for name in ("x-nothing", "x-double", "nonsense", "x-bug"):
            self.ask(name)
        self.assertEqual(self.traced, ["x-nothing", "x-bug"])
        self.flushLoggedErrors(KeyError)

    def test_undeclared(self) -> None:
        """
        A command that the schema does not have cannot be served.
        """
        schema = parse("{ 'command': 'x-double' }", "test.json")
        with self.assertRaises(ValueError) as caught:
            Dispatcher(schema, [self.family], CommandFilter(), elsewhere=self.worker)
        self.assertIn("not in the schema: x-bad-value, x-blocking, x-bug", str(caught.exception))
