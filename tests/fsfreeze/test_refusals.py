"""What is refused, and how."""

from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Bench, renewal
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.fsfreeze import _refusals
from txqga.fsfreeze._lease import Stage
from txqga.fsfreeze._lifecycle import CLOSED, Lifecycle


class RefusalsTests(SynchronousTestCase):
    def test_words(self) -> None:
        """
        A refusal has the agent's class, and says how the guest stands and why.
        """
        core = Bench().core()
        core.stand(Stage.FROZEN, "ann has frozen it", core.lent("ann", 60.0))
        why = _refusals.is_frozen(core.standing, "guest-exec", core.now() + 20)
        self.assertEqual(
            str(why),
            "guest-exec: Command guest-exec is not allowed now: the guest is frozen: "
            "ann has frozen it, for 40 s more at most",
        )
        self.assertEqual(why.wire_class, "CommandNotFound")

    def test_answers(self) -> None:
        """
        Whoever is refused gets the answer.
        """
        bench = Bench()
        core = bench.core()
        lifecycle = Lifecycle(core, CLOSED)
        for refuse, kind in (
            (_refusals.refuse_freeze, CommandNotFound),
            (_refusals.refuse_freeze_closed, AgentUnavailable),
        ):
            freeze = bench.freeze()
            refuse(lifecycle, core, freeze)
            self.failureResultOf(freeze.answer, kind)
        renews = renewal(60)
        _refusals.refuse_renewal(lifecycle, core, renews)
        self.failureResultOf(renews.answer, CommandFailed)
        thaw = bench.thaw()
        _refusals.refuse_thaw_closed(lifecycle, core, thaw)
        self.failureResultOf(thaw.answer, AgentUnavailable)
        thaw = bench.thaw()
        _refusals.pass_value(lifecycle, core, thaw, 3)
        self.assertEqual(self.successResultOf(thaw.answer), 3)
