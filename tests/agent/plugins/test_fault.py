"""What is wrong with a plug-in, told."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.plugins._fault import PluginFault, fault_of


class Rude(Exception):
    """An exception that fails when it is asked what is wrong."""

    def __str__(self) -> str:
        raise ValueError("no")


class FaultTests(SynchronousTestCase):
    def fault(self, source: str, **names: object) -> str:
        try:
            exec(compile(source, "/p/commands.py", "exec"), dict(names))
        except BaseException as why:
            return str(fault_of("/p/commands.py", why))
        raise AssertionError("nothing was raised")

    def test_syntax(self) -> None:
        """
        A syntax error is told with its line.
        """
        self.assertRegex(self.fault("a = 1\nb ="), "^/p/commands.py:2: .*invalid syntax")

    def test_raised(self) -> None:
        """
        So is what is raised; the line is the last one of the plug-in's own.
        """
        self.assertEqual(
            self.fault("\nimport nothing_of_that_name"),
            "/p/commands.py:2: ModuleNotFoundError: No module named 'nothing_of_that_name'",
        )
        self.assertEqual(
            self.fault("def f():\n    int('x')\n\nf()"),
            "/p/commands.py:2: ValueError: invalid literal for int() with base 10: 'x'",
        )
        self.assertEqual(self.fault("raise SystemExit(3)"), "/p/commands.py:1: SystemExit: 3")

    def test_elsewhere(self) -> None:
        """
        Where no line of the plug-in was run there is none to tell.
        """
        self.assertEqual(str(fault_of("/p", ValueError("bad"))), "/p: ValueError: bad")

    def test_rude(self) -> None:
        """
        An exception that says too much, or fails to say anything, does not get far.
        """
        self.assertLess(len(self.fault("raise ValueError('x' * 1000000)")), 600)
        self.assertIn("Rude", self.fault("raise Rude", Rude=Rude))

    def test_text(self) -> None:
        """
        A fault is its text.
        """
        self.assertEqual(str(PluginFault("bad")), "bad")
