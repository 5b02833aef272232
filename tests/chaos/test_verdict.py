"""A judge who finds nothing is worth nothing: each promise, broken."""

from twisted.trial.unittest import SynchronousTestCase

from tests.chaos._ledger import Entry
from tests.chaos._verdict import COMING_BACK, GRACE, Case, verdict


def _entry(t: float, did: str, **more: object) -> Entry:
    return {"t": t, "did": did, **more}


class VerdictTests(SynchronousTestCase):
    def judged(self, *entries: Entry) -> list[str]:
        case = Case(entries=list(entries), lease=3.0, longest=6.0, processes={"ann": "clients0"})
        return [fault.what for fault in verdict(case)]

    def told(self, outcome: str) -> Entry:
        return _entry(2.0, "told", who="ann", token="t1", outcome=outcome, why="absent")

    def test_well(self) -> None:
        """
        What was asked, ran once and was told so is as it should be; so is what nobody knows of.
        """
        ran = _entry(1.0, "ran", guest="calm0", token="t1")
        self.assertEqual(self.judged(ran, self.told("done")), [])
        self.assertEqual(self.judged(ran, self.told("unknown")), [])
        self.assertEqual(self.judged(self.told("unknown")), [])
        self.assertEqual(self.judged(self.told("refused")), [])

    def test_twice(self) -> None:
        """
        What ran twice is found, even where nobody was told of it.
        """
        ran = [_entry(t, "ran", guest="calm0", token="t1") for t in (1.0, 9.0)]
        self.assertEqual(self.judged(*ran), ["t1 ran 2 times"])

    def test_told_otherwise(self) -> None:
        """
        What ran, before its client was told that it did not or after; and what did not.
        """
        for t in (1.0, 9.0):
            ran = _entry(t, "ran", guest="calm0", token="t1")
            self.assertEqual(
                self.judged(ran, self.told("refused")), ["t1 ran, its client was told: absent"]
            )
        self.assertEqual(
            self.judged(self.told("done")), ["t1 did not run, its client was told that it did"]
        )

    def test_astray(self) -> None:
        """
        A reply to somebody else.
        """
        wrong = _entry(1.0, "wrong", guest="calm0", token="t1", reply="t2")
        self.assertEqual(self.judged(wrong), ["a reply to somebody else, or to nobody: t2"])

    def test_never_ended(self) -> None:
        """
        A call that did not end, unless its client was killed after it was made.
        """
        ask = _entry(1.0, "ask", who="ann", guest="calm0", call="c1", what="guest-ping")
        never = ["guest-ping of ann never ended"]
        self.assertEqual(self.judged(ask), never)
        self.assertEqual(self.judged(ask, _entry(2.0, "ended", call="c1", how="hung")), never)
        self.assertEqual(self.judged(ask, _entry(2.0, "ended", call="c1", how="gone")), [])
        killed = _entry(0.5, "down", whom="clients0", what="kill", guests=[])
        self.assertEqual(self.judged(killed, ask), never)
        self.assertEqual(self.judged(ask, {**killed, "t": 2.0}), [])

    def test_frozen(self) -> None:
        """
        A guest that was thawed too late, or never.
        """
        froze = _entry(10.0, "froze", guest="calm0")
        self.assertEqual(self.judged(froze, _entry(13.5, "thawed", guest="calm0")), [])
        late = _entry(14.0 + GRACE, "thawed", guest="calm0")
        self.assertEqual(
            self.judged(froze, late),
            [f"calm0 was frozen for {4 + GRACE:.1f} s, {1 + GRACE:.1f} too long"],
        )
        self.assertEqual(self.judged(froze, _entry(11.0, "renews", guest="calm0"), late), [])
        self.assertEqual(self.judged(froze), ["calm0 was frozen for inf s, inf too long"])

    def test_frozen_while_nobody_could_help(self) -> None:
        """
        The time in which the mux was down does not count, nor that in which the guest was.
        """
        for whom, guests in (("mux", []), ("guests0", ["wild0", "wild1"])):
            froze = _entry(10.0, "froze", guest="wild0")
            down = _entry(11.0, "down", whom=whom, what="kill", guests=guests)
            up = _entry(111.0, "up", whom=whom)
            for seconds, faults in ((100.0, 0), (109.0 + GRACE + 3 * COMING_BACK, 1)):
                thawed = _entry(10.0 + seconds, "thawed", guest="wild0")
                self.assertEqual(len(self.judged(froze, down, up, thawed)), faults)

    def test_growth(self) -> None:
        """
        Memory that grows all along one life of the mux, and descriptors that stay.
        """
        grown = [_entry(t, "mux", life=2, memory=(100 + t) << 20) for t in range(100)]
        self.assertEqual(self.judged(*grown), ["life 2 of the mux: 164 MiB became 199"])
        still = [_entry(t, "mux", life=2, memory=min(100 + t, 120) << 20) for t in range(100)]
        self.assertEqual(self.judged(*still), [])
        left = _entry(1.0, "descriptors", before=9, after=10, more=["socket:[1]"])
        self.assertEqual(self.judged(left), ["9 descriptors became 10: ['socket:[1]']"])
