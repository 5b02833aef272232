"""``os-release``; what is expected was seen in qemu-ga 10.0's answers."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._os_release import members, unquoted

DEBIAN = b"""\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
"""


class MembersTests(SynchronousTestCase):
    def test_members(self) -> None:
        """
        A distribution says what it is.
        """
        self.assertEqual(
            members(DEBIAN),
            {
                "id": "debian",
                "name": "Debian GNU/Linux",
                "pretty-name": "Debian GNU/Linux 12 (bookworm)",
                "version": "12 (bookworm)",
                "version-id": "12",
            },
        )
        variant = b"VARIANT=Server\nVARIANT_ID=server\n"
        self.assertEqual(members(variant), {"variant": "Server", "variant-id": "server"})

    def test_lines(self) -> None:
        """
        Comments and blank lines do not count, of equal keys the last does, empty is not absent.
        """
        for octets in (
            b"ID=x\n",
            b"ID=x",
            b"\n# c\n  ID = x\n\n",
            b"ID=x\r\n",
            b"ID=w\nID=x\nID[de]=y\n",
            b"ID=x\n[other]\nID=y\n",
            b"[other]\nID=y\n[os-release]\nID=x\n",
            b"ID=x\0y\n",
        ):
            self.assertEqual(members(octets), {"id": "x"}, octets)
        self.assertEqual(members(b'NAME=""\nVERSION=\n'), {"name": "", "version": ""})
        self.assertEqual(members(b""), {})

    def test_unreadable(self) -> None:
        """
        One line that is wrong spoils the whole file, and so does one octet.
        """
        for octets in (b"ID=x\nexport NAME=y\nnot a line\n", b"ID=caf\xe9\n", b"ID=x\n=y\n"):
            self.assertEqual(members(octets), {}, octets)
        self.assertEqual(members("ID=é\n".encode()), {"id": "é"})


class UnquotedTests(SynchronousTestCase):
    def check(self, *rows: tuple[str, str]) -> None:
        for value, expected in rows:
            self.assertEqual(unquoted(value.encode()), expected.encode(), value)

    def test_double_quotes(self) -> None:
        """
        Between double quotes a backslash takes the meaning from what has one.
        """
        self.check(
            ('"a b;c"', "a b;c"),
            ('""', ""),
            ('"a" tail', "a"),
            ('"a"b"', "a"),
            (r'"\$ \" \' \\ \`"', "$ \" ' \\ `"),
            (r'"\n \q"', r"\n \q"),
            (r'"Unit test \"\'\$\`\\ and \\\\ etc."', r"""Unit test "'$`\ and \\ etc."""),
        )

    def test_no_quotes(self) -> None:
        """
        Without quotes a value ends at the first blank or semicolon; single quotes are none.
        """
        self.check(
            ("a", "a"), ("", ""), ("a b", "a"), ("a;b c", "a"), ("a b;c", "a"), (r"a\$", r"a\$")
        )
        self.check(("'single q'", "'single"), ("'a'", "'a'"))

    def test_unterminated(self) -> None:
        """
        Where the closing quote is missing, the end comes twice, as in qemu-ga.
        """
        self.check(('"abc', "abcc"), ('"', '"'), (r'"unterm \$é', "unterm $éé"), ('"\\', "\\\\"))
        self.assertEqual(unquoted('"é'.encode()), b"\xc3\xa9\xa9")
