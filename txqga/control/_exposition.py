"""
Figures in the forms that Prometheus reads, some at a time.

Those of five hundred guests take a second to write: were it done at once, nobody else would be
served meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from twisted.internet.defer import Deferred

#: Samples that are written at a time: some 20 ms.
SLICE = 1000


@frozen
class _Some(Collector):
    """What is written at a time, as an encoder takes it."""

    families: tuple[Metric, ...] = ()

    def collect(self) -> Iterable[Metric]:
        """Tell it."""
        return self.families


async def exposition(
    families: Iterable[Metric], accept: str, turn: Callable[[], Deferred[None]]
) -> tuple[str, bytes]:
    """
    Write figures in the form that was asked for.

    :param accept: the header of that name: the text format 0.0.4, or OpenMetrics.
    :param turn: lets others have theirs.
    :return: content type, and the text.
    """
    encode, kind = choose_encoder(accept)
    written: list[bytes] = []
    end: bytes = encode(_Some())  # with what OpenMetrics ends
    ready = 0
    for family in families:
        for number, (part, size) in enumerate(_slices(family)):
            if ready + size > SLICE and ready:
                await turn()
                ready = 0
            ready += size
            text: bytes = encode(_Some((part,))).removesuffix(end)
            written.append(_without_head(text) if number else text)
    return kind, b"".join([*written, end])


def _slices(family: Metric) -> Iterator[tuple[Metric, int]]:
    """Cut a family into parts, and tell of how many samples each is."""
    samples = family.samples
    for start in range(0, max(1, len(samples)), SLICE):
        part = Metric(family.name, family.documentation, family.type, family.unit)
        part.samples = samples[start : start + SLICE]
        yield part, len(part.samples)


def _without_head(text: bytes) -> bytes:
    """Leave out what stands before the samples: it is told of a family once."""
    while text.startswith(b"# "):
        text = text.partition(b"\n")[2]
    return text
