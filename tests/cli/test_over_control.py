"""A guest of a mux elsewhere."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.cli._case import MemoryControl
from txqga.cli._complaint import Complaint, of_problem
from txqga.cli._over_control import OverControl
from txqga.errors import (
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    GuestIsFrozen,
    InvalidArguments,
)
from txqga.guest import Guest

NAME = "guest-get-host-name"


class OverControlTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.control = MemoryControl()
        self.guest = Guest(Clock(), OverControl(self.control, "db1"))  # type: ignore[arg-type]

    def answer(self, answer: Any, command: str = NAME) -> None:
        self.control.answers["POST", ("guests", "db1", "commands", command)] = answer

    def test_asks(self) -> None:
        """
        A command is asked by its name, and its arguments go with it.
        """
        self.answer({"return": {"host-name": "db1"}})
        self.successResultOf(self.guest.wait_ready(1))
        self.assertEqual(self.successResultOf(self.guest.get_host_name()).host_name, "db1")
        self.answer({"return": {}}, "guest-ssh-add-authorized-keys")
        self.successResultOf(self.guest.ssh_add_authorized_keys("root", ["k"]))
        self.assertEqual(self.control.bodies, [{}, {"username": "root", "keys": ["k"]}])
        self.successResultOf(self.guest.close())

    def test_silent(self) -> None:
        """
        A command that has no answer when it works was sent, and that is good.
        """
        self.answer({}, "guest-shutdown")
        self.assertIs(self.successResultOf(self.guest.shutdown(mode="reboot")), None)

    def test_fails(self) -> None:
        """
        It fails as it does at the guest's own socket; and else with what the mux complains of.
        """
        for code, kind, more in (
            ("command-failed", CommandFailed, {}),
            ("no-such-command", CommandNotFound, {}),
            ("guest-is-frozen", GuestIsFrozen, {}),
            ("invalid-arguments", InvalidArguments, {}),
            ("forbidden", CommandNotAllowed, {"class": "CommandNotFound"}),
            ("forbidden", Complaint, {}),
            ("agent-unavailable", Complaint, {}),
        ):
            self.answer(of_problem({"code": code, "detail": "no", **more}))
            why = self.failureResultOf(self.guest.call(NAME)).value
            self.assertIs(type(why), kind)
            self.assertIn("no", str(why))

    def test_still(self) -> None:
        """
        It is the mux that holds it still, and tells how it is.
        """
        self.assertRaises(ValueError, self.guest.freezer, "me")
        told: list[Any] = []
        self.guest.subscribe(told.append)()
        self.assertEqual((told, self.guest.status.state.is_ready), ([], True))

    def test_given_up(self) -> None:
        """
        Who is waiting for an answer may give it up.
        """
        waiting: Deferred[Any] = Deferred()

        async def wait(*words: Any, **named: Any) -> Any:
            return await waiting

        self.patch(self.control, "ask", wait)
        asked = self.guest.call(NAME)
        asked.cancel()
        self.failureResultOf(asked)
        self.assertTrue(waiting.called)
