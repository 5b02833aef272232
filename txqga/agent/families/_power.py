"""guest-shutdown, and three ways to send the guest to sleep. Facts 9."""

from collections.abc import Mapping

from twisted.logger import Logger

from txqga.agent._family import Function, Served
from txqga.agent.platform import Platform
from txqga.errors import CommandFailed
from txqga.wire import JSON

_MODES = ("halt", "powerdown", "reboot")


class Power:
    """
    The guest's end, and its rest.

    None of these has a reply when it works: the host sees what becomes of the machine.
    """

    _log = Logger()

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-shutdown": Served(self._shut_down, blocking=True),
            "guest-suspend-disk": Served(self._suspend("disk"), blocking=True),
            "guest-suspend-ram": Served(self._suspend("ram"), blocking=True),
            "guest-suspend-hybrid": Served(self._suspend("hybrid"), blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _shut_down(self, arguments: Mapping[str, JSON]) -> JSON:
        mode = arguments.get("mode", "powerdown")
        if mode not in _MODES:
            # the parenthesis stays open, as in qemu-ga
            raise CommandFailed(f"mode is invalid (valid values are: {'|'.join(_MODES)}")
        self._log.info("guest-shutdown called, mode: {mode}", mode=mode)
        self._platform.shut_down(mode)

    def _suspend(self, mode: str) -> Function:
        def suspend(arguments: Mapping[str, JSON]) -> JSON:
            self._platform.suspend(mode)

        return suspend
