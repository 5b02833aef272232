"""Command plug-ins in a guest, whose agent is root and whose users are not."""

import base64
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._client import request
from tests.functional._oracle import OURS
from tests.vm._agents import GuestAgent
from tests.vm._case import VMCase

_numbers = itertools.count(1)


class PluginsTests(VMCase, SynchronousTestCase):
    series: ClassVar[str] = OURS

    def setUp(self) -> None:
        super().setUp()
        self.folder = f"/run/bed/plugins-{next(_numbers)}"
        self.copy(self.folder)

    def copy(self, folder: str) -> None:
        """Put this project's plug-ins into a folder of the guest."""
        for path in sorted((ROOT / "plugins").rglob("*")):
            if path.suffix in (".json", ".py"):
                name = f"{folder}/{path.relative_to(ROOT / 'plugins')}"
                text = base64.b64encode(path.read_bytes()).decode()
                self.check(f"mkdir -p {Path(name).parent}; echo {text} | base64 -d > {name}")
        self.check(f"chmod -R go-w {folder}")

    def check(self, script: str) -> str:
        return self.machine.side.check(script)

    def agent(self) -> GuestAgent:
        return self.started("--plugins", self.folder)

    def loaded(self) -> tuple[list[str], str]:
        """Which plug-ins a new agent has, and what it says of the others."""
        agent = self.agent()
        with agent.connect() as client:
            names = client.call("txqga-info")["plugins"]
        agent.stop()
        return names, agent.log()

    def test_served(self) -> None:
        """
        The guest's filesystems and memory are told as its kernel has them.
        """
        with self.agent().connect() as client:
            for path in ("/", "/run", "/proc"):
                told = client.call("guest-get-statvfs", path=path)
                asked = self.check(f"stat -f -c '%S %b %c %l' {path}").split()
                names = ("f_frsize", "f_blocks", "f_files", "f_namemax")
                self.assertEqual([told[name] for name in names], [int(word) for word in asked])
            memory = client.call("txqga-get-meminfo")
            for name, member in (("MemTotal", "mem-total"), ("VmallocTotal", "vmalloc-total")):
                line = self.check(f"grep '^{name}:' /proc/meminfo").split()
                self.assertEqual(memory[member], int(line[1]) << 10)

    def test_refused(self) -> None:
        """
        What another user could have written is not loaded, and named; set right, it is.
        """
        for spoil, mend, left, fault in self.faults():
            self.check(spoil)
            names, log = self.loaded()
            self.assertEqual(names, left, spoil)
            self.assertIn(fault, log)
            self.check(mend)
        self.assertEqual(self.loaded(), (["meminfo", "statvfs"], ""))

    def faults(self) -> Iterator[tuple[str, str, list[str], str]]:
        """Yield what spoils a plug-in, what mends it, what is loaded meanwhile, what is said."""
        folder = self.folder
        for path, left in (
            (folder, []),
            (f"{folder}/statvfs", ["meminfo"]),
            (f"{folder}/statvfs/commands.py", ["meminfo"]),
            (f"{folder}/meminfo/schema.json", ["statvfs"]),
        ):
            yield f"chown 65534 {path}", f"chown 0 {path}", left, f"{path} belongs to user 65534"
            for mode in ("g+w", "o+w"):
                mend = f"chmod go-w {path}"
                yield f"chmod {mode} {path}", mend, left, f"{path} can be written by others"
        users = "/tmp/users"
        yield (
            f"mkdir {users}; cp -r {folder}/statvfs {users}; chown -R 65534 {users};"
            f" mv {folder}/statvfs /run/bed/aside; ln -s {users}/statvfs {folder}/statvfs",
            f"rm -r {users} {folder}/statvfs; mv /run/bed/aside {folder}/statvfs",
            ["meminfo"],
            f"{users} belongs to user 65534",
        )
        link = f"{folder}/statvfs"
        yield (
            f"mv {link} /run/bed/aside; ln -s /run/bed/aside {link}; chown -h 65534 {link}",
            f"rm {link}; mv /run/bed/aside {link}",
            ["meminfo"],
            f"{link} belongs to user 65534",
        )

    def test_nothing_written(self) -> None:
        """
        An agent leaves no trace in the folders of its plug-ins.
        """
        before = self.check(f"find {self.folder} | sort")
        self.loaded()
        self.assertEqual(self.check(f"find {self.folder} | sort"), before)

    def test_fence(self) -> None:
        """
        A host that went while the agent hung does not get its way when the agent goes on; what
        the next host wants is done.
        """
        agent = self.agent()
        made = f"/run/bed/{agent.name}/made"

        def fenced(token: str, until: int, name: str) -> dict[str, Any]:
            opened = {"path": f"{made}-{name}", "mode": "w"}
            named = {"token": token, "not-after": until, "execute": "guest-file-open"}
            return {**named, "arguments": opened}

        with agent.connect() as first:
            now = first.call("txqga-fence", token="first")["boot-time"]
            uptime = float(self.check("cut -d' ' -f1 /proc/uptime"))
            self.assertLess(now, uptime * 1e9 + 1e9)
            self.check(f"kill -STOP {agent.pid}")
            # the guest's second is over before the agent goes on, whatever the host's clock says
            first.send(request("txqga-fenced", fenced("first", now + 10**9, "late")))
            self.check(
                "end=$(($(cut -d. -f1 /proc/uptime) + 3));"
                " until [ $(cut -d. -f1 /proc/uptime) -ge $end ]; do sleep 0.1; done"
            )
            self.check(f"kill -CONT {agent.pid}")
        with agent.connect() as second:
            now = second.call("txqga-fence", token="second")["boot-time"]
            second.call("txqga-fenced", **fenced("second", now + 10**12, "second"))
            refused = second.ask(request("txqga-fenced", fenced("first", now + 10**12, "stranger")))
            self.assertEqual(refused["error"]["class"], "DeviceNotActive")
        self.assertEqual(self.check(f"ls {made}-*").split(), [f"{made}-second"])
