"""The documentation; every warning is an error (see the Makefile)."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import txqga  # noqa: E402

project = "txqga"
author = "the txqga authors"
version = release = txqga.__version__

extensions = [
    "sphinx.ext.autodoc",
    "docs._ext.changelog",
    "docs._ext.commands",
    "docs._ext.helptext",
    "docs._ext.signatures",
]
exclude_patterns = ["_build", "newsfragments"]

# One backtick, as QEMU's documentation has it, is the wire's own words.
default_role = "literal"

html_theme = "furo"
html_title = f"txqga {release}"
html_theme_options = {"navigation_with_keys": True}
html_show_copyright = False

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autoclass_content = "both"
