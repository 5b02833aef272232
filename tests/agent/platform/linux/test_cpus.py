"""Which processors there are; the texts of errors were seen in qemu-ga 10.0."""

import errno
import os

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux import Calls
from txqga.agent.platform.linux._cpus import FOLDER, cpus, set_cpu
from txqga.errors import CommandFailed


class CpusTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def refusal(self) -> str:
        failed = self.assertRaises(CommandFailed, lambda: list(cpus(self.machine.tree)))
        return str(failed.desc)

    def test_processors(self) -> None:
        """
        A processor without the switch is online for good; the others are as the switch says.
        """
        self.machine.folder(f"{FOLDER}/cpu0").folder(f"{FOLDER}/cpufreq").file(f"{FOLDER}/online")
        for number, state in ((1, "1\n"), (2, "0\n"), (11, "x")):
            self.machine.file(f"{FOLDER}/cpu{number}/online", state)
        found = {each["logical-id"]: each for each in cpus(self.machine.tree)}
        for number, online, can_offline in (
            (0, True, False),
            (1, True, True),
            (2, False, True),
            (11, True, True),
        ):
            expected = {"logical-id": number, "online": online, "can-offline": can_offline}
            self.assertEqual(found.pop(number), expected)
        self.assertEqual(found, {})

    def test_order(self) -> None:
        """
        They come in the order of the folder, not in that of their numbers.
        """
        for number in range(12):
            self.machine.folder(f"{FOLDER}/cpu{number}")
        self.assertEqual(
            [f"cpu{each['logical-id']}" for each in cpus(self.machine.tree)],
            self.machine.tree.names(FOLDER),
        )

    def test_no_folder(self) -> None:
        """
        A kernel without the folder does not tell.
        """
        prefix = f"failed to list entries: {FOLDER}: "
        self.assertEqual(self.refusal(), f"{prefix}No such file or directory")
        self.machine.file(FOLDER)
        self.assertEqual(self.refusal(), f"{prefix}Not a directory")

    def test_gone(self) -> None:
        """
        A name whose number leads nowhere is an error.
        """
        self.machine.folder(f"{FOLDER}/cpu7bar")
        self.assertEqual(
            self.refusal(), f"Could not open '{FOLDER}/cpu7/': No such file or directory"
        )

    def test_no_state(self) -> None:
        """
        A switch that says nothing is an error.
        """
        self.machine.file(f"{FOLDER}/cpu1/online")
        self.assertEqual(self.refusal(), f'pread("{FOLDER}/cpu1//online"): unexpected EOF')


class SetCpuTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.machine.folder(f"{FOLDER}/cpu0").file(f"{FOLDER}/cpu1/online", "1\n")
        self.calls = Calls()

    def set(self, number: int, *, online: bool) -> None:
        set_cpu(self.machine.tree, self.calls, number, online=online)

    def refusal(self, number: int, *, online: bool = False) -> str:
        return str(self.assertRaises(CommandFailed, self.set, number, online=online).desc)

    def state(self) -> str:
        return self.machine.at(f"{FOLDER}/cpu1/online").read_text()

    def test_switched(self) -> None:
        """
        A processor goes off and comes back.
        """
        self.set(1, online=False)
        self.assertEqual(self.state(), "0\n")
        self.set(1, online=True)
        self.assertEqual(self.state(), "1\n")

    def test_as_wanted(self) -> None:
        """
        What is so already is not written.
        """

        def refuse(file: int, octets: bytes, offset: int) -> int:
            raise AssertionError("written")

        self.calls = evolve(self.calls, pwrite=refuse)
        self.set(1, online=True)
        self.set(0, online=True)

    def test_for_good(self) -> None:
        """
        A processor without the switch cannot go.
        """
        self.assertEqual(self.refusal(0), "logical processor #0 can't be offlined")

    def test_none(self) -> None:
        """
        Of a processor that is not there, it is an error whatever is wanted.
        """
        for number in (7, -1, 1 << 62):
            for online in (True, False):
                self.assertEqual(
                    self.refusal(number, online=online),
                    f"Could not open '{FOLDER}/cpu{number}/': No such file or directory",
                )

    def test_refused(self) -> None:
        """
        The kernel may refuse, at every step.
        """

        def fail(*words: object) -> int:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

        self.calls = evolve(self.calls, pwrite=fail)
        path = f"{FOLDER}/cpu1//online"
        self.assertEqual(self.refusal(1), f'pwrite("{path}"): Device or resource busy')
        self.calls = evolve(self.calls, open=fail)
        self.assertEqual(self.refusal(1), f'open("{path}"): Device or resource busy')
        self.machine.file(f"{FOLDER}/cpu1/online")
        self.calls = Calls()
        self.assertEqual(self.refusal(1), f'pread("{path}"): unexpected EOF')
