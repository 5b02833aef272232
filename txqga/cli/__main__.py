"""``python -m txqga.cli`` is ``txqga``."""

from txqga.cli import main

main()
