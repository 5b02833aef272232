"""Why a guest does not answer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze import NOBODY, Lease, Stage, Standing
from txqga.mux._doctor import MEANINGS, Facts, diagnose
from txqga.mux._holders import Holder
from txqga.schema import shipped
from txqga.session import State, Status
from txqga.session._reasons import DROWNED, HELD, HUNG, STRANGER

_ABSENT = "there is no such socket: the virtual machine is off, or has no guest agent channel"


def facts(state: State, reason: str = "whatever", **more: Any) -> Facts:
    return Facts(status=Status(state, reason, 100.0), now=130.0, **more)


def standing(stage: Stage, owner: str = "ann") -> Standing:
    return Standing(
        stage, "so it is", 120.0, Lease(owner=owner, seconds=60, since=110.0, deadline=170.0)
    )


class DoctorTests(SynchronousTestCase):
    def codes(self, known: Facts) -> list[str]:
        return [each.code for each in diagnose(known, shipped())]

    def test_well(self) -> None:
        """
        A guest that answers is well.
        """
        (finding,) = diagnose(facts(State.READY), shipped())
        self.assertEqual((finding.code, finding.advice), ("ok", ""))

    def test_away(self) -> None:
        """
        Each reason for an agent not to be there has a code of its own.
        """
        for state, reason, code in (
            (State.ABSENT, _ABSENT, "no-socket"),
            (
                State.ABSENT,
                "permission denied: this process may not write to the socket",
                "no-permission",
            ),
            (State.ABSENT, "something new", "nobody-listens"),
            (State.HELD, HELD, "silent"),
            (State.DESYNCED, HUNG, "hung"),
            (State.DESYNCED, STRANGER, "not-an-agent"),
            (State.DESYNCED, DROWNED, "garbage"),
            (State.DESYNCED, "silence; asking", "connecting"),
            (State.SYNCING, "connected", "connecting"),
            (State.CLOSED, "stopped", "closed"),
        ):
            self.assertEqual(self.codes(facts(state, reason)), [code], reason)

    def test_how_long(self) -> None:
        """
        It is told how long it has been so, and in which words the mux has it.
        """
        (finding,) = diagnose(facts(State.ABSENT, _ABSENT), shipped())
        self.assertEqual(finding.seconds, 30.0)
        self.assertIn(_ABSENT, finding.words)
        self.assertIn("Start the virtual machine", finding.advice)

    def test_held(self) -> None:
        """
        Where it is known who is connected, that is who holds the channel.
        """
        known = facts(State.HELD, HELD, holders=[Holder(7, "libvirtd")])
        (finding,) = diagnose(known, shipped())
        self.assertEqual(finding.code, "held")
        self.assertIn("libvirtd (pid 7)", finding.words)

    def test_port(self) -> None:
        """
        What QEMU knows of the port tells an agent that is not there from one that is held.
        """
        self.assertEqual(self.codes(facts(State.HELD, HELD, port_open=False)), ["no-agent"])
        self.assertEqual(self.codes(facts(State.HELD, HELD, port_open=True)), ["held"])
        self.assertEqual(self.codes(facts(State.DESYNCED, HUNG, port_open=False)), ["no-agent"])
        self.assertEqual(self.codes(facts(State.DESYNCED, HUNG, port_open=True)), ["hung"])

    def test_machine(self) -> None:
        """
        A machine that stands still cannot answer, whatever else is known.
        """
        for machine in ("paused", "suspended", "migrating"):
            self.assertEqual(self.codes(facts(State.DESYNCED, HUNG, machine=machine)), [machine])
        self.assertEqual(self.codes(facts(State.READY, machine="paused")), ["ok"])

    def test_frozen(self) -> None:
        """
        A frozen guest says who froze it and until when.
        """
        known = facts(State.FROZEN, "so said the reply", standing=standing(Stage.FROZEN))
        (finding,) = diagnose(known, shipped())
        self.assertEqual((finding.code, finding.seconds), ("frozen", 20.0))
        self.assertIn("so it is, for 40 s more at most", finding.words)
        known = facts(State.FROZEN, standing=standing(Stage.FROZEN, NOBODY))
        self.assertEqual(self.codes(known), ["found-frozen"])
        self.assertEqual(self.codes(facts(State.FROZEN)), ["frozen"])
        self.assertEqual(self.codes(facts(State.READY, standing=standing(Stage.THAWED))), ["ok"])

    def test_thaw_owed(self) -> None:
        """
        A guest that is still to be thawed says so, also where its agent is away.
        """
        owed = standing(Stage.THAWING)
        self.assertEqual(self.codes(facts(State.READY, standing=owed)), ["thaw-owed"])
        self.assertEqual(
            self.codes(facts(State.HELD, HELD, standing=owed)), ["silent", "thaw-owed"]
        )
        paused = facts(State.DESYNCED, HUNG, machine="paused", standing=standing(Stage.DOUBTFUL))
        self.assertEqual(self.codes(paused), ["paused", "frozen-in-doubt"])

    def test_busy(self) -> None:
        """
        A command that has been running for a while is named, a short one is not.
        """
        (finding,) = diagnose(facts(State.BUSY, running=("guest-fstrim", 110.0)), shipped())
        self.assertEqual((finding.code, finding.seconds), ("busy", 20.0))
        self.assertIn("guest-fstrim", finding.words)
        (made_up,) = diagnose(facts(State.BUSY, running=("\x1b[2J" * 1000, 110.0)), shipped())
        self.assertIn("that is not in the schema", made_up.words)
        self.assertNotIn("\x1b", made_up.words)
        self.assertEqual(self.codes(facts(State.BUSY, running=("guest-ping", 129.0))), ["ok"])

    def test_disabled(self) -> None:
        """
        Disabled commands are listed: those that we know, for a guest may make up any number.
        """
        known = facts(State.READY, disabled=["guest-exec", "guest-file-open", "x" * 10_000])
        (finding,) = diagnose(known, shipped())
        self.assertEqual(finding.code, "disabled")
        self.assertIn("(guest-exec, guest-file-open)", finding.words)
        self.assertIn("/etc/sysconfig/qemu-ga", finding.advice)

    @given(
        st.sampled_from(State),
        st.sampled_from([HELD, HUNG, STRANGER, DROWNED, _ABSENT, "?"]),
        st.sampled_from([None, True, False]),
        st.booleans(),
    )
    def test_always(self, state: State, reason: str, port: bool | None, held: bool) -> None:
        """
        Whatever is known, something is said, and what is wrong has an advice.
        """
        holders = [Holder(1, "x")] if held else []
        for finding in diagnose(facts(state, reason, port_open=port, holders=holders), shipped()):
            self.assertIn(finding.code, MEANINGS)
            self.assertTrue(finding.advice or finding.code == "ok")
