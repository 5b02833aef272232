"""Why the agent did not start."""

from attrs import define

_FAILED = "error initializing guest agent"  #: what qemu-ga says after the reason

NO_METHOD = ("failed to initialize guest agent channel",)
NO_CHANNEL = ("failed to create guest agent channel", *NO_METHOD)


@define
class StartFailed(Exception):
    """The agent cannot start."""

    desc: str  #: in the form of qemu-ga's texts
    consequences: tuple[str, ...] = ()  #: what qemu-ga says then

    def __str__(self) -> str:
        return self.desc

    @property
    def texts(self) -> tuple[str, ...]:
        """Lines for the log, all critical."""
        return (self.desc, *self.consequences, _FAILED)


@define
class ChannelFailed(StartFailed):
    """Its channel cannot be opened today; it may be tomorrow."""

    consequences: tuple[str, ...] = NO_CHANNEL
