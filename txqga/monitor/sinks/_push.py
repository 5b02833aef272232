"""What is pushed to platforms: each gets what its guests say, and nobody waits for another."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from random import SystemRandom
from typing import Any

from attrs import evolve, field, frozen
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from twisted.application.service import Service
from twisted.logger import Logger

from txqga.monitor._monitor import Monitor, Watched
from txqga.monitor.sinks._delivery import Delivery, Sent
from txqga.monitor.sinks._form import Form, LabelsOf, no_labels
from txqga.monitor.sinks._gatherer import Gatherer, Gathering
from txqga.monitor.sinks._otlp import OtlpForm, otlp_outcome
from txqga.monitor.sinks._post import Answer, Post
from txqga.monitor.sinks._spool import DISK, Spool
from txqga.monitor.sinks._webhook import WebhookForm, webhook_outcome
from txqga.mux import EVERYTHING, Patterns


class Kind(Enum):
    """What a platform takes."""

    WEBHOOK = "webhook"  #: our own JSON
    OTLP = "otlp"  #: OpenTelemetry's metrics


#: By what a platform takes: what makes batches, and what judges its answers.
_KINDS: Mapping[
    Kind, tuple[Callable[[str, Mapping[str, str], LabelsOf], Form], Callable[[Answer], Sent]]
] = {
    Kind.WEBHOOK: (WebhookForm, webhook_outcome),
    Kind.OTLP: (OtlpForm, otlp_outcome),
}


@frozen(kw_only=True)
class Platform:
    """Where batches go, and which."""

    name: str  #: for people and figures
    url: str
    kind: Kind = Kind.WEBHOOK
    guests: Patterns = EVERYTHING
    labels: Mapping[str, str] = field(factory=dict)  #: what the operator says of these guests
    every: float = 15.0  #: seconds after which a batch is closed
    secret: bytes = field(default=b"", repr=False)  #: signs
    token: str = field(default="", repr=False)  #: says who we are
    spool: Path | None = None  #: folder for what waits for long; None: memory only
    disk: int = DISK  #: octets that may wait in the folder


class Pushing:
    """
    One platform, while batches go to it.

    :raise OSError: its spool cannot be made or read.
    """

    def __init__(
        self,
        reactor: Any,
        platform: Platform,
        labels_of: LabelsOf = no_labels,
        spool: Spool | None = None,
    ) -> None:
        """:param spool: what waits for it already; None: what is in its folder."""
        self.platform = platform
        self.spool = Spool(platform.spool, disk=platform.disk) if spool is None else spool
        form, judge = _KINDS[platform.kind]
        send = Post(reactor, platform.url, judge, platform.secret, platform.token).send
        self.delivery = Delivery(reactor, platform.name, self.spool, send, SystemRandom())
        gathering = Gathering(
            form=form(socket.gethostname(), platform.labels, labels_of),
            every=platform.every,
            wants=platform.guests.fit,
        )
        self.gatherer = Gatherer(reactor, gathering, self.spool, self.delivery.wake, time.time)

    def start(self) -> None:
        """Deliver what an earlier life of the mux has left, and what comes."""
        self.delivery.start()

    def stop(self) -> None:
        """Deliver nothing any more; what waits is found by the next life, if there is a folder."""
        self.delivery.stop()
        self.gatherer.close()
        self.spool.close()


class Push(Service):
    """
    All platforms.

    :param platforms: their names differ.
    """

    _log = Logger()

    def __init__(
        self, reactor: Any, monitor: Monitor, mux: Watched, platforms: Iterable[Platform]
    ) -> None:
        self.monitor = monitor
        self._reactor = reactor
        self._mux = mux
        self._pushing: dict[str, tuple[Pushing, list[Callable[[], None]]]] = {}
        self._platforms = tuple(platforms)

    @property
    def pushing(self) -> list[Pushing]:
        """Each platform's, while this runs."""
        return [each for each, _ in self._pushing.values()]

    def startService(self) -> None:
        """Gather and deliver, from now on."""
        super().startService()  # type: ignore[no-untyped-call]
        self.change(self._platforms)

    def stopService(self) -> None:
        """Gather and deliver no more."""
        super().stopService()  # type: ignore[no-untyped-call]
        for name in list(self._pushing):
            self._end(name)

    def change(self, platforms: Iterable[Platform]) -> None:
        """Let these be the platforms; those that are there as they are go on undisturbed."""
        self._platforms = tuple(platforms)
        if not self.running:
            return
        wanted = {each.name: each for each in self._platforms}
        left: dict[str, Spool] = {}
        for name, (pushing, _) in list(self._pushing.items()):
            now = wanted.get(name)
            if now != pushing.platform:
                self._end(name)
                if now is not None and _goes_on(pushing, now):
                    left[name] = pushing.spool
                else:
                    self._tell_left(pushing)
        for name, platform in wanted.items():
            if name not in self._pushing:
                self._begin(platform, left.get(name))

    def _tell_left(self, pushing: Pushing) -> None:
        if pushing.spool.is_in_memory and len(pushing.spool):
            self._log.warn(
                "{sink}: {batches} batches that waited in memory are lost: there is no such "
                "platform any more",
                sink=pushing.platform.name,
                batches=len(pushing.spool),
            )

    def _begin(self, platform: Platform, spool: Spool | None = None) -> None:
        try:
            pushing = Pushing(self._reactor, platform, self.monitor.labels_of, spool)
        except OSError as why:
            self._log.error(
                "{sink}: what waits is in memory only, and lost when this ends: {why}",
                sink=platform.name,
                why=why,
            )
            in_memory = evolve(platform, spool=None)
            pushing = Pushing(self._reactor, in_memory, self.monitor.labels_of)
            pushing.platform = platform
        pushing.start()
        gatherer = pushing.gatherer
        self._pushing[platform.name] = (
            pushing,
            [
                self.monitor.subscribe(gatherer.taken),
                self._mux.events.subscribe(gatherer.happened),
            ],
        )

    def _end(self, name: str) -> None:
        pushing, unsubscribe = self._pushing.pop(name)
        for each in unsubscribe:
            each()
        pushing.stop()

    def families(self) -> Iterator[Metric]:
        """Yield the figures of pushing, as Prometheus reads them."""
        for made, name, words, of in _FIGURES:
            family = made(name, words, labels=["sink"])
            for each in self.pushing:
                family.add_metric([each.platform.name], of(each))
            yield family


def _goes_on(pushing: Pushing, platform: Platform) -> bool:
    """Tell whether what waits in memory for a platform is for what it has become."""
    same = platform.kind is pushing.platform.kind
    return same and platform.spool is None and pushing.spool.is_in_memory


_COUNTER, _GAUGE = CounterMetricFamily, GaugeMetricFamily

_FIGURES: tuple[tuple[Any, str, str, Callable[[Pushing], float]], ...] = (
    (
        _COUNTER,
        "qga_mux_push_batches",
        "Batches that a platform has.",
        lambda it: it.delivery.delivered,
    ),
    (
        _COUNTER,
        "qga_mux_push_failures",
        "Attempts that failed.",
        lambda it: it.delivery.failures,
    ),
    (
        _COUNTER,
        "qga_mux_push_refused",
        "Batches that a platform will never take.",
        lambda it: it.delivery.refused,
    ),
    (
        _COUNTER,
        "qga_mux_push_rejected_samples",
        "Samples that a platform has not taken, of batches that it has.",
        lambda it: it.delivery.lost,
    ),
    (
        _COUNTER,
        "qga_mux_push_dropped",
        "Batches that were too much to wait.",
        lambda it: it.spool.dropped,
    ),
    (_GAUGE, "qga_mux_spool_batches", "Batches that wait.", lambda it: len(it.spool)),
    (_GAUGE, "qga_mux_spool_bytes", "Octets of batches that wait.", lambda it: it.spool.size),
    (
        _GAUGE,
        "qga_mux_push_in_trouble",
        "1: the last attempt failed.",
        lambda it: float(bool(it.delivery.trouble)),
    ),
)
