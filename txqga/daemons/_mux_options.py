"""
What can be said to the mux, on its command line and in its file.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, fields
from twisted.python import usage

from txqga.daemons._authority import WORDS, policy_of, sockets_of
from txqga.daemons._config_file import words_of
from txqga.daemons._freeze_options import WORDS as FREEZE_WORDS
from txqga.daemons._freeze_options import check_hook, seconds, terms_of
from txqga.daemons._http_options import FLAGS, check_poll
from txqga.daemons._http_options import WORDS as HTTP_WORDS
from txqga.daemons._log_format import FORMATS
from txqga.mux import (
    VM,
    Caps,
    Folder,
    FolderError,
    GuestOptions,
    MuxOptions,
    Watch,
    described,
    inventory,
)

HANDLES = ("connection", "user")

#: What a new configuration may change while the mux runs.
LIVE = {
    "config",
    "guests",
    "monitors",
    "watches",
    "watch-qmp",
    "handles",
    "deadlines",
    "freeze-lease",
    "freeze-longest",
    "freeze-hook",
    "freeze-hook-limit",
    "http-tokens",
    "http-hosts",
    "monitor",
    "poll",
    "poll-period",
    "push",
    "policy",
    "socket-mode",
    "socket-group",
}


class Words(usage.Options):
    """What can be said, on the command line and in a file alike."""

    synopsis = "[options]"
    longdesc = (
        "Holds the guest agent's socket of each virtual machine, and shares it among any number "
        "of clients: each connection to DIR/NAME.sock is a guest agent of its own. Only root and "
        "the user that runs this may connect, unless --policy says more. ENDPOINT is the path of "
        "the UNIX socket of an agent's channel, or a Twisted client endpoint such as "
        "unix:/run/qga/db1.sock."
    )
    optParameters = [
        [
            "config",
            "c",
            None,
            "Read this TOML file, whose keys are these options; what is said here as well goes "
            "before what it says. Read again at SIGHUP.",
        ],
        ["serve", "s", None, "Make a socket NAME.sock for each guest in this folder."],
        *FREEZE_WORDS,
        [
            "handles",
            None,
            "connection",
            "To whom open files and started processes belong: to the connection, and they go with "
            "it; or to the user who connects, for tools that open a connection for each command, "
            "as Proxmox does.",
        ],
        [
            "watch-qmp",
            None,
            None,
            "The path of QEMU's own monitor of each guest that --watch finds, in which {name} and "
            "{id} are what they are there.",
        ],
        *WORDS,
        [
            "log-format",
            None,
            "text",
            "Write the log as text, or as json: an object on each line.",
        ],
        *HTTP_WORDS,
    ]

    optFlags = FLAGS

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self["guests"] = []
        self["http-hosts"] = []
        self["watches"] = []
        self["monitors"] = {}
        self["deadlines"] = {}

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

    def opt_guest_qmp(self, spec: str) -> None:
        """QEMU's own monitor of a guest, given as NAME=ENDPOINT: what it says of the machine is
        known at once, not asked for. It serves one client, so none else may hold it; repeat for
        more.
        """
        name, equals, endpoint = spec.partition("=")
        try:
            if not equals:
                raise ValueError(f"{spec!r} is not NAME=ENDPOINT, such as db1=/run/qmp/db1.sock")
            self["monitors"][name] = described(endpoint, name)
        except ValueError as why:
            raise usage.UsageError(f"--guest-qmp: {why}") from why

    def opt_http_host(self, name: str) -> None:
        """A name of this host, by which the control interface may be addressed over a network;
        repeat for more. Numbers and localhost always may.
        """
        self["http-hosts"].append(name.lower())

    def opt_deadline(self, spec: str) -> None:
        """Give a command up after so many seconds, as KIND=SECONDS: freeze=3600 for freezing and
        trimming, silent=60 for shutdown and suspend, polls=60 for what --poll asks, other=600
        for the rest; repeat for more.
        """
        kind, _, word = spec.partition("=")
        known = [each.name for each in fields(Caps)]
        try:
            if kind not in known:
                raise ValueError(f"{kind!r} is none of {', '.join(known)}")
            self["deadlines"][kind] = seconds(word)
        except ValueError as why:
            raise usage.UsageError(f"--deadline: {spec!r} is not KIND=SECONDS: {why}") from why


class Options(Words):
    """The command line, and the file that it names."""

    def __init__(self, base: Path | None = None) -> None:
        """
        :param base: the folder that paths are seen from; the present one by default.
        """
        super().__init__()
        self._base = Path.cwd() if base is None else base
        self._words: list[str] = []
        #: What it says anew of options that stay as they were while the mux runs.
        self.put_off: dict[str, object] = {}

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """
        Read the file that the command line names, and then the command line.

        :raise UsageError: says what is wrong with either.
        """
        self._words = list(sys.argv[1:] if options is None else options)
        first = Words()
        first.parseOptions(self._words)  # type: ignore[no-untyped-call]
        said: list[str] = []
        if first["config"] is not None:
            said = words_of(self._base / first["config"], Words)
        super().parseOptions([*said, *self._words])  # type: ignore[no-untyped-call]

    def again(self) -> "Options":
        """
        Read the same anew. What cannot change while the mux runs stays as it is, and is put off.

        :raise UsageError: it is wrong now.
        """
        again = Options(self._base)
        again.parseOptions(self._words)
        for name in self:
            if name not in LIVE and again[name] != self[name]:
                again.put_off[name] = again[name]
                again[name] = self[name]
        return again

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
        check_poll(self)
        terms_of(self)
        if self["log-format"] not in FORMATS:
            raise usage.UsageError(f"--log-format: {self['log-format']!r} is neither text nor json")
        self._join_monitors()
        # twistd may change to another folder before it starts
        for name in ("state", "policy", "audit", "freeze-hook", "http-tokens", "push", "monitor"):
            if self[name] is not None:
                self[name] = str(self._base / self[name])
        check_hook(self)
        policy_of(self)
        sockets_of(self)
        self["serve"] = str(self._base / self["serve"])
        folder = Folder(Path(self["serve"]))
        try:
            for name in inventory(self["guests"]):
                folder.socket(name)
        except (FolderError, ValueError) as why:
            raise usage.UsageError(str(why)) from why

    def _join_monitors(self) -> None:
        names = {vm.name for vm in self["guests"]}
        for name in self["monitors"]:
            if name not in names:
                raise usage.UsageError(f"--guest-qmp: there is no --guest {name}")
        self["guests"] = [evolve(vm, qmp=self["monitors"].get(vm.name)) for vm in self["guests"]]
        if self["watch-qmp"] is not None:
            try:
                self["watches"] = [each.with_qmp(self["watch-qmp"]) for each in self["watches"]]
            except ValueError as why:
                raise usage.UsageError(f"--watch-qmp: {why}") from why

    def mux_options(self) -> MuxOptions:
        """How guests are served."""
        return MuxOptions(
            by_user=self["handles"] == "user",
            sockets=sockets_of(self),
            guest=GuestOptions(
                caps=Caps(**self["deadlines"]),
                terms=terms_of(self),
            ),
        )
