"""Where guests are."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.testing import MemoryReactor
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._where import CONTROL_VARIABLE, MUX_VARIABLE, Where, endpoint_of, where_of


class WhereTests(SynchronousTestCase):
    def of(
        self,
        mux: str | None = None,
        control: str | None = None,
        env: Mapping[str, str] = MappingProxyType({}),
        *,
        socket: bool = False,
    ) -> tuple[str, str]:
        where = where_of(None, mux, control, env, lambda path: socket)
        return str(where.folder), where.control

    def test_default(self) -> None:
        """
        With nothing said, it is where the mux's unit has its sockets.
        """
        self.assertEqual(self.of(), ("/run/txqga", "/run/txqga/control.http"))
        self.assertEqual(where_of(None, None, None, {}, lambda path: False), Where())

    def test_said(self) -> None:
        """
        The command line goes before the environment, and the control socket is in the folder.
        """
        self.assertEqual(self.of("/a"), ("/a", "/a/control.http"))
        self.assertEqual(self.of("/a", "/c"), ("/a", "/c"))
        env = {MUX_VARIABLE: "/m", CONTROL_VARIABLE: "/c"}
        self.assertEqual(self.of(env=env), ("/m", "/c"))
        self.assertEqual(self.of("/a", "/b", env), ("/a", "/b"))

    def test_socket(self) -> None:
        """
        The mux can be named by its control socket.
        """
        self.assertEqual(self.of("/a/http", socket=True), ("/a", "/a/http"))

    def test_network(self) -> None:
        """
        Over a network the command line goes before the environment, too.
        """
        env = {CONTROL_VARIABLE: "https://h", "TXQGA_TOKEN": "t", "TXQGA_TOKEN_FILE": "f"}
        env |= {"TXQGA_CERT": "x", "TXQGA_KEY": "k"}
        where = where_of(None, None, None, {**env, "TXQGA_CA": "c"})
        self.assertEqual((where.token, where.token_file, where.ca), ("t", "f", "c"))
        self.assertEqual((where.cert, where.key), ("x", "k"))
        self.assertTrue(where.is_url)
        said = where_of(None, None, "/c", env, token_file="g", ca="d")
        self.assertEqual((said.token_file, said.ca, said.is_url), ("g", "d", False))

    def test_guests(self) -> None:
        """
        Guests are found by their sockets.
        """
        with tempfile.TemporaryDirectory() as folder:
            for name in ("db1.sock", "a.b.sock", "control.http"):
                (Path(folder) / name).touch()
            where = Where(folder=Path(folder))
            self.assertEqual(where.guests(), ["a.b", "db1"])
            self.assertTrue(where.socket("db1").exists())

    def test_direct(self) -> None:
        """
        With an agent's endpoint there is no mux between.
        """
        self.assertTrue(where_of("/a", None, None, {}).is_direct)
        self.assertFalse(Where().is_direct)

    def test_endpoints(self) -> None:
        """
        An agent is at a path, or at whatever Twisted can connect to.
        """
        reactor: Any = MemoryReactor()
        for where in ("/run/a:b.sock", "unix:/run/x"):
            self.assertIsInstance(endpoint_of(reactor, where), UNIXClientEndpoint)
        for wrong in ("nonsense", "nonsense:1", "tcp:host"):
            self.assertIn(wrong, str(self.assertRaises(ValueError, endpoint_of, reactor, wrong)))
        why = self.assertRaises(ValueError, endpoint_of, reactor, "db1.sock")
        self.assertIn("./db1.sock", str(why))

    def test_remote(self) -> None:
        """
        A mux that is asked at a URL is another host's, whatever guests the one of this host has,
        unless a folder is named no less explicitly.
        """
        env, url = {MUX_VARIABLE: "/m"}, "https://h"
        for where, is_remote in (
            (where_of(None, None, url, {}), True),
            (where_of(None, None, url, env), True),
            (where_of(None, None, None, {CONTROL_VARIABLE: url}), True),
            (where_of(None, None, None, {**env, CONTROL_VARIABLE: url}), False),
            (where_of(None, "/m", url, {}), False),
            (where_of(None, "/m", None, {CONTROL_VARIABLE: url}), False),
            (where_of(None, "/m", "/c", {}), False),
        ):
            self.assertEqual(where.is_remote, is_remote)
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "db1.sock").touch()
        self.assertEqual(Where(folder=folder).guests(), ["db1"])
        self.assertEqual(Where(folder=folder, control=url).guests(), [])
