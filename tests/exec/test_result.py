"""What became of a program."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec import Result, Way


class ResultTests(SynchronousTestCase):
    def test_ok(self) -> None:
        """
        Only what ends with 0 has ended well.
        """
        for code, signal in ((0, None), (1, None), (None, 9)):
            result = Result(exit_code=code, signal=signal, timed_out=False, way=Way.WHOLE)
            self.assertEqual(result.ok, code == 0)
