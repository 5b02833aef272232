"""What txqga-agent and twistd find by name."""

import io
import sys

from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons import _agent_service, agent


class AgentTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        Twistd finds the options and the service, and nothing that is not there.
        """
        self.assertIs(agent.Options, _agent_service.Options)
        self.assertIs(agent.makeService, _agent_service.makeService)
        with self.assertRaises(AttributeError):
            _ = agent.nonsense

    def test_main(self) -> None:
        """
        The program ends with a status, and writes no byte code.
        """
        self.patch(sys, "argv", ["agent", "-x"])
        self.patch(sys, "dont_write_bytecode", False)
        self.patch(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
        self.patch(sys, "stderr", io.StringIO())
        with self.assertRaises(SystemExit) as caught:
            agent.main()
        self.assertEqual(caught.exception.code, 1)
        self.assertTrue(sys.dont_write_bytecode)
