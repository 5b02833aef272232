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
        program, *words = self.arguments[0].split()
        done = subprocess.run(
            [str(Path(sys.executable).parent / program), *words, "--help"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return [nodes.literal_block(done.stdout, done.stdout.strip(), language="none")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("help-of", HelpOf)
    return {"parallel_read_safe": True}
