"""What is to be run."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec._program import Program


class ProgramTests(SynchronousTestCase):
    def test_words(self) -> None:
        """
        Arguments are words, an environment is what a program sees.
        """
        program = Program(path="make", args=["-j", "2"], env={"A": "b=c"})
        self.assertEqual((program.args, program.env), (("-j", "2"), ("A=b=c",)))
        self.assertEqual(Program(path="x", env={}).env, ())
        self.assertIs(Program(path="x").env, None)

    def test_refused(self) -> None:
        """
        What would arrive as something else is refused before it is sent.
        """
        wrong: list[dict[str, Any]] = [
            {"path": "a\0b"},
            {"path": "a", "args": ["b\0"]},
            {"path": "a", "env": {"A": "\0"}},
            {"path": "a", "cwd": "/\0"},
            {"path": "a", "time_out": 0},
            {"path": "a", "time_out": float("inf")},
            {"path": "a", "added": {"A": "\0"}},
            {"path": "a", "env": {}, "added": {"A": "b"}},
        ]
        for each in wrong:
            with self.assertRaises(ValueError):
                Program(**each)
        with self.assertRaises(TypeError):
            Program(path="a", args="-l")
        with self.assertRaises(TypeError):
            Program(path="a", input="words")  # type: ignore[arg-type]
