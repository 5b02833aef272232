"""guest-info."""

import json

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._family import Encoded
from txqga.agent.families._info import Info, Listed


class InfoTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.listing: tuple[Listed, ...] = (
            Listed("guest-ping", True, True),
            Listed("guest-shutdown", False, False),
        )
        self.family = Info(lambda: self.listing, "1.2.3")
        self.addCleanup(self.family.close)

    def reply(self) -> Encoded:
        reply = self.family.commands()["guest-info"].function({})
        assert isinstance(reply, Encoded)
        return reply

    def test_info(self) -> None:
        """
        The version and every command are listed, the last command first.
        """
        self.assertEqual(
            json.loads(self.reply().octets),
            {
                "version": "1.2.3",
                "supported_commands": [
                    {"name": "guest-shutdown", "enabled": False, "success-response": False},
                    {"name": "guest-ping", "enabled": True, "success-response": True},
                ],
            },
        )

    def test_encoded_once(self) -> None:
        """
        Nothing is encoded again as long as nothing has changed.
        """
        first = self.reply()
        self.assertIs(self.reply(), first)
        self.listing = self.listing[:1]
        [command] = json.loads(self.reply().octets)["supported_commands"]
        self.assertEqual(command["name"], "guest-ping")
