"""The words of qemu-ga, and what wins over what."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent import options
from txqga.agent.options import OPTIONS, BadConfig, Config, Told, read

UNIX = ("-m", "unix-listen", "-p", "s")
NO_FILE = {"QGA_CONF": "/nonexistent"}


def words(line: str) -> list[str]:
    """Split a command line."""
    return line.split()


class OptionsTests(SynchronousTestCase):
    def read(self, *words: str, file: str | None = None) -> Config | Told:
        environ = dict(NO_FILE)
        if file is not None:
            path = Path(self.mktemp())
            path.write_text(f"[general]\n{file}", encoding="utf-8")
            environ = {"QGA_CONF": str(path)}
        return read("agent", words, environ, lambda config: ["guest-b", "guest-a"])

    def config(self, *words: str, file: str | None = None) -> Config:
        config = self.read(*words, file=file)
        assert isinstance(config, Config)
        return config

    def text(self, *words: str, file: str | None = None) -> str:
        told = self.read(*words, file=file)
        assert isinstance(told, Told)
        return told.text

    def test_every_option(self) -> None:
        """
        Each option sets what its config key sets.
        """
        short = self.config(*UNIX, *words("-l L -f F -FH -t T -v -d -r -b a,b -a c"))
        long = self.config(
            *words("--method=unix-listen --path s --logfile L --pidfile F --fsfreeze-hook=H"),
            *words("--statedir T --verbose --daemonize --retry-path --block-rpcs a,b"),
            "--allow-rpcs=c",
        )
        self.assertEqual(short, long)
        file = self.config(
            file="method=unix-listen\npath=s\nlogfile=L\npidfile=F\nfsfreeze-hook=H\nstatedir=T\n"
            "verbose=1\ndaemon=1\nretry-path=1\nblock-rpcs=a,b\nallow-rpcs=c\n"
        )
        self.assertEqual(short, file)

    def test_plugins(self) -> None:
        """
        Folders with plug-ins add up, those of the file first; an empty list is none at all.
        """
        self.assertIsNone(self.config(*UNIX).plugins)
        config = self.config(*UNIX, *words("--plugins=/b:/c --plugins /d"), file="plugins=/a\n")
        self.assertEqual(config.plugins, ("/a", "/b", "/c", "/d"))
        self.assertEqual(self.config(*UNIX, "--plugins=").plugins, ())

    def test_options_win(self) -> None:
        """
        An option wins over the file, a later option over an earlier one.
        """
        config = self.config(*UNIX, "-t", "A", "-t", "B", file="path=F\nstatedir=C\nlogfile=L\n")
        self.assertEqual((config.path, config.statedir, config.logfile), ("s", "B", "L"))

    def test_lists_add_up(self) -> None:
        """
        Lists of commands add up, each turned round as qemu-ga prints it.
        """
        config = self.config(*UNIX, "-b", "a,b", "-b", "c", file="block-rpcs=x,y\n")
        self.assertEqual(config.block_rpcs, ("y", "x", "b", "a", "c"))

    def test_empty_lists(self) -> None:
        """
        An empty list allows everything and blocks nothing.
        """
        config = self.config(*UNIX, "-b", "", "-a", "", file="allow-rpcs=\n")
        self.assertEqual((config.block_rpcs, config.allow_rpcs), ((), ()))

    def test_hook(self) -> None:
        """
        The hook's path must stand in the same word; without it, it is the usual one.
        """
        self.assertEqual(self.config(*UNIX, "-F", "/x").fsfreeze_hook, "/etc/qemu/fsfreeze-hook")
        self.assertEqual(self.config(*UNIX, "-F/x").fsfreeze_hook, "/x")

    def test_limits(self) -> None:
        """
        A freeze, and each run of the hook, may be given another limit; only -D says so.
        """
        config = self.config(
            *UNIX, "--freeze-limit=5", "--hook-limit", "0", file="freeze-limit=7\n"
        )
        self.assertEqual((config.freeze_limit, config.hook_limit), (5, 0))
        self.assertEqual(self.config(*UNIX, file="freeze-limit=7\n").freeze_limit, 7)
        self.assertNotIn("-limit", self.text("-D", *UNIX))
        dumped = self.text("-D", *UNIX, file="freeze-limit=7\n").splitlines()
        self.assertEqual(dumped[-1], "freeze-limit=7")

    def test_bad_limits(self) -> None:
        """
        What is not a number of seconds is told.
        """
        for word in ("", "-1", "1.5", "9999999999", "x"):
            why = self.assertRaises(BadConfig, self.config, *UNIX, f"--freeze-limit={word}")
            self.assertEqual(why.desc, f"--freeze-limit: not a number of seconds: {word}")
        why = self.assertRaises(BadConfig, self.config, *UNIX, file="hook-limit=-1\n")
        self.assertIn("not a number of seconds: -1", why.desc)

    def test_version(self) -> None:
        """
        The version is that of the QEMU whose interface is served.
        """
        self.assertEqual(self.text("-V"), "QEMU Guest Agent 11.1.3\n")

    def test_help(self) -> None:
        """
        The help names every option that is served, and fits a terminal.
        """
        text = self.text("--help")
        for option in OPTIONS:
            letter = f"-{option.letter}, " if option.letter else "    "
            self.assertIn(f"  {letter}--{option.name}", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_help_on_commands(self) -> None:
        """
        The commands that can be blocked or allowed are listed in the order of the schema.
        """
        for words in (("-b", "help"), ("-b?",), ("--allow-rpcs=help",), ("-a", "?")):
            self.assertEqual(self.text(*words), "guest-b\nguest-a\n")
        self.assertEqual(self.config(*UNIX, "-b", "help,x").block_rpcs, ("x", "help"))

    def test_dump(self) -> None:
        """
        -D prints what the words before and after it make, and does not start an agent.
        """
        text = self.text("-D", *UNIX, "-vb", "a", file="statedir=/t\n")
        for line in ("[general]", "path=s", "statedir=/t", "verbose=true", "block-rpcs=a"):
            self.assertIn(line, text.splitlines())

    def test_first_wins(self) -> None:
        """
        The first word that asks for a text gets it, whatever stands behind it.
        """
        self.assertIn("QEMU Guest Agent", self.text("-D", "-V", "-h", "--nonsense"))

    def test_bad_option(self) -> None:
        """
        A wrong word is an error in getopt's words, with a hint where to find the right ones.
        """
        with self.assertRaises(BadConfig) as caught:
            self.read("-v", "--foo")
        self.assertEqual(str(caught.exception), "agent: unrecognized option '--foo'")
        self.assertEqual(
            caught.exception.hint, "Unknown option, try 'agent --help' for more information.\n"
        )

    def test_handed_over(self) -> None:
        """
        A socket that systemd hands over wins over method and path; no other word is lost.
        """
        self.patch(options, "inherited_method", lambda environ: "vsock-listen")
        config = self.config("-v", "-m", "virtio-serial", "-p", "/x")
        self.assertTrue(config.inherited)
        self.assertEqual((config.method, config.path, config.verbose), ("vsock-listen", None, True))
        self.assertIn("method=vsock-listen\npidfile=", self.text("-D", "-p", "/x"))

    def test_handed_over_wrong(self) -> None:
        """
        What was handed over and cannot be served is an error.
        """
        environ = {**NO_FILE, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"}
        with self.assertRaises(BadConfig) as caught:
            read("agent", UNIX, environ, lambda config: ())
        self.assertEqual(str(caught.exception), "qemu-ga only supports listening on one socket")

    def test_no_path(self) -> None:
        """
        A channel that has no usual path needs one, also to be printed.
        """
        for words in (("-m", "unix-listen"), ("-D", "-m", "vsock-listen"), ("-m", "nonsense")):
            with self.assertRaises(BadConfig) as caught:
                self.read(*words)
            self.assertEqual(str(caught.exception), "must specify a path for this channel")


class ConfigFileTests(SynchronousTestCase):
    def read(self, *words: str, **environ: str) -> Config | Told:
        return read("agent", [*UNIX, *words], environ, lambda config: ())

    def fails(self, reason: str, *words: str, **environ: str) -> None:
        with self.assertRaises(BadConfig) as caught:
            self.read(*words, **environ)
        self.assertEqual(str(caught.exception), f"error loading configuration from path: {reason}")

    def made(self, text: str) -> str:
        path = Path(self.mktemp())
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_named(self) -> None:
        """
        The file that -c names is read instead of QGA_CONF's; the last -c counts.
        """
        named = self.made("[general]\nlogfile=right\n")
        other = self.made("nonsense")
        for words in (["-c", named], [f"--config={named}"], ["-c", other, "-c", named]):
            config = self.read(*words, QGA_CONF=other)
            assert isinstance(config, Config)
            self.assertEqual(config.logfile, "right")

    def test_missing(self) -> None:
        """
        A missing file is an error only where -c names it.
        """
        path = self.mktemp()
        self.assertIsInstance(self.read(QGA_CONF=path), Config)
        self.fails(f"{path}, No such file or directory", "-c", path)
        self.fails(f"{path}, No such file or directory", "-c", path, "-V")

    def test_wrong(self) -> None:
        """
        What is wrong with a file is said, with its name.
        """
        path = self.made("x\n")
        why = "Key file contains line “x” which is not a key-value pair, group, or comment"
        self.fails(f"{path}, {why}", QGA_CONF=path)
        self.fails("/dev/null, Not a regular file", QGA_CONF="/dev/null")
        self.fails(f"{path}/y, Not a directory", QGA_CONF=f"{path}/y")

    def test_bad_option_behind(self) -> None:
        """
        A wrong word does not hide that the file is wrong: the file is read first.
        """
        path = self.made("x\n")
        with self.assertRaises(BadConfig) as caught:
            self.read("-c", path, "--nonsense")
        self.assertIn(path, str(caught.exception))
