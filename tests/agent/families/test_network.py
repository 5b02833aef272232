"""guest-network-get-interfaces and guest-network-get-route."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._network import Network


class NetworkTests(AskingTests):
    def test_network(self) -> None:
        """
        Interfaces and routes are those of the platform.
        """
        family = Network(self.platform)
        interfaces = self.ask(family, "guest-network-get-interfaces")
        self.assertEqual(interfaces, self.platform.interfaces())
        self.assertEqual(self.ask(family, "guest-network-get-route"), self.platform.routes())
