"""Patterns for names and for values of arguments."""

import re

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.policy._patterns import EVERYTHING, Patterns, names, patterns


def by_regex(word: str, text: str) -> bool:
    """The same, in the plainest words, however long it takes."""
    parts = re.findall(r"\*\*+|\*|\?|[^*?]", word)
    wild = {"*": r"[^/\\]*", "?": r"[^/\\]"}
    return bool(
        re.fullmatch(
            "".join(wild.get(p) or (".*" if p[0] == "*" else re.escape(p)) for p in parts),
            text,
            re.DOTALL,
        )
    )


class PatternsTests(SynchronousTestCase):
    def fits(self, word: str, *texts: str) -> list[bool]:
        return [Patterns((word,)).fit(text) for text in texts]

    def test_plain(self) -> None:
        """
        A word without wildcards is itself, and nothing of it is special.
        """
        self.assertEqual(self.fits("a.b[c]", "a.b[c]", "axb[c]", "a.bc", ""), [True, *[False] * 3])
        self.assertEqual(self.fits("", "", "a"), [True, False])

    def test_wildcards(self) -> None:
        """
        ``*`` and ``?`` stop at a slash, ``**`` does not.
        """
        self.assertEqual(
            self.fits("guest-get-*", "guest-get-", "guest-get-osinfo", "guest-set-time"),
            [True, True, False],
        )
        self.assertEqual(self.fits("/var/*/x", "/var/a/x", "/var/a/b/x"), [True, False])
        self.assertEqual(self.fits("/var/**/x", "/var/a/x", "/var/a/b/x"), [True, True])
        self.assertEqual(
            self.fits("?", "a", "", "ab", "/", "\n"), [True, False, False, False, True]
        )

    def test_several(self) -> None:
        """
        One of several has to fit.
        """
        several = patterns(["a", "b*"])
        self.assertEqual([several.fit(text) for text in ("a", "bc", "c")], [True, True, False])
        self.assertIs(patterns(["a", "**"]), EVERYTHING)

    def test_up(self) -> None:
        """
        What climbs up a path is not where its beginning says.
        """
        for path in ("/var/log/../../etc/shadow", "/var/log/..", "../var/log/x"):
            self.assertEqual(self.fits("/var/log/**", path), [False])
            self.assertEqual(self.fits("**/**", path), [False])
            self.assertEqual(self.fits("**", path), [True])
        self.assertEqual(self.fits("/var/log/**", "/var/log/..a", "/var/log/a.."), [True, True])
        self.assertEqual(self.fits("../x", "../x"), [True])

    def test_windows(self) -> None:
        """
        Paths of Windows have parts too, and what climbs up one is not where its beginning says.
        """
        here = ("C:/logs/a", "C:\\logs\\a", "C:\\logs\\a\\b")
        self.assertEqual(self.fits("C:\\logs\\*", *here), [False, True, False])
        self.assertEqual(self.fits("C:\\logs\\**", *here), [False, True, True])
        self.assertEqual(self.fits("C:\\logs\\?", *here), [False, True, False])
        for up in ("..\\x", "..\\..\\x", "a\\../x", "a/..\\x", ".. \\x", "...\\x", ".."):
            self.assertEqual(self.fits("C:\\logs\\**", f"C:\\logs\\{up}"), [False])
            self.assertEqual(self.fits("C:/logs/**", f"C:/logs/{up}"), [False])

    def test_names(self) -> None:
        """
        Of names, which have no parts, a star is all.
        """
        self.assertIs(names(["*"]), EVERYTHING)
        self.assertIs(names(["a", "*"]), EVERYTHING)
        self.assertEqual(names(["a*"]), patterns(["a*"]))

    def test_everything(self) -> None:
        """
        Everything is everything.
        """
        for text in ("", "/", "..", "\n\0"):
            self.assertTrue(EVERYTHING.fit(text))

    @given(st.text("ab/\\*?", max_size=8), st.text("ab/\\", max_size=8))
    def test_as_regular_expressions(self, word: str, text: str) -> None:
        """
        Patterns fit what regular expressions of the same meaning fit.
        """
        self.assertEqual(Patterns((word,)).fit(text), by_regex(word, text))

    def test_many_wildcards(self) -> None:
        """
        A pattern of many wildcards is no work that grows out of hand.
        """
        self.assertEqual(self.fits("*a" * 50 + "b", "a" * 4000), [False])
        self.assertEqual(self.fits("**a" * 50 + "b", "a" * 4000 + "b"), [True])
