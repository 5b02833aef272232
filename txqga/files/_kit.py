"""What every part of a copy needs."""

from attrs import frozen
from twisted.internet.interfaces import IReactorTime

from txqga.files._aside import Aside
from txqga.files._asked import Asked
from txqga.files._traits import Traits


@frozen(kw_only=True)
class Kit:
    """What every part of a copy needs."""

    clock: IReactorTime
    guest: Asked
    traits: Traits
    aside: Aside
    limit: float | None = None  #: octets per second; None: as fast as it goes
