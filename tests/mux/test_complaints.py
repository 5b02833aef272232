"""What is wrong and stays so."""

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._complaints import MOST, Complaints


class ComplaintsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.complaints = Complaints(lambda *words: self.said.append(words))

    def test_once(self) -> None:
        """
        A complaint is said once as long as it lasts, and again when it is back or differs.
        """
        for now in ({"a": "bad"}, {"a": "bad"}, {"a": "worse"}, {}, {"a": "worse"}):
            self.complaints.update(now)
        self.assertEqual(self.said, [("a", "bad"), ("a", "worse"), ("a", "worse")])

    def test_many(self) -> None:
        """
        Of many complaints some are said, and how many the others are.
        """
        with capturedLogs() as seen:
            self.complaints.update({str(number): "bad" for number in range(MOST + 7)})
        self.assertEqual(len(self.said), MOST)
        self.assertEqual(seen[0]["count"], 7)
