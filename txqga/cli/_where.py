"""Where guests are: an agent's endpoint, or the mux on this host."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

#: Where the mux's unit has the sockets of its guests.
FOLDER = "/run/txqga"

#: The name of the control socket, beside them.
CONTROL = "control.http"

#: What stands for these options in the environment.
MUX_VARIABLE, CONTROL_VARIABLE = "TXQGA_MUX", "TXQGA_CONTROL"


@frozen(kw_only=True)
class Where:
    """Where guests are."""

    connect: str | None = None  #: an agent: a path, or the description of an endpoint
    folder: Path = Path(FOLDER)  #: with the mux's socket of each guest
    control: str = f"{FOLDER}/{CONTROL}"  #: the mux's control socket: the same

    @property
    def is_direct(self) -> bool:
        """Whether there is no mux between us and the guest."""
        return self.connect is not None

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
        List the guests that have a socket in the folder of the mux.

        :raise OSError: the folder cannot be read.
        """
        return sorted(path.name.removesuffix(".sock") for path in self.folder.glob("*.sock"))


def where_of(
    connect: str | None,
    mux: str | None,
    control: str | None,
    environ: Mapping[str, str] = os.environ,
    is_socket: Callable[[Path], bool] = Path.is_socket,
) -> Where:
    """
    Put together what was said on the command line and in the environment.

    :param mux: the folder with the guests' sockets, or the control socket in it.
    :param control: the control socket, where it is not in that folder.
    """
    folder = Path(mux or environ.get(MUX_VARIABLE) or FOLDER)
    control = control or environ.get(CONTROL_VARIABLE)
    if is_socket(folder):
        control = control or str(folder)
        folder = folder.parent
    return Where(connect=connect, folder=folder, control=control or str(folder / CONTROL))


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
        raise ValueError(f"{where!r} is no path of a socket and no endpoint: {why}") from why
