"""
``twistd qga-mux``: its command line, and the service that it describes.
"""

from pathlib import Path
from typing import Any

from twisted.application.service import MultiService
from twisted.python import usage

from txqga import monotonic
from txqga._allocator import keep_freed_memory
from txqga.mux import VM, Folder, FolderError, Mux, MuxOptions, Watch, inventory

HANDLES = ("connection", "user")


class Options(usage.Options):
    """The command line."""

    synopsis = "[options]"
    longdesc = (
        "Holds the guest agent's socket of each virtual machine, and shares it among any number "
        "of clients: each connection to DIR/NAME.sock is a guest agent of its own. Only root and "
        "the user that runs this may connect. ENDPOINT is the path of the UNIX socket of an "
        "agent's channel, or a Twisted client endpoint such as unix:/run/qga/db1.sock."
    )
    optParameters = [
        ["serve", "s", None, "Make a socket NAME.sock for each guest in this folder."],
        [
            "handles",
            None,
            "connection",
            "To whom open files and started processes belong: to the connection, and they go with "
            "it; or to the user who connects, for tools that open a connection for each command, "
            "as Proxmox does.",
        ],
    ]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self["guests"] = []
        self["watches"] = []

    def opt_guest(self, spec: str) -> None:
        """Serve this guest, given as NAME=ENDPOINT; repeat for more."""
        try:
            self["guests"].append(VM.parse(spec))
        except ValueError as why:
            raise usage.UsageError(f"--guest: {why}") from why

    opt_g = opt_guest

    def opt_watch(self, glob: str) -> None:
        """Serve the guests whose sockets appear here, an absolute path with the patterns of a
        shell, in which {name} or {id} (of digits) is what the guest is called; repeat for more.
        """
        try:
            self["watches"].append(Watch.parse(glob))
        except ValueError as why:
            raise usage.UsageError(f"--watch: {why}") from why

    opt_w = opt_watch

    def postOptions(self) -> None:
        """Complain of what can be seen to be wrong before anything starts."""
        if not self["guests"] and not self["watches"]:
            raise usage.UsageError(
                "no guest: name at least one with --guest NAME=ENDPOINT, or a place where to find "
                "them with --watch GLOB"
            )
        if not self["serve"]:
            raise usage.UsageError("nowhere to serve the guests: say --serve DIR")
        if self["handles"] not in HANDLES:
            raise usage.UsageError(f"--handles: {self['handles']!r} is neither connection nor user")
        # twistd may change to another folder before it starts
        self["serve"] = str(Path(self["serve"]).absolute())
        folder = Folder(Path(self["serve"]))
        try:
            for name in inventory(self["guests"]):
                folder.socket(name)
        except (FolderError, ValueError) as why:
            raise usage.UsageError(str(why)) from why


class Daemon(MultiService):
    """Ends the process with a sentence, not a traceback, when the mux cannot start."""

    def startService(self) -> None:
        """Start."""
        try:
            super().startService()  # type: ignore[no-untyped-call]
        except FolderError as why:
            raise SystemExit(f"qga-mux: {why}") from why


def make_mux(reactor: Any, options: Options) -> MultiService:
    """
    Make the service that a command line describes.

    :param reactor: what it runs on; its clock should be monotonic.
    :raise ValueError: a guest's channel is no endpoint.
    """
    mux_options = MuxOptions(by_user=options["handles"] == "user")
    service = Daemon()  # type: ignore[no-untyped-call]
    mux = Mux(reactor, options["guests"], Path(options["serve"]), mux_options, options["watches"])
    mux.setServiceParent(service)  # type: ignore[no-untyped-call]
    return service


def makeService(options: Options) -> MultiService:
    """What ``twistd`` calls."""
    from twisted.internet import reactor  # here only: whoever embeds txqga passes their own

    monotonic(reactor)
    keep_freed_memory()
    try:
        return make_mux(reactor, options)
    except ValueError as why:
        raise SystemExit(f"qga-mux: --guest: {why}") from why
