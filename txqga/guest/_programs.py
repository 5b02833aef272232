"""
Programs of a guest, as methods of it.

What they need is imported when the first one is run, so that programs which run none stay lean.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.guest._asking import Asking
from txqga.guest._source import Source

if TYPE_CHECKING:
    from txqga.exec import Exec, Result, Running, Way

#: Octets of each stream that :meth:`Programs.run` keeps: what every agent can tell.
KEPT = 16 * 1024 * 1024


class Programs(Asking):
    """A guest whose programs can be run as if it were here."""

    def __init__(self, clock: IReactorTime, source: Source) -> None:
        super().__init__(clock, source)
        self._made: Exec | None = None

    def run(
        self,
        path: str,
        args: Sequence[str] = (),
        *,
        input: bytes = b"",
        env: Mapping[str, str] | None = None,
        add_env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        search: bool = True,
        merge: bool = False,
        time_out: float | None = None,
        limit: int = KEPT,
        way: "Way | None" = None,
    ) -> "Deferred[Result]":
        """
        Run a program to its end, and collect what it says; see :meth:`txqga.exec.Exec.run`.

        ::

            done = await guest.run("df", ["-h", "/"], time_out=30)
            print(done.exit_code, done.stdout.decode())
        """
        return self._programs().run(
            path,
            args,
            input=input,
            env=env,
            add_env=add_env,
            cwd=cwd,
            search=search,
            merge=merge,
            time_out=time_out,
            limit=limit,
            way=way,
        )

    def start(
        self,
        path: str,
        args: Sequence[str] = (),
        *,
        input: bytes = b"",
        stdin: bool = False,
        env: Mapping[str, str] | None = None,
        add_env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        search: bool = True,
        merge: bool = False,
        time_out: float | None = None,
        key: str | None = None,
        detached: bool = False,
        stdout: Callable[[bytes], Any] | None = None,
        stderr: Callable[[bytes], Any] | None = None,
        way: "Way | None" = None,
    ) -> "Deferred[Running]":
        """Start a program, and hear it as it runs; see :meth:`txqga.exec.Exec.start`."""
        return self._programs().start(
            path,
            args,
            input=input,
            stdin=stdin,
            env=env,
            add_env=add_env,
            cwd=cwd,
            search=search,
            merge=merge,
            time_out=time_out,
            key=key,
            detached=detached,
            stdout=stdout,
            stderr=stderr,
            way=way,
        )

    def _programs(self) -> "Exec":
        if self._made is None:
            from txqga.exec import Exec

            self._made = Exec(self._clock, self)
        return self._made
