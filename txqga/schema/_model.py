"""
What a schema says, as values.

Names are the wire's (``buf-b64``). Everything is frozen; members, values and branches are in the
order of the text, which is the order in which arguments are checked.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

#: a name such as ``CONFIG_LINUX``, or {"all": [...]}, {"any": [...]}, {"not": ...} of such
Condition: TypeAlias = str | Mapping[str, Any]

#: builtin types, and the kind of JSON value that each is
BUILTINS: Mapping[str, str] = {
    "str": "string",
    "bool": "boolean",
    "null": "null",
    "any": "any",
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64", "size", "number"), "number"),
    **dict.fromkeys(("uint8", "uint16", "uint32", "uint64"), "number"),
}

#: the kinds of decoded JSON, which has exactly these types
KINDS: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}

#: the features of a command that say something to txqga; any others are kept
READ, IDEMPOTENT, ALLOWED_WHILE_FROZEN = "read", "idempotent", "allowed-while-frozen"

#: the feature of a member of type str that holds octets in base64: ``bytes`` in Python
BASE64 = "base64"


@frozen
class ArrayOf:
    """The type ``['T']``."""

    element: str


Type: TypeAlias = str | ArrayOf  #: a builtin or the name of a definition, or a list of it


@frozen(kw_only=True)
class Doc:
    """A documentation comment, taken apart; texts have no comment signs and no common indent."""

    text: str = ""  #: what stands before the first section
    members: Mapping[str, str] = field(factory=dict)  #: ``@name:``, of members, values, branches
    features: Mapping[str, str] = field(factory=dict)  #: ``@name:`` below ``Features:``
    sections: tuple[tuple[str, str], ...] = ()  #: (``Returns``, text), ... as they came
    since: str = ""  #: free text after ``Since:``


@frozen(kw_only=True)
class Named:
    """What definitions, members and values have in common."""

    name: str
    condition: Condition | None = None  #: of the build; None: always there
    features: tuple[str, ...] = ()
    feature_conditions: Mapping[str, Condition] = field(factory=dict)  #: of those that have one
    since: str | None = None  #: QEMU's version that brought it; None: not documented


@frozen(kw_only=True)
class Member(Named):
    """A member of a struct, an argument, or the branch of a union or alternate."""

    type: Type
    optional: bool = False
    doc: str = ""  #: without ``(since 2.4)``

    @property
    def is_base64(self) -> bool:
        """Whether it holds octets, in base64."""
        return BASE64 in self.features and self.type == "str"


@frozen(kw_only=True)
class EnumValue(Named):
    """One string that an enum allows."""

    doc: str = ""


@frozen(kw_only=True)
class Defined(Named):
    doc: Doc = Doc()


@frozen(kw_only=True)
class Enum(Defined):
    """A string out of a few."""

    values: tuple[EnumValue, ...]


@frozen(kw_only=True)
class Struct(Defined):
    """An object; ``members`` has those of ``base`` in front."""

    members: tuple[Member, ...]
    base: str | None = None


@frozen(kw_only=True)
class Union(Defined):
    """An object whose further members depend on one of ``members``, the discriminator."""

    members: tuple[Member, ...]
    base: str | None = None  #: the struct that ``members`` came from, if it has a name
    discriminator: str
    branches: tuple[Member, ...]  #: named after the discriminator's values; struct types


@frozen(kw_only=True)
class Alternate(Defined):
    """One of several types, told apart by the kind of the JSON value."""

    branches: tuple[Member, ...]


@frozen(kw_only=True)
class Command(Defined):
    """What an agent can be asked."""

    arguments: tuple[Member, ...] = ()
    data: str | None = None  #: the type that ``arguments`` came from, if it has a name
    returns: Type | None = None  #: None: the reply is ``{}``
    success_response: bool = True  #: False: there is no reply when it works

    @property
    def allowed_while_frozen(self) -> bool:
        """Whether the agent answers even while it holds the filesystems frozen."""
        return ALLOWED_WHILE_FROZEN in self.features


@frozen(kw_only=True)
class Event(Defined):
    """What a server says unasked; guest agents have none, but the language does."""

    arguments: tuple[Member, ...] = ()
    data: str | None = None


Definition: TypeAlias = Command | Event | Struct | Union | Enum | Alternate
