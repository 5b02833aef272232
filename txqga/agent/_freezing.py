"""Freezing, put together: the gate, its steps, and what an earlier agent left frozen."""

from collections.abc import Callable

from txqga.agent._child import Children
from txqga.agent._config import Config
from txqga.agent._frozen_file import FrozenFile, Remembered
from txqga.agent._holder import Holder, IReactorForHolder
from txqga.agent._hook import Hook
from txqga.agent._standstill import Standstill
from txqga.agent._worker import start_thread
from txqga.agent.platform import Platform
from txqga.fsfreeze import GuestFreeze, Lapsed, Span, Timing


class Freezing:
    """
    What holds the guest's filesystems still.

    :param memory: of what is frozen; None: it does not outlive the agent.
    :param still: called with true when that begins, and with false when it has ended.
    :param children: run the hook.
    :param start: starts a thread.
    """

    def __init__(
        self,
        reactor: IReactorForHolder,
        config: Config,
        memory: FrozenFile | None,
        platform: Platform,
        still: Callable[[bool], None],
        children: Children | None = None,
        start: Callable[[Callable[[], object]], object] = start_thread,
    ) -> None:
        timing = Timing(clock=reactor, boottime=platform.boot_time, limit=config.freeze_limit)
        remembered = None if memory is None else memory.load()
        found = None if remembered is None else _found(remembered, timing)
        frozen = isinstance(found, Span)
        self._steps = Standstill(
            reactor,
            holder=Holder(reactor, platform, start),
            hook=Hook(config.fsfreeze_hook, config.hook_limit, children or Children(), owed=frozen),
            memory=memory,
            timing=timing,
            still=still,
            shut=frozen,
        )
        self.freeze = GuestFreeze(self._steps, timing, found)

    def is_frozen(self) -> bool:
        """Tell whether filesystems are frozen, or about to be."""
        return self._steps.shut


def _found(remembered: Remembered, timing: Timing) -> Span | Lapsed:
    """Return where an earlier agent left off; one that knows no end gets ours, from now on."""
    if remembered.lapsed is not None:
        return Lapsed(remembered.lapsed)
    now = timing.span()
    until = now.until if remembered.until is None else remembered.until
    return Span(now.since if remembered.since is None else remembered.since, until)
