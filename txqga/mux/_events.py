"""
What happens to guests, told to whoever wants to know.

States, leases, guests that come and go: each is told once, when it happens, to the listeners there
are. Nothing is kept here, and nobody who listens can hold up or break what it is told of.
"""

from collections import deque
from collections.abc import Callable, Mapping

from attrs import field, frozen
from twisted.logger import Logger

from txqga.wire import JSON


@frozen(kw_only=True)
class Event:
    """Something that happened."""

    kind: str  #: such as ``guest-state``; words and hyphens
    guest: str  #: its name
    data: Mapping[str, JSON] = field(factory=dict)  #: what more there is to say; differs by kind


Listener = Callable[[Event], object]


class Events:
    """Tells everybody who listens."""

    _log = Logger()

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: deque[Event] = deque()  #: the first one is being told

    def tell(self, kind: str, guest: str, **data: JSON) -> None:
        """
        Tell of something that happened: to all in the order in which it did, so what a listener
        tells when it is told comes after that.

        :param data: names with ``_`` are told with ``-``.
        """
        event = Event(
            kind=kind,
            guest=guest,
            data={name.replace("_", "-"): value for name, value in data.items()},
        )
        self._waiting.append(event)
        if len(self._waiting) > 1:
            return
        while self._waiting:
            self._tell(self._waiting[0])
            self._waiting.popleft()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` each event from now on, until the function returned is called."""

        # each subscription is its own entry: the same listener may subscribe twice
        def entry(event: Event) -> None:
            listener(event)

        self._listeners.append(entry)

        def unsubscribe() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)

        return unsubscribe

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            try:
                listener(event)
            except Exception:
                self._log.failure(
                    "{guest}: a listener failed at {kind}", guest=event.guest, kind=event.kind
                )
