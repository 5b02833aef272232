"""A run: everything is started, sabotaged, ended, and judged."""

import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.chaos._ledger import Ledger, read
from tests.chaos._parts import Part
from tests.chaos._plan import Plan
from tests.chaos._saboteur import Saboteur
from tests.chaos._verdict import Case, Fault, verdict
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import AgentProcess, require

LEASE, LONGEST = 3.0, 6.0  #: seconds that guests are frozen
CAP = 4.0  #: seconds that the mux waits for an agent
PATIENCE = 120.0  #: seconds that anybody waits for anything; nothing that works takes half of it
LINES = 60  #: of the ledgers that are shown of a fault


class Run:
    """The parts of one run, in a folder of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self._ledgers, self._notes = self._folder / "ledgers", self._folder / "notes"
        self._ledgers.mkdir()
        self._notes.mkdir()
        self._ledger = Ledger(self._ledgers / "run.jsonl")
        self._agents = {name: AgentProcess(require(series)) for name, series in plan.agents.items()}
        sockets = {name: agent.socket for name, agent in self._agents.items()}
        sockets |= {name: self._folder / name for name in plan.scripted}
        state, http = self._folder / "state", self._folder / "http"
        options = ["--state", str(state), "--http", f"unix:{http}"]
        options += ["--freeze-lease", str(LEASE), "--freeze-longest", str(LONGEST)]
        options += ["--deadline", f"freeze={CAP}", "--deadline", f"other={CAP}"]
        self._mux = MuxProcess(sockets, *options, wait_for=plan.calm)
        self._guests = {
            name: Part(
                "tests.chaos._guests",
                name,
                self._ledgers,
                [str(self._folder), str(plan.seed), str(1.5 * CAP), *names],
            )
            for name, names in {"calm": plan.calm, **plan.wild}.items()
        }
        said = [str(self._mux.served), str(http), str(self._notes), str(plan.seed), str(PATIENCE)]
        self._clients = {
            name: Part(
                "tests.chaos._clients",
                name,
                self._ledgers,
                [*said, ",".join(names), ",".join(plan.guests)],
            )
            for name, names in plan.clients.items()
        }

    def judge(self) -> list[Fault]:
        """Do it; what is wrong."""
        saboteur = Saboteur(
            self.plan,
            self._ledger,
            self._mux,
            self._agents,
            {**self._guests, **self._clients},
        )
        for agent in self._agents.values():
            agent.spawn()
        for part in self._guests.values():
            part.spawn()
        self._mux.start()
        self._until(self._all_served, "all guests are served")
        # guests of ill manners end a connection when they like, that of the first question too
        connected = len(self.plan.guests)
        self._until(lambda: self._held()["socket"] == connected, "all are connected")
        before = self._held()
        for part in self._clients.values():
            part.spawn()
        saboteur.work()
        for part in self._clients.values():
            part.end(2 * PATIENCE)
        self._until(lambda: not list(self._folder.glob("*.frozen")), "all guests are thawed")
        saboteur.undo()
        self._until(self._all_served, "all guests are served again")
        self._until(lambda: self._held() == before, "descriptors are as they were")
        after = self._held()
        more = {kind: (before[kind], after[kind]) for kind in before | after}
        self._ledger.write(
            "descriptors",
            before=before.total(),
            after=after.total(),
            more={kind: each for kind, each in more.items() if each[0] != each[1]},
        )
        self._read_notes()
        return verdict(self._case())

    def report(self, faults: list[Fault], command: str) -> str:
        """What is wrong, what led to it, and how to see it again."""
        parts = [f"{len(faults)} promises were not kept; again: {command}"]
        lines = [
            (path.name, line)
            for path in sorted(self._ledgers.glob("*.jsonl"))
            for line in path.read_text().splitlines()
        ]
        for fault in faults[:10]:
            parts.append(f"-- {fault.what}")
            words = fault.words[:1]
            parts += [
                f"{name}: {line}" for name, line in lines if any(word in line for word in words)
            ][-LINES:]
        return "\n".join([*parts, f"the mux: {self._mux.complaints()}"])

    @property
    def counted(self) -> Counter[str]:
        """How often what was done, and with which outcomes."""
        counted: Counter[str] = Counter()
        for entry in read(self._ledgers):
            counted[entry["did"]] += 1
            if entry["did"] == "told":
                counted[f"{entry['outcome']} ({entry['way']})"] += 1
            elif entry["did"] == "ended":
                counted[entry["how"]] += 1
        return counted

    def summary(self) -> str:
        """What was done, in a line."""
        counted = ", ".join(f"{count} {word}" for word, count in sorted(self.counted.items()))
        return f"seed {self.plan.seed}: {counted}"

    def remove(self) -> None:
        """End everything."""
        for part in [*self._clients.values(), *self._guests.values()]:
            part.remove()
        for agent in self._agents.values():
            agent.remove()
        self._mux.remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _case(self) -> Case:
        return Case(
            entries=read(self._ledgers),
            lease=LEASE,
            longest=LONGEST,
            processes={
                client: part for part, names in self.plan.clients.items() for client in names
            },
        )

    def _read_notes(self) -> None:
        """What real agents wrote is what they ran."""
        for path in self._notes.iterdir():
            for token in path.read_text().split():
                self._ledger.write("ran", guest=path.name, token=token)

    def _held(self) -> Counter[str]:
        """How many descriptors of which kind the mux has; a socket of its own by its path."""
        found = re.findall(r"(\d+) (/\S+)$", Path("/proc/net/unix").read_text(), re.MULTILINE)
        paths = {f"socket:[{inode}]": Path(path).name for inode, path in found}
        return Counter(
            paths.get(each, each.split(":[")[0]) for each in self._mux.open_files().values()
        )

    def _all_served(self) -> bool:
        return all(self._mux.serves(name) for name in self.plan.guests)

    def _until(self, met: Callable[[], bool], what: str) -> None:
        """Wait for that, in vain perhaps: the verdict says what it means."""
        deadline = time.monotonic() + PATIENCE
        while not met() and time.monotonic() < deadline:
            time.sleep(0.1)
        self._ledger.write("waited", what=what, met=met())
