"""The control interface, as the mux's command line describes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twisted.application.service import Service

from txqga.mux import Mux
from txqga.schema import extended


def make_control(reactor: Any, mux: Mux, options: Mapping[str, Any]) -> Service:
    """
    Make the service that serves it.

    :raise CannotStart: everybody who reaches its endpoint could do everything.
    :raise ValueError: it is no endpoint, or the file of tokens is wrong.
    """
    from txqga.control import Control, ControlOptions  # a web server, for those who want one

    tokens = options["http-tokens"]
    control = ControlOptions(
        endpoint=options["http"],
        tokens=None if tokens is None else Path(tokens),
        hosts=tuple(options["http-hosts"]),
    )
    try:
        return Control(reactor, mux, control, extended())
    except OSError as why:
        raise ValueError(f"--http-tokens: {why}") from why
    except ValueError as why:
        raise ValueError(f"--http: {why}") from why
