"""Where guests are: an agent's endpoint, or the mux on this host."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

#: Where the mux's unit has the sockets of its guests.
FOLDER = "/run/txqga"

#: The name of the control socket, beside them.
CONTROL = "control.http"

#: What stands for these options in the environment.
MUX_VARIABLE, CONTROL_VARIABLE = "TXQGA_MUX", "TXQGA_CONTROL"
TOKEN_VARIABLE, TOKEN_FILE_VARIABLE, CA_VARIABLE = "TXQGA_TOKEN", "TXQGA_TOKEN_FILE", "TXQGA_CA"
CERT_VARIABLE, KEY_VARIABLE = "TXQGA_CERT", "TXQGA_KEY"


@frozen(kw_only=True)
class Where:
    """Where guests are."""

    connect: str | None = None  #: an agent: a path, or the description of an endpoint
    folder: Path = Path(FOLDER)  #: with the mux's socket of each guest
    control: str = f"{FOLDER}/{CONTROL}"  #: the mux's control interface: the same, or a URL
    token: str | None = field(default=None, repr=False)  #: says who asks over a network
    token_file: str | None = None  #: where it is read instead
    ca: str | None = None  #: a file with the certificates of those whose word counts for https
    cert: str | None = None  #: a file with the certificate that says who asks over https
    key: str | None = None  #: a file with its key, where that is another
    is_folder_said: bool = False  #: whether somebody named the folder, to go with the URL

    @property
    def is_direct(self) -> bool:
        """Whether there is no mux between us and the guest."""
        return self.connect is not None

    @property
    def is_url(self) -> bool:
        """Whether the mux is asked over a network: its sockets are not on this host then."""
        return self.control.lower().startswith(("http://", "https://"))

    @property
    def is_remote(self) -> bool:
        """
        Whether guests can only be asked over a network.

        The sockets in the usual folder are those of another mux, if there are any: a guest there
        that has the same name is another one.
        """
        return self.is_url and not self.is_folder_said

    @property
    def path(self) -> str | None:
        """The path of the agent's socket, where it has one and there is no mux between."""
        where = (self.connect or "").removeprefix("unix:")
        return where if where.startswith("/") and ":" not in where else None

    def socket(self, name: str) -> Path:
        """Tell where the mux has the socket of a guest."""
        return self.folder / f"{name}.sock"

    def guests(self) -> list[str]:
        """
        List the guests that have a socket in the folder of the mux; of a remote one that is none.

        :raise OSError: the folder cannot be read.
        """
        if self.is_remote:
            return []
        return sorted(path.name.removesuffix(".sock") for path in self.folder.glob("*.sock"))


def where_of(
    connect: str | None,
    mux: str | None,
    control: str | None,
    environ: Mapping[str, str] = os.environ,
    is_socket: Callable[[Path], bool] = Path.is_socket,
    *,
    token_file: str | None = None,
    ca: str | None = None,
    cert: str | None = None,
    key: str | None = None,
) -> Where:
    """
    Put together what was said on the command line and in the environment.

    :param mux: the folder with the guests' sockets, or the control socket in it.
    :param control: the control socket, where it is not in that folder; or a URL.
    :param token_file: the file with the token that says who asks there.
    """
    is_folder_said = bool(mux or (not control and environ.get(MUX_VARIABLE)))
    folder = Path(mux or environ.get(MUX_VARIABLE) or FOLDER)
    control = control or environ.get(CONTROL_VARIABLE)
    if is_socket(folder):
        control = control or str(folder)
        folder = folder.parent
    return Where(
        connect=connect,
        folder=folder,
        control=control or str(folder / CONTROL),
        token=environ.get(TOKEN_VARIABLE) or None,
        token_file=token_file or environ.get(TOKEN_FILE_VARIABLE) or None,
        ca=ca or environ.get(CA_VARIABLE) or None,
        cert=cert or environ.get(CERT_VARIABLE) or None,
        key=key or environ.get(KEY_VARIABLE) or None,
        is_folder_said=is_folder_said,
    )


def endpoint_of(reactor: Any, where: str) -> Any:
    """
    Make the endpoint that a path or a description stands for.

    :raise ValueError: it is no description of an endpoint.
    """
    from twisted.internet.endpoints import UNIXClientEndpoint, clientFromString

    if where.startswith(("/", "./", "../")):
        return UNIXClientEndpoint(reactor, where)
    try:
        return clientFromString(reactor, where)
    except (ValueError, TypeError) as why:
        told = f"; a socket of this folder is ./{where}" if ":" not in where else f": {why}"
        raise ValueError(f"{where!r} is no path of a socket and no endpoint{told}") from why
