"""Text as the system wants it."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._octets import octets, text


class OctetsTests(SynchronousTestCase):
    def test_utf8(self) -> None:
        """
        Text goes to the system in UTF-8, whatever the locale.
        """
        self.assertEqual(octets("/tmp/Füße\U0001f600"), b"/tmp/F\xc3\xbc\xc3\x9fe\xf0\x9f\x98\x80")

    def test_nul(self) -> None:
        """
        U+0000 does not end a path early.
        """
        self.assertEqual(octets("/etc/passwd\0.txt"), b"/etc/passwd\xc0\x80.txt")

    def test_smuggled(self) -> None:
        """
        A name that is not UTF-8, as Python lists it, is the same name again.
        """
        self.assertEqual(octets(b"caf\xe9".decode("utf-8", "surrogateescape")), b"caf\xe9")


class TextTests(SynchronousTestCase):
    def test_utf8(self) -> None:
        """
        What the system says is UTF-8, whatever the locale.
        """
        self.assertEqual(text(b"/tmp/F\xc3\xbc\xc3\x9fe"), "/tmp/Füße")

    def test_smuggled(self) -> None:
        """
        What is not UTF-8 goes back to the system as it came.
        """
        for name in (b"caf\xe9", b"\xff\xfe", b"a\xc3", bytes(range(1, 256))):
            self.assertEqual(octets(text(name)), name)
