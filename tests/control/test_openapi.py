"""The OpenAPI document."""

import re
from collections.abc import Iterator
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._openapi import SYNCS, document
from txqga.control._paths import PATHS, SHAPES
from txqga.control._problem import CODES
from txqga.schema import extended


class DocumentTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.document: Any = document(extended(), PATHS, SHAPES)

    def operations(self) -> Iterator[Any]:
        for path in self.document["paths"].values():
            yield from (
                path[method]
                for method in ("get", "post", "put", "patch", "delete")
                if method in path
            )

    def test_commands(self) -> None:
        """
        Each command is a path of its own, but for those that belong to a channel.
        """
        prefix = "/v1/guests/{guest}/commands/"
        named = {path.removeprefix(prefix) for path in self.document["paths"] if prefix in path}
        self.assertEqual(named, set(extended().commands) - SYNCS)

    def test_command(self) -> None:
        """
        A command says what it takes, what it returns, and what running it twice would do.
        """
        path = self.document["paths"]["/v1/guests/{guest}/commands/guest-file-open"]
        body = path["post"]["requestBody"]
        self.assertTrue(body["required"])
        self.assertEqual(body["content"]["application/json"]["schema"]["required"], ["path"])
        self.assertIn("Class: once.", path["post"]["description"])
        self.assertIn("200", path["post"]["responses"])

    def test_no_answer(self) -> None:
        """
        A command that does not answer is accepted, and never succeeds.
        """
        path = self.document["paths"]["/v1/guests/{guest}/commands/guest-shutdown"]
        self.assertIn("202", path["post"]["responses"])
        self.assertNotIn("200", path["post"]["responses"])

    def test_references(self) -> None:
        """
        Whatever is referred to is there.
        """
        names = set(re.findall(r"'#/components/schemas/([^']+)'", repr(self.document)))
        self.assertEqual(names - set(self.document["components"]["schemas"]), set())

    def test_operations(self) -> None:
        """
        Each operation has a name of its own, and every parameter in a path is declared.
        """
        names = [each["operationId"] for each in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        for name, path in self.document["paths"].items():
            wanted = set(re.findall(r"\{(\w+)\}", name))
            self.assertEqual({each["name"] for each in path.get("parameters", ())}, wanted, name)

    def test_codes(self) -> None:
        """
        Every status that is told is one of the table's.
        """
        known = {str(status) for status, _ in CODES.values()}
        for each in self.operations():
            told = {status for status in each["responses"] if status >= "400"}
            self.assertEqual(told - known, set())
