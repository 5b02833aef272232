"""
``twistd qga-mux``: its command line, and the service that it describes.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from resource import RLIM_INFINITY
from signal import SIGHUP, signal
from typing import Any

from twisted.application.service import MultiService
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.threads import deferToThreadPool
from twisted.logger import ILogObserver, Logger
from twisted.python import usage
from twisted.python.components import Componentized

from txqga import monotonic
from txqga._allocator import keep_freed_memory
from txqga.daemons._authority import make_audit, make_authority, policy_of
from txqga.daemons._control import ControlService
from txqga.daemons._descriptors import advice, raise_limit
from txqga.daemons._log_format import observer_for
from txqga.daemons._mux_options import Options
from txqga.daemons._notify import Supervisor
from txqga.errors import CannotStart
from txqga.mux import Audit, Journal, Mux


class Daemon(MultiService):
    """
    The mux, as a process has it.

    Ends the process with a sentence, not a traceback, when the mux cannot start.
    """

    _log = Logger()

    def __init__(
        self,
        mux: Mux,
        options: Options,
        supervisor: Supervisor | None = None,
        audit: Audit | None = None,
        control: ControlService | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.mux = mux
        self._control = control
        self._supervisor = supervisor
        self._audit = audit
        self._options = options
        for each in (mux, control):
            if each is not None:
                each.setServiceParent(self)  # type: ignore[no-untyped-call]

    def startService(self) -> None:
        """Start."""
        try:
            super().startService()  # type: ignore[no-untyped-call]
        except CannotStart as why:
            raise SystemExit(f"qga-mux: {why}") from why
        if self._audit is not None:
            self._audit.start()
        self._tell_ready()

    def stopService(self) -> Deferred[None]:
        """Stop; the last line of the audit is written when everybody has gone."""
        if self._supervisor is not None:
            self._supervisor.stopping()
        stopped: Deferred[None] = maybeDeferred(super().stopService)
        return stopped if self._audit is None else stopped.addBoth(self._close, self._audit)

    @staticmethod
    def _close(result: None, audit: Audit) -> None:
        audit.stop()
        return result

    def setServiceParent(self, parent: Any) -> None:
        """Write the log of the application that this becomes part of."""
        super().setServiceParent(parent)  # type: ignore[no-untyped-call]
        twistd = getattr(self._options, "parent", None)
        observer = observer_for(twistd, self._options["log-format"], time.monotonic)
        if observer is not None and isinstance(parent, Componentized):
            parent.setComponent(ILogObserver, observer)

    def _tell_ready(self) -> None:
        limit, guests = raise_limit(), len(self.mux.guests)
        if (said := advice(limit, guests)) is not None:
            self._log.warn("{advice}", advice=said)
        self.mux.seats.descriptors = None if limit == RLIM_INFINITY else limit
        if self._supervisor is not None:
            self._supervisor.ready(f"{guests} guests are served")

    def reload(self) -> None:
        """
        Read the configuration anew. What is wrong anywhere is said, and nothing changes.

        Guests about which nothing has changed keep their sessions and clients. What cannot change
        while this runs stays as it was, which is said, and all the rest is taken.
        """
        if self._supervisor is not None:
            self._supervisor.reloading()
        try:
            options = self._options.again()
            policy = policy_of(options)
            take = None if self._control is None else self._control.prepared(options)
            self.mux.configure(options["guests"], options.mux_options(), options["watches"])
        except (usage.UsageError, CannotStart, ValueError) as why:
            self._log.error(
                "the configuration is not taken, and all stays as it was: {why}", why=str(why)
            )
        else:
            self.mux.authority.policy = policy
            if take is not None:
                take()
            self._options = options
            self._put_off(options)
            self._log.info("the configuration was read anew")
        self._tell_ready()

    def _put_off(self, options: Options) -> None:
        for name, value in options.put_off.items():
            self._log.warn(
                "{option} stays {old} while this process runs: to make it {new}, stop the mux and "
                "start it anew",
                option=name,
                old="unsaid" if options[name] is None else repr(options[name]),
                new="unsaid" if value is None else repr(value),
            )


def make_journal(reactor: Any, options: Options) -> Journal | None:
    """Make the journal of frozen guests, where there is a folder for it."""
    if options["state"] is None:
        return None

    def run(work: Callable[[], None]) -> Deferred[None]:
        return deferToThreadPool(reactor, reactor.getThreadPool(), work)

    return Journal(reactor, Path(options["state"]), run)


def make_mux(reactor: Any, options: Options, supervisor: Supervisor | None = None) -> Daemon:
    """
    Make the service that a command line describes.

    :param reactor: what it runs on; its clock should be monotonic.
    :raise ValueError: a guest's channel is no endpoint.
    :raise CannotStart: what it describes would be open to everybody.
    """
    audit = make_audit(reactor, options)
    mux = Mux(
        reactor,
        options["guests"],
        Path(options["serve"]),
        options.mux_options(),
        options["watches"],
        make_journal(reactor, options),
        make_authority(reactor, options, audit),
    )
    control = None if options["http"] is None else ControlService(reactor, mux, options)
    return Daemon(mux, options, supervisor, audit, control)


def makeService(options: Options) -> MultiService:
    """What ``twistd`` calls."""
    from twisted.internet import reactor  # here only: whoever embeds txqga passes their own

    monotonic(reactor)
    keep_freed_memory()
    try:
        service = make_mux(reactor, options, Supervisor(reactor, os.environ, os.getpid()))
    except (CannotStart, ValueError) as why:
        raise SystemExit(f"qga-mux: {why}") from why
    # a signal comes between any two steps: what it asks for is done when the reactor is free
    signal(SIGHUP, lambda *_: reactor.callFromThread(service.reload))  # type: ignore[attr-defined]
    return service
