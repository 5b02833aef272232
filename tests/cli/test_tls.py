"""Certificates for the control interface."""

from pathlib import Path

from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface.verify import verifyObject

from tests._certificates import certificate
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._tls import Policy, policy_of
from txqga.cli._where import Where


class TlsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.cert, self.key = self.made("ours")

    def made(self, folder: str) -> tuple[Path, Path]:
        made = Path(self.mktemp()) / folder
        made.mkdir(parents=True)
        cert, key = certificate(made)
        key.chmod(0o600)
        return cert, key

    def policy(self, cert: Path | None = None, key: Path | None = None) -> Policy:
        where = Where(control="https://h", cert=str(cert) if cert else None)
        return policy_of(where if key is None else Where(cert=where.cert, key=str(key)))

    def wrong(self, cert: Path | None, key: Path | None) -> str:
        why = self.assertRaises(Complaint, self.policy, cert, key)
        self.assertEqual(why.exit, Exit.USAGE)
        return str(why)

    def test_nobody(self) -> None:
        """
        Without a certificate nobody says by one who asks.
        """
        policy = self.policy()
        verifyObject(IPolicyForHTTPS, policy)
        self.assertIs(policy.ours, None)
        creator = policy.creatorForNetloc(b"mux.example", 443)
        verifyObject(IOpenSSLClientConnectionCreator, creator)

    def test_ours(self) -> None:
        """
        A certificate and its key are in two files, or in one; what leads to its authority follows.
        """
        one = self.key.with_name("one.pem")
        one.touch(0o600)
        one.write_bytes(self.key.read_bytes() + 2 * self.cert.read_bytes())
        for policy, others in ((self.policy(self.cert, self.key), 0), (self.policy(one), 1)):
            self.assertEqual(policy.ours.getSubject().commonName, b"a mux")
            self.assertEqual(len(policy.chain), others)
            policy.creatorForNetloc(b"mux.example", 443)

    def test_wrong(self) -> None:
        """
        A key that others can read, that is another's, or that is none, is told as what it is.
        """
        self.assertIn("of no use", self.wrong(None, self.key))
        self.assertIn("No such file", self.wrong(self.cert, Path("/nonexistent")))
        self.assertIn("no key of that certificate", self.wrong(self.cert, self.made("b")[1]))
        self.assertIn("no certificate", self.wrong(self.key, self.key))
        self.key.chmod(0o640)
        self.assertIn("chmod 600", self.wrong(self.cert, self.key))

    def test_no_passphrase(self) -> None:
        """
        Nobody is asked for a passphrase.
        """
        for text in ("", "BEGIN ENCRYPTED PRIVATE KEY", "BEGIN RSA PRIVATE KEY"):
            more = "Proc-Type: 4,ENCRYPTED\n" if "RSA" in text else ""
            end = text.replace("BEGIN", "END")
            self.key.write_text(f"-----{text}-----\n{more}AAAA\n-----{end}-----\n")
            self.assertIn("passphrase", self.wrong(self.cert, self.key))
