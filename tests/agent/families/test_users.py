"""guest-get-users and guest-set-user-password."""

import base64
from typing import Any

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


class PasswordTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.blocking = True
        self.family = Users(self.platform)

    def words(self, password: bytes, username: str = "alice", *, crypted: bool = False) -> Any:
        encoded = base64.b64encode(password).decode()
        return {"username": username, "password": encoded, "crypted": crypted}

    def test_set(self) -> None:
        """
        A password may be anything on one line, the empty one too; what follows a NUL is no part
        of it, as in qemu-ga.
        """
        for given, password, crypted in (
            (b"secret", b"secret", False),
            (b"a:b\xff", b"a:b\xff", False),
            (b"$6$x$y", b"$6$x$y", True),
            (b"", b"", False),
            (b"a\0b\n", b"a", False),
        ):
            self.platform.done.clear()
            words = self.words(given, crypted=crypted)
            self.assertIsNone(self.ask(self.family, "guest-set-user-password", **words))
            self.assertEqual(self.platform.done, [("set_password", "alice", password, crypted)])

    def test_forbidden(self) -> None:
        """
        Neither a password nor a name may end the line of another user, or begin one.
        """
        for words, desc in (
            (self.words(b"x\nroot:y"), "forbidden characters in raw password"),
            (self.words(b"x\n", "a:b"), "forbidden characters in raw password"),
            (self.words(b"x", "a\nroot"), "forbidden characters in username"),
            (self.words(b"x", "root:y"), "forbidden characters in username"),
            (
                {"username": ":", "password": "*", "crypted": True},
                "Base64 data contains invalid characters",
            ),
        ):
            self.assertEqual(self.refusal(self.family, "guest-set-user-password", **words), desc)
        self.assertEqual(self.platform.done, [])
