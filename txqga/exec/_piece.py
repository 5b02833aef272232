"""What a guest tells of a program when it is asked once."""

from attrs import frozen

from txqga.errors import Misfit

#: Exit codes of Windows, which are those of its exceptions too, have 32 bits.
_LEAST, _MOST = -(2**31), 2**32


@frozen
class Ended:
    """How a program has ended: one of the two is None."""

    exit_code: int | None
    signal: int | None
    timed_out: bool = False  #: the agent's own clock killed it


@frozen(kw_only=True)
class Piece:
    """What is new."""

    out: bytes = b""
    err: bytes = b""
    out_end: bool = False  #: nothing will come after ``out``
    err_end: bool = False
    out_truncated: bool = False  #: octets are missing from its end
    err_truncated: bool = False
    ended: Ended | None = None
    again: bool = False  #: there may be more already

    @property
    def is_last(self) -> bool:
        """Whether nothing will ever be new again."""
        return self.ended is not None and self.out_end and self.err_end

    @property
    def is_news(self) -> bool:
        """Whether it is worth asking again at once."""
        return bool(self.out or self.err or self.again)


def ended(exit_code: int | None, signal: int | None, timed_out: bool = False) -> Ended:
    """
    Read how a program has ended.

    :raise Misfit: so no program ends.
    """
    if exit_code is None and signal is None:
        raise Misfit("exitcode", "the program has ended, and it is not told how")
    for where, value in (("exitcode", exit_code), ("signal", signal)):
        if value is not None and not _LEAST <= value < _MOST:
            raise Misfit(where, f"{value} is out of range")
    return Ended(exit_code if signal is None else None, signal, timed_out)
