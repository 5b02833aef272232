"""Files of a guest, pushed and pulled."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from attrs import evolve
from twisted.internet.defer import Deferred

from txqga._allocator import keep_freed_memory
from txqga.files._aside import Aside
from txqga.files._asked import Asked
from txqga.files._choice import choose_system
from txqga.files._kit import Kit
from txqga.files._landing import open_landing
from txqga.files._options import Options
from txqga.files._progress import Meter, Progress
from txqga.files._pull import Pull
from txqga.files._pull_tree import PullTree
from txqga.files._push import Push
from txqga.files._push_tree import PushTree
from txqga.files._report import Report
from txqga.files._source import Readable, Source, path_source, stream_source
from txqga.files._system import System
from txqga.files._target import Target, Writable, path_target, stream_target
from txqga.files._traits import read_traits

#: Files, folders and links that are pulled at once, unless told otherwise.
MOST_NAMES = 100_000


class Files:
    """
    Files of a guest.

    ::

        files = Files(reactor, guest)
        report = await files.push("app.tar", "/srv/app.tar", progress=print)
        await files.pull("/var/log/syslog", "syslog")

    :param reactor: tells the time, and has the threads in which this host's disk is read, written
        and hashed; without threads that is done at once.
    :param guest: a :class:`txqga.Guest`, a :class:`txqga.session.Session`, or alike.
    """

    def __init__(self, reactor: Any, guest: Asked) -> None:
        self._reactor = reactor
        self._guest = guest
        keep_freed_memory()

    def push(
        self,
        source: str | Path | Readable,
        path: str,
        *,
        recursive: bool = False,
        keep: bool = True,
        mode: int | None = None,
        verify: bool = True,
        resume: bool = False,
        progress: Callable[[Progress], object] | None = None,
        rate: float | None = None,
    ) -> Deferred[Report]:
        """
        Copy a file into the guest.

        Where the guest can rename files (its agent is ours, or there is a POSIX shell), the copy
        appears under its name when it is whole; else it is written where it belongs, and the report
        says so.

        :param source: a path of this host; or a stream, which is read in a thread until its end.
        :param path: in the guest, as the guest writes it.
        :param recursive: whether the source is a folder. All that is in it is copied into the
            folder at ``path``, which is made if it is not there: files, folders, and the symbolic
            links that lead to something in it. What cannot be copied is skipped, and told.
        :param keep: whether the copy gets the mode and the time of the file.
        :param mode: the permissions of the copy, whatever the file's are.
        :param verify: whether the copy is compared with the file, by SHA-256.
        :param resume: whether to go on with what an earlier copy, which also was to be resumed, has
            left. What is there is compared first.
        :param progress: is told how far it is, for each piece.
        :param rate: octets per second, at most; more than none.
        :return: fails with :class:`~txqga.errors.CopyDiffers` if the copy is not good, with
            ``OSError`` where this host cannot, and as the guest's ``call`` does. Cancelled, or
            failed, it leaves what was there before as it was, where it need not write in place. It
            fails when what it has opened in the guest is closed and removed; a guest that does not
            answer is waited for a minute.
        """
        options = Options(keep=keep, mode=mode, verify=verify, resume=resume)

        async def steps() -> Report:
            folder = _path(source) if recursive else None
            kit, system, meter = await self._begin(progress, rate)
            if folder is not None:
                return await PushTree(
                    kit=kit,
                    system=system,
                    options=options,
                    meter=meter,
                    source=folder,
                    path=path,
                ).run()
            opened = await kit.aside.open(_source, source)
            meter.name, meter.total = opened.name, opened.size
            push = Push(
                kit=kit, system=system, options=options, meter=meter, source=opened, path=path
            )
            try:
                return await push.run()
            finally:
                opened.stop()
                await kit.aside.idle()
                opened.close()

        return self._timed(steps)

    def pull(
        self,
        path: str,
        target: str | Path | Writable,
        *,
        recursive: bool = False,
        keep: bool = True,
        mode: int | None = None,
        verify: bool = True,
        resume: bool = False,
        progress: Callable[[Progress], object] | None = None,
        rate: float | None = None,
        most: int | None = None,
        most_names: int = MOST_NAMES,
    ) -> Deferred[Report]:
        """
        Copy a file out of the guest.

        The parameters are those of :meth:`push`, and:

        :param path: in the guest. Of a file that grows while it is read, what was there at the
            beginning is copied.
        :param target: a path of this host, where the file appears when it is whole and known to be
            good; or a stream, which is written in a thread.
        :param recursive: whether ``path`` is a folder. All that is in it is copied into the folder
            ``target``, as with :meth:`push`; nothing that the guest says leads out of that folder.
        :param most: octets that there may be: a guest can say that it has more than any disk holds.
            What has no size before it is read is of 64 MiB at most, unless you say otherwise; a
            stream gets all there is.
        :param most_names: files, folders and links that there may be in a folder.
        :return: fails also with :class:`~txqga.errors.TooLarge`.
        """
        options = Options(keep=keep, mode=mode, verify=verify, resume=resume)

        async def steps() -> Report:
            folder = _path(target) if recursive else None
            kit, system, meter = await self._begin(progress, rate)
            if folder is not None:
                tree = await system.walk(path, most_names)
                landing = await kit.aside.open(open_landing, folder)
                try:
                    return await PullTree(
                        kit=kit,
                        system=system,
                        options=options,
                        meter=meter,
                        path=path,
                        tree=tree,
                        landing=landing,
                        most=most,
                    ).run()
                finally:
                    await kit.aside.idle()
                    landing.close()
            opened = await kit.aside.open(_target, target)
            meter.name = path
            pull = Pull(
                kit=kit,
                system=system,
                options=options,
                meter=meter,
                path=path,
                target=opened,
                most=most,
            )
            try:
                return await pull.run()
            finally:
                await kit.aside.idle()
                opened.close()

        return self._timed(steps)

    # -- how it is done

    async def _begin(
        self, progress: Callable[[Progress], object] | None, rate: float | None
    ) -> tuple[Kit, System, Meter]:
        meter = Meter(self._reactor, progress, rate)
        traits = await read_traits(self._guest)
        kit = Kit(
            clock=self._reactor,
            guest=self._guest,
            traits=traits,
            aside=Aside(self._reactor),
            limit=rate,
        )
        return kit, await choose_system(kit), meter

    def _timed(self, steps: Callable[[], Coroutine[Any, Any, Report]]) -> Deferred[Report]:
        began = self._reactor.seconds()

        async def timed() -> Report:
            return evolve(await steps(), seconds=self._reactor.seconds() - began)

        return Deferred.fromCoroutine(timed())


def _path(given: object) -> Path:
    if not isinstance(given, str | Path):
        raise TypeError("a stream is no folder")
    return Path(given)


def _source(source: str | Path | Readable) -> Source:
    return path_source(source) if isinstance(source, str | Path) else stream_source(source)


def _target(target: str | Path | Writable) -> Target:
    return path_target(target) if isinstance(target, str | Path) else stream_target(target)
