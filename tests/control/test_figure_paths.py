"""What the document says of figures."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._figure_paths import FIGURE_PATHS, FIGURE_SHAPES
from txqga.control._figure_routes import MOST_OF_ALL
from txqga.monitor import Kind


class FigurePathsTests(SynchronousTestCase):
    def test_points(self) -> None:
        """
        The document knows how many points may be asked for.
        """
        described: Any = FIGURE_PATHS["/v1/figures"]
        (points,) = described["get"]["parameters"]
        self.assertEqual(
            (points["schema"]["minimum"], points["schema"]["maximum"]), (1, MOST_OF_ALL)
        )

    def test_kinds(self) -> None:
        """
        It knows each kind of figure that there is.
        """
        figure: Any = FIGURE_SHAPES["Figure"]
        self.assertEqual(figure["properties"]["kind"]["enum"], [each.value for each in Kind])
