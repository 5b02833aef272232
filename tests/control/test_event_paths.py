"""What the OpenAPI document says of events."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from tests._house import PACKAGE
from txqga.control._event_paths import EVENT_PATHS, EVENT_SHAPES, EVENTS
from txqga.control._paths import PATHS, SHAPES


class EventPathsTests(SynchronousTestCase):
    def told(self) -> set[str]:
        """The kinds of all events that are told anywhere."""
        found = set()
        for folder in ("mux", "monitor"):
            for path in (PACKAGE / folder).rglob("*.py"):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Call) and "tell" in ast.unparse(node.func).lower():
                        match node.args:
                            case [ast.Constant(value=str(kind)), *_]:
                                found.add(kind)
        return found

    def test_all(self) -> None:
        """
        Each event that is told is described, and no other.
        """
        self.assertEqual(self.told(), EVENTS.keys())

    def test_document(self) -> None:
        """
        The events are part of the document.
        """
        self.assertLess(EVENT_PATHS.keys(), PATHS.keys())
        self.assertLess(EVENT_SHAPES.keys(), SHAPES.keys())

    def test_required(self) -> None:
        """
        What is always there is described, as is what there may be.
        """
        for name, each in EVENTS.items():
            assert isinstance(each, dict)
            required, known = each["required"], each["properties"]
            self.assertLessEqual({*required}, known.keys(), name)
