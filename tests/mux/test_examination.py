"""Gathering what is known of a guest."""

from pathlib import Path

from twisted.internet.defer import Deferred, fail, succeed

from tests.mux._guest_case import GuestCase
from txqga.mux._doctor import Finding
from txqga.mux._examination import PATIENCE, disabled_in, examine
from txqga.mux._holders import Holder
from txqga.mux._inventory import VM
from txqga.session import State
from txqga.session._reasons import HELD
from txqga.wire import JSON


class ExaminationTests(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.found: Deferred[list[Holder]] = succeed([])
        self.looked: list[Path] = []

    def examine(self, channel: str = "unix:/run/db1.sock") -> Deferred[list[Finding]]:
        return Deferred.fromCoroutine(
            examine(self.clock, self.guest, VM("db1", channel), find=self.find)
        )

    def find(self, path: Path) -> Deferred[list[Holder]]:
        self.looked.append(path)
        return self.found

    def codes(self, examined: Deferred[list[Finding]]) -> list[str]:
        return [each.code for each in self.successResultOf(examined)]

    def test_answers(self) -> None:
        """
        An agent that answers is asked what is disabled in it.
        """
        examined = self.examine()
        commands = [{"name": "guest-exec", "enabled": False}, {"name": "x", "enabled": True}]
        self.answer({"version": "10.0", "supported_commands": commands})
        (finding,) = self.successResultOf(examined)
        self.assertEqual(finding.code, "disabled")
        self.assertIn("guest-exec", finding.words)
        self.assertEqual(self.looked, [])

    def test_does_not_tell(self) -> None:
        """
        An agent that takes its time is busy, and nobody waits for it.
        """
        self.guest.ask(self.ann, "guest-fstrim", {})
        examined = self.examine()
        self.clock.advance(PATIENCE)
        self.assertEqual(self.codes(examined), ["busy"])

    def test_away(self) -> None:
        """
        Of one that does not answer it is found out who is connected to its channel.
        """
        self.session.tell(State.HELD, HELD)
        self.found = succeed([Holder(7, "libvirtd")])
        self.assertEqual(self.codes(self.examine()), ["held"])
        self.assertEqual(self.looked, [Path("/run/db1.sock")])

    def test_cannot_be_found_out(self) -> None:
        """
        Where the kernel does not tell, or there is no socket, it is done without.
        """
        self.session.tell(State.HELD, HELD)
        self.found = fail(PermissionError())
        self.assertEqual(self.codes(self.examine()), ["silent"])
        self.assertEqual(self.codes(self.examine("vsock:3:1024")), ["silent"])
        self.assertEqual(len(self.looked), 1)

    def test_hostile(self) -> None:
        """
        Whatever an agent says of itself, no more is believed than makes sense.
        """
        wrong: tuple[JSON, ...] = (None, [], {}, {"supported_commands": 5})
        for info in wrong:
            self.assertEqual(disabled_in(info), [])
        entries: JSON = [None, {"enabled": False}, {"name": 5, "enabled": False}]
        self.assertEqual(disabled_in({"supported_commands": entries}), [])
        many: JSON = [{"name": "x", "enabled": False}] * 5000
        self.assertLess(len(disabled_in({"supported_commands": many})), 5000)
