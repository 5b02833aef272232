"""
QAPI text, cut into tokens.

The language (docs/devel/qapi-code-gen in QEMU) is JSON with single quotes and ``#`` comments. One
regular expression cuts it; a token is its text, and its first character tells what it is. Lines are
counted only when a fault is reported: a schema is read at every start, and is nearly always right.
"""

import re

from attrs import define, field

from txqga.errors import SchemaError

#: a documentation comment is one token, from its ``##`` to the closing one
_TOKEN = re.compile(
    r"""
    (?: [ \t\r\n]+ | \#(?!\#)[^\n]* )*      # blanks, plain comments
    (
        '(?: [^'\\\n] | \\. )*'
      | "(?: [^"\\\n] | \\. )*"
      | [{}\[\]:,]
      | \#\#[ \t\r]*\n (?: [ \t]*\#(?!\#)[^\n]*\n )* [ \t]*\#\#[ \t\r]*(?=\n|\Z)
      | true | false
      | \S
      | \Z
    )
    """,
    re.VERBOSE,
)
_PUNCTUATION = frozenset("{}[]:,")
QUOTES = frozenset("'\"")
#: what a token that nothing else wants says about the text
_STRAY = {
    "'": "a string does not end on its line",
    '"': "a string does not end on its line",
    "#": "a documentation comment is lines that begin with '#', between two lines '##'",
}


@define(eq=False)
class Source:
    """One schema text, as tokens; the last ones are empty and stand for its end."""

    text: str
    where: str  #: the name of the file, for people
    tokens: list[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        self.tokens += ["", "", ""]  # a reader may look three tokens ahead
        for token in set(self.tokens):
            if (len(token) == 1 and token not in _PUNCTUATION) or "\\" in token:
                self._complain()

    def _complain(self) -> None:
        """Report the first token that no schema may have."""
        for at, token in enumerate(self.tokens):
            if len(token) == 1 and token not in _PUNCTUATION:
                raise self.fault(at, _STRAY.get(token, f"nothing begins with {token!r}"))
            if token[:1] in QUOTES and "\\" in token:
                raise self.fault(at, f"names need no backslash: {token}")

    def line(self, at: int) -> int:
        """Tell on which line token number ``at`` begins, from 1."""
        start = len(self.text)
        for number, found in enumerate(_TOKEN.finditer(self.text)):
            if number == at:
                start = found.start(1)
                break
        return self.text.count("\n", 0, start) + 1

    def fault(self, at: int, why: str) -> SchemaError:
        """Give the error to raise for what is wrong at token number ``at``."""
        return SchemaError(f"{self.where}:{self.line(at)}", why)
