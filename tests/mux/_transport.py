"""A client's connection that the test reads and ends."""

from twisted.internet.testing import StringTransport


class ClientTransport(StringTransport):
    """A client's connection; what is aborted is remembered, the test tells of its end."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True

    def pauseProducing(self) -> None:
        self.producerState = "paused"

    def resumeProducing(self) -> None:
        self.producerState = "producing"

    def said(self) -> bytes:
        """What was written since the last time."""
        said = bytes(self.value())
        self.clear()
        return said
