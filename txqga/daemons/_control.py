"""The control interface, as the mux's command line describes it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from twisted.application.service import MultiService

from txqga.daemons._freeze_options import hook_of
from txqga.daemons._http_options import POLL_PERIOD
from txqga.mux import Mux
from txqga.schema import extended


class ControlService(MultiService):
    """
    Serves the control interface, and asks guests how they are, if that is wanted.

    :raise CannotStart: everybody who reaches its endpoint could do everything.
    :raise ValueError: it is no endpoint, or the file of tokens is wrong.
    """

    def __init__(self, reactor: Any, mux: Mux, options: Mapping[str, Any]) -> None:
        from txqga.control import Control  # a web server, for those who want one
        from txqga.monitor.alerts import Alerts
        from txqga.monitor.sinks import Told

        super().__init__()  # type: ignore[no-untyped-call]
        self._reactor = reactor
        self._mux = mux
        self._monitor: Any = None  #: None: guests are not asked
        self._push: Any = None  #: None: nothing is pushed
        chosen = _chosen(options)
        _access(chosen)
        platforms, settings = _platforms(options), _settings(options)
        told = Told(self._snapshots, more=self._of_pushing, labels_of=self._labels)
        try:
            self._control = Control(reactor, mux, chosen, extended(), told)
        except ValueError as why:
            raise ValueError(f"--http: {why}") from why
        self._control.setServiceParent(self)  # type: ignore[no-untyped-call]
        self._alerts = Alerts(reactor, mux)
        self._alerts.setServiceParent(self)  # type: ignore[no-untyped-call]
        self._poll(settings, platforms)

    def prepared(self, options: Mapping[str, Any]) -> Callable[[], None]:
        """
        Read what can change while this runs.

        :return: takes it, and does not fail.
        :raise CannotStart: as when this was made; then nothing has changed.
        :raise ValueError: likewise.
        """
        access = _access(_chosen(options))
        platforms, settings = _platforms(options), _settings(options)

        def take() -> None:
            self._control.adopt(access, hook_of(options))
            self._poll(settings, platforms)

        return take

    # -- inside

    def _poll(self, settings: Any, platforms: Sequence[Any]) -> None:
        """:param settings: None: guests are not asked."""
        from txqga.monitor import Settings

        monitor = self._monitor
        if monitor is not None and settings is None:
            self._monitor = None
            monitor.disownServiceParent()
        elif monitor is not None:
            monitor.change(settings)
        elif settings is not None:
            from txqga.monitor import Monitor

            self._monitor = Monitor(self._reactor, self._mux, settings)
            self._monitor.setServiceParent(self)
        self._alerts.follow(self._monitor)
        self._alerts.settings = Settings() if settings is None else settings
        self._change_push(platforms)

    def _change_push(self, platforms: Sequence[Any]) -> None:
        push = self._push
        if push is not None and (push.monitor is not self._monitor or not platforms):
            self._push = None
            push.disownServiceParent()
        if self._push is not None:
            self._push.change(platforms)
        elif self._monitor is not None and platforms:
            from txqga.monitor.sinks import Push

            self._push = Push(self._reactor, self._monitor, self._mux, platforms)
            self._push.setServiceParent(self)

    def _of_pushing(self) -> Any:
        """Give the figures of what is pushed."""
        return () if self._push is None else self._push.families()

    def _labels(self, guest: str) -> Mapping[str, str]:
        """Give what the operator says of a guest."""
        found: Mapping[str, str] = {} if self._monitor is None else self._monitor.labels_of(guest)
        return found

    def _snapshots(self) -> Any:
        """Give what guests said of themselves; None: they are not asked."""
        return None if self._monitor is None else self._monitor.snapshots


def _chosen(options: Mapping[str, Any]) -> Any:
    from txqga.control import ControlOptions

    tokens = options["http-tokens"]
    return ControlOptions(
        endpoint=options["http"],
        tokens=None if tokens is None else Path(tokens),
        hosts=tuple(options["http-hosts"]),
        hook=hook_of(options),
    )


def _access(chosen: Any) -> Any:
    try:
        return chosen.access()
    except (OSError, ValueError) as why:
        raise ValueError(f"--http-tokens: {why}") from why


def _settings(options: Mapping[str, Any]) -> Any:
    """
    Read what is asked of guests; None: nothing.

    :raise ValueError: the file that says so is wrong.
    """
    if not options["poll"]:
        return None
    from txqga.monitor import Settings, read_settings

    pace = options["poll-period"] / POLL_PERIOD
    if options["monitor"] is None:
        return Settings(pace=pace)
    try:
        return read_settings(Path(options["monitor"]), extended(), pace)
    except ValueError as why:
        raise ValueError(f"--monitor: {why}") from why


def _platforms(options: Mapping[str, Any]) -> Sequence[Any]:
    """
    Read the platforms that are named.

    :raise ValueError: their file is wrong.
    """
    if options["push"] is None:
        return []
    from txqga.monitor.sinks import PushError, read_platforms

    state = options["state"]
    spools = None if state is None else Path(state) / "push"
    try:
        return read_platforms(Path(options["push"]), spools)
    except PushError as why:
        raise ValueError(f"--push: {why}") from why
