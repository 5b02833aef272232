"""Functions of plug-ins, as the dispatcher runs them."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.plugins._fault import PluginFault
from txqga.agent.plugins._function import blocking, served
from txqga.errors import CommandFailed, Misfit
from txqga.schema import parse

SCHEMA = parse(
    """
    { 'command': 'x-any', 'data': { 'buf-b64': 'str', '*class': 'int' }, 'returns': ['int'] }
    { 'command': 'x-none' }
    """,
    "t",
)


class FunctionTests(SynchronousTestCase):
    def run_any(self, function: Callable[..., Any], **arguments: Any) -> Any:
        return served(SCHEMA, SCHEMA.commands["x-any"], function).function(arguments)

    def fault(self, function: Callable[..., Any], command: str = "x-any") -> str:
        declared = SCHEMA.commands[command]
        return str(self.assertRaises(PluginFault, served, SCHEMA, declared, function))

    def test_arguments(self) -> None:
        """
        Arguments come by their names in Python; what is not given has the function's default.
        """
        seen = []

        def x_any(buf_b64: str, class_: int = 5) -> list[int]:
            seen.append((buf_b64, class_))
            return [class_]

        self.assertEqual(self.run_any(x_any, **{"buf-b64": "a"}), [5])
        self.assertEqual(self.run_any(x_any, **{"buf-b64": "b", "class": 6}), [6])
        self.assertEqual(seen, [("a", 5), ("b", 6)])

    def test_signature(self) -> None:
        """
        A function that does not take what the schema says is a fault at once.
        """
        for function, why in (
            (list, "unexpected keyword argument 'buf_b64'"),
            (lambda buf_b64: [], "unexpected keyword argument 'class_'"),
            (lambda buf_b64, class_: [], "missing a required argument: 'class_'"),
            (lambda buf_b64, more, class_=1: [], "missing a required argument: 'more'"),
        ):
            self.assertIn(why, self.fault(function))
        self.assertIn("missing a required argument: 'a'", self.fault(lambda a: [], "x-none"))
        served(SCHEMA, SCHEMA.commands["x-any"], lambda **given: [])

    def test_value(self) -> None:
        """
        A value that is not what the schema says is a bug of the plug-in.
        """
        for value in (None, 5, ["a"], (1,)):
            misfit = self.assertRaises(
                Misfit, self.run_any, lambda value=value, **given: value, **{"buf-b64": ""}
            )
            self.assertTrue(misfit.where.startswith("[int]"))

    def test_no_value(self) -> None:
        """
        Where the schema has no value, the function may return any, or none.
        """
        for value in (None, object()):
            function = served(SCHEMA, SCHEMA.commands["x-none"], lambda value=value: value)
            function.function({})

    def test_fails(self) -> None:
        """
        An exception of the function is the command's; the agent's end is nobody's to say.
        """
        thrown: list[BaseException] = []

        def x_any(**given: Any) -> Any:
            raise thrown[-1]

        for why, raised in (
            (CommandFailed("no"), CommandFailed),
            (ValueError("no"), ValueError),
            (SystemExit(1), RuntimeError),
            (KeyboardInterrupt(), RuntimeError),
        ):
            thrown.append(why)
            self.assertRaises(raised, self.run_any, x_any, **{"buf-b64": ""})

    def test_later(self) -> None:
        """
        A function may be async or return a Deferred; what comes of it is checked too.
        """
        waiting: list[Deferred[Any]] = []

        async def x_any(**given: Any) -> Any:
            waiting.append(Deferred())
            return await waiting[-1]

        def deferred(**given: Any) -> Any:
            waiting.append(Deferred())
            return waiting[-1]

        for function in (x_any, deferred):
            result = self.run_any(function)
            self.assertNoResult(result)
            waiting[-1].callback([7])
            self.assertEqual(self.successResultOf(result), [7])
            result = self.run_any(function)
            waiting[-1].callback("seven")
            self.failureResultOf(result, Misfit)
            result = self.run_any(function)
            waiting[-1].errback(CommandFailed("no"))
            self.failureResultOf(result, CommandFailed)

    def test_blocking(self) -> None:
        """
        A function that is marked runs in the thread; it cannot be async then.
        """

        @blocking
        def x_none() -> None:
            pass

        self.assertTrue(served(SCHEMA, SCHEMA.commands["x-none"], x_none).blocking)
        self.assertFalse(served(SCHEMA, SCHEMA.commands["x-none"], lambda: None).blocking)

        @blocking
        async def x_async() -> None:
            pass

        self.assertIn("x_async is blocking", self.fault(x_async, "x-none"))
