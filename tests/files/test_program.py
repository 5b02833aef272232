"""Short programs of ours in the guest."""

from tests.files._case import FilesCase
from txqga.errors import CommandFailed
from txqga.files._program import complaint, run, shell


class ProgramTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.shell()
        self.guest.answer("guest-exec", {"pid": 5})

    def test_end(self) -> None:
        """
        A program is asked about until it has ended, and tells what it has said.
        """
        said: list[dict[str, object]] = [{"exited": False}] * 3
        said.append({"exited": True, "exitcode": 3, "out-data": "aGk=", "err-data": "bm8K"})
        self.guest.answer("guest-exec-status", lambda _: said.pop(0))
        asked = self.coming(shell(self.clock, self.guest, "x", "-a", "b c"))
        self.later(1)
        done = self.successResultOf(asked)
        self.assertEqual((done.code, done.out, done.err, done.is_cut), (3, b"hi", b"no\n", False))
        self.assertEqual(complaint(done), "no")
        started = next(said for name, said in self.guest.agent.ran if name == "guest-exec")
        self.assertEqual(started["path"], "/bin/sh")
        self.assertEqual(started["arg"], ["-c", "x", "sh", "-a", "b c"])

    def test_killed(self) -> None:
        """
        One that was killed has no exit code; one that said nothing is described by its own.
        """
        self.guest.answer("guest-exec-status", {"exited": True, "exitcode": 0, "signal": 9})
        done = self.now(run(self.clock, self.guest, ["x"]))
        self.assertIs(done.code, None)
        self.assertEqual(complaint(done), "it was killed")
        cut = {"exited": True, "exitcode": 4, "out-truncated": True}
        self.guest.answer("guest-exec-status", cut)
        done = self.now(run(self.clock, self.guest, ["x"]))
        self.assertEqual((done.is_cut, complaint(done)), (True, "exit code 4"))

    def test_endless(self) -> None:
        """
        One that does not end is not waited for without end.
        """
        self.guest.answer("guest-exec-status", {"exited": False})
        asked = self.coming(run(self.clock, self.guest, ["x"], seconds=3))
        self.later(2)
        self.assertNoResult(asked)
        self.later(4)
        self.failureResultOf(asked, CommandFailed)
