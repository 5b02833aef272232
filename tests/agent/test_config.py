"""The configuration: a key file, and -D which prints one."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._config import PLUGIN_FOLDERS, Config, dump, folders, read_file, split
from txqga.agent._keyfile import KeyFile, KeyFileError

EVERYTHING = Config(
    daemon=True,
    method="unix-listen",
    path=" /a\tb",
    logfile="/l",
    pidfile="/f",
    fsfreeze_hook="/h",
    statedir="/t",
    verbose=True,
    retry_path=True,
    block_rpcs=("b", "a"),
    allow_rpcs=("c",),
    plugins=("/p", "/q"),
)

DUMPED = """\
[general]
daemon=true
method=unix-listen
path=\\s/a\tb
logfile=/l
pidfile=/f
fsfreeze-hook=/h
statedir=/t
verbose=true
retry-path=true
block-rpcs=b,a
allow-rpcs=c
plugins=/p:/q
"""

DEFAULTS = """\
[general]
daemon=false
method=virtio-serial
path=/dev/virtio-ports/org.qemu.guest_agent.0
pidfile=/var/run/qemu-ga.pid
statedir=/var/run
verbose=false
retry-path=false
block-rpcs=
allow-rpcs=
"""


class ConfigTests(SynchronousTestCase):
    def read(self, text: str) -> Config:
        path = Path(self.mktemp())
        path.write_text(text, encoding="utf-8")
        return read_file(path)

    def test_read(self) -> None:
        """
        Every key of qemu-ga's file is understood, and ours is; lists of commands are turned round,
        as -D shows them.
        """
        turned = DUMPED.replace("block-rpcs=b,a", "block-rpcs=a,b")
        self.assertEqual(self.read(turned), EVERYTHING)

    def test_unknown(self) -> None:
        """
        Keys and groups that are not known are passed over.
        """
        text = "[other]\npath=/x\n[general]\ndaemonize=true\nblacklist=x\n"
        self.assertEqual(self.read(text), Config())

    def test_wrong_kind(self) -> None:
        """
        A value that is not of its key's kind is an error that names the key.
        """
        for key in ("daemon", "verbose", "retry-path"):
            with self.assertRaises(KeyFileError) as caught:
                self.read(f"[general]\n{key}=maybe\n")
            self.assertIn(f"“{key}”", str(caught.exception))

    def test_dump(self) -> None:
        """
        The configuration is printed in qemu-ga's order and spelling.
        """
        self.assertEqual(dump(EVERYTHING), DUMPED)
        self.assertEqual(dump(Config().with_default_path()), DEFAULTS)

    def test_dump_is_a_key_file(self) -> None:
        """
        What is printed can be used as a configuration file.
        """
        file = KeyFile.parse(dump(EVERYTHING).encode())
        self.assertEqual(file.string("general", "path"), " /a\tb")

    def test_default_paths(self) -> None:
        """
        A channel's path follows from its method where there is one to guess; one given stays.
        """
        for method, path in (
            ("virtio-serial", "/dev/virtio-ports/org.qemu.guest_agent.0"),
            ("isa-serial", "/dev/ttyS0"),
            ("unix-listen", None),
            ("vsock-listen", None),
        ):
            self.assertEqual(Config(method=method).with_default_path().path, path)
        self.assertEqual(Config(path="/x").with_default_path().path, "/x")

    def test_split(self) -> None:
        """
        A list of commands is split at commas only, and kept last first.
        """
        for names, meant in (
            ("", ()),
            ("a", ("a",)),
            ("a,b", ("b", "a")),
            ("a;b", ("a;b",)),
            (" a,", ("", " a")),
            (",,", ("", "", "")),
        ):
            self.assertEqual(split(names), meant, names)


class FoldersTests(SynchronousTestCase):
    def test_absolute(self) -> None:
        """
        Folders are found wherever the agent goes later; nothing between two colons is none.
        """
        self.assertEqual(folders("/a::b:"), ("/a", str(Path.cwd() / "b")))
        self.assertEqual(folders(""), ())

    def test_default(self) -> None:
        """
        Plug-ins that are installed with txqga are in the share that is beside its lib.
        """
        self.assertEqual(PLUGIN_FOLDERS[0], "/etc/txqga/plugins")
        self.assertRegex(PLUGIN_FOLDERS[1], r"^/(\w.*/)?share/txqga/plugins$")
