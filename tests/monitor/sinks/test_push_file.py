"""Platforms as an operator writes them."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.sinks import Platform, PushError, read_platforms
from txqga.mux import patterns

LEAST = '[[webhook]]\nname = "acme"\nurl = "https://acme.example/in"\n'


class ReadPlatformsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())
        self.secret = Path(self.mktemp()).absolute()
        self.secret.write_text("geheim\n")
        self.secret.chmod(0o600)

    def read(self, text: str, spools: Path | None = None) -> list[Platform]:
        self.path.write_text(text)
        return read_platforms(self.path, spools)

    def wrong(self, text: str) -> str:
        why = self.assertRaises(PushError, self.read, text)
        self.assertTrue(str(why).startswith(f"{self.path}: "), why)
        return str(why).removeprefix(f"{self.path}: ")

    def test_least(self) -> None:
        """
        A name and a URL are enough: it gets all guests.
        """
        (platform,) = self.read(LEAST, Path("/spools"))
        self.assertEqual(
            platform,
            Platform(
                name="acme", url="https://acme.example/in", spool=Path("/spools/webhook/acme")
            ),
        )
        self.assertIsNone(self.read(LEAST)[0].spool)
        self.assertEqual(self.read(""), [])

    def test_most(self) -> None:
        """
        Everything else can be said, too.
        """
        (platform,) = self.read(
            f"{LEAST}"
            'guests = ["acme-*", "db1"]\n'
            'labels = { tenant = "acme" }\n'
            "every = 2.5\n"
            f'secret-file = "{self.secret}"\n'
            f'token-file = "{self.secret}"\n'
            'spool = "/var/spool/x"\n'
            "spool-limit = 1\n",
            Path("/spools"),
        )
        self.assertEqual(
            platform,
            Platform(
                name="acme",
                url="https://acme.example/in",
                guests=patterns(["acme-*", "db1"]),
                labels={"tenant": "acme"},
                every=2.5,
                secret=b"geheim",
                token="geheim",
                spool=Path("/var/spool/x/webhook"),
                disk=1 << 20,
            ),
        )

    def test_kinds(self) -> None:
        """
        What a platform takes is told by its table's name; a spool is not for both.
        """
        text = f"{LEAST}{LEAST}".replace("[[webhook]]", "[[otlp]]", 1).replace("acme", "otel", 2)
        found = self.read(text, Path("/spools"))
        self.assertEqual(
            [(each.name, each.kind.value, each.spool) for each in found],
            [
                ("acme", "webhook", Path("/spools/webhook/acme")),
                ("otel", "otlp", Path("/spools/otlp/otel")),
            ],
        )

    def test_one_spool_for_two(self) -> None:
        """
        What waits for one platform never goes to another: two cannot have one spool, but a platform
        that takes something else from now on has another.
        """
        own = f"{LEAST}spool = '/var/spool/x'\n"
        other = own.replace("acme", "else").replace("/x", "/y/../x/")
        self.assertEqual(
            self.wrong(f"{own}{other}"),
            "webhook 2: spool: /var/spool/x/webhook is that of acme already",
        )
        (webhook,) = self.read(own)
        (otlp,) = self.read(own.replace("[[webhook]]", "[[otlp]]"))
        self.assertNotEqual(webhook.spool, otlp.spool)

    def test_wrong(self) -> None:
        """
        What is wrong is told, with what is allowed.
        """
        for text, words in (
            ("x", "Expected"),
            ("[webhook]", "webhook: write [[webhook]] for each"),
            ("[[prometheus]]", "prometheus: there is no such key; there are webhook, otlp"),
            ("webhook = [1]", "webhook: write [[webhook]] for each"),
            (f"{LEAST}{LEAST}", "webhook 2: name: there are two of the name acme"),
            (f"{LEAST}{LEAST}".replace("webhook", "otlp", 1), "otlp 1: name: there are two of"),
            (f'{LEAST}labels = {{ host = "x" }}', "labels: host: the mux says that itself"),
            (f"{LEAST}nmae = 1", "webhook 1: nmae: there is no such key; there are name, url"),
            ('[[webhook]]\nname = "../x"', "webhook 1: name: up to 32"),
            *(
                (f'[[webhook]]\nname = "x"\nurl = "{url}"', f"webhook 1: url: {words}")
                for url, words in (
                    ("ftp://x", "http"),
                    ("http://", "http"),
                    ("https:///in", "http"),
                    ("http://x:y/", "Port could not be cast"),
                    ("http://x:99999/", "Port out of range"),
                    ("http://[::1", "Invalid"),
                    ("http://a b/", "it has a space"),
                    ("http://a..b/", ""),
                    ("http://me:secret@x/", "what is secret is named by token-file"),
                )
            ),
            (f"{LEAST}guests = []", "webhook 1: guests: an array"),
            (f"{LEAST}labels = {{ 'a b' = 'c' }}", "webhook 1: labels: 'a b' is no name"),
            (f"{LEAST}labels = {{ device = 'c' }}", "labels: device: the mux says that itself"),
            (f"{LEAST}every = 0", "webhook 1: every: a number from 1 to 3600"),
            (f"{LEAST}every = true", "webhook 1: every: a number from 1 to 3600"),
            (f"{LEAST}spool-limit = 'x'", "webhook 1: spool-limit: a number"),
            (f"{LEAST}spool = 1", "webhook 1: spool: a text"),
            (f'{LEAST}spool = "a\\u0000"', "webhook[0]: spool: there is a NUL"),
            (f'{LEAST}secret-file = "\\u0000"', "webhook[0]: secret-file: there is a NUL"),
            (f'{LEAST}guests = [""]', "webhook 1: guests: an array"),
            (f"{LEAST}token-file = '/not/there'", "webhook 1: token-file: /not/there: No such"),
        ):
            self.assertIn(words, self.wrong(text), text)
        self.path.unlink()
        self.assertRaises(PushError, read_platforms, self.path)

    def test_secrets(self) -> None:
        """
        A secret is one line, in a file that others cannot read.
        """
        named = f"{LEAST}secret-file = '{self.secret}'"
        self.secret.chmod(0o640)
        self.assertIn("others can read", self.wrong(named))
        self.secret.chmod(0o600)
        for text in ("", "a\nb"):
            self.secret.write_text(text)
            self.assertIn("one line is expected", self.wrong(named))
        self.secret.write_text("x" * 4097)
        self.assertIn("more than 4096 octets", self.wrong(named))
        self.secret.write_bytes("geheim\N{EURO SIGN}".encode())
        self.assertEqual(len(self.read(named)[0].secret), 9)
        for octets in (b"a\rb", b"a\0b", b"a b", "\N{EURO SIGN}".encode()):
            self.secret.write_bytes(octets)
            token = self.wrong(named.replace("secret-file", "token-file"))
            self.assertIn("visible ASCII is expected", token)
        folder = Path(self.mktemp())
        folder.mkdir(mode=0o700)
        self.assertIn("a file is expected", self.wrong(f"{LEAST}secret-file = '{folder}'"))
