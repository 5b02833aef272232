"""
The mux's own figures, as Prometheus reads them.

They are what the mux knows at that moment: nobody is asked. Labels are guests' names, which the
operator gave, and words of our own; nothing that a guest says becomes one here.
"""

from collections.abc import Iterable, Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from txqga.control._freeze_metrics import freeze_figures, summary
from txqga.control._house import House
from txqga.mux import Guest
from txqga.session import State

_COUNTERS = (
    ("qga_agent_connections", "Connections to the agent's channel.", "connections"),
    ("qga_agent_resyncs", "Syncs because an answer was missing or in doubt.", "resyncs"),
    ("qga_agent_late_replies", "Replies that came after their call was over.", "late_replies"),
)


#: What takes time; sums, for buckets would be many times as many series.
_SPANS = (
    (
        "qga_agent_rtt_seconds",
        "From sending a command that an agent answers from memory until it was answered.",
        "round_trips",
    ),
    ("qga_mux_wait_seconds", "How long commands waited for their turn.", "waited"),
    ("qga_mux_command_seconds", "From sending a command until it was answered.", "ran"),
)


class MuxCollector(Collector):
    """Collects the figures of a mux and its guests."""

    def __init__(self, house: House, guests: Sequence[Guest]) -> None:
        """:param guests: those to tell of."""
        self._house = house
        self._guests = guests

    def collect(self) -> Iterator[Metric]:
        """Yield each family of figures, with what the operator says of each guest."""
        labels = {
            guest.name: said
            for guest in self._guests
            if (said := self._house.told.labels(guest.name))
        }
        for family in self._collected():
            if labels:
                family.samples = [
                    each._replace(
                        labels={**labels.get(each.labels.get("vm_name", ""), {}), **each.labels}
                    )
                    for each in family.samples
                ]
            yield family

    def _collected(self) -> Iterator[Metric]:
        guests = self._guests
        yield from self._agents(guests)
        for name, words, attribute in _COUNTERS:
            family = CounterMetricFamily(name, words, labels=["vm_name"])
            for guest in guests:
                family.add_metric([guest.name], getattr(guest.counters, attribute))
            yield family
        yield self._errors(guests)
        yield self._timeouts(guests)
        yield self._commands(guests)
        yield self._queues(guests)
        for name, words, attribute in _SPANS:
            spans = [(guest.name, getattr(guest.figures, attribute)) for guest in guests]
            yield summary(name, words, spans)
        yield from freeze_figures(guests, self._house.now)
        yield from self._house.told.families([guest.name for guest in guests])

    def _agents(self, guests: Iterable[Guest]) -> Iterator[Metric]:
        up = GaugeMetricFamily("qga_agent_up", "Whether the agent answers.", labels=["vm_name"])
        states = GaugeMetricFamily(
            "qga_agent_state", "1 for the state that the agent is in.", labels=["vm_name", "state"]
        )
        since = GaugeMetricFamily(
            "qga_agent_state_since_seconds", "How long it has been so.", labels=["vm_name"]
        )
        for guest in guests:
            status = guest.status
            up.add_metric([guest.name], float(status.state.is_ready))
            since.add_metric([guest.name], self._house.lasts(status))
            for state in State:
                is_it = float(state is status.state)
                states.add_metric([guest.name, state.value], is_it)
        yield from (up, states, since)

    def _errors(self, guests: Iterable[Guest]) -> Metric:
        family = CounterMetricFamily(
            "qga_agent_protocol_errors",
            "What no agent should say.",
            labels=["vm_name", "kind"],
        )
        for guest in guests:
            for kind, count in guest.counters.protocol_errors.items():
                family.add_metric([guest.name, kind], count)
        return family

    def _timeouts(self, guests: Iterable[Guest]) -> Metric:
        family = CounterMetricFamily(
            "qga_agent_timeouts", "Commands given up.", labels=["vm_name", "command"]
        )
        for guest in guests:
            for command, count in guest.counters.timeouts.items():
                family.add_metric([guest.name, command], count)
        return family

    def _commands(self, guests: Iterable[Guest]) -> Metric:
        family = CounterMetricFamily(
            "qga_mux_commands",
            "Commands that were sent to the agent, by what came of them.",
            labels=["vm_name", "command", "outcome"],
        )
        for guest in guests:
            for (command, outcome), count in guest.figures.outcomes.items():
                family.add_metric([guest.name, command, outcome], count)
        return family

    def _queues(self, guests: Iterable[Guest]) -> Metric:
        family = GaugeMetricFamily(
            "qga_mux_queue_depth",
            "Commands that wait for their turn, by lane.",
            labels=["vm_name", "lane"],
        )
        for guest in guests:
            for lane, depth in guest.waiting.items():
                family.add_metric([guest.name, lane.name.lower()], depth)
        return family
