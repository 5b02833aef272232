"""What can be chosen about how a guest is shared."""

from attrs import field, frozen

from txqga.fsfreeze import Terms
from txqga.mux._caps import Caps
from txqga.mux._queue import Bounds
from txqga.schema import Schema, extended


@frozen(kw_only=True)
class GuestOptions:
    """What can be chosen about how a guest is shared."""

    caps: Caps = field(factory=Caps)
    bounds: Bounds = field(factory=Bounds)
    terms: Terms = field(factory=Terms)
    schema: Schema = field(factory=extended)
