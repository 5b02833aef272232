"""The types of a QAPI schema as JSON Schema."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._json_schema import arguments_schema, components, type_schema
from txqga.schema import ArrayOf, parse

TEXT = """
##
# @Colour:
#
# How it looks.
#
# @red: as fire
##
{ 'enum': 'Colour', 'data': [ 'red', 'green' ] }

##
# @Thing:
#
# @name: what it is called
#
# @late: (since 9.0)
#
# Since: 1.0
##
{ 'struct': 'Thing',
  'data': { 'name': 'str', '*colour': 'Colour', 'late': 'int', 'many': [ 'uint8' ] } }
{ 'struct': 'Photo', 'data': { 'octets': { 'type': 'str', 'features': [ 'base64' ] } } }
{ 'struct': 'Red', 'data': { 'heat': 'int' } }
{ 'union': 'Coloured', 'base': { 'kind': 'Colour' }, 'discriminator': 'kind',
  'data': { 'red': 'Red' } }
{ 'alternate': 'Either', 'data': { 'number': 'int', 'word': 'str' } }

##
# @paint:
#
# Paint it.
##
{ 'command': 'paint', 'data': { 'thing': 'Thing', '*twice': 'bool' } }
"""


class JSONSchemaTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.schema = parse(TEXT, "paint.json")
        self.made = components(self.schema)

    def test_types(self) -> None:
        """
        What is built in is described, what has a name is referred to, lists are arrays.
        """
        self.assertEqual(type_schema("bool"), {"type": "boolean"})
        self.assertEqual(type_schema("uint8"), {"type": "integer", "minimum": 0, "maximum": 255})
        referred = {"$ref": "#/components/schemas/Thing"}
        self.assertEqual(type_schema("Thing"), referred)
        self.assertEqual(type_schema(ArrayOf("Thing")), {"type": "array", "items": referred})

    def test_enum(self) -> None:
        """
        An enum is a string out of a few.
        """
        self.assertEqual(
            self.made["Colour"],
            {"type": "string", "enum": ["red", "green"], "description": "How it looks."},
        )

    def test_octets(self) -> None:
        """
        A string that holds octets says how.
        """
        self.assertEqual(
            self.made["Photo"]["properties"]["octets"],
            {"type": "string", "contentEncoding": "base64"},
        )

    def test_struct(self) -> None:
        """
        A struct is an object; what an older agent does not send is not required.
        """
        thing = self.made["Thing"]
        self.assertEqual(thing["required"], ["name", "many"])
        self.assertEqual(list(thing["properties"]), ["name", "colour", "late", "many"])
        self.assertEqual(thing["properties"]["name"]["description"], "what it is called")
        self.assertNotIn("additionalProperties", thing)

    def test_union(self) -> None:
        """
        A union has what its branch has.
        """
        union = self.made["Coloured"]
        self.assertEqual(union["required"], ["kind"])
        (branch,) = union["allOf"]
        self.assertEqual(branch["if"], {"properties": {"kind": {"const": "red"}}})
        self.assertEqual(branch["then"], {"$ref": "#/components/schemas/Red"})

    def test_alternate(self) -> None:
        """
        An alternate is any of its branches.
        """
        self.assertEqual(len(self.made["Either"]["anyOf"]), 2)

    def test_arguments(self) -> None:
        """
        Arguments are all known, and those that must be there are required.
        """
        described = arguments_schema(self.schema, self.schema.commands["paint"])
        self.assertEqual(described["required"], ["thing"])
        self.assertIs(described["additionalProperties"], False)
        (inner,) = [described["properties"]["thing"]]
        self.assertEqual(inner["required"], ["name", "late", "many"])
        self.assertIs(inner["additionalProperties"], False)

    def test_within_itself(self) -> None:
        """
        A type that contains itself is written out once.
        """
        text = "{ 'struct': 'Tree', 'data': { 'name': 'str', 'below': [ 'Tree' ] } }\n"
        schema = parse(f"{text}{{ 'command': 'plant', 'data': {{ 'tree': 'Tree' }} }}", "x.json")
        described = arguments_schema(schema, schema.commands["plant"])
        below = described["properties"]["tree"]["properties"]["below"]
        self.assertEqual(below["items"], {"$ref": "#/components/schemas/Tree"})
