"""guest-get-host-name."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.families._host import Host


class HostTests(SynchronousTestCase):
    def test_name(self) -> None:
        """
        The name is asked for each time: it may be changed, and may be empty.
        """
        names = ["web1", ""]
        family = Host(name=lambda: names.pop(0))
        self.addCleanup(family.close)
        ask = family.commands()["guest-get-host-name"].function
        self.assertEqual(ask({}), {"host-name": "web1"})
        self.assertEqual(ask({}), {"host-name": ""})
