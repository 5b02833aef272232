"""
Doing something with no more rights than a user has.

Who may write to a folder of his own could point the agent, which is root, at anybody's files. So
what is done there is done with his ids, and a mistake costs nobody but himself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from txqga.agent._failing import failing
from txqga.agent.platform._platform import User


class Ids(Protocol):
    """The ids that one acts with. The setters raise OSError."""

    def geteuid(self) -> int: ...
    def getegid(self) -> int: ...
    def getgroups(self) -> list[int]: ...
    def seteuid(self, uid: int, /) -> None: ...
    def setegid(self, gid: int, /) -> None: ...
    def setgroups(self, groups: Sequence[int], /) -> None: ...


@contextmanager
def acting_as(user: User, ids: Ids) -> Iterator[None]:
    """
    Take on the user's effective ids for what is done inside, and only his primary group.

    Afterwards everything is as before, the supplementary groups included.

    :raise CommandFailed: his ids cannot be taken on; nothing is changed then.
    :raise OSError: ours cannot be taken back.
    """
    uid, gid, groups = ids.geteuid(), ids.getegid(), ids.getgroups()
    if (uid, gid) == (user.uid, user.gid):
        yield
        return
    try:
        with failing(f"failed to set group for user '{user.name}'"):
            ids.setgroups([user.gid])
        with failing(f"failed to set effective group ID for user '{user.name}'"):
            ids.setegid(user.gid)
        with failing(f"failed to set effective user ID for user '{user.name}'"):
            ids.seteuid(user.uid)
        yield
    finally:
        if ids.geteuid() != uid:  # first of all: it allows the others
            ids.seteuid(uid)
        if ids.getegid() != gid:
            ids.setegid(gid)
        if ids.getgroups() != groups:
            ids.setgroups(groups)
