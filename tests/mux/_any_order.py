"""Clients, a guest and an agent to which anything may happen, as hypothesis thinks fit."""

import json
from collections import deque

from attrs import define, field
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from twisted.internet.interfaces import ITransport
from twisted.internet.task import Clock

from tests.mux._session import Call, Outcome, ScriptedSession
from tests.mux._transport import ClientTransport
from txqga.errors import CommandFailed
from txqga.mux._callers import Peer
from txqga.mux._clients import Client, Clients
from txqga.mux._guest import Guest
from txqga.session import State
from txqga.wire import JSON

MAKING = ("guest-file-open", "guest-exec")
USING = ("guest-file-read", "guest-file-close", "guest-exec-status")
OTHERS = ("guest-ping", "guest-get-osinfo", "guest-fsfreeze-thaw")

#: What may happen, as often as it is here: hypothesis chooses among rules in its own way.
DEEDS = (
    *("ask", "ask a lot", "talk", "ask", "answer", "answer a lot", "answer"),
    *("leave", "leave", "say no more", "lose", "settle", "go", "exit", "wait"),
)


class Agent:
    """Files and processes, numbered as an agent does."""

    def __init__(self) -> None:
        self.files: set[int] = set()
        self.running: set[int] = set()
        self.exited: set[int] = set()
        self.given: set[int] = set()

    def restart(self) -> None:
        """It keeps nothing, and never gives out a number again."""
        self.files, self.running, self.exited = set(), set(), set()

    def _next(self) -> int:
        number = 1001 + len(self.given)
        self.given.add(number)
        return number

    def run(self, call: Call) -> JSON | CommandFailed:
        """Execute a command; its answer."""
        handle: int = call.arguments.get("handle", 0)
        pid: int = call.arguments.get("pid", 0)
        match call.command:
            case "guest-file-open":
                handle = self._next()
                self.files.add(handle)
                return handle
            case "guest-exec":
                pid = self._next()
                self.running.add(pid)
                return {"pid": pid}
            case "guest-file-close" | "guest-file-read" if handle not in self.files:
                return CommandFailed(f"handle '{handle}' has not been found")
            case "guest-file-close":
                self.files.remove(handle)
                return {}
            case "guest-file-read":
                return {"of": handle}
            case "guest-exec-status" if pid in self.exited:
                self.exited.remove(pid)
                return {"exited": True, "of": pid}
            case "guest-exec-status" if pid in self.running:
                return {"exited": False, "of": pid}
            case "guest-exec-status":
                return CommandFailed("PID ld does not exist")
            case _:
                return {"of": call.command}


@define(eq=False)
class Person:
    """One client: what it asked and has not heard of, and what it believes is its own."""

    client: Client
    transport: ClientTransport = field(factory=ClientTransport)
    asked: deque[tuple[int, str, int]] = field(factory=deque)
    files: set[int] = field(factory=set)
    pids: set[int] = field(factory=set)
    speaks: bool = True


class AnyOrder(RuleBasedStateMachine):
    """Handles belong to connections."""

    by_user = False

    def __init__(self) -> None:
        super().__init__()
        self.session = ScriptedSession()
        self.clock: Clock = self.session.clock
        self.guest = Guest(self.clock, "db1", self.session)
        self.clients = Clients(
            self.clock,
            self.guest,
            by_user=self.by_user,
            identify=self.identify,
            has_hung_up=lambda transport: False,
        )
        self.guest.start()
        self.session.ready()
        self.clock.advance(0)
        self.agent = Agent()
        self.people: list[Person] = []
        self.late: list[tuple[Outcome, JSON]] = []
        self.ids = 0
        for _ in range(3):
            self.connect()

    def identify(self, transport: ITransport) -> Peer:
        return Peer(pid=1, uid=0, gid=0)

    @rule(
        deed=st.sampled_from(DEEDS),
        command=st.sampled_from([*MAKING, *USING, *OTHERS]),
        who=st.integers(0, 5),
        which=st.integers(0, 20),
        ran=st.booleans(),
    )
    def something_happens(self, deed: str, command: str, who: int, which: int, ran: bool) -> None:
        match deed:
            case "ask":
                self.ask(who, command, which)
            case "ask a lot":
                for number, each in enumerate((command, *MAKING, *USING, command)):
                    self.ask(who + which * number, each, which + number)
            case "talk":
                for each in (*MAKING, "guest-file-read", command, command):
                    self.ask(who, each, which)
                    while self.session.calls:
                        self.answer()
                        self.answers()
            case "answer":
                self.answer()
            case "answer a lot":
                for _ in range(which):
                    self.answer()
                    self.answers()
            case "leave":
                self.leave(who)
                self.connect()
            case "say no more":
                self.say_no_more(who)
                self.connect()
            case "lose":
                self.lose(ran)
            case "settle":
                self.settle(which)
            case "go":
                self.go(who, ran, restarts=which == 20)  # seldom: it covers up what was left
            case "exit":
                self.exit()
            case "wait":
                self.wait((0.1, 1.0, 10.0, 70.0)[which % 4])
        self.clock.advance(0)

    # -- clients

    def connect(self) -> None:
        person = Person(self.clients.buildProtocol(None))
        person.client.makeConnection(person.transport)  # type: ignore[no-untyped-call]
        self.people.append(person)

    def ask(self, who: int, command: str, which: int) -> None:
        speaking = [person for person in self.people if person.speaks]
        if not speaking:
            return
        person = speaking[who % len(speaking)]
        number = self.number(person, command, which)
        name = "pid" if command == "guest-exec-status" else "handle"
        arguments: dict[str, JSON] = {name: number} if number else {}
        self.ids += 1
        message = {"execute": command, "arguments": arguments, "id": self.ids}
        person.asked.append((self.ids, command, number))
        person.client.dataReceived(json.dumps(message).encode())
        self.clock.advance(0)

    def number(self, person: Person, command: str, which: int) -> int:
        """One of those that the person was told, or of all; 0 for a command that takes none."""
        if command not in USING:
            return 0
        own = sorted(person.pids if command == "guest-exec-status" else person.files)
        numbers = own if own and which % 3 else sorted(self.agent.given)
        return numbers[which % len(numbers)] if numbers else 999

    def leave(self, who: int) -> None:
        if who < len(self.people):
            self.people.pop(who).client.connectionLost()

    def say_no_more(self, who: int) -> None:
        if who < len(self.people) and self.people[who].speaks:
            self.people[who].speaks = False
            self.people[who].client.readConnectionLost()

    # -- the agent

    def answer(self) -> None:
        if self.session.calls:
            given = self.agent.run(self.session.calls[0])
            if isinstance(given, CommandFailed):
                self.session.refuse(given)
            else:
                self.session.answer(given)
            self.clock.advance(0)

    def lose(self, ran: bool) -> None:
        if self.session.calls:
            given = self.agent.run(self.session.calls[0]) if ran else None
            late = None if isinstance(given, CommandFailed) else given
            self.late.append((self.session.lose(), late))

    def settle(self, which: int) -> None:
        if self.late:
            outcome, value = self.late.pop(which % len(self.late))
            outcome.settle(None) if value is None else outcome.late(value)

    def go(self, who: int, ran: bool, *, restarts: bool) -> None:
        """The agent goes, somebody may leave meanwhile, and it comes back, another or not."""
        while self.session.calls:
            self.lose(ran)
            self.clock.advance(0)
        self.session.tell(State.ABSENT, "no such file")
        self.clock.advance(0)
        self.leave(who)
        if restarts:
            self.agent.restart()
        self.come()

    def come(self) -> None:
        self.session.ready()
        self.clock.advance(0)

    def exit(self) -> None:
        self.agent.exited |= self.agent.running
        self.agent.running.clear()

    def wait(self, seconds: float) -> None:
        for _ in range(10):
            self.clock.advance(seconds / 10)

    # -- what must hold

    @invariant()
    def one_at_a_time(self) -> None:
        assert len(self.session.calls) <= 1

    @invariant()
    def answers(self) -> None:
        """Each answer is that of the question, and goes to who asked it, in order."""
        for person in self.people:
            for line in person.transport.said().splitlines():
                reply = json.loads(line)
                identity, command, number = person.asked.popleft()
                assert reply["id"] == identity
                if "return" in reply:
                    self.check(person, command, number, reply["return"])
            if not person.speaks and not person.asked:
                assert person.transport.disconnecting

    def check(self, person: Person, command: str, number: int, value: JSON) -> None:
        mine = person.pids if command == "guest-exec-status" else person.files
        if number:
            assert self.by_user or number in mine, "somebody else's"
            assert command == "guest-file-close" or value["of"] == number
        elif command == "guest-file-open":
            person.files.add(value)
        elif command == "guest-exec":
            person.pids.add(value["pid"])
        else:
            assert value == {"of": command}

    def teardown(self) -> None:
        """When all have gone, and the agent had its time, it keeps nothing."""
        self.come()
        while self.session.calls:
            self.answer()
        self.answers()
        assert not any(person.asked for person in self.people), "a question without an answer"
        for person in self.people:
            person.client.connectionLost()
        self.exit()
        while self.late:
            self.settle(0)
        for _ in range(60):
            self.clock.advance(6.0)
            while self.session.calls:
                self.answer()
        assert not self.agent.files, "a file was left open"
        assert not self.agent.exited, "a result was left behind"


class AnyOrderByUser(AnyOrder):
    """Handles belong to users."""

    by_user = True
