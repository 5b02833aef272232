"""qga.state: handle numbers that outlive the agent."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._start import StartFailed
from txqga.agent._state import StateFile
from txqga.errors import CommandFailed


class StateFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.file = self.folder / "qga.state"

    def test_begins(self) -> None:
        """
        The first start writes the file, at once: the first handle will be 1000.
        """
        state = StateFile.open(str(self.folder))
        self.assertEqual(self.file.read_text(), "[global]\nfd_counter=1000\n")
        self.assertEqual(state.next_handle(), 1000)
        self.assertEqual(self.file.read_text(), "[global]\nfd_counter=1001\n")

    def test_outlives(self) -> None:
        """
        However the agent ends, the next one does not give out a handle again.
        """
        state = StateFile.open(str(self.folder))
        self.assertEqual([state.next_handle(), state.next_handle()], [1000, 1001])
        self.assertEqual(StateFile.open(str(self.folder)).next_handle(), 1002)

    def test_one_file(self) -> None:
        """
        Nothing but the file is left in the folder.
        """
        StateFile.open(str(self.folder)).next_handle()
        self.assertEqual(list(self.folder.iterdir()), [self.file])

    def test_found(self) -> None:
        """
        A file of qemu-ga is taken over; where the number is missing or wrong, as qemu-ga would.
        """
        for text, handle in (
            ("[global]\nfd_counter=2000\n", 2000),
            ("", 1000),
            ("[other]\nfd_counter=7\n", 1000),
            ("[global]\nfd_counter=abc\n", 0),
            ("[global]\nfd_counter=99999999999\n", 0),
        ):
            self.file.write_text(text)
            self.assertEqual(StateFile.open(str(self.folder)).next_handle(), handle, text)

    def fails(self, desc: str, directory: Path) -> None:
        with self.assertRaises(StartFailed) as caught:
            StateFile.open(str(directory))
        self.assertRegex(str(caught.exception), desc)

    def test_no_folder(self) -> None:
        """
        The folder is not created: without it the agent does not start.
        """
        folder = self.folder.absolute() / "missing"
        self.fails(
            f"failed to write persistent state to {folder}/qga.state: "
            f"Failed to create file “{folder}/qga.state.[0-9a-f]*”: No such file or directory",
            folder,
        )

    def test_not_a_state(self) -> None:
        """
        A file that is something else is left alone, and the agent does not start.
        """
        self.file.write_text("my notes\n")
        start = f"error loading persistent state from path: {self.file.absolute()}, "
        self.fails(start + "Key file contains line “my notes” which is not", self.folder)
        self.assertEqual(self.file.read_text(), "my notes\n")
        self.file.unlink()
        self.file.mkdir()
        self.fails(start + "Not a regular file", self.folder)

    def test_unreachable(self) -> None:
        """
        A file that cannot be reached is an error that says why.
        """
        self.file.write_text("")
        self.fails("qga.state, Not a directory", self.file)

    def test_not_committed(self) -> None:
        """
        A handle that could not be written down is not given out, and nothing is left behind.
        """
        state = StateFile.open(str(self.folder))
        self.file.unlink()
        self.file.mkdir()
        (self.file / "x").touch()
        with self.assertRaises(CommandFailed) as caught:
            state.next_handle()
        self.assertEqual(caught.exception.desc, "failed to commit persistent state to disk")
        self.assertEqual(list(self.folder.iterdir()), [self.file])
        (self.file / "x").unlink()
        self.file.rmdir()
        self.assertEqual(state.next_handle(), 1000)

    def test_working_directory(self) -> None:
        """
        A relative folder is the one meant at start, though the process moves elsewhere.
        """
        state = StateFile.open(str(self.folder))
        here = Path.cwd()
        self.addCleanup(os.chdir, here)
        os.chdir("/")
        state.next_handle()
        self.assertEqual((here / self.file).read_text(), "[global]\nfd_counter=1001\n")

    def test_frozen(self) -> None:
        """
        While filesystems are frozen a state is not begun, but goes on with the first handle.
        """
        state = StateFile.open(str(self.folder), frozen=True)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(state.next_handle(), 1000)
