"""Who does what the plan says, and writes down when each part could not be expected to work."""

import signal
import time
from collections.abc import Callable, Mapping

from attrs import define, field

from tests.chaos._ledger import Ledger
from tests.chaos._parts import Part
from tests.chaos._plan import Deed, Plan
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import AgentProcess


@define
class Saboteur:
    """Does the deeds of a plan, one after the other, and undoes each in time."""

    plan: Plan
    ledger: Ledger
    mux: MuxProcess
    agents: Mapping[str, AgentProcess]
    parts: Mapping[str, Part]  #: the processes of guests and of clients
    life: int = 1  #: of the mux
    _down: dict[str, tuple[float, Callable[[], object]]] = field(factory=dict)

    def work(self) -> None:
        """Do all of it; then everything is up again."""
        began = time.monotonic()
        deeds = list(self.plan.deeds)
        while (now := time.monotonic() - began) < self.plan.size.seconds:
            while deeds and deeds[0].at <= now:
                self._do(deeds.pop(0), now)
            for whom in [each for each, (until, _) in self._down.items() if until <= now]:
                self._undo(whom)
            self.revive(now)
            if "mux" not in self._down:
                self.look()
            time.sleep(0.25)
        self.undo()

    def undo(self) -> None:
        """Have everything up."""
        self.revive(self.plan.size.seconds)
        for whom in list(self._down):
            self._undo(whom)

    def revive(self, now: float) -> None:
        """
        Start agents that have ended by themselves, as an init system does.

        ``qemu-ga`` ends when its host goes with replies unread, as a mux that is killed does.
        """
        for name, agent in self.agents.items():
            if name not in self._down and not agent.alive:
                self.ledger.write("down", whom=name, what="died", guests=[name])
                agent.socket.unlink(missing_ok=True)
                self._down[name] = (now, agent.spawn)

    def look(self) -> None:
        """How much the mux holds."""
        assert self.mux.alive, f"the mux has ended: {self.mux.complaints()}"
        self.ledger.write("mux", life=self.life, memory=self.mux.memory())

    def _do(self, deed: Deed, now: float) -> None:
        whom = deed.whom
        wild = self.plan.wild
        guests = wild.get(whom) or ([] if whom in self.parts or whom == "mux" else [whom])
        process = next((each for each, names in wild.items() if whom in names), whom)
        self.revive(now)
        if whom in self._down or process in self._down:
            return  # it is down already
        if deed.what == "remake" or deed.what == "stop":
            guests = guests or [whom]
        self.ledger.write("down", whom=whom, what=deed.what, guests=guests)
        undo: Callable[[], object]
        if deed.what == "remake":
            self.parts[process].say(f"remake {whom} {deed.lasts}")
            undo = _nothing
        elif deed.what == "stop":
            stopped = self.agents.get(whom) or self.parts[whom]
            stopped.signal(signal.SIGSTOP)
            undo = lambda: stopped.signal(signal.SIGCONT)  # noqa: E731
        else:
            undo = self._kill(whom)
        self._down[whom] = (now + deed.lasts, undo)

    def _kill(self, whom: str) -> Callable[[], object]:
        if whom == "mux":
            self.mux.kill()
            return self._begin_anew
        if whom in self.agents:
            agent = self.agents[whom]
            agent.kill()
            agent.socket.unlink(missing_ok=True)
            return agent.spawn
        self.parts[whom].kill()
        return self.parts[whom].spawn

    def _begin_anew(self) -> None:
        self.life += 1
        self.mux.start()

    def _undo(self, whom: str) -> None:
        _, undo = self._down.pop(whom)
        undo()
        self.ledger.write("up", whom=whom)


def _nothing() -> None:
    """It is undone by itself."""
