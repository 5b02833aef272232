"""Why the agent did not start."""

from attrs import define

_FAILED = "error initializing guest agent"  #: what qemu-ga says after the reason


@define
class StartFailed(Exception):
    """The agent cannot start."""

    desc: str  #: in the form of qemu-ga's texts

    def __str__(self) -> str:
        return self.desc

    @property
    def texts(self) -> tuple[str, ...]:
        """Lines for the log, all critical."""
        return (self.desc, _FAILED)
