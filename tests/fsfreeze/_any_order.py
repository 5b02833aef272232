"""A guest that is frozen and thawed by anybody, and may do anything, as hypothesis thinks fit."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from twisted.internet.defer import Deferred

from tests.fsfreeze._bench import Asked, Bench, unknown
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._lease import Stage, Standing
from txqga.fsfreeze._terms import Terms
from txqga.fsfreeze._wishes import FREEZE, STATUS, THAW, Send
from txqga.wire import JSON

TERMS = Terms(lease=100, longest=200)

#: What may happen, as often as it is here: hypothesis chooses among rules in its own way.
DEEDS = (
    *("freeze", "freeze", "freeze", "thaw", "renew", "release", "written", "disk"),
    *("answer", "answer", "answer", "answer", "answer all", "answer all", "time", "time"),
    *("lose", "half", "half", "away", "refuse", "a freeze half done", "a thaw lost"),
    *("connect", "boot", "freeze behind our back", "crash", "ready"),
)

#: Seconds that the host may take to thaw, once the agent answers whatever it is asked.
PATIENCE = 60


class AnyOrder(RuleBasedStateMachine):
    """The host, of which each life knows what the ledger of the one before it has kept."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.clock, self.agent = self.bench.clock, self.bench.agent
        self.frozen = False
        self.limited = False  #: the guest has a limit of its own
        self.until = float("inf")  #: when it thaws by itself
        self.epoch = 1
        self.kept: Standing | None = None
        self.failures: list[object] = []
        self.start()

    @rule(deed=st.sampled_from(DEEDS), which=st.integers(0, 11))
    def something_happens(self, deed: str, which: int) -> None:
        match deed:
            case "freeze":
                self.freeze((10.0, 100.0, 200.0)[which % 3])
            case "thaw":
                self.thaw()
            case "renew":
                self.renew((10.0, 200.0)[which % 2])
            case "release":
                self.freezes.release("it must not be")
            case "disk":
                self.bench.ledger.slow = which < 3
            case "written":
                self.written(full=which == 0)
            case "a freeze half done":
                self.freeze(100.0)
                self.answer_up_to(FREEZE)
                self.answer("half")
            case "a thaw lost":
                self.thaw()
                self.answer_up_to(THAW)
                self.answer("lose")
            case "answer all":
                while self.agent.waiting:
                    self.answer("answer")
            case "time":
                self.time((0.0, 1.0, 5.0, 20.0, 60.0, 150.0)[which % 6])
            case "connect":
                self.connect()
            case "boot":
                self.boot(limited=which % 2 == 0)
            case "freeze behind our back":
                self.freeze_behind_our_back()
            case "crash":
                self.crash()
            case "ready":
                self.freezes.ready(self.epoch)
            case _:
                self.answer(deed)

    def start(self) -> None:
        """The host's process starts."""
        self.agent.waiting.clear()
        self.bench.ledger.writing.clear()
        self.epoch += 1
        self.freezes = Freezes(self.clock, self.agent.ask, terms=TERMS, ledger=self)
        if self.kept is not None:
            self.freezes.recover(self.kept)
        self.freezes.ready(self.epoch)

    # -- the ledger

    def note(self, standing: Standing) -> "Deferred[None]":
        written = self.bench.ledger.note(standing)

        def keep(_: None) -> None:
            self.kept = standing

        return written.addCallback(keep)

    def written(self, full: bool) -> None:
        if not self.bench.ledger.writing:
            return
        writing = self.bench.ledger.writing.popleft()
        if full:
            writing.errback(OSError("No space left on device"))
        else:
            writing.callback(None)

    # -- people

    def watch(self, answer: "Deferred[JSON]") -> None:
        answer.addErrback(lambda failure: failure.trap(CommandFailed, OSError, *EXPECTED) and None)

    def freeze(self, seconds: float) -> None:
        self.watch(self.freezes.freeze("ann", self.sender(FREEZE), seconds))

    def thaw(self) -> None:
        self.watch(self.freezes.thaw(self.sender(THAW)))

    def renew(self, seconds: float) -> None:
        self.watch(self.freezes.renew(seconds))

    def sender(self, command: str) -> Send:
        return lambda: self.agent.ask(command, {})

    # -- the guest

    def run(self, asked: Asked) -> JSON | CommandFailed:
        """Execute a command; its answer."""
        match asked.command:
            case "guest-fsfreeze-freeze" if self.frozen:
                return CommandNotFound("not allowed")
            case "guest-fsfreeze-freeze":
                self.frozen = True
                self.until = self.clock.seconds() + 50 if self.limited else float("inf")
                return 3
            case "guest-fsfreeze-thaw":
                was, self.frozen = self.frozen, False
                return 3 if was else 0
            case "guest-fsfreeze-status":
                return "frozen" if self.frozen else "thawed"
            case _ if not self.limited:
                return CommandNotFound("never heard of it")
            case _ if not self.frozen:
                return CommandFailed("not frozen")
            case _:
                left = min(50, asked.arguments["seconds"])
                self.until = self.clock.seconds() + left
                return {"seconds": left}

    def answer(self, how: str) -> None:
        if not self.agent.waiting:
            return
        asked = self.agent.waiting[0]
        match how:
            case "answer":
                given = self.run(asked)
                if isinstance(given, CommandFailed):
                    self.agent.fail(given)
                else:
                    self.agent.answer(given)
            case "lose":
                self.agent.lose()
            case "half":  # it ran, and nobody knows
                self.run(asked)
                self.agent.lose()
            case "away":
                self.agent.fail(AgentUnavailable("absent", "no such file"))
            case "refuse":  # refused, and done all the same, or not
                if asked.command == THAW:
                    self.run(asked)
                if asked.command != STATUS:
                    self.agent.fail(CommandFailed("the hook failed"))

    def answer_up_to(self, command: str) -> None:
        """Answer what is before a command, if that is asked for."""
        while self.agent.waiting and self.agent.waiting[0].command != command:
            self.answer("answer")

    def boot(self, limited: bool) -> None:
        """The guest is booted, perhaps with another agent."""
        self.frozen, self.limited = False, limited
        self.connect()

    def connect(self) -> None:
        """The connection is lost, with what is under way, and there is another."""
        while self.agent.waiting:
            self.agent.lose()
        self.epoch += 1
        self.freezes.ready(self.epoch)

    def freeze_behind_our_back(self) -> None:
        """Somebody freezes the guest by other means, which is found out on a new connection."""
        if self.freezes.standing.stage is Stage.THAWED and not self.agent.waiting:
            self.frozen, self.until = True, float("inf")
            self.connect()

    # -- the host

    def crash(self) -> None:
        """The host's process is killed, and starts again; what was written to the agent may run."""
        for call in list(self.clock.getDelayedCalls()):
            call.cancel()
        if self.agent.waiting and self.agent.waiting[0].command == FREEZE:
            self.run(self.agent.waiting[0])
        self.start()

    def time(self, seconds: float) -> None:
        for _ in range(10):
            self.clock.advance(seconds / 10)
            if self.clock.seconds() >= self.until:
                self.frozen, self.until = False, float("inf")

    # -- what must hold

    def teardown(self) -> None:
        """From now on the agent answers, and nobody wants anything: it is thawed in time."""
        self.bench.ledger.slow = False
        while self.bench.ledger.writing:
            self.written(False)
        self.freezes.ready(self.epoch)
        deadline = self.freezes.standing.lease.deadline
        if self.freezes.standing.stage is not Stage.FROZEN:
            deadline = self.clock.seconds()
        last = max(deadline, self.clock.seconds()) + PATIENCE
        while self.clock.seconds() < last:
            while self.agent.waiting or self.bench.ledger.writing:
                if self.agent.waiting:
                    self.answer("answer")
                while self.bench.ledger.writing:
                    self.written(False)
            self.clock.advance(1)
            if self.clock.seconds() > self.until:
                self.frozen, self.until = False, float("inf")
            # one that is adopted, or renewed meanwhile, has a deadline of its own
            if self.freezes.standing.stage is Stage.FROZEN:
                last = max(last, self.freezes.standing.lease.deadline + PATIENCE)
            assert last < deadline + 10 * TERMS.longest
        assert not self.frozen, "left frozen"
        assert self.freezes.standing.stage in (Stage.THAWED, Stage.LAPSED)
        self.freezes.stop()
        assert not self.clock.getDelayedCalls()


EXPECTED = (AgentUnavailable, type(unknown("x")))
