"""Our agent and ``qemu-ga`` 10.0 side by side in the same guest."""

from typing import Any, ClassVar

from tests.functional._client import Client, Refused
from tests.functional._oracle import OURS, V10_0
from tests.vm._alike import differences
from tests.vm._case import VMCase


class ComparingCase(VMCase):
    """Tests that ask both, of whatever moves."""

    series: ClassVar[str] = OURS

    def setUp(self) -> None:
        super().setUp()
        self.has(V10_0)
        self.ours = self.client(OURS, "agent")
        self.real = self.client(V10_0, "oracle")

    def client(self, series: str, port: str) -> Client:
        client = self.started(series=series, port=port).connect()
        self.addCleanup(client.close)
        return client

    def alike(self, command: str, **arguments: Any) -> Any:
        """
        Both agents must say the same.

        :return: what they said.
        """
        before = self.ask(self.real, command, arguments)
        seen = self.ask(self.ours, command, arguments)
        after = self.ask(self.real, command, arguments)
        self.assertEqual(list(differences(before, seen, after, command)), [])
        return seen

    def ask(self, client: Client, command: str, arguments: dict[str, Any]) -> Any:
        try:
            return client.call(command, **arguments)
        except Refused as refused:
            return {"class": refused.wire_class, "desc": refused.desc}
