"""Arguments out of words."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._arguments import arguments_of
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.schema import check, extended, parse

TEXT = """
{ 'enum': 'Kind', 'data': [ 'a', 'b' ] }
{ 'struct': 'A', 'data': { 'text': 'str', '*on': 'bool', '*inner': [ 'int' ] } }
{ 'struct': 'B', 'data': { 'number': 'number' } }
{ 'union': 'Either', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
  'data': { 'a': 'A', 'b': 'B' } }
{ 'alternate': 'Loose', 'data': { 's': 'str', 'i': 'int' } }
{ 'command': 'do', 'data': { '*text': 'str', '*on': 'bool', '*many': [ 'str' ], '*deep': [ 'A' ],
  '*a': 'A', '*either': 'Either', '*loose': 'Loose', '*any': 'any', '*n': 'uint8' } }
"""

SCHEMA = parse(TEXT, "x.json")


class ArgumentsTests(SynchronousTestCase):
    def read(self, *words: str) -> Any:
        return arguments_of(SCHEMA, SCHEMA.commands["do"], words)

    def test_plain(self) -> None:
        """
        A value is what the schema says it is, whatever it looks like.
        """
        self.assertEqual(
            self.read("text=7", "on=yes", "n=0x10"), {"text": "7", "on": True, "n": 16}
        )
        self.assertEqual(self.read("text=a=b", "on=False"), {"text": "a=b", "on": False})
        self.assertEqual(self.read("either.number=1.5"), {"either": {"number": 1.5}})
        self.assertEqual(self.read("loose=7", "any=x"), {"loose": 7, "any": "x"})

    def test_lists(self) -> None:
        """
        A list of plain values is said one by one, or as JSON.
        """
        self.assertEqual(self.read("many=-l", "many=7"), {"many": ["-l", "7"]})
        self.assertEqual(self.read("many=x"), {"many": ["x"]})
        self.assertEqual(self.read('many=["x", "y"]'), {"many": ["x", "y"]})

    def test_parts(self) -> None:
        """
        Parts of objects and lists are named.
        """
        words = ("deep.1.text=y", "deep.0.text=x", "deep.0.inner=1", "deep.0.inner=2", "a.on=true")
        self.assertEqual(
            self.read(*words),
            {"deep": [{"text": "x", "inner": [1, 2]}, {"text": "y"}], "a": {"on": True}},
        )
        self.assertEqual(
            self.read("either.kind=a", "either.text=1"), {"either": {"kind": "a", "text": "1"}}
        )

    def test_json(self) -> None:
        """
        JSON is taken as it is.
        """
        self.assertEqual(self.read("text:=7", 'a={"text": "x"}'), {"text": 7, "a": {"text": "x"}})

    def test_unknown(self) -> None:
        """
        Of a command that is not known, values are JSON where they can be.
        """
        words = ("a=1", "b=x", "c.0=true", "c.1=null", "d.e.f=[]")
        self.assertEqual(
            arguments_of(SCHEMA, None, words),
            {"a": 1, "b": "x", "c": [True, None], "d": {"e": {"f": []}}},
        )

    def test_wrong(self) -> None:
        """
        What makes no sense is told, with its name.
        """
        for words, told in (
            (["text"], "'text' is not key=value"),
            (["=x"], "is not key=value"),
            (["a..b=x"], "is not key=value"),
            ([".".join("a" * 40) + "=x"], "is not key=value"),
            (["on=maybe"], "on: 'maybe' is neither true nor false"),
            (["n=many"], "n: 'many' is no number"),
            (["a=x"], "a: 'x' is no JSON"),
            (["text:=x"], "text: 'x' is no JSON"),
            (["text=a", "text=b"], "text: it is no list, and was said 2 times"),
            (["a=1", "a.on=true"], "a.on: it is said to be a value, and to have parts"),
            (["a.on=true", "a=1"], "a: it is said to be a value, and to have parts"),
            (["deep.1.text=x"], "deep: the parts of a list are numbered from 0 on"),
        ):
            why = self.assertRaises(Complaint, self.read, *words)
            self.assertIn(told, why.words)
            self.assertEqual(why.exit, Exit.USAGE)

    def test_real(self) -> None:
        """
        What agents take can be said.
        """
        for name, words, wanted in (
            (
                "guest-exec",
                ["path=ls", "arg=-l", "capture-output=true"],
                {"path": "ls", "arg": ["-l"], "capture-output": True},
            ),
            (
                "guest-set-vcpus",
                ["vcpus.0.logical-id=1", "vcpus.0.online=off"],
                {"vcpus": [{"logical-id": 1, "online": False}]},
            ),
            ("guest-file-seek", ["handle=1", "offset=-1", "whence=set"], None),
        ):
            command = extended().commands[name]
            read = arguments_of(extended(), command, words)
            checked = check(extended(), command, read)
            if wanted is not None:
                self.assertEqual(checked, wanted)

    @given(st.lists(st.text(alphabet='ab.01=:[]{}"', max_size=12), max_size=4))
    def test_whatever(self, words: list[str]) -> None:
        """
        Whatever is said is read, or complained of.
        """
        for command in (None, SCHEMA.commands["do"]):
            try:
                self.assertIsInstance(arguments_of(SCHEMA, command, words), dict)
            except Complaint as why:
                self.assertEqual(why.exit, Exit.USAGE)
