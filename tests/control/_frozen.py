"""Several guests in memory, that can be frozen together over HTTP."""

from tests.control._case import Asked, ControlCase
from tests.mux._session import ScriptedSession
from txqga.errors import CommandFailed, CommandNotFound
from txqga.mux import Authority, Guest, GuestOptions, Policy
from txqga.schema import extended
from txqga.wire import JSON

FREEZE, LIST, THAW = (f"guest-fsfreeze-{each}" for each in ("freeze", "freeze-list", "thaw"))
NAMES = ("db1", "web1", "web2")


class FrozenCase(ControlCase):
    """Guests that freeze, one of which may fail to; what is decided about them is written down."""

    status = "thawed"  #: what guests say that are asked

    def setUp(self) -> None:
        super().setUp()
        self.lines: list[bytes] = []
        self.mux.authority = Authority(
            self.clock, Policy.default(0), extended(), self.lines.append, lambda: 0.0
        )
        self.sessions: dict[str, ScriptedSession] = {}
        self.ran: list[str] = []  #: what agents were asked, but pings
        self.silent: set[str] = set()  #: guests whose agents do not answer
        self.empty: set[str] = set()  #: guests in which nothing is to be frozen
        self.fails: dict[str, str] = {}  #: the command that an agent fails at
        for name in NAMES:
            session = self.sessions[name] = ScriptedSession(clock=self.clock)
            guest = Guest(
                self.clock,
                name,
                session,
                GuestOptions(),
                self.mux.events,
                None,
                self.mux.authority,
            )
            self.mux.guests[name] = guest
            guest.start()
            session.ready()
        self.serve()
        self.ran.clear()

    def serve(self) -> None:
        """Let agents answer all that they are asked, and what comes of it happen."""
        for _ in range(20):
            self.pump()
            for name, session in self.sessions.items():
                while session.calls and name not in self.silent:
                    self._answer(name, session)

    def ask_and_serve(self, method: str, path: str, body: JSON = None) -> Asked:
        """Ask over HTTP, and let agents answer."""
        asked = self.ask(method, path, body)
        self.serve()
        return asked

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and agents answer then."""
        self.clock.advance(seconds)
        self.serve()

    def _answer(self, name: str, session: ScriptedSession) -> None:
        command = session.calls[0].command
        if command != "guest-ping":
            self.ran.append(f"{name} {command.removeprefix('guest-fsfreeze-')}")
        values: dict[str, JSON] = {
            FREEZE: 0 if name in self.empty else 3,
            LIST: 1,
            THAW: 3,
            "guest-fsfreeze-status": self.status,
            "guest-ping": {},
        }
        if self.fails.get(name) == command:
            session.refuse(CommandFailed("no", command))
        elif command in values:
            session.answer(values[command])
        else:
            session.refuse(CommandNotFound(f"no {command}", command))
