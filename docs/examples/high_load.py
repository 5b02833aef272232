"""Tell when a guest is busy: ``CHANNEL=unix:/run/qga/db1.sock twistd -noy high_load.py``."""

import os

from twisted.application.internet import TimerService
from twisted.application.service import Application, MultiService
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from txqga import Guest, monotonic
from txqga.errors import SessionError, TxqgaError


class HighLoad(MultiService):
    """Asks a guest for its load, every minute."""

    log = Logger()

    def __init__(self, reactor, channel, limit):
        super().__init__()
        self._reactor = reactor
        self._channel = channel
        self._limit = limit

    def startService(self):
        self._guest = Guest.connect(self._reactor, self._channel)
        timer = TimerService(60.0, lambda: Deferred.fromCoroutine(self._look()))
        timer.clock = self._reactor
        timer.setServiceParent(self)
        super().startService()

    def stopService(self):
        stopped = super().stopService()
        return self._guest.close().addCallback(lambda _: stopped)

    async def _look(self):
        try:
            await self._guest.wait_ready(30)
            load = await self._guest.get_load()
            if load.load1m >= self._limit:
                self.log.warn("its load is {load:.2f}", load=load.load1m)
        except SessionError as why:
            self.log.info("no answer, perhaps the next time: {why}", why=str(why))
        except TxqgaError as why:
            self.log.error("it cannot be asked: {why}", why=str(why))


monotonic(reactor)  # before the first timer
application = Application("high-load")
watch = HighLoad(reactor, os.environ["CHANNEL"], float(os.environ.get("LIMIT", "4")))
watch.setServiceParent(application)
