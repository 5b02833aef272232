"""Equal questions are asked once."""

from twisted.trial.unittest import SynchronousTestCase

from tests.mux._jobs import make
from txqga.mux._reads import LONGEST, Reads
from txqga.schema import shipped


class ReadsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reads = Reads(shipped())

    def test_equal(self) -> None:
        """
        The same command with the same arguments is the same question, in whatever order.
        """
        one = self.reads.key("guest-ssh-get-authorized-keys", {"username": "a", "x": 1}, 50)
        two = self.reads.key("guest-ssh-get-authorized-keys", {"username": "a", "x": 1}, 60)
        other = self.reads.key("guest-ssh-get-authorized-keys", {"username": "b", "x": 1}, 50)
        self.assertIsNotNone(one)
        self.assertEqual(one, two)
        self.assertNotEqual(one, other)

    def test_types(self) -> None:
        """
        Numbers, truth values and text that look alike are different questions.
        """
        keys = [self.reads.key("guest-ping", {"x": x}, 50) for x in (1, 1.5, True, "1", None)]
        self.assertEqual(len(set(keys)), 5)

    def test_only_reads(self) -> None:
        """
        What changes anything, or may, is asked as often as it is asked for.
        """
        for command in ("guest-exec", "guest-exec-status", "guest-file-read", "x-other"):
            self.assertIsNone(self.reads.key(command, {}, 50))

    def test_long(self) -> None:
        """
        Long requests are not compared.
        """
        self.assertIsNone(self.reads.key("guest-ping", {}, LONGEST + 1))

    def test_on_its_way(self) -> None:
        """
        A question can be joined until it is answered.
        """
        key = self.reads.key("guest-get-osinfo", {}, 50)
        assert key is not None
        self.assertIsNone(self.reads.get(key))
        job = make("guest-get-osinfo")
        job.key = key
        self.reads.add(job)
        self.assertIs(self.reads.get(key), job)
        self.reads.over(job)
        self.assertIsNone(self.reads.get(key))

    def test_others(self) -> None:
        """
        A job that shares with nobody is nobody's concern.
        """
        job = make("guest-exec")
        self.reads.add(job)
        self.reads.over(job)
