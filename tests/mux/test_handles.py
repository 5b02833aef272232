"""Which commands make, use and end what the agent keeps."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._handles import (
    LONGEST_NAME,
    Handle,
    Kind,
    detaches,
    ends,
    ends_refused,
    made,
    release,
    used,
)
from txqga.schema import extended
from txqga.wire import JSON

FILE, EXEC, JOB = Handle(Kind.FILE, 1000), Handle(Kind.EXEC, 77), Handle(Kind.JOB, "b5bb")


class HandleTests(SynchronousTestCase):
    def test_used(self) -> None:
        """
        Every command of the schema that takes a handle, a PID or a job is known to use one.
        """
        for name, command in extended().commands.items():
            members = {member.name for member in command.arguments}
            if "handle" in members:
                self.assertEqual(used(name, {"handle": 1000}), FILE)
            elif "pid" in members:
                self.assertEqual(used(name, {"pid": 77}), EXEC)
            elif "job" in members:
                self.assertEqual(used(name, {"job": "b5bb"}), JOB)
            else:
                self.assertIsNone(used(name, {"handle": 1000, "pid": 77, "job": "b5bb"}))

    def test_used_nonsense(self) -> None:
        """
        Where no number is, the agent may say so.
        """
        for nonsense in (None, "1000", True, 1000.0, [1000]):
            self.assertIsNone(used("guest-file-read", {"handle": nonsense}))
        self.assertIsNone(used("guest-file-read", {}))
        for name in (None, 7, ["b5bb"], "b" * (LONGEST_NAME + 1)):
            self.assertIsNone(used("txqga-exec-read", {"job": name}))

    def test_made(self) -> None:
        """
        Opening a file and starting a process make a handle.
        """
        self.assertEqual(made("guest-file-open", 1000), FILE)
        self.assertEqual(made("guest-exec", {"pid": 77}), EXEC)
        self.assertEqual(made("txqga-exec-start", {"job": "b5bb", "pid": 77}), JOB)
        self.assertIsNone(made("guest-get-time", 1000))

    def test_made_by_a_liar(self) -> None:
        """
        An agent that answers something else has made nothing.
        """
        value: JSON
        for value in (None, "1000", {}, [], True):
            self.assertIsNone(made("guest-file-open", value))
            self.assertIsNone(made("guest-exec", value))
            self.assertIsNone(made("txqga-exec-start", value))
        self.assertIsNone(made("guest-exec", {"pid": "77"}))

    def test_ends(self) -> None:
        """
        A file is closed; a process is forgotten with the answer that it has ended.
        """
        self.assertTrue(ends("guest-file-close", {}))
        self.assertTrue(ends("txqga-exec-release", {}))
        self.assertFalse(ends("txqga-exec-status", {"running": False}))
        self.assertTrue(ends("guest-exec-status", {"exited": True, "exitcode": 0}))
        self.assertFalse(ends("guest-exec-status", {"exited": False}))
        self.assertFalse(ends("guest-exec-status", ["exited"]))
        self.assertFalse(ends("guest-file-read", {"count": 0, "eof": True}))

    def test_ends_refused(self) -> None:
        """
        A file that could not be closed is not closed again; one that could not be read stays.
        """
        self.assertTrue(ends_refused("guest-file-close"))
        self.assertTrue(ends_refused("guest-exec-status"))
        self.assertFalse(ends_refused("guest-file-read"))

    def test_release(self) -> None:
        """
        What makes the agent forget a handle uses that handle; a job is killed first.
        """
        for handle in (FILE, EXEC, JOB):
            for command, arguments in release(handle):
                self.assertEqual(used(command, arguments), handle)
        self.assertEqual(
            [command for command, _ in release(JOB)], ["txqga-exec-signal", "txqga-exec-release"]
        )

    def test_detaches(self) -> None:
        """
        A job is detached from the beginning, or later.
        """
        self.assertTrue(detaches("txqga-exec-start", {"detached": True}))
        self.assertTrue(detaches("txqga-exec-detach", {"job": "b5bb"}))
        self.assertFalse(detaches("txqga-exec-start", {}))
        self.assertFalse(detaches("txqga-exec-read", {"detached": True}))

    def test_unknown(self) -> None:
        """
        A handle that is another's is as unknown as one that never was, in the agent's own words.
        """
        self.assertEqual(FILE.unknown, "handle '1000' has not been found")
        self.assertEqual(EXEC.unknown, "PID ld does not exist")
        self.assertEqual(JOB.unknown, "job 'b5bb' has not been found")
