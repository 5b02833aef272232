"""The state machines: whole, and drawn as they are."""

from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from docs._ext.drawing import column, svg
from docs.machines import find, stale
from txqga.testing import unanswered

ARROWS = {
    ("shut", "ajar"): ["open", "_wind"],
    ("ajar", "shut"): ["close"],
    ("shut", "shut"): ["close"],
    ("ajar", "gone"): ["_fell<off>"],
}


class MachinesTests(SynchronousTestCase):
    def test_every_input_has_an_answer(self) -> None:
        """
        Whatever a machine's holder calls, in whatever state it is, the machine has an answer.
        """
        for module, machine in find().items():
            self.assertEqual(unanswered(machine), [], module)

    def test_drawings_are_current(self) -> None:
        """
        The diagrams in the documentation show the machines as they are: ``make machines``.
        """
        self.assertEqual(stale(), [])


class DrawingTests(SynchronousTestCase):
    def words(self, drawing: str) -> set[str]:
        return {
            "".join(each.itertext())
            for each in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")
        }

    def test_complete(self) -> None:
        """
        A drawing names each state and each input, and is well-formed XML whatever their names.
        """
        self.assertEqual(
            self.words(svg("door", "shut", ARROWS)),
            {"shut", "ajar", "gone", "open, _wind", "close", "↻ close", "_fell<off>"},
        )

    def test_order(self) -> None:
        """
        The states are drawn in the order in which they are reached from the first one.
        """
        self.assertEqual(column("shut", ARROWS), ["shut", "ajar", "gone"])
        self.assertEqual(column("gone", ARROWS), ["gone", "ajar", "shut"])

    def test_same_every_time(self) -> None:
        """
        A machine that did not change is drawn the same, octet by octet.
        """
        self.assertEqual(svg("door", "shut", ARROWS), svg("door", "shut", dict(ARROWS)))
