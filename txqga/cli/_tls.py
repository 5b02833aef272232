"""Whose word counts over https, and by which certificate we say who asks."""

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from attrs import frozen
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where

if TYPE_CHECKING:
    from twisted.internet.ssl import Certificate

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


@implementer(IPolicyForHTTPS)
@frozen
class Policy:
    """What is asked of who answers, and told to who asks: at every address the same."""

    authorities: Any  #: whose word counts; None: that of those whom this host knows
    ours: Any  #: our certificate, with its key; None: there is none
    chain: tuple[Any, ...] = ()  #: those that lead from it to its authority

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give what speaks TLS with that host."""
        from twisted.internet.ssl import optionsForClientTLS

        return optionsForClientTLS(
            hostname.decode("ascii"),
            trustRoot=self.authorities,
            clientCertificate=self.ours,
            extraCertificateOptions={"extraCertChain": self.chain} if self.chain else None,
        )


def policy_of(where: Where) -> Policy:
    """
    Read what was said of certificates.

    :raise Complaint: it cannot be read, or TLS is not there.
    """
    try:
        from twisted.internet.ssl import trustRootFromCertificates
    except ImportError as why:
        words = f"https:// needs what is not installed: pip install 'twisted[tls]' ({why})"
        raise Complaint("no-tls", words, Exit.USAGE) from why
    authorities = None
    if where.ca is not None:
        authorities = trustRootFromCertificates(_certificates("--ca", where.ca))
    if where.cert is None:
        if where.key is not None:
            wrong("--key", "it is of no use without --cert")
        return Policy(authorities, None)
    first, *others = _certificates("--cert", where.cert)
    ours = _with_key(first, where.key or where.cert)
    return Policy(authorities, ours, tuple(each.original for each in others))


def private(option: str, path: Path) -> str:
    """
    Read a file that is a secret.

    :raise Complaint: it cannot be read, or others can read it, too.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            text = file.read(_LONGEST)
    except (OSError, UnicodeDecodeError) as why:
        wrong(option, str(why))
    if mode & 0o077:
        wrong(option, f"{path}: others can read it (mode {mode:04o}); chmod 600 it")
    return text


#: Octets of the longest file that could hold a token, or a key with a few certificates.
_LONGEST = 1 << 16


def wrong(option: str, words: str) -> NoReturn:
    """Complain of an option."""
    raise Complaint("usage", f"{option}: {words}", Exit.USAGE)


def _certificates(option: str, path: str) -> "list[Certificate]":
    from twisted.internet.ssl import Certificate

    try:
        found = [Certificate.loadPEM(e) for e in _CERTIFICATE.findall(Path(path).read_bytes())]
    except OSError as why:
        wrong(option, str(why))
    except Exception as why:  # whatever OpenSSL raises, it is of the file
        wrong(option, f"{path} holds no certificate that can be read: {why}")
    if not found:
        wrong(option, f"{path} holds no certificate")
    return found


def _with_key(certificate: "Certificate", path: str) -> Any:
    from twisted.internet.ssl import PrivateCertificate

    text = private("--key", Path(path))
    found = _KEY.search(text)
    if found is None:
        wrong("--key", f"{path} holds no key, or one with a passphrase, which is not asked for")
    try:
        return PrivateCertificate.loadPEM(found[0].encode() + certificate.dumpPEM())
    except Exception as why:  # whatever OpenSSL raises, it is of the file
        wrong("--key", f"{path} holds no key of that certificate: {why}")


#: A key in the clear: OpenSSL would ask at the terminal for the passphrase of another.
_KEY = re.compile(
    r"-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----(?!\s*Proc-Type:).+?-----END \1-----\n?", re.DOTALL
)
