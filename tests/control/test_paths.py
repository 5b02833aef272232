"""What the OpenAPI document says of all that is no command."""

from tests.control._case import ControlCase
from txqga.control._paths import PATHS


class PathsTests(ControlCase):
    def test_same(self) -> None:
        """
        What is described is what is served, and nothing is served that is not described.
        """
        served = {
            (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
            for rule in self.api.app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        described = {
            (path, method)
            for path, operations in PATHS.items()
            for method in operations
            if method != "parameters"
        }
        page = {each for each in served if each[0] == "/" or each[0].startswith("/page/")}
        commands = ("/v1/guests/{guest}/commands/{command}", "post")
        self.assertEqual(served - described - page, {commands})
        self.assertEqual(described - served, set())
