"""Collectors that an operator writes, asked of real agents by a mux."""

import json
import os
import shutil
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._http import ask
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, AgentProcess, require

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "collectors.toml"

QUEUES = """
[[collector]]
name = "qga_custom_queued_mails"
help = "Mails that wait."
file = {file}
pattern = '^(?P<queue>[a-z]+) (?P<value>[^ ]+)$'
period = 1
"""

CHANGES = """
[[collector]]
name = "qga_custom_gone"
help = "Nothing good."
command = "guest-shutdown"
value = "x"
"""

INODES = """
[[collector]]
name = "qga_custom_inodes_free"
help = "Inodes of the root filesystem that anybody can still use."
command = "guest-get-statvfs"
arguments = { path = "/" }
value = "f_favail"
"""

Series = dict[tuple[str, ...], float]


class CollectorTests(SynchronousTestCase):
    timeout = 8 * PATIENCE

    def setUp(self) -> None:
        ours = AgentProcess(require(OURS), f"--plugins={ROOT / 'plugins'}")
        self.agents = {"db1": AgentProcess(require(V7_2)), "web1": ours}
        for agent in self.agents.values():
            self.addCleanup(agent.remove)
            agent.start()
        self.mux = MuxProcess({name: agent.socket for name, agent in self.agents.items()})
        self.addCleanup(self.mux.remove)
        self.http = self.mux.folder / "control.http"
        self.settings = self.mux.folder / "monitor.toml"
        shutil.copy(EXAMPLE, self.settings)
        self.mux.argv += ["--http", f"unix:{self.http}", "--poll", "--monitor", str(self.settings)]

    def add(self, text: str, file: Path) -> None:
        """Write one more collector behind those of the example."""
        more = text.replace("{file}", json.dumps(str(file)))
        self.settings.write_text(EXAMPLE.read_text() + more)

    def figures(self, guest: str) -> Series:
        """All series of a guest, by the figure's name and the values of its labels."""
        told = ask(self.http, "GET", f"/v1/guests/{guest}/figures").json["figures"]
        return {
            (figure["name"], *(value for _, value in sorted(each["labels"].items()))): each["value"]
            for figure in told
            for each in figure["series"]
        }

    def until(self, guest: str, *wanted: str) -> Series:
        """Wait for a series of a guest."""
        deadline = time.monotonic() + PATIENCE
        while wanted not in (figures := self.figures(guest)):
            self.assertLess(time.monotonic(), deadline, (wanted, self.mux.complaints()))
            time.sleep(0.1)
        return figures

    def scraped(self) -> str:
        return ask(self.http, "GET", "/metrics").octets.decode()

    def test_example(self) -> None:
        """
        The example of the documentation tells the same of this machine, whatever the agent.
        """
        self.mux.start()
        for guest in self.agents:
            self.until(guest, "qga_custom_entropy_bits")
            self.until(guest, "qga_custom_swap_bytes_total", "out")
            figures = self.until(guest, "qga_custom_timezone_seconds")
            offset = time.localtime().tm_gmtoff
            self.assertEqual(figures["qga_custom_timezone_seconds",], offset)
            self.assertTrue(0 < figures["qga_custom_entropy_bits",] <= 4096)
            self.assertEqual(figures["qga_custom_swap_bytes_total", "in"] % 4096, 0)
        self.until("db1", "qga_custom_vcpu_online", "0")
        self.assertFalse([name for name, *_ in self.figures("web1") if name.endswith("_online")])
        text = self.scraped()
        self.assertIn("# TYPE qga_custom_swap_bytes_total counter", text)
        self.assertRegex(text, r'qga_custom_swap_bytes_total\{direction="in",.*vm_name="db1"\}')
        self.assertRegex(text, r'qga_custom_entropy_bits\{tenant="acme",vm_name="db1"\} ')
        self.assertNotIn('datum="users",vm_name="db1"', text)

    def test_inodes(self) -> None:
        """
        Inodes are told by an agent that has our command for them; of another they are absent.
        """
        self.settings.write_text(EXAMPLE.read_text() + INODES)
        self.mux.start()
        figures = self.until("web1", "qga_custom_inodes_free")
        there = os.statvfs("/").f_favail
        self.assertLess(abs(figures["qga_custom_inodes_free",] - there), 100_000)
        self.until("db1", "qga_custom_entropy_bits")
        self.assertNotIn(("qga_custom_inodes_free",), self.figures("db1"))

    def test_change(self) -> None:
        """
        A collector comes and others go when the mux is told to read the file again; one that would
        change the guest is refused, and all stays as it was.
        """
        self.mux.start()
        queues = self.mux.folder / "queues"
        queues.write_text("mail 7\nnews 0.5\nwrong many\n")
        self.until("db1", "qga_custom_entropy_bits")
        self.add(QUEUES, queues)
        self.mux.reload()
        for guest in self.agents:
            figures = self.until(guest, "qga_custom_queued_mails", "mail")
            found = {key[1:]: n for key, n in figures.items() if key[0].endswith("_mails")}
            self.assertEqual(found, {("mail",): 7.0, ("news",): 0.5})
        self.until("db1", "qga_custom_entropy_bits")
        self.assertRegex(self.scraped(), r'qga_guest_nonsense_total\{.*vm_name="db1"\} [1-9]')
        self.add(CHANGES, queues)
        self.mux.reload("guest-shutdown may change the guest")
        self.assertIn(("qga_custom_queued_mails", "mail"), self.figures("db1"))
        self.settings.write_text("")
        self.mux.reload()
        figures = self.until("db1", "qga_guest_load1")
        self.assertFalse([name for name, *_ in figures if name.startswith("qga_custom_")])

    def test_refused(self) -> None:
        """
        A mux that is told to change guests does not start, and says why.
        """
        self.add(CHANGES, self.settings)
        self.mux.spawn()
        self.assertNotEqual(self.mux.wait(), 0)
        self.assertIn(
            f"--monitor: {self.settings}: collector 5: command: guest-shutdown may change the "
            "guest: only what reads can be asked again and again",
            self.mux.complaints(),
        )
