"""The help of a command."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._command_help import command_help
from txqga.schema import extended


class CommandHelpTests(SynchronousTestCase):
    def test_every_command(self) -> None:
        """
        Each command of each agent has help: what it does, what it takes, what it returns.
        """
        for name, command in extended().commands.items():
            told = command_help(extended(), command)
            self.assertTrue(told.startswith(f"Usage: txqga call GUEST {name}"), name)
            for each in command.arguments:
                self.assertIn(f"\n  {each.name} (", told)

    def test_values(self) -> None:
        """
        Values that an argument may have are named, and the parts of objects.
        """
        self.assertIn("one of: set, cur, end", self.of("guest-file-seek"))
        self.assertIn("logical-id (int)", self.of("guest-set-vcpus"))
        self.assertIn("There is no reply when it works.", self.of("guest-shutdown"))
        self.assertIn("It only reads.", self.of("guest-get-osinfo"))

    def of(self, name: str) -> str:
        return command_help(extended(), extended().commands[name])
