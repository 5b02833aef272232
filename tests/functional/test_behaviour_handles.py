"""The numbers of open files: given once, kept by the agent, saved before they are given."""

from tests.functional._behaviour import Behaviour, of_a_process
from tests.functional._client import Refused
from tests.functional._files import CLOSE, OPEN
from tests.functional._rows import call, error


class Handles(Behaviour):
    def open(self) -> int:
        """A handle of an empty file."""
        handle = self.peer.call(OPEN, path=str(self.folder / "f"), mode="w+")
        assert isinstance(handle, int)
        return handle

    @of_a_process
    def test_numbers(self) -> None:
        """
        Handles are numbered from 1000 on, and no number is given twice, also by a new agent.
        """
        self.assertEqual([self.open() for _ in range(3)], [1000, 1001, 1002])
        self.peer.call(CLOSE, handle=1001)
        self.assertEqual(self.open(), 1003)
        self.assertRaises(Refused, self.peer.call, OPEN, path="/nonexistent", mode="r")
        self.assertEqual(self.process.state.joinpath("qga.state").read_text(), STATE % 1004)
        self.peer.call(CLOSE, handle=1003)
        self.process.kill()
        self.process.start()
        with self.process.connect() as client:
            self.assertEqual(client.call(OPEN, path=str(self.folder / "f"), mode="r"), 1004)
            refused = self.assertRaises(Refused, client.call, CLOSE, handle=1000)
            self.assertEqual(refused.desc, "handle '1000' has not been found")

    def test_unknown(self) -> None:
        """
        A handle that is not open is not found, whatever is asked of it.
        """
        self.open()
        self.peer.call(CLOSE, handle=1000)
        for handle in (0, -1, 999, 1000, 1001, 2**63 - 1):
            desc = error(f"handle '{handle}' has not been found")
            self.check(
                call(CLOSE, {"handle": handle}, desc),
                call("guest-file-read", {"handle": handle}, desc),
                call("guest-file-read", {"handle": handle, "count": -1}, desc),
                call("guest-file-write", {"handle": handle, "buf-b64": "%"}, desc),
                call("guest-file-flush", {"handle": handle}, desc),
                call("guest-file-seek", {"handle": handle, "offset": -1, "whence": 7}, desc),
            )

    @of_a_process
    def test_outlive_a_client(self) -> None:
        """
        A handle belongs to the agent: the next client goes on with it.
        """
        with self.process.connect() as first:
            handle = first.call(OPEN, path=str(self.folder / "f"), mode="w+")
            first.call("guest-file-write", handle=handle, buf_b64="YWJj")
        with self.process.connect() as second:
            second.call("guest-file-seek", handle=handle, offset=1, whence=0)
            self.assertEqual(second.call("guest-file-read", handle=handle)["buf-b64"], "YmM=")

    @of_a_process
    def test_clean_exit(self) -> None:
        """
        What was written and not flushed is on disk after a clean exit.
        """
        self.peer.call("guest-file-write", handle=self.open(), buf_b64="YWJj")
        self.assertEqual(self.process.stop(), 0)
        self.assertEqual((self.folder / "f").read_bytes(), b"abc")

    @of_a_process
    def test_state_cannot_be_saved(self) -> None:
        """
        A number that cannot be saved is not given: the file is closed again.
        """
        self.open()
        state = self.process.state
        aside = state.with_name("aside")
        state.rename(aside)
        path = self.folder / "other"
        self.check(
            call(
                OPEN,
                {"path": str(path), "mode": "w"},
                error("failed to commit persistent state to disk"),
            )
        )
        self.assertNotIn(str(path), self.process.open_files().values())
        aside.rename(state)
        self.assertGreater(self.open(), 1000)


STATE = "[global]\nfd_counter=%d\n"


globals().update(Handles.for_every_agent())
