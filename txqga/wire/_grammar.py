"""
Tokens to values: JSON's grammar as a pushdown automaton.

There is no recursion, so nesting costs memory of the heap only; a fault shows at the first token
that cannot follow, which is when QEMU reports it.
"""

from collections.abc import Callable

from txqga.errors import LimitExceeded, MalformedJSON
from txqga.wire._events import JSON
from txqga.wire._limits import TOO_DEEP
from txqga.wire._tokens import STRING, Token

_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_ARRAY, _CLOSE_ARRAY, _COMMA, _COLON = b"{}[],:"
_VALUES = frozenset((*range(1, 3), _OPEN_OBJECT, _OPEN_ARRAY))


class Grammar:
    """
    Builds one value after the other.

    :param depth: how many arrays and objects may be open
    """

    def __init__(self, depth: int) -> None:
        self._limit = depth
        self.reset()

    def reset(self) -> None:
        """Forget the unfinished value."""
        self._outer: list[tuple[JSON, str]] = []  # containers around the open one, and their keys
        self._open: JSON = None  # the innermost container
        self._key = ""  # where in the open object the next value goes
        self._whole: JSON = None
        #: Takes a token that is neither a fault nor the sentinel; returns whether it made the value
        #: whole; raises MalformedJSON if it cannot stand here, LimitExceeded if it nests too deep.
        self.take: Callable[[Token], bool] = self._value

    @property
    def depth(self) -> int:
        """How many arrays and objects are open."""
        return len(self._outer)

    def pop(self) -> JSON:
        """Hand over the value that became whole."""
        value, self._whole = self._whole, None
        return value

    def _value(self, token: Token) -> bool:
        kind = token[0]
        if kind == _OPEN_OBJECT:
            return self._descend({}, self._first_key)
        if kind == _OPEN_ARRAY:
            return self._descend([], self._first_element)
        if kind not in _VALUES:
            raise MalformedJSON("JSON parse error, expecting value")
        return self._place(token[1])

    def _first_key(self, token: Token) -> bool:
        if token[0] == _CLOSE_OBJECT:
            return self._ascend()
        return self._name(token)

    def _name(self, token: Token) -> bool:
        if token[0] != STRING:
            raise MalformedJSON("JSON parse error, expecting key")
        self._key = token[1]
        self.take = self._colon
        return False

    def _colon(self, token: Token) -> bool:
        if token[0] != _COLON:
            raise MalformedJSON("JSON parse error, expecting ':'")
        self.take = self._value
        return False

    def _first_element(self, token: Token) -> bool:
        if token[0] == _CLOSE_ARRAY:
            return self._ascend()
        return self._value(token)

    def _after_member(self, token: Token) -> bool:
        if token[0] == _COMMA:
            self.take = self._name
            return False
        if token[0] == _CLOSE_OBJECT:
            return self._ascend()
        raise MalformedJSON("JSON parse error, expected ',' or '}'")

    def _after_element(self, token: Token) -> bool:
        if token[0] == _COMMA:
            self.take = self._value
            return False
        if token[0] == _CLOSE_ARRAY:
            return self._ascend()
        raise MalformedJSON("JSON parse error, expected ',' or ']'")

    def _descend(self, container: JSON, then: Callable[[Token], bool]) -> bool:
        if len(self._outer) >= self._limit:
            raise LimitExceeded(TOO_DEEP)
        self._outer.append((self._open, self._key))
        self._open = container
        self.take = then
        return False

    def _ascend(self) -> bool:
        whole = self._open
        self._open, self._key = self._outer.pop()
        return self._place(whole)

    def _place(self, value: JSON) -> bool:
        if self._open is None:
            self._whole = value
            self.take = self._value
            return True
        if type(self._open) is dict:
            self._open[self._key] = value
            self.take = self._after_member
        else:
            self._open.append(value)
            self.take = self._after_element
        return False
