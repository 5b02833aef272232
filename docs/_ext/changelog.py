"""The directive ``unreleased``: the news fragments that no release has gathered yet."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FRAGMENTS = Path(__file__).parent.parent / "newsfragments"

#: Kinds of fragments, by the middle part of their names, in the order of the page.
KINDS = {
    "feature": "New",
    "bugfix": "Fixed",
    "doc": "Documentation",
    "removal": "Removed",
    "misc": "Also",
}


class Unreleased(SphinxDirective):
    """List the fragments by kind; nothing where there are none."""

    def run(self) -> list[nodes.Node]:
        """Write the list as the page would, and parse it."""
        self.env.note_reread()
        lines: list[str] = []
        for kind, title in KINDS.items():
            paths = sorted(FRAGMENTS.glob(f"*.{kind}.rst"))
            if paths:
                lines += [f"**{title}**", ""]
            for path in paths:
                first, *rest = path.read_text(encoding="utf-8").strip().splitlines()
                lines += [f"- {first}", *(f"  {line}" for line in rest)]
            lines.append("")
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("unreleased", Unreleased)
    return {"parallel_read_safe": True}
