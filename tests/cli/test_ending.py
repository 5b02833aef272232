"""How a verb ends."""

import json
from collections.abc import Callable
from io import StringIO
from signal import SIGTERM
from typing import Any

import click
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._ending import status_of
from txqga.cli._exits import Exit, Interrupted
from txqga.errors import AgentUnavailable


def raises(why: BaseException) -> Callable[[], Any]:
    def work() -> None:
        raise why

    return work


class EndingTests(SynchronousTestCase):
    def end(self, work: Callable[[], Any], *words: str) -> tuple[int, str]:
        stderr = StringIO()
        return status_of(work, words, stderr), stderr.getvalue()

    def test_good(self) -> None:
        """
        What a verb returns is the exit status.
        """
        self.assertEqual(self.end(lambda: None), (0, ""))
        self.assertEqual(self.end(lambda: 42), (42, ""))

    def test_failed(self) -> None:
        """
        What went wrong is said in a line, with nothing in it that a terminal obeys.
        """
        away = AgentUnavailable("absent", "off\x1b")
        words = "txqga: the agent is absent: off\\x1b\n"
        self.assertEqual(self.end(raises(away)), (Exit.UNAVAILABLE, words))
        status, told = self.end(raises(away), "--json", "ping")
        self.assertEqual(json.loads(told)["error"]["exit"], status)

    def test_usage(self) -> None:
        """
        A wrong command line says how it should be, or is an object for programs.
        """
        wrong = click.UsageError("no such thing")
        status, told = self.end(raises(wrong))
        self.assertEqual(status, Exit.USAGE)
        self.assertIn("no such thing", told)
        status, told = self.end(raises(wrong), "list", "--json")
        self.assertEqual(json.loads(told)["error"]["code"], "usage")

    def test_others_words(self) -> None:
        """
        What follows ``--`` is for another program.
        """
        told = self.end(raises(click.UsageError("no")), "exec", "--", "jq", "--json")[1]
        self.assertIn("no", told)
        self.assertNotIn("{", told)

    def test_signals(self) -> None:
        """
        Ended by a signal, it says so as shells do; a reader that has gone is no mistake.
        """
        self.assertEqual(self.end(raises(Interrupted(SIGTERM))), (143, ""))
        self.assertEqual(self.end(raises(click.Abort())), (130, ""))
        self.assertEqual(self.end(raises(BrokenPipeError())), (141, ""))

    def test_mistakes(self) -> None:
        """
        Mistakes of ours are not hidden.
        """
        self.assertRaises(ZeroDivisionError, self.end, raises(ZeroDivisionError()))
