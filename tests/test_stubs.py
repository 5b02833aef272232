"""What type checkers know of a guest's methods."""

import ast
from typing import Any

from attrs import NOTHING, fields, has
from twisted.trial.unittest import SynchronousTestCase

from docs.stubs import Writer, main, stale, stubs
from txqga.guest import types
from txqga.guest._method import Method
from txqga.schema import extended, parse

TEXT = """
{ 'enum': 'Kind', 'data': [ 'plain', 'all-in' ] }
{ 'struct': 'Empty', 'data': {} }
{ 'struct': 'Plain', 'data': { 'a': 'int', '*b': 'any', 'c': { 'type': 'str',
  'features': [ 'base64' ] } } }
{ 'struct': 'More', 'base': 'Plain', 'data': { '*kinds': [ 'Kind' ] } }
{ 'union': 'Thing', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
  'data': { 'plain': 'Plain' } }
{ 'alternate': 'Either', 'data': { 'a': 'number', 'b': 'Kind' } }
{ 'command': 'guest-do', 'data': { 'these': [ 'More' ], '*either': 'Either' },
  'returns': [ 'Thing' ] }
"""

CLASSES = """\
class Kind(str, Enum):
    PLAIN = 'plain'
    ALL_IN = 'all-in'

@frozen(kw_only=True)
class Empty:
    pass

@frozen(kw_only=True)
class Plain:
    a: int
    b: Any = None
    c: bytes

@frozen(kw_only=True)
class More(Plain):
    kinds: tuple[Kind | str, ...] | None = None

@frozen(kw_only=True)
class Thing:
    kind: Kind | str

@frozen(kw_only=True)
class ThingPlain(Thing):
    kind: Kind | str = ...
    a: int
    b: Any = None
    c: bytes

Either: TypeAlias = float | Kind | str
"""

METHOD = """\
    def do(
        self,
        these: Sequence[More],
        *,
        either: Either | None = None,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[tuple[Thing, ...]]:
"""


class StubsTests(SynchronousTestCase):
    def test_current(self) -> None:
        """
        What type checkers know is what the schema says: ``make stubs``.
        """
        self.assertEqual(stale(), [])
        self.assertEqual(main(["--check"]), 0)

    def test_written(self) -> None:
        """
        Types are classes, with what they have; commands are methods, with what they take and give.
        """
        writer = Writer(parse(TEXT, "x.json"))
        self.assertIn(CLASSES, writer.types())
        self.assertIn(METHOD, writer.commands())
        self.assertIn("import (\n    Either,\n    More,\n    Thing,\n)", writer.commands())

    def test_types_as_they_are(self) -> None:
        """
        Each class has the members that it has when the program runs, and the same ones are needed.
        """
        (text,) = [text for path, text in stubs().items() if path.name == "types.pyi"]
        classes = [each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)]
        self.assertGreater(len(classes), 40)
        for each in classes:
            made = getattr(types, each.name)
            told = {
                str(getattr(part.target, "id", "")): part.value is not None
                for part in each.body
                if isinstance(part, ast.AnnAssign)
            }
            own = {part.name for part in fields(made) if not part.inherited} if has(made) else set()
            self.assertEqual(told.keys(), own, each.name)
            for part in fields(made) if has(made) else ():
                if not part.inherited:
                    self.assertEqual(told[part.name], part.default is not NOTHING, part.name)

    def test_as_it_is(self) -> None:
        """
        Each method has the parameters that it has when the program runs.
        """
        (text,) = [text for path, text in stubs().items() if path.name == "_commands.pyi"]
        told: dict[str, Any] = {
            each.name: each
            for each in ast.walk(ast.parse(text))
            if isinstance(each, ast.FunctionDef)
        }
        for command in extended().commands.values():
            method = Method(extended(), command)
            found = told[method.function().__name__].args
            names = [each.arg for each in (*found.args, *found.kwonlyargs)]
            self.assertEqual(names, list(method.signature.parameters), command.name)
