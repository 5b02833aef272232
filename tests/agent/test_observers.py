"""Where log events go."""

from twisted.logger import ILogObserver, Logger, LogLevel
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.agent._observers import LogObserver, SyslogObserver


class LogObserverTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def log(self, verbose: bool) -> Logger:
        observer = LogObserver(lambda level, text: self.lines.append((level, text)), verbose)
        verifyObject(ILogObserver, observer)
        return Logger("x", observer=observer)

    def emit_all(self, log: Logger) -> None:
        for level in LogLevel.iterconstants():
            log.emit(level, "{name}", name=level.name)

    def test_quiet(self) -> None:
        """
        Errors are always logged, and nothing else.
        """
        self.emit_all(self.log(verbose=False))
        self.assertEqual(self.lines, [("error", "error"), ("critical", "critical")])

    def test_verbose(self) -> None:
        """
        With -v everything is logged, under qemu-ga's names for levels.
        """
        self.emit_all(self.log(verbose=True))
        self.assertEqual(
            [level for level, _ in self.lines], ["debug", "info", "warning", "error", "critical"]
        )

    def test_failure(self) -> None:
        """
        A bug of ours is logged with its traceback, a line each.
        """
        try:
            raise ValueError("oops")
        except ValueError:
            self.log(verbose=False).failure("{what} failed", what="x")
        levels, texts = zip(*self.lines, strict=True)
        self.assertEqual(set(levels), {"critical"})
        self.assertEqual(texts[0], "x failed")
        self.assertEqual(texts[-1], "builtins.ValueError: oops")

    def test_old_log(self) -> None:
        """
        A failure logged by Twisted's old log is not told twice.
        """
        observer = LogObserver(lambda level, text: self.lines.append((level, text)), False)
        failure = Failure(ValueError("oops"))
        observer(
            {
                "isError": 1,
                "log_level": LogLevel.critical,
                "log_failure": failure,
                "log_format": "{log_text}",
                "log_text": f"Unhandled Error\n{failure.getTraceback()}",
            }
        )
        self.assertEqual(sum("ValueError: oops" in text for _, text in self.lines), 1)


class SyslogObserverTests(SynchronousTestCase):
    def test_commands_only(self) -> None:
        """
        What command families and plug-ins did goes to syslog, and nothing else.
        """
        sent: list[str] = []
        observer = SyslogObserver(sent.append)
        verifyObject(ILogObserver, observer)
        family = Logger("txqga.agent.families._files", observer=observer)
        family.info("opened {path}", path="/x")
        family.warn("failed")
        family.debug("not this")
        Logger("txqga.agent.plugins.mine", observer=observer).info("done")
        Logger("txqga.agent._server", observer=observer).error("nor this")
        observer({"log_format": "nor this"})
        self.assertEqual(sent, ["info: opened /x", "warning: failed", "info: done"])
