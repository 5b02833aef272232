"""
The fence of a session: what changes the guest does not run when nobody waits for it any more.

A command that was written can wait in front of an agent that hangs, and run when its caller has
been told long ago that there is no answer. An agent that knows ``txqga-fence`` takes such commands
inside ``txqga-fenced``, with the moment of its own clock up to which they may begin. So the host
has to know how the guest's clock stands: it is told as a fence begins, and again after a while,
for no two clocks go alike. Of the time that the reply took nothing is given to the command: it may
begin a little less late, and never later than its caller waits.
"""

from attrs import define, field
from twisted.internet.interfaces import IReactorTime

from txqga.session._call import Call, Reply
from txqga.wire import JSON, Success, command, encode

FENCE, FENCED = "txqga-fence", "txqga-fenced"

#: Seconds for which the guest's clock is taken to go as ours does: at 500 ppm, the most that a
#: clock is ever steered by, that is 30 ms.
FRESH = 60.0

#: Octets that a request may grow by when it is put inside.
ROOM = 512

#: Seconds by which what is inside has to begin earlier than its caller stops waiting.
MARGIN = 0.001

_NANOSECONDS = 1_000_000_000
_LAST = 2**63 - 1


@define(kw_only=True)
class Fence:
    """What the host knows of the newest fence of its agent."""

    clock: IReactorTime
    secret: str  #: nobody can guess it, and no other session has it
    is_wanted: bool = True
    token: str | None = field(default=None, init=False)  #: None: the agent knows of no fence
    _begun: int = field(default=0, init=False)
    _boot_time: int = field(default=0, init=False)  #: of the guest, in nanoseconds
    _told: float = field(default=0.0, init=False)  #: when, by our clock; -inf: it is to be asked

    @property
    def is_stale(self) -> bool:
        """Whether another one has to begin before anything is put inside."""
        return self.token is not None and self.clock.seconds() - self._told > FRESH

    def another(self) -> dict[str, JSON]:
        """Give the arguments of a ``txqga-fence`` that begins another one."""
        self._begun += 1
        return {"token": f"{self.secret}.{self._begun}"}

    def begun(self, token: JSON, reply: Reply) -> None:
        """Take the reply to a ``txqga-fence``, whoever asked; a refusal: there is no fence."""
        value = reply.value if isinstance(reply, Success) else None
        boot_time = value.get("boot-time") if isinstance(value, dict) else None
        if isinstance(token, str) and type(boot_time) is int:
            self.token, self._boot_time, self._told = token, boot_time, self.clock.seconds()
        else:
            self.token = None

    def probed(self, reply: Reply) -> None:
        """Take the reply to the one that :meth:`another` gave last."""
        self.begun(f"{self.secret}.{self._begun}", reply)

    def doubt(self) -> None:
        """The agent does not know this one, or it was too late: begin another one next."""
        self._told = float("-inf")

    def forget(self) -> None:
        """There is another connection, and maybe another agent."""
        self.token = None

    def around(self, call: Call, now: float) -> bytes:
        """
        Write a call that is about to be sent, inside the fence if there is one.

        :param call: its frame has no id yet.
        """
        head: tuple[bytes, ...] = ()
        inside = memoryview(call.frame)[:-2]
        if self.token is not None:
            begins = min(now + call.deadline, call.ends) - MARGIN - self._told
            not_after = self._boot_time + round(begins * _NANOSECONDS)
            around = command(
                FENCED, {"token": self.token, "not-after": max(-_LAST, min(not_after, _LAST))}
            )
            # the arguments of the one go on with the members of the other
            head, inside = (around[:-3], b", "), memoryview(call.frame)[1:-1]
        return b"".join((*head, inside, b', "id": ', encode(call.name), b"}\n"))
