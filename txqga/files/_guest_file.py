"""A file of the guest that is open."""

from attrs import define
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, Misfit, TxqgaError
from txqga.files._asked import Asked
from txqga.schema import extended, structure
from txqga.wire import JSON

#: Seconds of silence for one command: others may have their turn before.
DEADLINE = 60.0


@define
class GuestFile:
    """A file of the guest that is open."""

    guest: Asked
    path: str
    handle: int

    async def size(self) -> int | None:
        """Seek to its end and back, and tell how far that is; None: it has none."""
        try:
            end = await self.seek(0, "end")
        except CommandFailed:
            return None
        await self.seek(0)
        return end

    async def seek(self, offset: int, whence: str = "set") -> int:
        """Go there, and tell where that is."""
        asked = {"handle": self.handle, "offset": offset, "whence": whence}
        told = await self.guest.call("guest-file-seek", asked, deadline=DEADLINE)
        position = structure(extended(), "GuestFileSeek", told).position
        if not isinstance(position, int) or position < 0:
            raise Misfit("GuestFileSeek.position", f"{position} is nowhere")
        return position

    def read(self, count: int) -> Deferred[JSON]:
        """Read on; gives the reply."""
        asked = {"handle": self.handle, "count": count}
        return self.guest.call("guest-file-read", asked, deadline=DEADLINE)

    def write(self, text: str) -> Deferred[JSON]:
        """Write what ``text`` stands for; gives the reply."""
        asked = {"handle": self.handle, "buf-b64": text}
        return self.guest.call("guest-file-write", asked, deadline=DEADLINE)

    async def close(self) -> None:
        """
        Write out what was written, and let it go.

        :raise CommandFailed: not all of it could be written.
        """
        await self.guest.call("guest-file-close", {"handle": self.handle}, deadline=DEADLINE)

    def drop(self) -> Deferred[None]:
        """Let it go, whatever becomes of it."""
        asked = self.guest.call("guest-file-close", {"handle": self.handle}, deadline=DEADLINE)
        return asked.addCallbacks(lambda _: None, lambda failure: failure.trap(TxqgaError) and None)


def open_guest_file(guest: Asked, path: str, mode: str) -> Deferred[GuestFile]:
    """
    Open a file of the guest.

    :param mode: as ``guest-file-open`` takes it.
    :return: cancelled, it fails at once; what is opened all the same is closed.
    """
    given: Deferred[GuestFile] = Deferred(lambda _: None)

    def opened(handle: JSON) -> None:
        if type(handle) is not int:
            if not given.called:
                given.errback(Misfit("guest-file-open", "integer expected"))
            return
        file = GuestFile(guest, path, handle)
        if given.called:
            file.drop()
        else:
            given.callback(file)

    def failed(failure: Failure) -> None:
        if not given.called:
            given.errback(failure)

    asked = guest.call("guest-file-open", {"path": path, "mode": mode}, deadline=DEADLINE)
    asked.addCallbacks(opened, failed)
    return given
