"""What the readers report."""

from typing import Any, TypeAlias

from attrs import frozen

#: Any JSON value: dict, list, str, int, float, bool or None.
JSON: TypeAlias = Any


@frozen
class Message:
    """One whole JSON text."""

    value: JSON
    octets: int  #: length of the text, without the newline after it


@frozen
class Malformed:
    """Octets that are no JSON text; reported once for each fault, not for each octet."""

    desc: str  #: fit to be sent as the ``desc`` of a GenericError


@frozen
class Sentinel:
    """The octet 0xFF in replies: what came before it belongs to an older conversation."""

    discarded: int  #: octets of unfinished or skipped text dropped
