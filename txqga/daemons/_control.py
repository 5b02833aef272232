"""The control interface, as the mux's command line describes it."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from twisted.application.service import MultiService, Service

from txqga.fsfreeze import Hook
from txqga.mux import Mux
from txqga.schema import extended


def make_control(reactor: Any, mux: Mux, options: Mapping[str, Any]) -> Service:
    """
    Make the service that serves it, and the one that asks guests how they are, if that is wanted.

    :raise CannotStart: everybody who reaches its endpoint could do everything.
    :raise ValueError: it is no endpoint, or the file of tokens is wrong.
    """
    from txqga.control import Control, ControlOptions  # a web server, for those who want one

    tokens = options["http-tokens"]
    control = ControlOptions(
        endpoint=options["http"],
        tokens=None if tokens is None else Path(tokens),
        hosts=tuple(options["http-hosts"]),
        hook=None if options["freeze-hook"] is None else Hook([options["freeze-hook"]]),
    )
    service = MultiService()
    more: Callable[[Iterable[str]], Iterable[Any]] = lambda names: ()  # noqa: E731 - one of two
    if options["poll"]:
        more = _polled(reactor, mux, service)
    try:
        Control(reactor, mux, control, extended(), more).setServiceParent(service)  # type: ignore[no-untyped-call]
    except OSError as why:
        raise ValueError(f"--http-tokens: {why}") from why
    except ValueError as why:
        raise ValueError(f"--http: {why}") from why
    return service


def _polled(
    reactor: Any, mux: Mux, parent: MultiService
) -> Callable[[Iterable[str]], Iterable[Any]]:
    """Ask the guests of a mux how they are, and give what tells their figures."""
    from txqga.monitor import Monitor
    from txqga.monitor.sinks import families

    monitor = Monitor(reactor, mux)
    monitor.setServiceParent(parent)  # type: ignore[no-untyped-call]
    return lambda names: families(monitor.snapshots, names, time.time())
