"""What can be chosen about a copy."""

from attrs import frozen


@frozen(kw_only=True)
class Options:
    """What can be chosen about a copy."""

    keep: bool = True  #: mode and time
    verify: bool = True
    resume: bool = False
    mode: int | None = None  #: permissions that the copy gets, whatever the file's are
