"""What happens in a run: made of a seed and nothing else, so that it can be made again."""

from random import Random

from attrs import field, frozen

#: What is done to whom, and how often: the numbers are shares.
DEEDS = {
    ("kill", "clients"): 4,
    ("kill", "agent"): 4,
    ("stop", "agent"): 4,
    ("kill", "scripted"): 2,
    ("stop", "scripted"): 2,
    ("remake", "scripted"): 4,
}
GUESTS_A_PROCESS = 10  #: scripted ones
CLIENTS_A_PROCESS = 10


@frozen(kw_only=True)
class Size:
    """How much of everything."""

    seconds: float
    guests: int
    clients: int

    @property
    def ours(self) -> int:
        """How many agents of ours, each a process."""
        return max(1, self.guests // 20)

    @property
    def real(self) -> int:
        """How many real ones of each of the two versions."""
        return max(1, self.guests // 5)

    @property
    def scripted(self) -> int:
        """How many guests of a script."""
        return self.guests - self.ours - 2 * self.real


@frozen(kw_only=True, order=True)
class Deed:
    """What the saboteur does."""

    at: float  #: seconds after the start
    what: str  #: kill, stop or remake
    whom: str  #: the mux, the name of an agent, or of a process of guests or clients
    lasts: float  #: seconds until it is undone


@frozen(kw_only=True)
class Plan:
    """Who takes part, and what is done to them."""

    seed: int
    size: Size
    agents: dict[str, str] = field(factory=dict)  #: 7.2, 10.0 or ours, by the guest's name
    calm: list[str] = field(factory=list)  #: scripted guests that nothing is done to
    #: scripted guests that misbehave, by their process
    wild: dict[str, list[str]] = field(factory=dict)
    clients: dict[str, list[str]] = field(factory=dict)  #: by their process
    deeds: list[Deed] = field(factory=list)

    @property
    def scripted(self) -> list[str]:
        """All guests that are scripted."""
        return [*self.calm, *(name for names in self.wild.values() for name in names)]

    @property
    def guests(self) -> list[str]:
        """All guests."""
        return [*self.agents, *self.scripted]


def plan(seed: int, size: Size) -> Plan:
    """Make the plan of a seed."""
    chance = Random(seed)
    agents = {f"ours{number}": "ours" for number in range(size.ours)}
    for series, prefix in (("7.2", "old"), ("10.0", "new")):
        agents |= {f"{prefix}{number}": series for number in range(size.real)}
    calm = [f"calm{number}" for number in range(size.scripted // 3)]
    wild = [f"wild{number}" for number in range(size.scripted - len(calm))]
    made = Plan(
        seed=seed,
        size=size,
        agents=agents,
        calm=calm,
        wild=_split("guests", wild, GUESTS_A_PROCESS),
        clients=_split(
            "clients", [f"client{number}" for number in range(size.clients)], CLIENTS_A_PROCESS
        ),
    )
    made.deeds.extend(_deeds(chance, made))
    return made


def _split(prefix: str, names: list[str], length: int) -> dict[str, list[str]]:
    starts = range(0, len(names), length)
    return {f"{prefix}{start // length}": names[start : start + length] for start in starts}


def _deeds(chance: Random, made: Plan) -> list[Deed]:
    seconds = made.size.seconds
    lives = max(2, round(seconds / 120))  # of the mux
    deeds = [
        Deed(
            at=seconds * (number + chance.uniform(-0.2, 0.2)) / lives,
            what="kill",
            whom="mux",
            lasts=chance.uniform(0, 3),
        )
        for number in range(1, lives)
    ]
    at = 3.0
    while at < seconds - 3:
        what, kind = chance.choices(list(DEEDS), list(DEEDS.values()))[0]
        whom = {
            "clients": list(made.clients),
            "agent": list(made.agents),
            "scripted": list(made.wild) if what != "remake" else made.scripted[len(made.calm) :],
        }[kind]
        lasts = chance.uniform(0.5, 8) if what == "stop" else chance.uniform(0, 2)
        deeds.append(Deed(at=at, what=what, whom=chance.choice(whom), lasts=lasts))
        at += chance.expovariate(made.size.guests / 100)
    return sorted(deeds)
