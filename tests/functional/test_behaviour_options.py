"""The command line and the configuration file. Facts 10.1."""

import subprocess

from attrs import frozen

from tests.functional._behaviour import Behaviour, only
from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, V7_2, V10_0, require
from tests.functional._process import environment

#: what -D prints when nothing was said; Debian's paths
DEFAULTS = {
    "daemon": "false",
    "method": "virtio-serial",
    "path": "/dev/virtio-ports/org.qemu.guest_agent.0",
    "logfile": None,
    "pidfile": "/var/run/qemu-ga.pid",
    "fsfreeze-hook": None,
    "statedir": "/var/run",
    "verbose": "false",
    "retry-path": "false",
    "block-rpcs": "",
    "allow-rpcs": "",
}

QEMUS_OWN = """[general]
daemon=0
method=virtio-serial
path=/path/to/org.qemu.guest_agent.0
pidfile=/var/foo/qemu-ga.pid
statedir=/var/state
verbose=true
block-rpcs=guest-ping;guest-get-time
"""


@frozen
class Ended:
    """What a program printed before it ended."""

    status: int
    stdout: str
    stderr: str


class Options(Behaviour):
    all_of_a_process = True

    def run_agent(self, *argv: str, config: str = "/nonexistent/config") -> Ended:
        """Run an agent that ends by itself."""
        program = require(self.series)
        done = subprocess.run(
            [*program.argv, *argv],
            env={**environment(), "QGA_CONF": config},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))

    def config(self, text: str) -> str:
        """A configuration file with this content."""
        path = self.folder / "config"
        path.write_text(text)
        return str(path)

    def dumps(self, *argv: str, config: str = "/nonexistent/config", **changes: str) -> None:
        """Check what -D prints, given what is not as it is by default."""
        wanted = DEFAULTS | {name.replace("_", "-"): value for name, value in changes.items()}
        if self.series == V7_2:
            del wanted["allow-rpcs"]
        lines = [f"{name}={value}\n" for name, value in wanted.items() if value is not None]
        ended = self.run_agent("-D", *argv, config=config)
        self.assertEqual(ended, Ended(0, "[general]\n" + "".join(lines), ""), argv)

    def test_version(self) -> None:
        """
        The version is printed as scripts expect it.
        """
        text = f"QEMU Guest Agent {require(self.series).version}\n"
        for option in ("-V", "--version", "--vers"):
            self.assertEqual(self.run_agent(option), Ended(0, text, ""))

    def test_help(self) -> None:
        """
        The help names every option.
        """
        for option in ("-h", "--help", "--he"):
            ended = self.run_agent(option)
            self.assertEqual((ended.status, ended.stderr), (0, ""))
            options = ["method", "path", "logfile", "pidfile", "statedir", "verbose"]
            options += ["block-rpcs", "version", "dump-conf", "help"]
            options += [] if self.series == V7_2 else ["allow-rpcs", "config"]
            for name in options:
                self.assertIn(f"--{name}", ended.stdout)

    def test_command_names(self) -> None:
        """
        With the word help for a list, the names of the commands are printed, one a line.
        """
        [first, *more] = [
            self.run_agent(*argv)
            for argv in (
                *(("-b", "help"), ("-b", "?"), ("--block-rpcs=help",)),
                *(() if self.series == V7_2 else (("-a", "help"), ("-a", "?"))),
            )
        ]
        self.assertEqual((first.status, first.stderr), (0, ""))
        for ended in more:
            self.assertEqual(ended, first)
        names = first.stdout.splitlines()
        order = [
            *("guest-sync-delimited", "guest-sync", "guest-ping", "guest-get-time", "guest-info"),
            *("guest-file-open", "guest-file-close", "guest-file-read", "guest-file-write"),
            *("guest-file-seek", "guest-file-flush", "guest-exec-status", "guest-exec"),
            *("guest-get-host-name", "guest-get-timezone"),
        ]
        self.assertEqual([name for name in names if name in order], order)

    def test_defaults(self) -> None:
        """
        Without options and configuration the defaults are Debian's.
        """
        self.dumps()
        self.dumps(config=self.config(""))
        self.dumps(config=self.config("[other]\nverbose=nonsense\n"))
        self.dumps("-m", "isa-serial", method="isa-serial", path="/dev/ttyS0")

    def test_configuration(self) -> None:
        """
        The file that QEMU tests its own agent with is understood.
        """
        self.dumps(
            config=self.config(QEMUS_OWN),
            path="/path/to/org.qemu.guest_agent.0",
            pidfile="/var/foo/qemu-ga.pid",
            statedir="/var/state",
            verbose="true",
            block_rpcs="guest-ping;guest-get-time",
        )

    def test_options(self) -> None:
        """
        Each option is understood, short, long, abbreviated and glued to its value.
        """
        for argv in (
            ("-m", "unix-listen", "-p", "/s", "-l", "/l", "-f", "/f", "-t", "/t", "-v", "-r", "-d"),
            ("-munix-listen", "-p/s", "-l/l", "-f/f", "-t/t", "-vrd"),
            (
                *("--method=unix-listen", "--path=/s", "--logfile=/l", "--pidfile=/f"),
                *("--statedir=/t", "--verbose", "--retry-path", "--daemonize"),
            ),
            (
                *("--method", "unix-listen", "--pat", "/s", "--log", "/l", "--pid", "/f"),
                *("--state", "/t", "--verb", "--retry", "--daemon"),
            ),
        ):
            # with daemon set every exit unlinks the pidfile: it must be none of this machine
            self.dumps(
                *argv,
                method="unix-listen",
                path="/s",
                logfile="/l",
                pidfile="/f",
                statedir="/t",
                verbose="true",
                retry_path="true",
                daemon="true",
            )

    def test_hook(self) -> None:
        """
        The hook's option takes its value only when it is glued to it.
        """
        self.dumps("-F", fsfreeze_hook="/etc/qemu/fsfreeze-hook")
        self.dumps("-F", "/x", fsfreeze_hook="/etc/qemu/fsfreeze-hook")
        self.dumps("-F/x", fsfreeze_hook="/x")
        self.dumps("--fsfreeze-hook", fsfreeze_hook="/etc/qemu/fsfreeze-hook")
        self.dumps("--fsfreeze-hook=/x", fsfreeze_hook="/x")

    def test_lists(self) -> None:
        """
        Lists of the file and of each option add up; each is printed in its odd order.
        """
        self.dumps("-b", "a,b", "-b", "c", block_rpcs="b,a,c")
        self.dumps("-b", "a", config=self.config("[general]\nblock-rpcs=x,y\n"), block_rpcs="y,x,a")
        if self.series != V7_2:
            self.dumps("-a", "q,w", allow_rpcs="w,q")

    def test_options_win(self) -> None:
        """
        What the command line says goes before what the file says.
        """
        self.dumps(
            *("-p", "/new", "-t", "/state"),
            config=self.config("[general]\npath=/old\nverbose=1\n"),
            path="/new",
            statedir="/state",
            verbose="true",
        )
        self.dumps("-p", "/1", "-p", "/2", path="/2")
        self.dumps("-p", " /x y", path=r"\s/x y")

    def test_odd_words(self) -> None:
        """
        Words that are no options are ignored.
        """
        self.dumps("word", "-v", "another", verbose="true")
        self.dumps("-v", "--", "-r", verbose="true")

    @only(V10_0, OURS, because="7.2 has no such option")
    def test_config_option(self) -> None:
        """
        A configuration file may be named; that one must be there.
        """
        path = self.config("[general]\nverbose=true\n")
        self.dumps("-c", path, verbose="true")
        self.dumps("--config", path, verbose="true")
        ended = self.run_agent("-D", "-c", "/nonexistent/config")
        self.assertEqual((ended.status, ended.stdout), (1, ""))
        self.assertIn(
            "error loading configuration from path: /nonexistent/config, No such file or directory",
            ended.stderr,
        )

    def test_bad_configuration(self) -> None:
        """
        A file that cannot be understood ends the agent, and says where it is wrong.
        """
        for text, reason in (
            ("[general]\ndaemon=maybe\n", "has a value that cannot be interpreted"),
            ("nonsense\n", "which is not a key-value pair, group, or comment"),
            ("[general]\nverbose=TRUE\n", "has a value that cannot be interpreted"),
        ):
            ended = self.run_agent("-D", config=self.config(text))
            self.assertEqual((ended.status, ended.stdout), (1, ""), text)
            self.assertIn(f"error loading configuration from path: {self.folder}", ended.stderr)
            self.assertIn(reason, ended.stderr)

    def test_booleans(self) -> None:
        """
        Booleans are true, false, 1 and 0.
        """
        for text, value in (("1", "true"), ("0", "false"), ("true", "true"), ("false", "false")):
            self.dumps(config=self.config(f"[general]\nverbose={text}\n"), verbose=value)

    def test_bad_options(self) -> None:
        """
        An unknown option, or one without its value, ends the agent with a hint.
        """
        for argv in (("-Z",), ("--nonsense",), ("-p",), ("--ver",), ("--path",), ("--verbose=1",)):
            ended = self.run_agent(*argv)
            self.assertEqual(ended.status, 1, argv)
            self.assertRegex(
                ended.stdout, r"^Unknown option, try '.*--help' for more information.\n$"
            )
            self.assertIn(argv[0].partition("=")[0].lstrip("-"), ended.stderr)

    def test_cannot_start(self) -> None:
        """
        An agent that cannot listen ends at once, and says why.
        """
        state = ("-t", str(self.folder))
        missing = str(self.folder / "missing")
        long = str(self.folder / ("s" * 200))
        rows: list[tuple[tuple[str, ...], str]] = [
            (("-m", "foo", "-p", missing, *state), "unsupported channel method/type: foo"),
            (("-m", "unix-listen", *state), "must specify a path for this channel"),
            (
                ("-m", "unix-listen", "-p", f"{missing}/s", *state),
                f"Failed to bind socket to {missing}/s: No such file or directory",
            ),
            (("-m", "unix-listen", "-p", long, *state), f"UNIX socket path '{long}' is too long"),
        ]
        if self.series != V7_2:  # which ends with 0
            rows.append(
                (
                    ("-m", "unix-listen", "-p", f"{self.folder}/s", "-t", missing),
                    f"failed to write persistent state to {missing}/qga.state",
                )
            )
        for argv, reason in rows:
            ended = self.run_agent(*argv)
            self.assertEqual((ended.status, ended.stdout), (1, ""), argv)
            self.assertIn(reason, ended.stderr)


globals().update(Options.for_every_agent())
