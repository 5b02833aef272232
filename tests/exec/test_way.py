"""The ways to run a program."""

import json

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec import Way


class WayTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        A way is told as a word.
        """
        self.assertEqual(json.dumps([*Way]), '["streamed", "followed", "whole"]')
