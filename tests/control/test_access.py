"""Who asks, and whether they may ask at all."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from attrs import frozen
from twisted.trial.unittest import SynchronousTestCase

from txqga.control._access import Access, Principal, read_tokens
from txqga.control._problem import Problem
from txqga.mux import Bearer, Peer, User

CI, OPS = Bearer("ci"), Bearer("ops-1")
TOKEN = "0123456789abcdef"
KNOWN = {hashlib.sha256(TOKEN.encode()).digest(): "ci"}


@frozen
class FakeTLS:
    """A connection of TLS, with a certificate of that common name."""

    commonName: str | None

    def getPeerCertificate(self) -> Any:
        return self

    def get_subject(self) -> Any:
        return self


class PrincipalTests(SynchronousTestCase):
    def refused(self, access: Access, authorization: str | None, peer: Peer | None) -> str:
        why = self.assertRaises(Problem, access.principal, FakeTLS(None), authorization, peer)
        return str(why.code)

    def test_peer(self) -> None:
        """
        On a UNIX socket it is the user whom the kernel names; what they may, the policy says.
        """
        for uid in (0, os.geteuid(), 54321):
            peer = Peer(pid=7, uid=uid, gid=1)
            found = Access().principal(None, None, peer)
            name = f"uid {uid} (pid 7)"
            self.assertEqual(found, Principal(name=name, owner=User(uid), who=peer))
            caller = found.caller
            self.assertEqual((caller.name, caller.owner, caller.who), (name, User(uid), peer))

    def test_token(self) -> None:
        """
        Who has a token is called as the token is, wherever it comes from.
        """
        access = Access(tokens=KNOWN)
        for peer in (None, Peer(pid=7, uid=54321, gid=1)):
            found = access.principal(None, f"Bearer {TOKEN}", peer)
            self.assertEqual(found, Principal(name="token ci", owner=CI, who=CI))

    def test_wrong_token(self) -> None:
        """
        A wrong token is refused, also where no token was needed.
        """
        root = Peer(pid=7, uid=0, gid=0)
        for authorization in ("Bearer x", "Basic eDp5", "", f"Bearer {TOKEN}x", "Bearer"):
            self.assertEqual(
                self.refused(Access(tokens=KNOWN), authorization, root), "unauthenticated"
            )

    def test_certificate(self) -> None:
        """
        Where connections need a certificate, its common name says who it is.
        """
        access = Access(certificates=True)
        found = access.principal(FakeTLS("ops-1"), None, None)
        self.assertEqual(found, Principal(name="certificate ops-1", owner=OPS, who=OPS))
        for name in (None, "", "a\nb", "x" * 65):
            why = self.assertRaises(Problem, access.principal, FakeTLS(name), None, None)
            self.assertEqual(why.code, "unauthenticated")

    def test_nobody(self) -> None:
        """
        Otherwise nobody is served.
        """
        self.assertEqual(self.refused(Access(), None, None), "unauthenticated")

    def test_secret(self) -> None:
        """
        Tokens are not shown by accident.
        """
        self.assertNotIn("ci", repr(Access(tokens=KNOWN)))


class BrowserTests(SynchronousTestCase):
    def test_host(self) -> None:
        """
        Over a network this server answers to numbers, to localhost, and to the names it was given.
        """
        access = Access(hosts=("mux.example",))
        for host in ("127.0.0.1:80", "[::1]:8080", "localhost", "mux.example:1", "MUX.example"):
            access.check_host(host, False)
        odds = ("a@b c", "[", "[::1", "[x]:1")
        for wrong in (None, "", "evil.example", "localhost.evil.example", *odds):
            self.assertRaises(Problem, access.check_host, wrong, False)
            access.check_host(wrong, True)

    def test_origin(self) -> None:
        """
        A page may ask the server that it came from, and no other.
        """
        access = Access()
        access.check_origin(None, "mux.example")
        access.check_origin("https://mux.example:8", "mux.example:8")
        wrong = (
            "null",
            "https://evil.example",
            "https://mux.example",
            "",
            "http://[",
            "http://[x]",
        )
        for origin in wrong:
            self.assertRaises(Problem, access.check_origin, origin, "mux.example:8")


class TokensTests(SynchronousTestCase):
    def file(self, text: str, mode: int = 0o600) -> Path:
        handle, name = tempfile.mkstemp(prefix="tokens", dir="/tmp")
        self.addCleanup(os.unlink, name)
        os.write(handle, text.encode())
        os.fchmod(handle, mode)
        os.close(handle)
        return Path(name)

    def test_read(self) -> None:
        """
        A line has a name and a token; comments and empty lines do not count.
        """
        found = read_tokens(self.file(f"# people\n\nci {TOKEN}\nann {TOKEN}2 # Ann\n"))
        self.assertEqual(sorted(found.values()), ["ann", "ci"])
        self.assertEqual(found[hashlib.sha256(TOKEN.encode()).digest()], "ci")

    def test_wrong(self) -> None:
        """
        What is wrong is told with its line.
        """
        for text, words in (
            ("ci\n", ":1: not a name and a token"),
            (f"\nci {TOKEN} more\n", ":2: not a name"),
            ("ci short\n", ":1: not a name"),
            (f"ci {TOKEN}\nann {TOKEN}\n", ":2: ann has the token of ci"),
        ):
            why = self.assertRaises(ValueError, read_tokens, self.file(text))
            self.assertIn(words, str(why))
            self.assertNotIn(TOKEN, str(why))

    def test_open_to_others(self) -> None:
        """
        A file that others can read holds no secrets.
        """
        why = self.assertRaises(ValueError, read_tokens, self.file(f"ci {TOKEN}\n", 0o640))
        self.assertIn("chmod 600", str(why))
