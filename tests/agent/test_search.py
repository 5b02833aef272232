"""Where a program may be."""

import os

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._search import candidates


class CandidatesTests(SynchronousTestCase):
    def found(self, name: bytes, env: list[bytes] | None) -> list[bytes]:
        return list(candidates(name, env))

    def with_path(self, path: str | None) -> None:
        """Change the agent's own search path, for the rest of the test."""
        before = os.environ.get("PATH")
        self.addCleanup(self._set_path, before)
        self._set_path(path)

    def _set_path(self, path: str | None) -> None:
        if path is None:
            os.environ.pop("PATH", None)
        else:
            os.environ["PATH"] = path

    def test_path(self) -> None:
        """
        A name with a slash in it is not looked for.
        """
        for name in (b"/bin/true", b"./true", b"bin/"):
            self.assertEqual(self.found(name, [b"PATH=/usr/bin"]), [name])

    def test_own_path(self) -> None:
        """
        Without variables of its own, a program is looked for along the agent's search path.
        """
        self.with_path("/opt/bin:/bin")
        self.assertEqual(self.found(b"true", None), [b"/opt/bin/true", b"/bin/true"])

    def test_given_path(self) -> None:
        """
        The first PATH among its variables is the one that counts, if there is any.
        """
        self.with_path("/opt/bin")
        given = [b"XPATH=/0", b"PATH", b"PATH=/1:/2", b"PATH=/3"]
        self.assertEqual(self.found(b"true", given), [b"/1/true", b"/2/true"])
        self.assertEqual(self.found(b"true", [b"LANG=C"]), [b"/opt/bin/true"])
        self.assertEqual(self.found(b"true", []), [b"/opt/bin/true"])

    def test_no_path(self) -> None:
        """
        Without any search path the system's two are tried, then the working directory.
        """
        self.with_path(None)
        self.assertEqual(self.found(b"true", None), [b"/bin/true", b"/usr/bin/true", b"./true"])

    def test_empty_entry(self) -> None:
        """
        An empty entry is the working directory.
        """
        self.assertEqual(self.found(b"x", [b"PATH=/bin::"]), [b"/bin/x", b"./x", b"./x"])
        self.assertEqual(self.found(b"true", [b"PATH="]), [b"./true"])

    def test_no_name(self) -> None:
        """
        The empty name is nowhere.
        """
        self.assertEqual(self.found(b"", [b"PATH=/bin"]), [])
