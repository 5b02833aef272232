"""What guests say of themselves, as far as the interface tells it: whoever asks them knows."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from prometheus_client.core import Metric

from txqga.wire import JSON


class Told(Protocol):
    """Knows the figures of guests; nobody is asked for them now."""

    @property
    def polls(self) -> bool:
        """Whether guests are asked at all."""

    def labels(self, name: str) -> Mapping[str, str]:
        """Tell what the operator says of a guest."""

    def families(self, names: Iterable[str]) -> Iterable[Metric]:
        """Tell all figures of these guests, as Prometheus reads them."""

    def vitals(self, name: str, points: int) -> Mapping[str, JSON]:
        """
        Tell how a guest is at a glance.

        :param points: how many of the last ones.
        :return: by name, objects with ``unit``, ``time`` (of the last one, in seconds since the
            epoch) and ``points``, the oldest first.
        """

    def figures(self, name: str) -> list[JSON]:
        """Tell all figures of a guest: objects with ``name``, ``words``, ``series`` and more."""


class Untold:
    """Nobody is asked."""

    polls = False

    def labels(self, name: str) -> Mapping[str, str]:
        """Tell nothing."""
        return {}

    def families(self, names: Iterable[str]) -> Iterable[Metric]:
        """Tell nothing."""
        return ()

    def vitals(self, name: str, points: int) -> Mapping[str, JSON]:
        """Tell nothing."""
        return {}

    def figures(self, name: str) -> list[JSON]:
        """Tell nothing."""
        return []
