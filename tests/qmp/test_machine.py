"""How QEMU's answers are read."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.qmp._machine import is_open, run_state
from txqga.wire import JSON

PATH = "/run/qga/db1.sock"


class RunStateTests(SynchronousTestCase):
    def test_status(self) -> None:
        """
        The status is what QEMU says, also one that nobody knows yet; nonsense is nothing.
        """
        self.assertEqual(run_state({"status": "running", "running": True}), "running")
        self.assertEqual(run_state({"status": "levitating"}), "levitating")
        nonsense: list[JSON] = [{}, [], None, {"status": 7}, {"status": "\u202e"}]
        for answer in nonsense:
            self.assertIsNone(run_state(answer))


class IsOpenTests(SynchronousTestCase):
    def port(self, filename: JSON, is_open: JSON = True) -> JSON:
        return {"label": "qga0", "filename": filename, "frontend-open": is_open}

    def test_found(self) -> None:
        """
        A port is known by the path of its socket, however the version of QEMU writes that.
        """
        for filename in (
            f"unix:{PATH},server=on",
            f"unix:{PATH},server",
            f"disconnected:unix:{PATH},server=on",
            f"unix:{PATH} <-> {PATH}",
            f"unix:{PATH}",
        ):
            for value in (True, False):
                self.assertIs(is_open([self.port(filename, value)], PATH), value, filename)

    def test_not_found(self) -> None:
        """
        Where there is no such port, more than one, or nonsense, nothing is known.
        """
        other = self.port(f"unix:{PATH}x,server=on")
        same = self.port(f"unix:{PATH},server=on")
        answers: list[JSON] = [[other], [same, same], [], {}, None, [7, {"filename": 7}]]
        for answer in answers:
            self.assertIsNone(is_open(answer, PATH))
        self.assertIsNone(is_open([self.port(f"unix:{PATH}", "yes")], PATH))
        self.assertTrue(is_open([other, same], PATH))
