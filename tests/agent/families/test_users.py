"""guest-get-users."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._users import Users
from txqga.agent.platform import Session


class UsersTests(AskingTests):
    def users(self, *sessions: Session) -> object:
        self.platform.tell(sessions=sessions)
        return self.ask(Users(self.platform), "guest-get-users")

    def test_once(self) -> None:
        """
        Each user is told once, in the order of the first session, since the earliest one.
        """
        self.assertEqual(
            self.users(
                Session("bob", 100.25),
                Session("alice", 50.5),
                Session("bob", 90.0),
                Session("bob", 95.0),
            ),
            [{"user": "bob", "login-time": 90.0}, {"user": "alice", "login-time": 50.5}],
        )

    def test_nobody(self) -> None:
        """
        Nobody may be logged in.
        """
        self.assertEqual(self.users(), [])
