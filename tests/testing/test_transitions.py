"""A machine as plain data."""

from typing import Protocol

from automat import TypeMachineBuilder
from twisted.trial.unittest import SynchronousTestCase

from txqga.testing import (
    Machine,
    Transition,
    initial,
    inputs,
    protocol,
    transitions,
    unanswered,
)


class Opening(Protocol):
    def open(self) -> None: ...


class Door(Opening, Protocol):
    def close(self) -> None: ...

    def lock(self) -> None: ...

    def _slam(self) -> None: ...


class Core:
    pass


_builder = TypeMachineBuilder(Door, Core)
SHUT = _builder.state("shut")
AJAR = _builder.state("ajar")
SHUT.upon(Door.open).to(AJAR).returns(None)
SHUT.upon(Door.close).loop().returns(None)
AJAR.upon(Door.open).loop().returns(None)
AJAR.upon(Door.close).to(SHUT).returns(None)
AJAR.upon(Door._slam).to(SHUT).returns(None)
Doors = _builder.build()


class TransitionsTests(SynchronousTestCase):
    def test_sorted(self) -> None:
        """
        The transitions of a machine are listed in the same order every time.
        """
        self.assertEqual(
            transitions(Doors),
            [
                Transition("ajar", "_slam", "shut"),
                Transition("ajar", "close", "shut"),
                Transition("ajar", "open", "ajar"),
                Transition("shut", "close", "shut"),
                Transition("shut", "open", "ajar"),
            ],
        )

    def test_plain_tuples(self) -> None:
        """
        A transition is a (state, input, next state) tuple.
        """
        self.assertIn(("shut", "open", "ajar"), transitions(Doors))

    def test_initial(self) -> None:
        """
        A machine starts in the state that was made first.
        """
        self.assertEqual(initial(Doors), "shut")

    def test_inputs(self) -> None:
        """
        All inputs of the protocol are listed, inherited, unused and private ones too.
        """
        self.assertEqual(inputs(Doors), ["open", "close", "lock", "_slam"])
        self.assertIs(protocol(Doors), Door)

    def test_unanswered(self) -> None:
        """
        A public input that a state does not answer is found; a private one may be missing.
        """
        self.assertEqual(unanswered(Doors), [("ajar", "lock"), ("shut", "lock")])

    def test_is_machine(self) -> None:
        """
        A machine is told from other objects, and from its own instances.
        """
        self.assertIsInstance(Doors, Machine)
        self.assertNotIsInstance(Doors(Core()), Machine)
        self.assertNotIsInstance(_builder, Machine)
