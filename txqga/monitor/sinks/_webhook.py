"""Batches for a platform that takes them as our own JSON."""

from collections.abc import Mapping
from typing import Any

import orjson
from attrs import frozen

from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._delivery import Outcome, Sent
from txqga.monitor.sinks._form import LabelsOf, no_labels
from txqga.monitor.sinks._post import Answer
from txqga.mux import Event
from txqga.wire import JSON

SCHEMA = "txqga/1"

#: The batch itself is not what the platform takes.
_NEVER = frozenset({400, 413, 415, 422})

_REPEATED = 409


@frozen
class WebhookForm:
    """Figures and events as JSON; a :class:`txqga.monitor.sinks._form.Form`."""

    host: str  #: the name of this host
    labels: Mapping[str, str]  #: what the operator says of the platform's guests
    labels_of: LabelsOf = no_labels

    def reading(self, guest: str, reading: Reading) -> JSON:
        """Make an entry of what was read in a guest."""
        metrics: list[JSON] = [
            {
                "name": each.figure.name,
                "value": each.value,
                **(
                    {"labels": dict(zip(each.figure.labels, each.labels, strict=True))}
                    if each.labels
                    else {}
                ),
            }
            for each in reading.samples
        ]
        return {**self._entry(guest, reading.time), "metrics": metrics}

    def event(self, event: Event, now: float) -> JSON:
        """Make an entry of what has happened to a guest."""
        told: JSON = {"kind": event.kind, **event.data}
        return {**self._entry(event.guest, now), "events": [told]}

    def _entry(self, guest: str, time: float) -> dict[str, JSON]:
        labels = self.labels_of(guest)
        entry: dict[str, JSON] = {"vm": guest, "t": round(time, 3)}
        return {**entry, "labels": dict(labels)} if labels else entry

    def batch(self, entries: list[Any], stream: str, number: int, now: float) -> bytes:
        """Make a batch of entries."""
        return orjson.dumps(
            {
                "schema": SCHEMA,
                "sent_at": round(now, 3),
                "host": self.host,
                "stream": stream,
                "sequence": number,
                "labels": dict(self.labels),
                "batch": entries,
            }
        )


def webhook_outcome(answer: Answer) -> Sent:
    """Say what became of a batch."""
    if 200 <= answer.status < 300 or answer.status == _REPEATED:
        return Sent(Outcome.DONE)
    outcome = Outcome.NEVER if answer.status in _NEVER else Outcome.AGAIN
    return Sent(outcome, answer.words, answer.retry_after)
