"""Tests for taking documentation comments apart."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import Doc
from txqga.schema._doc import member_doc, read_doc, version_in


def comment(text: str) -> str:
    """Give a text the signs of a comment."""
    lines = [f"# {line}".rstrip() for line in text.strip("\n").split("\n")]
    return "\n".join(["##", *lines, "##"])


class ReadDocTests(SynchronousTestCase):
    def test_whole(self) -> None:
        """
        A comment has a subject, a text, members, sections and a version.
        """
        subject, doc = read_doc(
            comment(
                """
@guest-x:

What it does,
in two lines.

More about it.

@one: the first

@two-b: the second,
    longer (since 2.4)

Returns: something

Errors:
    - `this`
    - `that`

Features:

@unstable: may go away

Note:: be careful

Since: 1.5
"""
            )
        )
        self.assertEqual(subject, "guest-x")
        self.assertEqual(
            doc,
            Doc(
                text="What it does,\nin two lines.\n\nMore about it.",
                members={"one": "the first", "two-b": "the second,\nlonger (since 2.4)"},
                features={"unstable": "may go away"},
                sections=(
                    ("Returns", "something"),
                    ("Errors", "- `this`\n- `that`"),
                    ("Note", "be careful"),
                ),
                since="1.5",
            ),
        )

    def test_text_behind_members(self) -> None:
        """
        A paragraph that is not indented, behind a member's, is about the whole.
        """
        _, doc = read_doc(comment("@x:\n\nAbout x.\n\n@a: about a\n\nMore about x."))
        self.assertEqual(doc.text, "About x.\n\nMore about x.")
        self.assertEqual(doc.members, {"a": "about a"})

    def test_old_style(self) -> None:
        """
        Comments of older schemas are read too: no empty lines, no indent.
        """
        subject, doc = read_doc(
            comment("@x:\nAbout x.\n@a: #optional about\na\n@b: about b\nReturns: y\nSince: 0.15.0")
        )
        self.assertEqual(subject, "x")
        self.assertEqual(doc.text, "About x.")
        self.assertEqual(doc.members, {"a": "#optional about\na", "b": "about b"})
        self.assertEqual((doc.sections, doc.since), ((("Returns", "y"),), "0.15.0"))

    def test_paragraphs_of_a_member(self) -> None:
        """
        Indented paragraphs behind a member belong to it.
        """
        _, doc = read_doc(comment("@x:\n\n@a: one\n\n    two\n\n      deeper"))
        self.assertEqual(doc.members, {"a": "one\n\ntwo\n\n  deeper"})

    def test_words_that_only_look_like_sections(self) -> None:
        """
        A sentence that begins with the word of a section is a sentence.
        """
        _, doc = read_doc(comment("@x:\n\nSince then it works.\nReturns, mostly."))
        self.assertEqual(doc.text, "Since then it works.\nReturns, mostly.")
        self.assertEqual(doc.sections, ())

    def test_at_signs(self) -> None:
        """
        Only a name with a colon at the beginning of a line begins a member.
        """
        _, doc = read_doc(comment("@x:\n\nSee @y: it is\n@z without one."))
        self.assertEqual(doc.text, "See @y: it is\n@z without one.")

    def test_no_subject(self) -> None:
        """
        A comment without a name at its beginning is about nothing in particular.
        """
        subject, doc = read_doc(comment("= A heading\n\nProse."))
        self.assertEqual((subject, doc.text), ("", "= A heading\n\nProse."))
        self.assertEqual(read_doc("##\n##"), ("", Doc()))

    def test_only_a_subject(self) -> None:
        """
        A comment may give a name and no more.
        """
        self.assertEqual(read_doc(comment("@x:")), ("x", Doc()))


class VersionTests(SynchronousTestCase):
    def test_version_in(self) -> None:
        """
        "Since" is free text: the first version in it counts.
        """
        for since, version in (
            ("2.10", "2.10"),
            ("0.15.0", "0.15.0"),
            ("9.1 (windows: 11.0)", "9.1"),
            ("QEMU 5.2", "5.2"),
            ("the first age", None),
            ("", None),
        ):
            self.assertEqual(version_in(since), version)

    def test_member_doc(self) -> None:
        """
        A member says in brackets since when it is there; what else it says remains.
        """
        for text, expected in (
            ("about it (since 2.4)", ("about it", "2.4")),
            ("about it (since\n2.4); more", ("about it; more", "2.4")),
            ("(since 2.4)", ("", "2.4")),
            ("about it (since 2.11, on Linux)", ("about it (since 2.11, on Linux)", "2.11")),
            ("since 2.4 it works", ("since 2.4 it works", None)),
            ("(sincerely)", ("(sincerely)", None)),
            ("(since 2.4", ("(since 2.4", None)),
            ("", ("", None)),
        ):
            self.assertEqual(member_doc(text), expected)
