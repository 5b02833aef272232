"""
The effective ids of this thread alone.

The C library changes those of all threads at once: another one would act for the user meanwhile,
and one that waits for a disk that does not answer would be waited for. The kernel knows no such
bond.
"""

import functools
import os
import sys
from collections.abc import Callable, Sequence

from txqga.agent.platform.linux._identity import Ids

#: Numbers of setresuid, setresgid and setgroups, by machine.
_GENERIC = (147, 149, 159)
_NUMBERS = {
    "x86_64": (117, 119, 116),
    "aarch64": _GENERIC,
    "riscv64": _GENERIC,
    "loongarch64": _GENERIC,
    "ppc64le": (164, 169, 81),
    "s390x": (208, 210, 206),
}
_NUMBERS_32 = (208, 210, 206)  #: of i386 and arm


def _numbers() -> tuple[int, int, int] | None:
    return _NUMBERS_32 if sys.maxsize < 1 << 32 else _NUMBERS.get(os.uname().machine)


@functools.cache
def _calling() -> tuple[Callable[..., int], Callable[[], int]]:
    """Return a function that makes a system call, and one that tells errno."""
    import ctypes  # rarely needed, and not small

    return ctypes.CDLL(None, use_errno=True).syscall, ctypes.get_errno


def _call(number: int, *arguments: object) -> None:
    call, error = _calling()
    if call(number, *arguments) == -1:
        raise OSError(error(), os.strerror(error()))


class ThreadIds:
    """
    The :class:`~txqga.agent.platform.linux._identity.Ids` of the thread that asks.

    :param numbers: of setresuid, setresgid and setgroups.
    """

    geteuid = staticmethod(os.geteuid)
    getegid = staticmethod(os.getegid)
    getgroups = staticmethod(os.getgroups)

    def __init__(self, numbers: tuple[int, int, int]) -> None:
        self._setresuid, self._setresgid, self._setgroups = numbers

    def seteuid(self, uid: int, /) -> None:
        _call(self._setresuid, -1, uid, -1)

    def setegid(self, gid: int, /) -> None:
        _call(self._setresgid, -1, gid, -1)

    def setgroups(self, groups: Sequence[int], /) -> None:
        import ctypes

        _call(self._setgroups, len(groups), (ctypes.c_uint32 * len(groups))(*groups))


def thread_ids() -> Ids:
    """
    Return the ids of the thread that asks.

    On machines whose system calls are not known it is those of the process.
    """
    numbers = _numbers()
    return os if numbers is None else ThreadIds(numbers)
