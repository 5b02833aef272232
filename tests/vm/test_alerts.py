"""A virtual machine that starts anew, as an operator is told of it."""

import time
from collections.abc import Callable
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._http import ask, events
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import V10_0
from tests.vm._agents import start
from tests.vm._case import VMCase
from tests.vm._patience import PATIENCE


class RebootTests(VMCase, SynchronousTestCase):
    series: ClassVar[str] = V10_0

    def begin(self, *options: str) -> None:
        self.mux = MuxProcess({"vm": self.machine.socket("agent")}, *options, wait_for=[])
        self.addCleanup(self.mux.remove)
        self.http = self.mux.folder / "control.http"
        self.mux.argv += ["--poll", "--http", f"unix:{self.http}"]
        self.mux.start()

    def until(self, found: Callable[[], Any]) -> Any:
        """Wait until there is something."""
        deadline = time.monotonic() + PATIENCE
        while not (known := found()):
            if time.monotonic() > deadline:
                self.fail(self.standing())
            time.sleep(0.1)
        return known

    def standing(self) -> str:
        """How everybody is who has a part in it."""
        guest = ask(self.http, "GET", "/v1/guests/vm").json
        agents = self.machine.side.run("cat /run/bed/agent-*/log; ps | grep '[q]emu-ga'").output
        said = [line for line in self.mux.complaints().splitlines() if "GET /v1/" not in line]
        return "\n".join([f"the mux knows {guest}, and said", *said, f"in the guest: {agents!r}"])

    def boot(self) -> str:
        """The boot id that the mux has read last; empty: none yet."""
        try:
            told = ask(self.http, "GET", "/v1/guests/vm/figures").json["figures"]
        except OSError:
            return ""
        found = [each["series"][0] for each in told if each["name"] == "qga_guest_boot_info"]
        return found[0]["labels"]["boot_id"] if found else ""

    def reset(self) -> tuple[str, str]:
        """Start the machine anew, and the agent in it; which boots were these?"""
        agent = start(self.machine, self.series)
        try:
            before = self.until(self.boot)
        finally:
            agent.stop()  # before its number is another process's
        self.machine.reset()
        self.started()
        after = self.until(lambda: (known := self.boot()) != before and known)
        return before, after

    def told(self) -> list[dict[str, Any]]:
        """What was told of starts up to now."""
        answer = ask(self.http, "PUT", "/v1/guests/mark", {"channel": "/run/no-socket-of-ours"})
        self.assertEqual(answer.status, 201)
        found = []
        for kind, data in events(self.http):
            if kind == "guest-added":
                break
            if kind == "guest-rebooted":
                found.append({key: data[key] for key in data if key not in ("guest", "time")})
        return found

    def test_by_the_kernel(self) -> None:
        """
        That a guest was started anew is known by its kernel, and told once, with both boots.
        """
        self.begin()
        before, after = self.reset()
        words = {"evidence": "boot-id", "boot-id-before": before, "boot-id": after}
        self.assertEqual(self.told(), [words])

    def test_in_the_middle(self) -> None:
        """
        So it is where the agent was being asked something when the machine was reset, which it
        never answers.
        """
        self.begin("--deadline", "polls=5")
        agent = start(self.machine, self.series)
        before = self.until(self.boot)
        self.machine.side.check(f"kill -STOP {agent.pid}")
        self.until(lambda: self.state() == "busy")
        self.machine.reset()
        self.started()
        after = self.until(lambda: (known := self.boot()) != before and known)
        words = {"evidence": "boot-id", "boot-id-before": before, "boot-id": after}
        self.assertEqual(self.told(), [words])

    def state(self) -> str:
        """How the guest is, for the mux."""
        return str(ask(self.http, "GET", "/v1/guests/vm").json["state"])

    def test_by_qemu(self) -> None:
        """
        Where the mux hears QEMU, it is that which tells, once, and with the boot that is over.
        """
        self.begin("--guest-qmp", f"vm={self.machine.socket('monitor')}")
        self.until(lambda: "QEMU's monitor is heard" in self.mux.complaints())
        before, _ = self.reset()
        self.assertEqual(self.told(), [{"evidence": "reset", "boot-id-before": before}])
