"""
The agent in the guest: ``txqga-agent``, and ``twistd qga-agent``.

:func:`main` imports as little as it can, and what it does import it imports in its own way
(:mod:`txqga.agent.process`). So what twistd asks for, ``Options`` and ``makeService``, is in a
module of its own, which is imported when it is asked for.
"""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from txqga.daemons._agent_service import Options, makeService

__all__ = ["Options", "main", "makeService"]


def main() -> None:
    """Be ``txqga-agent``: never returns."""
    sys.dont_write_bytecode = True
    from txqga.agent.process import main as run

    sys.exit(run(sys.argv))


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from txqga.daemons import _agent_service

    return getattr(_agent_service, name)


if __name__ == "__main__":
    main()
