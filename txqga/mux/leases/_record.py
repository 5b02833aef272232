"""One line of the journal: how one guest stood, in a time that the next process understands."""

import json
from typing import Any

from attrs import asdict, field, frozen
from attrs.validators import instance_of

from txqga.fsfreeze import Lease, Stage, Standing


def _number(record: "Record", attribute: Any, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 2**53:
        raise ValueError(f"{attribute.name} is no time")


def _texts(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise ValueError("mountpoints are no texts")
    return tuple(value)


def _group(value: Any) -> tuple[str, int] | None:
    if value is None:
        return None
    match value:
        case [str(), int()] if type(value[1]) is int:
            return value[0], value[1]
    raise ValueError("group is no id and rank")


@frozen(kw_only=True)
class Record:
    """How one guest stood."""

    guest: str = field(validator=instance_of(str))
    stage: Stage = field(converter=Stage)
    reason: str = field(validator=instance_of(str))
    owner: str = field(validator=instance_of(str))
    seconds: float = field(validator=_number)  #: of the lease
    since: float = field(validator=_number)  #: when the freeze was about to be sent, on boot time
    deadline: float = field(validator=_number)  #: of the lease, on boot time
    boot: str = field(validator=instance_of(str))  #: which boot of the host that was
    at: str = field(validator=instance_of(str))  #: the date, for people
    #: what is frozen, the first few; None: all there is
    mountpoints: tuple[str, ...] | None = field(default=None, converter=_texts)
    #: that it is frozen with: the id, and the guest's rank in it
    group: tuple[str, int] | None = field(default=None, converter=_group)

    def line(self) -> bytes:
        """Write it as one line."""
        members = {**asdict(self), "stage": self.stage.value}
        for name in ("mountpoints", "group"):
            if members[name] is None:
                del members[name]
        return json.dumps(members).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> "Record":
        """
        Read a line.

        :raise ValueError: it is none of ours.
        """
        members = json.loads(line)
        if not isinstance(members, dict):
            raise ValueError("it is no object")
        try:
            return cls(**members)
        except TypeError as why:
            raise ValueError(str(why)) from why


@frozen(kw_only=True)
class Frame:
    """How the reactor's clock and the boot time stand to each other."""

    clock: float  #: ``reactor.seconds()``
    boot_time: float  #: at the same moment
    boot_id: str

    def record(self, guest: str, standing: Standing, at: str) -> Record:
        """Make a record of how a guest stands."""
        ahead = self.boot_time - self.clock
        lease = standing.lease
        return Record(
            guest=guest,
            stage=standing.stage,
            reason=standing.reason,
            owner=lease.owner,
            seconds=lease.seconds,
            since=lease.since + ahead,
            deadline=lease.deadline + ahead,
            boot=self.boot_id,
            at=at,
            mountpoints=lease.mountpoints,
            group=lease.group,
        )

    def standing(self, record: Record) -> Standing:
        """
        Say how a guest stood.

        Times of another boot of the host mean nothing now: that lease has run out.
        """
        behind = self.clock - self.boot_time
        since, deadline = record.since + behind, record.deadline + behind
        if record.boot != self.boot_id or not self.boot_id:
            since = deadline = self.clock
        lease = Lease(
            owner=record.owner,
            seconds=record.seconds,
            since=since,
            deadline=deadline,
            mountpoints=record.mountpoints,
            group=record.group,
        )
        return Standing(record.stage, record.reason, self.clock, lease)
