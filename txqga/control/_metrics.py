"""
The mux's own figures, as Prometheus reads them.

They are what the mux knows at that moment: nobody is asked. Labels are guests' names, which the
operator gave, and words of our own; nothing that a guest says becomes one.
"""

from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from txqga.control._house import House
from txqga.mux import Guest
from txqga.session import State

_COUNTERS = (
    ("qga_agent_connections", "Connections to the agent's channel.", "connections"),
    ("qga_agent_resyncs", "Syncs because an answer was missing or in doubt.", "resyncs"),
    ("qga_agent_late_replies", "Replies that came after their call was over.", "late_replies"),
)


class MuxCollector(Collector):
    """Collects the figures of a mux and its guests."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Yield each family of figures."""
        guests = list(self._house.guests.values())
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
            for (command, outcome), count in guest.ran.items():
                family.add_metric([guest.name, command, outcome], count)
        return family

    def _queues(self, guests: Iterable[Guest]) -> Metric:
        family = GaugeMetricFamily(
            "qga_mux_queue_depth", "Commands that wait for their turn.", labels=["vm_name"]
        )
        for guest in guests:
            family.add_metric([guest.name], guest.waiting)
        return family


class Exposition:
    """Writes the figures in the form that was asked for."""

    def __init__(self, house: House) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(MuxCollector(house))

    def render(self, accept: str) -> tuple[str, bytes]:
        """
        Write them.

        :param accept: the header of that name: the text format 0.0.4, or OpenMetrics.
        :return: content type, and the text.
        """
        encode, kind = choose_encoder(accept)
        return kind, encode(self._registry)
