"""``python -m txqga.cli`` is ``txqga``."""

from txqga.cli import main

if __name__ == "__main__":  # who looks at all modules imports this one too
    main()
