"""What a figure is, and one reading of it."""

from enum import Enum
from math import inf

from attrs import field, frozen


class Kind(Enum):
    """How the values of a figure behave."""

    GAUGE = "gauge"  #: goes up and down
    COUNTER = "counter"  #: grows, until the guest starts again
    INFO = "info"  #: always 1: its labels are what it tells


@frozen(kw_only=True)
class Figure:
    """Something that is measured in each guest, named as Prometheus names things."""

    name: str = field()  #: such as ``qga_guest_load1``; that of a counter ends with ``_total``
    words: str = field()  #: one sentence, for people
    kind: Kind = Kind.GAUGE
    unit: str = ""  #: ``seconds``, ``bytes``; empty: a plain number
    labels: tuple[str, ...] = ()  #: names of what tells its series apart
    least: float = -inf  #: nothing less can be meant; of a counter that is 0


@frozen
class Sample:
    """One reading."""

    figure: Figure
    value: float
    labels: tuple[str, ...] = ()  #: in the order of the figure's
