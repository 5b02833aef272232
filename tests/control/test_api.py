"""All of the interface, joined."""

from tests.control._case import ControlCase


class ApiTests(ControlCase):
    def test_nothing_there(self) -> None:
        """
        A wrong path or method is told in the form of all errors.
        """
        asked = self.ask("GET", "/v2")
        self.assertEqual((asked.status, asked.json["code"]), (404, "no-such-resource"))
        self.assertEqual(asked.headers["content-type"], "application/problem+json")
        asked = self.ask("DELETE", "/v1/guests")
        self.assertEqual((asked.status, asked.json["code"]), (405, "method-not-allowed"))
        self.assertIn("GET", asked.headers["allow"])

    def test_mistake_of_ours(self) -> None:
        """
        A mistake of ours is written down, and does not show its inside.
        """

        def broken(guest: object) -> None:
            raise RuntimeError("secret")

        self.patch(self.house, "describe", broken)
        asked = self.ask("GET", "/v1/guests/db1")
        self.assertEqual((asked.status, asked.json["code"]), (500, "internal-error"))
        self.assertNotIn(b"secret", asked.octets)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
