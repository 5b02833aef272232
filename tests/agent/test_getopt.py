"""The command line, read as GNU getopt_long reads it; the texts are glibc's."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._getopt import BadOption, Option, Takes, getopt_long

OPTIONS = (
    Option("V", "version"),
    Option("F", "hook", Takes.MAYBE),
    Option("v", "verbose"),
    Option("p", "path", Takes.ARGUMENT),
    Option("P", "path-two", Takes.ARGUMENT),
    Option(None, "only-long", Takes.ARGUMENT),
)


class GetoptTests(SynchronousTestCase):
    def test_forms(self) -> None:
        """
        Every form of an option and of its argument means the same.
        """
        for words, meant in (
            (["-v", "-p", "x"], [("v", None), ("p", "x")]),
            (["-vpx"], [("v", None), ("p", "x")]),
            (["-vp", "x"], [("v", None), ("p", "x")]),
            (["--path", "x"], [("p", "x")]),
            (["--path=x"], [("p", "x")]),
            (["--path=a=b"], [("p", "a=b")]),
            (["--path="], [("p", "")]),
            (["-p", ""], [("p", "")]),
            (["-p", "-v"], [("p", "-v")]),
            (["-p", "--"], [("p", "--")]),
            (["-F"], [("F", None)]),
            (["-F/x", "--hook"], [("F", "/x"), ("F", None)]),
            (["--hook=/x", "--hook="], [("F", "/x"), ("F", "")]),
            (["-Fv"], [("F", "v")]),
            (["-vF"], [("v", None), ("F", None)]),
            (["--only-long", "x", "--only=y"], [("only-long", "x"), ("only-long", "y")]),
        ):
            self.assertEqual(list(getopt_long(words, OPTIONS)), meant, words)

    def test_optional_argument(self) -> None:
        """
        An optional argument stands in the same word: the next word is none.
        """
        for words in (["-F", "/x"], ["--hook", "/x"], ["-F", ""]):
            self.assertEqual(list(getopt_long(words, OPTIONS)), [("F", None)], words)

    def test_abbreviated(self) -> None:
        """
        A long option may be cut short as long as it is the only one; the exact name always is.
        """
        for word, letter in (("--ho", "F"), ("--verb", "v"), ("--vers", "V"), ("--path", "p")):
            [(found, _)] = getopt_long([word, "x"], OPTIONS)
            self.assertEqual(found, letter, word)

    def test_no_options(self) -> None:
        """
        Words that are no option are passed over, and so is all that follows two dashes.
        """
        words = ["a", "-", "-v", "b", "--", "-V", "--nonsense"]
        self.assertEqual(list(getopt_long(words, OPTIONS)), [("v", None)])

    def test_wrong(self) -> None:
        """
        What is wrong is told in getopt's words.
        """
        for words, desc in (
            (["-x"], "invalid option -- 'x'"),
            (["-vxV"], "invalid option -- 'x'"),
            (["-?"], "invalid option -- '?'"),
            (["-v-"], "invalid option -- '-'"),
            (["--foo"], "unrecognized option '--foo'"),
            (["--foo=1"], "unrecognized option '--foo=1'"),
            (["--ver"], "option '--ver' is ambiguous; possibilities: '--version' '--verbose'"),
            (["--ve=1"], "option '--ve=1' is ambiguous; possibilities: '--version' '--verbose'"),
            (["--verb=1"], "option '--verbose' doesn't allow an argument"),
            (["--path"], "option '--path' requires an argument"),
            (["-p"], "option requires an argument -- 'p'"),
            (["-vp"], "option requires an argument -- 'p'"),
        ):
            with self.assertRaises(BadOption) as caught:
                list(getopt_long(words, OPTIONS))
            self.assertEqual(str(caught.exception), desc, words)

    def test_up_to_the_fault(self) -> None:
        """
        What stands before a wrong word is seen, so that -V and -h work in front of one.
        """
        found = getopt_long(["-v", "-x"], OPTIONS)
        self.assertEqual(next(found), ("v", None))
        self.assertRaises(BadOption, next, found)
