"""
That a guest was started anew: QEMU has reset its machine, or its kernel has another boot id, or,
where it tells none, its uptime went back. However many of these come of one start, it is told once.
"""

from collections.abc import Iterable

from txqga.monitor._figures import BOOT_INFO, BOOT_TIME
from txqga.monitor._sample import Sample
from txqga.monitor.alerts._ration import Tell

#: Seconds by which an uptime must go back.
BACK = 1.0


class Boots:
    """The starts of one guest."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._id: str | None = None  #: of the last boot that is known
        self._uptime: float | None = None  #: in seconds, when it was told last
        self._starts = False  #: the machine was reset, and no agent has answered since

    def reset(self) -> None:
        """QEMU has reset the machine; firmware may do so more than once for one start."""
        if not self._starts:
            self._starts = True
            self._told("reset", self._id, None)
        # what comes next belongs to the start that was told
        self._id = self._uptime = None

    def ready(self) -> None:
        """The agent answers."""
        self._starts = False

    def read(self, samples: Iterable[Sample], time: float) -> None:
        """
        Look at what was read.

        :param time: when, as the figure of the boot time has it.
        """
        for each in samples:
            if each.figure is BOOT_INFO:
                self._named(each.labels[0])
            elif each.figure is BOOT_TIME:
                self._aged(time - each.value)

    def _named(self, boot: str) -> None:
        before, self._id = self._id, boot
        if before is not None and before != boot:
            self._told("boot-id", before, boot)

    def _aged(self, uptime: float) -> None:
        before, self._uptime = self._uptime, uptime
        if self._id is None and before is not None and uptime < before - BACK:
            self._told("uptime", None, None)

    def _told(self, evidence: str, before: str | None, after: str | None) -> None:
        known = {"boot_id_before": before, "boot_id": after}
        said = {name: value for name, value in known.items() if value is not None}
        self._tell("guest-rebooted", evidence=evidence, **said)
