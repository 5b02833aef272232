"""The hook: a program that is run before filesystems are frozen, and after they were thawed."""

from txqga.agent._child import Children

_ACTION = "execute fsfreeze hook"


class Hook:
    """
    Runs the hook, if there is one. To be called in a thread, for it blocks.

    It has a thaw for each freeze: what a freeze has begun, even one that failed or was killed, a
    thaw ends.

    :param path: the program; None: there is none.
    :param limit: seconds that it may take; 0: as long as it likes.
    :param owed: it was run for a freeze already, by an earlier agent.
    """

    def __init__(
        self, path: str | None, limit: float, children: Children, *, owed: bool = False
    ) -> None:
        self._path = path
        self._limit = limit or None
        self._children = children
        self._owed = owed

    def freeze(self) -> None:
        """
        Run it before the freeze.

        :raise CommandFailed: it failed, or took too long.
        """
        self._owed = True
        self._run("freeze")

    def thaw(self, *, always: bool) -> None:
        """
        Run it after the thaw.

        :param always: even if it was not run for a freeze.
        :raise CommandFailed: it failed, or took too long.
        """
        owed, self._owed = self._owed, False
        if owed or always:
            self._run("thaw")

    def _run(self, word: str) -> None:
        if self._path is not None:
            self._children.run([self._path, word], _ACTION, limit=self._limit)
