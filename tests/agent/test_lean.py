"""Imports without TLS."""

import sys
from importlib import import_module

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent import _lean
from txqga.agent._lean import without_tls

#: a module of the standard library that nothing else here imports
RARE = "this"


class WithoutTLSTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(_lean, "UNUSED", (RARE, "json"))

    def test_hidden(self) -> None:
        """
        Inside, what is not in memory cannot be imported; afterwards it can.
        """
        import json

        with without_tls():
            self.assertRaises(ImportError, import_module, RARE)
            self.assertIs(import_module("json"), json)
        self.assertNotIn(RARE, sys.modules)
        self.assertIs(import_module("json"), json)

    def test_failure(self) -> None:
        """
        An import that fails leaves nothing hidden.
        """

        def fail() -> None:
            with without_tls():
                import_module("txqga.no_such_module")

        self.assertRaises(ImportError, fail)
        self.assertNotIn(RARE, sys.modules)
