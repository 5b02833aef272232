"""
A socket that was handed over.

That one is served is shown by ``tests/functional/test_agent_process.py``.
"""

import socket

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._activation import inherited_method
from txqga.agent._start import StartFailed

PID = 1234


class InheritedMethodTests(SynchronousTestCase):
    def told(self, **environ: str) -> dict[str, str]:
        """An environment that tells of one socket, with changes."""
        return {"LISTEN_PID": str(PID), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "x", **environ}

    def method(self, environ: dict[str, str], family: int = socket.AF_UNIX) -> str | None:
        return inherited_method(environ, lambda: family, PID)

    def test_kinds(self) -> None:
        """
        What is listened on follows from the socket.
        """
        self.assertEqual(self.method(self.told()), "unix-listen")
        self.assertEqual(self.method(self.told(), socket.AF_VSOCK), "vsock-listen")

    def test_removed(self) -> None:
        """
        No program that is started later takes the socket for its own.
        """
        environ = self.told(HOME="/")
        self.method(environ)
        self.assertEqual(environ, {"HOME": "/"})

    def test_none(self) -> None:
        """
        Without a socket there is no method.
        """
        for environ in ({}, self.told(LISTEN_FDS="0"), self.told(LISTEN_FDS="x")):
            self.assertIsNone(self.method(environ))
        environ = self.told()
        del environ["LISTEN_FDS"]
        self.assertIsNone(self.method(environ))

    def test_for_another(self) -> None:
        """
        What is meant for another process is none of ours.
        """
        environ = self.told(LISTEN_PID="77")
        self.assertIsNone(self.method(environ))
        self.assertEqual(environ, self.told(LISTEN_PID="77"))
        self.assertIsNone(inherited_method(self.told(LISTEN_PID="0")))

    def test_several(self) -> None:
        """
        One socket is all that can be served.
        """
        with self.assertRaises(StartFailed) as caught:
            self.method(self.told(LISTEN_FDS="2"))
        self.assertEqual(str(caught.exception), "qemu-ga only supports listening on one socket")

    def test_other_kind(self) -> None:
        """
        Another kind of socket, or none at all, cannot be served.
        """

        def nothing() -> int:
            raise OSError("not a socket")

        for family in (lambda: socket.AF_INET, lambda: 99, nothing):
            with self.assertRaises(StartFailed) as caught:
                inherited_method(self.told(), family, PID)
            self.assertEqual(str(caught.exception), "unsupported listen fd type")
