"""
Tokens into expressions: objects, lists, strings and booleans that remember where they stood.
"""

from typing import TypeAlias

from attrs import frozen

from txqga.schema._tokens import QUOTES, Source

#: no QAPI expression is deeper than a conditional feature of a member
_MAX_DEPTH = 12


class Object(dict[str, "Value"]):
    """Members in order; ``places`` has the token number of each member's name."""

    def __init__(self, *members: tuple[str, "Value"]) -> None:
        super().__init__(members)
        self.places: dict[str, int] = {}


class Array(list["Value"]):
    """Elements in order; ``places`` has the token number of each."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[int] = []


Value: TypeAlias = Object | Array | str | bool


@frozen
class Expression:
    """One top-level object, with the documentation comment right before it."""

    body: Object
    at: int  #: token number of its brace
    doc: str  #: the comment as it stands in the text, or empty
    doc_at: int


def read(source: Source) -> list[Expression]:
    """
    Read a whole schema text.

    :raise SchemaError: something is not an object, not closed, or twice in one object.
    """
    found: list[Expression] = []
    doc, doc_at = "", 0
    reader = _Reader(source)
    tokens = source.tokens
    while token := tokens[reader.at]:
        at = reader.at
        if token == "{":
            reader.at += 1
            found.append(Expression(reader.object(1), at, doc, doc_at))
            doc = ""
        elif token[0] == "#":
            doc, doc_at = token, at
            reader.at += 1
        else:
            raise source.fault(at, f"a definition begins with '{{', not with {token}")
    return found


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = source.tokens
        self.at = 0

    def value(self, depth: int) -> Value:
        at = self.at
        token = self._tokens[at]
        self.at = at + 1
        if token[:1] in QUOTES:
            return token[1:-1]
        if depth > _MAX_DEPTH:
            raise self._source.fault(at, "nested too deeply")
        if token == "{":
            return self.object(depth + 1)
        if token == "[":
            return self.array(depth + 1)
        if token == "true" or token == "false":
            return token == "true"
        raise self._expected(at, "a value")

    def object(self, depth: int) -> Object:
        """Read on behind a brace, to the one that closes it."""
        tokens = self._tokens
        result = Object()
        places = result.places
        at = self.at
        if tokens[at] == "}":
            self.at = at + 1
            return result
        while True:
            key = tokens[at]
            if key[:1] not in QUOTES:
                raise self._expected(at, "a member's name in quotes")
            name = key[1:-1]
            if name in result:
                raise self._source.fault(at, f"'{name}' is there twice")
            if tokens[at + 1] != ":":
                raise self._expected(at + 1, f"':' after '{name}'")
            places[name] = at
            self.at = at + 2
            result[name] = self.value(depth)
            at = self.at + 1
            token = tokens[self.at]
            if token == "}":
                self.at = at
                return result
            if token != ",":
                raise self._expected(self.at, "',' or '}'")

    def array(self, depth: int) -> Array:
        """Read on behind a bracket, to the one that closes it."""
        tokens = self._tokens
        result = Array()
        places = result.places
        if tokens[self.at] == "]":
            self.at += 1
            return result
        while True:
            places.append(self.at)
            result.append(self.value(depth))
            token = tokens[self.at]
            if token == "]":
                self.at += 1
                return result
            if token != ",":
                raise self._expected(self.at, "',' or ']'")
            self.at += 1

    def _expected(self, at: int, what: str) -> Exception:
        token = self._tokens[at]
        if token[:1] == "#":
            token = "a documentation comment"
        return self._source.fault(at, f"{what} was expected, not {token or 'the end'}")
