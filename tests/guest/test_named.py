"""The classes of a schema, by the names they have in Python."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.guest._named import type_names, type_of
from txqga.schema import attrs_type, parse

TEXT = """
{ 'enum': 'Kind', 'data': [ 'plain' ] }
{ 'struct': 'Plain', 'data': { 'a': 'int' } }
{ 'union': 'Thing', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
  'data': { 'plain': 'Plain' } }
{ 'alternate': 'Either', 'data': { 'a': 'int', 'b': 'str' } }
{ 'command': 'do' }
"""


class NamedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.schema = parse(TEXT, "x.json")

    def test_names(self) -> None:
        """
        Types have names, and so has each branch of a union; commands have no class here.
        """
        self.assertEqual(
            type_names(self.schema),
            {
                "Kind": ("Kind", None),
                "Plain": ("Plain", None),
                "Thing": ("Thing", None),
                "ThingPlain": ("Thing", "plain"),
                "Either": ("Either", None),
            },
        )

    def test_types(self) -> None:
        """
        By its name a class is found, and nothing else is.
        """
        self.assertIs(type_of(self.schema, "ThingPlain"), attrs_type(self.schema, "Thing", "plain"))
        self.assertEqual(type_of(self.schema, "Either"), int | str)
        self.assertRaises(KeyError, type_of, self.schema, "do")
