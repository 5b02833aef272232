"""The guest as a whole: its users, its clock, its operating system, its start."""

from txqga.monitor import _figures as figures
from txqga.monitor._draft import Draft
from txqga.monitor._said import lines, member, number
from txqga.wire import JSON


def users(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-users``."""
    if isinstance(said, list):
        draft.add(figures.USERS, len(said))


def clock(said: JSON, draft: Draft, sent: float, received: float) -> None:
    """
    Read ``guest-get-time``.

    :param sent: when it was asked, by the host's clock since the epoch, in seconds.
    :param received: when the answer came.
    """
    if type(said) is int:
        draft.add(figures.CLOCK_OFFSET, said / 1e9 - (sent + received) / 2)
        draft.add(figures.CLOCK_ERROR, max(0.0, received - sent) / 2)


def system(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-osinfo``."""
    names = "id", "version-id", "kernel-release"
    draft.info(figures.OS_INFO, *(member(said, name) for name in names))


def agent(said: JSON, draft: Draft) -> None:
    """Read ``guest-info``."""
    draft.info(figures.AGENT_INFO, member(said, "version"))


def uptime(text: str, draft: Draft, now: float) -> None:
    """
    Read ``/proc/uptime``.

    :param now: by the host's clock since the epoch, in seconds.
    """
    for words in lines(text):
        since = number(words[0])
        if since is not None and 0 <= since <= now:
            draft.add(figures.BOOT_TIME, now - since)
        return


def boot_id(text: str, draft: Draft) -> None:
    """Read ``/proc/sys/kernel/random/boot_id``."""
    draft.info(figures.BOOT_INFO, text.strip() or None)
