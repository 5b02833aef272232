"""
How an agent is, by what its session knows and by what QEMU says of the machine.

A session learns that nobody listens by asking, and waiting. QEMU says it at once: no agent has
opened the port, the machine is paused, the guest has gone to sleep or begun anew. Where it says
so, nothing is asked of the agent until QEMU says otherwise, and a command that was to bring just
this about, and has no other answer, has been answered. Where QEMU says nothing, or is not heard,
there is the session alone.
"""

from collections.abc import Callable

from txqga.mux._agent_session import AgentSession
from txqga.qmp import UNKNOWN, Machine
from txqga.session import State, Status

#: What ends every conversation with the agent that there was.
ENDS = {
    "RESET": "the machine was reset",
    "SHUTDOWN": "the guest has shut down",
    "SUSPEND": "the guest has gone to sleep",
    "SUSPEND_DISK": "the guest sleeps on its disk",
}

#: Run states in which nothing can be expected of an agent, and nothing is asked.
AWAY = {
    "shutdown": "the guest has shut down",
    "suspended": "the guest sleeps: wake it, as with QEMU's system_wakeup",
}

#: Run states in which a machine stands between two hosts.
BETWEEN = {
    "inmigrate": "the machine comes from another host, and has not arrived",
    "postmigrate": "the machine has gone to another host",
    "finish-migrate": "the machine is about to go to another host",
}

PORT_CLOSED = "no agent has the port open in the guest: start it there"


class Outlook:
    """How an agent is."""

    def __init__(
        self, session: AgentSession, seconds: Callable[[], float], changed: Callable[[Status], None]
    ) -> None:
        """
        :param changed: is called when what QEMU says makes a difference.
        """
        self._session = session
        self._seconds = seconds
        self._changed = changed
        self._machine = UNKNOWN
        self._seen: Status | None = None  #: what QEMU says, where that decides
        self._rests: str | None = None
        self._listeners: dict[Callable[[str], object], None] = {}

    def subscribe(self, listener: Callable[[str], object]) -> Callable[[], None]:
        """Tell ``listener`` each event of QEMU's, until the function returned is called."""
        self._listeners[listener] = None
        return lambda: self._listeners.pop(listener, None)

    @property
    def status(self) -> Status:
        """How things stand."""
        return self.over(self._session.status)

    def over(self, status: Status) -> Status:
        """What there is to say when the session is like this."""
        if self._seen is None or status.state is State.CLOSED:
            return status
        return self._seen

    @property
    def machine(self) -> Machine:
        """What QEMU said of the machine last."""
        return self._machine

    @property
    def word(self) -> str:
        """Why nothing runs in the machine: paused, suspended or migrating; else nothing."""
        status = self._machine.status
        if status in BETWEEN:
            return "migrating"
        if status in (None, "running", "shutdown"):
            return ""
        return "suspended" if status == "suspended" else "paused"

    def told(self, machine: Machine) -> None:
        """Take what QEMU says of the machine."""
        before, self._machine = self._machine, machine
        why = AWAY.get(machine.status or "")
        if why is None and machine.port is False:
            why = PORT_CLOSED
        if why is not None:
            self._see(State.ABSENT, why)
            self._rest(why)
            return
        status = machine.status
        if status in BETWEEN:
            self._see(State.MIGRATING, BETWEEN[status])
        elif status is not None and status != "running":
            self._see(State.PAUSED, f"the machine stands still: QEMU says {status!r}")
        else:
            self._see(None, "")
        if self._rests is not None or machine != before:
            self._rests = None
            self._session.wake()

    def happened(self, event: str) -> None:
        """Take an event of QEMU's; what became of the machine is told soon."""
        why = ENDS.get(event)
        if why is not None:
            self._rest(why)
        for listener in list(self._listeners):
            listener(event)

    def _see(self, state: State | None, why: str) -> None:
        before = self._seen
        if state is None:
            self._seen = None
        elif before is None or (before.state, before.reason) != (state, why):
            self._seen = Status(state, why, self._seconds())
        if self._seen != before:
            self._changed(self.status)

    def _rest(self, why: str) -> None:
        if self._rests is None:
            self._session.rest(why)
        self._rests = why
