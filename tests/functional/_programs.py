"""What the suites of guest-exec share: starting programs and waiting for their end."""

import base64
import time
from typing import Any

from tests.functional._behaviour import Behaviour
from tests.functional._client import PATIENCE
from tests.functional._files import encoded
from tests.functional._oracle import V10_0

EXEC, STATUS = "guest-exec", "guest-exec-status"


class Programs(Behaviour):
    """A suite that runs programs in the guest."""

    def launch(self, path: str, *arg: str, **more: Any) -> int:
        """Start a program, and return its pid."""
        result = self.peer.call(EXEC, path=path, arg=list(arg), **more)
        self.assertEqual(list(result), ["pid"])
        pid = result["pid"]
        assert isinstance(pid, int)
        self.assertGreater(pid, 0)
        return pid

    def result(self, pid: int) -> dict[str, Any]:
        """Ask for the status until the program has exited; the last reply."""
        deadline = time.monotonic() + PATIENCE
        while True:
            status = self.peer.call(STATUS, pid=pid)
            assert isinstance(status, dict)
            if status["exited"]:
                return status
            self.assertEqual(status, {"exited": False})
            self.assertLess(time.monotonic(), deadline, f"pid {pid} does not exit")
            time.sleep(0.005)

    def run_program(self, path: str, *arg: str, **more: Any) -> dict[str, Any]:
        """Run a program and capture its output; the last status."""
        return self.result(self.launch(path, *arg, capture_output=True, **more))

    def shell(self, script: str, **more: Any) -> dict[str, Any]:
        """Run a line of shell and capture its output; the last status."""
        return self.run_program("/bin/sh", "-c", script, **more)

    def output(self, path: str, *arg: str, **more: Any) -> bytes:
        """Run a program; what it wrote to its stdout."""
        status = self.run_program(path, *arg, **more)
        self.assertEqual(status["exitcode"], 0, status)
        return base64.b64decode(status.get("out-data", ""))

    def ended(self, exitcode: int = 0, out: bytes = b"", err: bytes = b"") -> dict[str, Any]:
        """The status of a program that exited, none of whose output was cut."""
        status: dict[str, Any] = {"exited": True, "exitcode": exitcode}
        for name, octets in (("out", out), ("err", err)):
            if octets:
                status[f"{name}-data"] = encoded(octets)
                if self.series != V10_0:  # 10.0.2 leaves the flag out
                    status[f"{name}-truncated"] = False
        return status
