"""How far a conversation with QEMU's monitor has come."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.qmp._talk import NEGOTIATING, OPEN, OVER, WAITING, Core, Talk


class TalkTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.done: list[Any] = []

    def talk(self, state: Any) -> Any:
        return Talk(
            Core(
                negotiate=lambda: self.done.append("negotiate"),
                opened=lambda: self.done.append("opened"),
                refused=lambda why: self.done.append(("refused", why)),
                replied=lambda *reply: self.done.append(("replied", *reply)),
                happened=lambda name: self.done.append(("happened", name)),
            ),
            state,
        )

    def test_greeted(self) -> None:
        """
        When QEMU has greeted, capabilities are negotiated, and nothing else counts meanwhile.
        """
        talk = self.talk(WAITING)
        talk.reply(1, {}, None)
        talk.event("STOP")
        talk.greet()
        talk.greet()
        talk.event("STOP")
        self.assertEqual(self.done, ["negotiate"])

    def test_negotiated(self) -> None:
        """
        When that was answered, commands are taken.
        """
        self.talk(NEGOTIATING).reply(0, {}, None)
        self.assertEqual(self.done, ["opened"])

    def test_refused(self) -> None:
        """
        When that was refused, somebody else must decide.
        """
        self.talk(NEGOTIATING).reply(0, None, "no")
        self.assertEqual(self.done, [("refused", "no")])

    def test_open(self) -> None:
        """
        Then replies and events are told.
        """
        talk = self.talk(OPEN)
        talk.greet()
        talk.reply(3, [], None)
        talk.event("STOP")
        self.assertEqual(self.done, [("replied", 3, [], None), ("happened", "STOP")])

    def test_over(self) -> None:
        """
        What comes after the end is not heard.
        """
        for state in (WAITING, NEGOTIATING, OPEN, OVER):
            talk = self.talk(state)
            talk.end()
            talk.end()
            talk.greet()
            talk.reply(3, [], None)
            talk.event("STOP")
        self.assertEqual(self.done, [])
