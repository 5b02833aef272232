"""Plug-ins written to files, as somebody would."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.plugins._trusted import TrustedFiles

SCHEMA = "{ 'command': 'x-double', 'data': { 'n': 'int', '*by': 'int' }, 'returns': 'int' }"
COMMANDS = "def x_double(n, by=2):\n    return n * by\n"


class FoldersTests(SynchronousTestCase):
    """A test case with a folder for plug-ins, and no tests of its own."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.files = TrustedFiles(strict=False)

    def write(
        self, name: str, schema: str | bytes = SCHEMA, commands: str | bytes = COMMANDS
    ) -> Path:
        """A plug-in of that name."""
        folder = self.folder / name
        folder.mkdir()
        for file, content in (("schema.json", schema), ("commands.py", commands)):
            octets = content.encode() if isinstance(content, str) else content
            (folder / file).write_bytes(octets)
        return folder
