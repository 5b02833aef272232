"""
What the ledgers say, read against each other: what was promised and not kept.

A guest that something was done to may be thawed as much later as its agent could not be reached,
and as a session takes to come back to it. One that misbehaves may turn away the thaw as well, and
one more, each after a connection that ended at once. A calm one has :data:`GRACE`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from tests.chaos._ledger import Entry

GRACE = 15.0  #: seconds for a machine that is several times slower, and for a turn
#: Seconds until an agent that is back is spoken to again: the longest pause between attempts, and
#: what it takes to find out that one was in vain.
COMING_BACK = 45.0
COMING_UP = 5.0  #: seconds until a mux that serves again has asked all guests how they are
STEADY = 30.0  #: seconds of a mux's life in which its memory may still grow
SPARE = 16 << 20  #: octets that memory may differ by


@frozen
class Fault:
    """A promise that was not kept."""

    what: str  #: a sentence
    words: tuple[str, ...] = ()  #: what to look for in the ledgers: a token, a guest, a call


@frozen(kw_only=True)
class Case:
    """What is to be judged."""

    entries: list[Entry]  #: in the order of time
    lease: float  #: seconds that a guest is frozen when nobody says how long
    longest: float  #: seconds that it may be frozen at all
    processes: Mapping[str, str] = field(factory=dict)  #: of each client


def verdict(case: Case) -> list[Fault]:
    """All that is wrong."""
    return [*_crossed(case), *_runs(case), *_hung(case), *_frozen(case), *_memory(case)]


def _crossed(case: Case) -> Iterator[Fault]:
    for entry in _of(case.entries, "wrong"):
        yield Fault(f"a reply to somebody else, or to nobody: {entry['reply']}", _words(entry))


def _runs(case: Case) -> Iterator[Fault]:
    """What changes a guest is run once at most; not at all, or surely, where that was told."""
    ran = Counter(entry["token"] for entry in _of(case.entries, "ran"))
    for token, times in ran.items():
        if times > 1:
            yield Fault(f"{token} ran {times} times", (token,))
    for entry in _of(case.entries, "told"):
        token = entry["token"]
        if entry["outcome"] == "refused" and ran[token]:
            yield Fault(f"{token} ran, its client was told: {entry['why']}", (token,))
        if entry["outcome"] == "done" and not ran[token]:
            yield Fault(f"{token} did not run, its client was told that it did", (token,))


def _hung(case: Case) -> Iterator[Fault]:
    """Every call ended, but where its client was killed."""
    how = {entry["call"]: entry["how"] for entry in _of(case.entries, "ended")}
    killed: dict[str, float] = {}
    for entry in _of(case.entries, "down"):
        killed[entry["whom"]] = entry["t"]
    for entry in _of(case.entries, "ask"):
        if (call := entry.get("call")) is None:
            continue
        ended = how.get(call)
        alive = killed.get(case.processes.get(entry["who"], ""), 0.0) < entry["t"]
        if ended == "hung" or (ended is None and alive):
            yield Fault(f"{entry['what']} of {entry['who']} never ended", _words(entry))


def _frozen(case: Case) -> Iterator[Fault]:
    """No guest stays frozen past its deadline."""
    troubles = _troubles(case.entries)
    renewed: dict[str, list[float]] = defaultdict(list)
    for entry in _of(case.entries, "renews"):
        renewed[entry["guest"]].append(entry["t"])
    for guest, start, end in _times_frozen(case.entries):
        lease = case.longest if any(start - 1 < t < end for t in renewed[guest]) else case.lease
        wild = 2 * COMING_BACK if guest.startswith("wild") else 0.0
        excused = sum(
            max(0.0, min(end, last) - max(start, first))
            for first, last in _merged([*troubles[guest], *troubles["mux"]])
        )
        late = end - start - lease - excused - wild
        if late > GRACE:
            yield Fault(
                f"{guest} was frozen for {end - start:.1f} s, {late:.1f} too long", (guest,)
            )


def _times_frozen(entries: list[Entry]) -> Iterator[tuple[str, float, float]]:
    since: dict[str, float] = {}
    for entry in entries:
        if entry["did"] == "froze":
            since[entry["guest"]] = entry["t"]
        elif entry["did"] == "thawed":
            yield entry["guest"], since.pop(entry["guest"]), entry["t"]
    for guest, start in since.items():
        yield guest, start, float("inf")


def _troubles(entries: list[Entry]) -> dict[str, list[tuple[float, float]]]:
    """When each guest, or the mux, could not be expected to do anything."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    down: dict[str, Entry] = {}
    for entry in entries:
        if entry["did"] == "down":
            down[entry["whom"]] = entry
        elif entry["did"] == "up" and entry["whom"] in down:
            began = down.pop(entry["whom"])
            after = COMING_UP if entry["whom"] == "mux" else COMING_BACK
            for whom in began["guests"] or [entry["whom"]]:
                found[whom].append((began["t"], entry["t"] + after))
    return found


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _memory(case: Case) -> Iterator[Fault]:
    """In each life of the mux, memory comes to a stand; in the end, so do descriptors."""
    lives: dict[int, list[Entry]] = defaultdict(list)
    for entry in _of(case.entries, "mux"):
        lives[entry["life"]].append(entry)
    for life, samples in lives.items():
        steady = [each for each in samples if each["t"] > samples[0]["t"] + STEADY]
        half = len(steady) // 2
        if half < STEADY / 2:
            continue
        first = max(each["memory"] for each in steady[:half])
        last = max(each["memory"] for each in steady[half:])
        if last > first * 1.1 + SPARE:
            yield Fault(f"life {life} of the mux: {first >> 20} MiB became {last >> 20}")
    for entry in _of(case.entries, "descriptors"):
        if entry["after"] != entry["before"]:
            yield Fault(f"{entry['before']} descriptors became {entry['after']}: {entry['more']}")


def _of(entries: Iterable[Entry], did: str) -> Iterator[Entry]:
    return (entry for entry in entries if entry["did"] == did)


def _words(entry: Entry) -> tuple[str, ...]:
    found = (entry.get("token"), entry.get("call"), entry.get("guest"))
    return tuple(word for word in found if word)
