"""What became of a program."""

from attrs import frozen

from txqga.exec._way import Way


@frozen(kw_only=True)
class Result:
    """What became of a program."""

    exit_code: int | None  #: None if a signal killed it
    signal: int | None  #: the number of the signal that killed it; on Windows, of an exception
    timed_out: bool  #: whether it was killed because its time was over
    way: Way  #: how it was followed
    stdout: bytes = b""  #: what :meth:`Exec.run` has collected
    stderr: bytes = b""
    out_truncated: bool = False  #: octets are missing from the end of standard output
    err_truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether it has ended well."""
        return self.exit_code == 0
