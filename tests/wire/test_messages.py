"""Requests and replies."""

from hypothesis import given
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import patient, values
from txqga.errors import MalformedJSON, WireError
from txqga.wire import (
    ABSENT,
    JSON,
    SENTINEL,
    Message,
    Refusal,
    Request,
    RequestFault,
    RequestReader,
    Success,
    command,
    decode,
    parse_reply,
    parse_request,
    refusal,
    success,
)


class RequestTests(SynchronousTestCase):
    def test_written(self) -> None:
        """
        A request is one line, with what it has.
        """
        self.assertEqual(command("guest-ping"), b'{"execute": "guest-ping"}\n')
        self.assertEqual(
            command("guest-sync", {"id": 1}, id=None),
            b'{"execute": "guest-sync", "arguments": {"id": 1}, "id": null}\n',
        )
        self.assertEqual(command("x", {}), b'{"execute": "x", "arguments": {}}\n')

    @patient
    @given(values, values)
    def test_round_trip(self, argument: JSON, identity: JSON) -> None:
        """
        What a client writes, an agent reads.
        """
        line = command("guest-x", {"a": argument}, identity)
        (event,) = RequestReader().receive(line)
        assert isinstance(event, Message)
        self.assertEqual(
            parse_request(event.value),
            Request(execute="guest-x", arguments={"a": argument}, id=identity),
        )

    def test_least(self) -> None:
        """
        A request without arguments has none, and one without id has none, which null is not.
        """
        self.assertEqual(
            parse_request({"execute": ""}), Request(execute="", arguments={}, id=ABSENT)
        )
        self.assertIs(parse_request({"execute": "", "id": None}).id, None)

    def test_faults(self) -> None:
        """
        What is no request is told so in QEMU's words: ``facts/agent-behaviour.md`` 2.6 and 2.7.
        """
        faults: list[tuple[JSON, str]] = [
            ([], "QMP input must be a JSON object"),
            ([{}], "QMP input must be a JSON object"),
            (5, "QMP input must be a JSON object"),
            ("x", "QMP input must be a JSON object"),
            (None, "QMP input must be a JSON object"),
            ({}, "QMP input lacks member 'execute'"),
            ({"arguments": {}}, "QMP input lacks member 'execute'"),
            ({"execute": 5}, "QMP input member 'execute' must be a string"),
            ({"execute": None}, "QMP input member 'execute' must be a string"),
            ({"exec-oob": "guest-ping"}, "QMP input member 'exec-oob' is unexpected"),
            ({"execute": "x", "control": {}}, "QMP input member 'control' is unexpected"),
            ({"arguments": []}, "QMP input member 'arguments' must be an object"),
            ({"arguments": None}, "QMP input member 'arguments' must be an object"),
            ({"arguments": "x"}, "QMP input member 'arguments' must be an object"),
        ]
        for value, desc in faults:
            fault = self.assertRaises(RequestFault, parse_request, value)
            self.assertEqual((str(fault), fault.id), (desc, ABSENT), value)

    def test_fault_keeps_id(self) -> None:
        """
        A fault in an object carries the object's id, wherever in it that stands.
        """
        for value in ({"id": [1]}, {"x": 0, "id": [1]}, {"execute": 1, "id": [1]}):
            fault = self.assertRaises(RequestFault, parse_request, value)
            self.assertEqual(fault.id, [1])
        self.assertIsInstance(RequestFault("x"), WireError)


class ReplyTests(SynchronousTestCase):
    def test_written(self) -> None:
        """
        Members come in QEMU's order: the id behind a result, and before an error.
        """
        self.assertEqual(success({}), b'{"return": {}}\n')
        self.assertEqual(success([1], None), b'{"return": [1], "id": null}\n')
        self.assertEqual(
            refusal("GenericError", "no"), b'{"error": {"class": "GenericError", "desc": "no"}}\n'
        )
        self.assertEqual(
            refusal("CommandNotFound", "The command no-such has not been found", 9),
            b'{"id": 9, "error": {"class": "CommandNotFound", '
            b'"desc": "The command no-such has not been found"}}\n',
        )

    @patient
    @given(values, values)
    def test_round_trip(self, value: JSON, identity: JSON) -> None:
        """
        What an agent writes, a host reads.
        """
        self.assertEqual(parse_reply(decode(success(value, identity))), Success(value, identity))
        self.assertEqual(parse_reply(decode(success(value))), Success(value, ABSENT))
        refused = Refusal(wire_class="GenericError", desc="no", id=identity)
        self.assertEqual(parse_reply(decode(refusal("GenericError", "no", identity))), refused)

    def test_neither(self) -> None:
        """
        What is neither a result nor an error is malformed.
        """
        neither: list[JSON] = [
            None,
            [],
            5,
            {},
            {"id": 1},
            {"QMP": {}},
            {"error": {}},
            {"error": "x"},
            {"error": {"class": 1, "desc": "x"}},
            {"error": {"class": "GenericError"}},
            {"return": 1, "error": {"class": "GenericError", "desc": "x"}},
        ]
        for value in neither:
            self.assertRaises(MalformedJSON, parse_reply, value)

    def test_more(self) -> None:
        """
        Members that nobody knows are let pass: an agent may be newer than its host.
        """
        self.assertEqual(parse_reply({"return": 1, "timing": 2, "id": 3}), Success(1, 3))


class WordsTests(SynchronousTestCase):
    def test_absent(self) -> None:
        """
        There is one value for no id, and it is none of JSON's.
        """
        self.assertRaises(TypeError, success, ABSENT)
        self.assertEqual(SENTINEL, b"\xff")
