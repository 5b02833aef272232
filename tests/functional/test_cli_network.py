"""``txqga`` and a mux that is asked over a network."""

import tempfile
from pathlib import Path

from tests._certificates import certificate
from tests.functional._cli import CliCase
from tests.functional._http import TOKEN, free_port, over_tcp
from tests.functional._mux_process import AskedMux
from tests.functional._oracle import OURS, AgentProcess, require
from txqga.cli import Exit


class CliNetworkTests(CliCase):
    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(made.cleanup)
        self.here = Path(made.name)
        self.tokens = self.here / "token"
        self.tokens.write_text(f"{TOKEN}\n")
        self.tokens.chmod(0o600)

    def start(self, port: int, *options: str) -> None:
        """Start a mux whose only guest is off."""
        self.mux = AskedMux({"off": self.here / "off"}, *options)
        self.mux.port = port
        self.addCleanup(self.mux.remove)
        self.mux.start()

    async def test_token(self) -> None:
        """
        Who has the token may ask: it comes from a file, or from the environment.
        """
        port, options = over_tcp(self.here, "ops")
        self.start(port, *options)
        self.where = ("--control", f"http://127.0.0.1:{port}")
        by_file = ("--token-file", str(self.tokens), "--json", "list")
        env, file, nobody, wrong = await self.together(
            self.txqga("--json", "list", TXQGA_TOKEN=TOKEN),
            self.txqga(*by_file),
            self.refused(Exit.FORBIDDEN, "list"),
            self.txqga("list", TXQGA_TOKEN="f" * 16),
        )
        for done in (env, file):
            self.assertEqual(done.status, 0, done)
            self.assertEqual([each["name"] for each in done.json["guests"]], ["off"])
        self.assertIn("--token-file", nobody["message"])
        self.assertEqual((wrong.status, wrong.err), (5, "txqga: this token is unknown\n"))

    async def test_nobody(self) -> None:
        """
        Where nobody listens, or nobody speaks HTTP, it is said, at once.
        """
        self.where = ("--control", f"http://127.0.0.1:{free_port()}")
        error = await self.refused(Exit.UNAVAILABLE, "list")
        self.assertEqual(error["code"], "mux-unreachable")
        self.assertIn("refused", error["message"])

    async def test_tls(self) -> None:
        """
        Over TLS the mux is believed whose certificate is; another is not told the token.
        """
        cert, key = certificate(self.here)
        port, options = over_tcp(self.here, "ops")
        where = f"ssl:{port}:privateKey={key}:certKey={cert}:interface=127.0.0.1"
        self.start(port, "--http", where, *options[2:])
        self.where = ("--control", f"https://127.0.0.1:{port}", "--token-file", str(self.tokens))
        good, stranger, plain = await self.together(
            self.good("--ca", str(cert), "list", "--json"),
            self.refused(Exit.UNAVAILABLE, "list"),
            self.refused(Exit.UNAVAILABLE, "--control", f"http://127.0.0.1:{port}", "list"),
        )
        self.assertEqual([each["name"] for each in good.json["guests"]], ["off"])
        self.assertIn("--ca", stranger["message"])
        self.assertEqual(plain["code"], "mux-unreachable")
        self.where = (*self.where, "--ca", str(self.tokens))
        self.assertIn("no certificate", (await self.refused(Exit.USAGE, "list"))["message"])

    async def test_commands(self) -> None:
        """
        Commands of a guest are called over a network; what needs its socket says so, and does not
        take a guest of this host that has the same name.
        """
        port, options = over_tcp(self.here, "ops")
        with AgentProcess(require(OURS)) as agent:
            self.mux = AskedMux({"db1": agent.socket}, *options)
            self.mux.port = port
            self.addCleanup(self.mux.remove)
            self.mux.start()
            self.where = ("--mux", str(self.mux.served))
            await self.good("wait", "db1")
            url = f"http://127.0.0.1:{port}"
            self.where = ("--control", url, "--token-file", str(self.tokens))
            named, pinged, told, refused, missing = await self.together(
                self.good("--json", "call", "db1", "guest-get-host-name"),
                self.good("ping", "db1", "--count", "2"),
                self.good("--json", "info", "db1"),
                self.refused(Exit.REFUSED, "shutdown", "db1"),
                self.refused(Exit.UNAVAILABLE, "time", "db2"),
            )
            here = await self.refused(Exit.UNAVAILABLE, "cat", "db1", "/etc/hostname")
            self.where = ("--mux", str(self.mux.served), *self.where)
            await self.good("cat", "db1", "/etc/passwd")
        self.assertEqual(told.json["host-name"], named.json)
        self.assertEqual(pinged.out.count("answers"), 2)
        self.assertEqual(refused["class"], "CommandNotFound")
        self.assertEqual(missing["code"], "no-such-guest")
        self.assertIn("on the host of the mux", here["message"])

    async def test_certificate(self) -> None:
        """
        Where the mux asks for certificates, whoever has one of its authority may ask.
        """
        ours, theirs = self.here / "ours", self.here / "theirs"
        for folder in (ours, theirs):
            folder.mkdir()
        cert, key = certificate(self.here)
        mine, secret = certificate(ours, "ops")
        strange, other = certificate(theirs, "ops")
        for each in (secret, other):
            each.chmod(0o600)
        port = free_port()
        where = f"ssl:{port}:privateKey={key}:certKey={cert}:interface=127.0.0.1"
        self.start(port, "--http", f"{where}:caCertsDir={ours}")
        self.where = ("--control", f"https://127.0.0.1:{port}", "--ca", str(cert))
        good, nobody, stranger = await self.together(
            self.good("--cert", str(mine), "--key", str(secret), "--json", "list"),
            self.refused(Exit.FORBIDDEN, "list"),
            self.refused(Exit.FORBIDDEN, "--cert", str(strange), "--key", str(other), "list"),
        )
        self.assertEqual([each["name"] for each in good.json["guests"]], ["off"])
        for error in (nobody, stranger):
            self.assertIn("--cert", error["message"])
