"""
Files of a guest, as methods of it.

What they need is imported when the first one is copied, so that programs which copy none stay lean.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred

from txqga.guest._asking import Asking

if TYPE_CHECKING:
    import txqga.files
    from txqga.files import Files, Progress, Readable, Writable

#: Files, folders and links that are pulled at once, unless told otherwise.
MOST_NAMES = 100_000


class Copies(Asking):
    """A guest whose files can be copied, in and out."""

    def push(
        self,
        source: "str | Path | Readable",
        path: str,
        *,
        recursive: bool = False,
        keep: bool = True,
        mode: int | None = None,
        verify: bool = True,
        resume: bool = False,
        progress: "Callable[[Progress], object] | None" = None,
        rate: float | None = None,
    ) -> "Deferred[txqga.files.Report]":
        """
        Copy a file, or a folder, into the guest; see :meth:`txqga.files.Files.push`.

        ::

            await guest.push("app.tar", "/srv/app.tar", mode=0o640)
        """
        return self._copier().push(
            source,
            path,
            recursive=recursive,
            keep=keep,
            mode=mode,
            verify=verify,
            resume=resume,
            progress=progress,
            rate=rate,
        )

    def pull(
        self,
        path: str,
        target: "str | Path | Writable",
        *,
        recursive: bool = False,
        keep: bool = True,
        mode: int | None = None,
        verify: bool = True,
        resume: bool = False,
        progress: "Callable[[Progress], object] | None" = None,
        rate: float | None = None,
        most: int | None = None,
        most_names: int = MOST_NAMES,
    ) -> "Deferred[txqga.files.Report]":
        """
        Copy a file, or a folder, out of the guest; see :meth:`txqga.files.Files.pull`.

        ::

            await guest.pull("/var/log/syslog", "syslog", most=1 << 30)
        """
        return self._copier().pull(
            path,
            target,
            recursive=recursive,
            keep=keep,
            mode=mode,
            verify=verify,
            resume=resume,
            progress=progress,
            rate=rate,
            most=most,
            most_names=most_names,
        )

    def _copier(self) -> "Files":
        from txqga.files import Files

        return Files(self._clock, self)
