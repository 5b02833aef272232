"""Base64 as GLib reads it, in every command that takes it. Facts 3."""

from tests.functional._files import FileBehaviour, at, data, wrote
from tests.functional._programs import Programs
from tests.functional._rows import call, error

#: facts 3, "Base64 input": what a text decodes to, or None if it is refused
BASE64: dict[str, bytes | None] = {
    "": b"",
    "YWJj": b"abc",
    "YWI=": b"ab",
    "YQ==": b"a",
    "YWJjZA==": b"abcd",
    "+/+/": b"\xfb\xff\xbf",
    # incomplete groups are dropped
    "YWJjZA": b"abc",
    "YWJjZGV": b"abc",
    "Y": b"",
    "YQ": b"",
    "YWI": b"",
    # = counts as zero, and may stand anywhere
    "====": b"\0",
    "=": b"",
    "YQ==YQ==": b"aa",
    "YWJj====YWJj": b"abc\0abc",
    "YW=J": b"a\t",
    "=WJj": b"\x01bc",
    "Y=Jj": b"`\x02c",
    "YWJj=": b"abc",
    "YWI=YWI=": b"abab",
    "Y===": b"`",
    "==JJ": b"\x00\x02I",
    # newlines are skipped, and nothing else
    "YW\nJj": b"abc",
    "\n\nYWJj\n": b"abc",
    "Y\nQ\n=\n=\n": b"a",
    "YWJj\r\n": None,
    "YW Jj": None,
    "YWJj ": None,
    "\t": None,
    "-_-_": None,
    "YWJj*": None,
    "*": None,
    "é": None,
    "YWJj\0": None,
    "%": None,
}


class Base64InFiles(FileBehaviour):
    def test_decoding(self) -> None:
        """
        Base64 is read as leniently as GLib does it, and no more leniently.
        """
        for text, octets in BASE64.items():
            handle = self.open("w+")
            arguments = {"handle": handle, "buf-b64": text}
            if octets is None:
                refusal = error("Base64 data contains invalid characters")
                self.check(call("guest-file-write", arguments, refusal))
            else:
                self.check(
                    call("guest-file-write", arguments, wrote(len(octets))),
                    self.seek(handle, 0, 0, at(0)),
                    self.read(handle, data(octets, eof=True)),
                )

    def test_all_octets(self) -> None:
        """
        Every octet survives, at every place of a group.
        """
        for shift in range(3):
            octets = b"\0" * shift + bytes(range(256)) * 3
            handle = self.open("w+")
            self.check(
                self.write(handle, octets),
                self.seek(handle, 0, 0, at(0)),
                self.read(handle, data(octets, eof=True)),
            )


class Base64InPrograms(Programs):
    def test_input_data(self) -> None:
        """
        The input of a program is base64 of the same kind.
        """
        for text, octets in BASE64.items():
            if octets is None:
                refusal = error("Base64 data contains invalid characters")
                self.check(call("guest-exec", {"path": "/bin/cat", "input-data": text}, refusal))
            else:
                self.assertEqual(self.output("/bin/cat", input_data=text), octets, text)


globals().update(Base64InFiles.for_every_agent())
globals().update(Base64InPrograms.for_every_agent())
