"""Which processors there are; the texts of errors were seen in qemu-ga 10.0."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._cpus import FOLDER, cpus
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
