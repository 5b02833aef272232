"""What a guest is asked through."""

import inspect

from twisted.trial.unittest import SynchronousTestCase

from txqga.guest._in_mux import InMux
from txqga.guest._session_source import SessionSource
from txqga.guest._source import Source
from txqga.guest._through_mux import ThroughMux


class SourceTests(SynchronousTestCase):
    def test_same_calls(self) -> None:
        """
        Whatever a guest is asked through, it is asked in the same way.
        """
        for name, asked in inspect.getmembers(Source, inspect.isfunction):
            if not name.startswith("_"):
                for made in (SessionSource, ThroughMux, InMux):
                    ours = inspect.signature(getattr(made, name))
                    self.assertEqual(ours, inspect.signature(asked), f"{made.__name__}.{name}")
