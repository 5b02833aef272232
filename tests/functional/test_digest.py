"""Digests of files by our agent as a process: a copy of a file, verified."""

import base64
import hashlib
import os

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import request
from tests.functional._oracle import OURS, AgentProcess, require


class DigestTests(SynchronousTestCase):
    def test_copy(self) -> None:
        """
        Who copies a file into the guest can ask whether it is the same, before it is closed.
        """
        content = os.urandom(3_000_001)
        expected = {"digest": hashlib.sha256(content).hexdigest(), "count": len(content)}
        with AgentProcess(require(OURS)) as agent, agent.connect() as client:
            copy = str(agent.cwd / "copy")
            handle = client.call("guest-file-open", path=copy, mode="w")
            for at in range(0, len(content), 1 << 20):
                piece = base64.b64encode(content[at : at + (1 << 20)]).decode()
                client.call("guest-file-write", handle=handle, **{"buf-b64": piece})
            asked = {"algorithm": "sha256"}
            self.assertEqual(client.call("txqga-file-digest", handle=handle, **asked), expected)
            client.call("guest-file-close", handle=handle)
            self.assertEqual(client.call("txqga-file-digest", path=copy, **asked), expected)
            refused = client.ask(request("txqga-file-digest", {"path": copy, "algorithm": "x"}))
            desc = "Parameter 'algorithm' does not accept value 'x'"
            self.assertEqual(refused["error"]["desc"], desc)
