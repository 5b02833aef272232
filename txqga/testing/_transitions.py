"""
What an Automat machine is made of, as plain data: to test that it is whole, and to draw it.

Automat keeps no public table of a machine's transitions. What is read here are the attributes
of its own drawing tool, in Automat 24.8 to 25.4.
"""

import inspect
from typing import Any, NamedTuple, Protocol, runtime_checkable


@runtime_checkable
class Machine(Protocol):
    """What ``automat.TypeMachineBuilder.build()`` returns."""

    @property
    def __automat_automaton__(self) -> Any: ...


class Transition(NamedTuple):
    """One arrow of a machine's diagram."""

    state: str
    input: str
    next: str


def transitions(machine: Machine) -> list[Transition]:
    """List the transitions of a machine, sorted."""
    return sorted(
        Transition(state.name, name, next_.name)
        for state, name, next_, _ in machine.__automat_automaton__.allTransitions()
    )


def initial(machine: Machine) -> str:
    """Name the state in which a machine starts unless it is told another one."""
    return str(machine.__automat_automaton__.initialState.name)


def inputs(machine: Machine) -> list[str]:
    """
    Name the inputs of a machine, used or not, in the order of their protocol.

    An underscore marks those that come from the machine's own doings.
    """
    return [
        name
        for kind in reversed(protocol(machine).__mro__)
        if kind not in (object, Protocol)
        for name, value in vars(kind).items()
        if inspect.isfunction(value) and name not in _OF_EVERY_PROTOCOL
    ]


def protocol(machine: Machine) -> type:
    """Return the ``typing.Protocol`` that lists a machine's inputs."""
    kind: type = machine.__automat_automaton__.initialState.builder.inputProtocol
    return kind


def unanswered(machine: Machine) -> list[tuple[str, str]]:
    """
    List the (state, input) pairs that have no transition, of public inputs only.

    Who holds a machine may call any public input at any time; whatever is listed here raises
    ``automat.NoTransition`` then.
    """
    arrows = transitions(machine)
    answered = {(arrow.state, arrow.input) for arrow in arrows}
    states = {arrow.state for arrow in arrows} | {arrow.next for arrow in arrows}
    public = [name for name in inputs(machine) if not name.startswith("_")]
    return sorted((s, i) for s in states for i in public if (s, i) not in answered)


class _Empty(Protocol):
    """Holds only what Python puts into every protocol."""


_OF_EVERY_PROTOCOL = frozenset(vars(_Empty))
