"""Tokens to values."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import LimitExceeded, MalformedJSON
from txqga.wire import JSON
from txqga.wire._grammar import Grammar
from txqga.wire._tokens import Tokens


def feed(grammar: Grammar, text: bytes) -> list[JSON]:
    """Give the grammar the tokens of a text; return the values that became whole."""
    tokens, pos, values = Tokens(), 0, []
    while (token := tokens.read(text + b" ", pos)) is not None:
        if grammar.take(token):
            values.append(grammar.pop())
        pos = token[3]
    return values


class GrammarTests(SynchronousTestCase):
    def test_values(self) -> None:
        """
        Each value is whole with its last token.
        """
        text = b'1 "a" null [] {} [1,[2],{"a":3}] {"a":{"b":[]},"c":null}'
        wanted = [1, "a", None, [], {}, [1, [2], {"a": 3}], {"a": {"b": []}, "c": None}]
        self.assertEqual(feed(Grammar(9), text), wanted)

    def test_last_key_wins(self) -> None:
        """
        Of members with the same name, the last one counts.
        """
        self.assertEqual(feed(Grammar(9), b'{"a":1,"b":2,"a":3}'), [{"a": 3, "b": 2}])

    def test_faults(self) -> None:
        """
        A fault shows at the first token that cannot follow, and says what could.
        """
        for text, desc in [
            (b"}", "expecting value"),
            (b"]", "expecting value"),
            (b",", "expecting value"),
            (b":", "expecting value"),
            (b"[,", "expecting value"),
            (b"[1,]", "expecting value"),
            (b"[}", "expecting value"),
            (b'{"a":}', "expecting value"),
            (b"{]", "expecting key"),
            (b"{1", "expecting key"),
            (b"{,", "expecting key"),
            (b"{{", "expecting key"),
            (b'{"a":1,}', "expecting key"),
            (b'{"a":1,2', "expecting key"),
            (b'{"a"}', "expecting ':'"),
            (b'{"a","b"', "expecting ':'"),
            (b'{"a":1]', "expected ',' or '}'"),
            (b'{"a":1:', "expected ',' or '}'"),
            (b"[1}", "expected ',' or ']'"),
            (b"[1 2", "expected ',' or ']'"),
        ]:
            fault = self.assertRaises(MalformedJSON, feed, Grammar(9), text)
            self.assertEqual(str(fault), "JSON parse error, " + desc, text)

    def test_depth(self) -> None:
        """
        Nesting is counted, arrays and objects alike, and limited.
        """
        grammar = Grammar(3)
        self.assertEqual(feed(grammar, b'[{"a":[]}]'), [[{"a": []}]])
        self.assertEqual(grammar.depth, 0)
        self.assertRaises(LimitExceeded, feed, grammar, b'[{"a":[[')
        self.assertEqual(grammar.depth, 3)

    def test_reset(self) -> None:
        """
        An unfinished value can be forgotten.
        """
        grammar = Grammar(9)
        feed(grammar, b'{"a":[1,')
        grammar.reset()
        self.assertEqual(grammar.depth, 0)
        self.assertEqual(feed(grammar, b"{}"), [{}])
