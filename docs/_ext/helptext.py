"""The directive ``help-of``: what a program prints about its options, as it prints it."""

import subprocess
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class HelpOf(SphinxDirective):
    """Run a program of this environment with ``--help`` and show what it prints."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Print it into a block."""
        self.env.note_reread()
        program, *words = self.arguments[0].split()
        path = str(Path(sys.executable).with_name(program))
        done = subprocess.run(
            [path, *words, "--help"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        text = done.stdout.replace(path, program).strip()
        return [nodes.literal_block(text, text, language="none")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("help-of", HelpOf)
    return {"parallel_read_safe": True}
