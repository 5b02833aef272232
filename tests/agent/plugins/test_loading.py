"""All plug-ins of an agent."""

from twisted.logger import LogLevel, capturedLogs

from tests.agent.plugins._folders import SCHEMA, FoldersTests
from txqga.agent.plugins import Plugins, load_plugins
from txqga.agent.plugins._trusted import TrustedFiles
from txqga.schema import shipped


class LoadingTests(FoldersTests):
    def load(self, *folders: str) -> tuple[Plugins, list[tuple[str, str]]]:
        """The plug-ins, and the faults of those that are missing."""
        with capturedLogs() as seen:
            plugins = load_plugins(folders or [str(self.folder)], shipped(), self.files)
        self.addCleanup(plugins.close)
        self.assertEqual({event["log_level"] for event in seen} - {LogLevel.error}, set())
        return plugins, [
            (str(event.get("plugin", event.get("folder"))), str(event["why"])) for event in seen
        ]

    def test_bad_ones(self) -> None:
        """
        A plug-in that is wrong is named with its fault, and costs no other.
        """
        self.write("b", "nonsense")
        self.write("c", commands="import nothing_of_that_name")
        self.write("d")
        (self.folder / "a").mkdir()
        (self.folder / ".git").mkdir()
        (self.folder / "__pycache__").mkdir()
        plugins, faults = self.load()
        self.assertEqual(plugins.names, ("d",))
        self.assertEqual(list(plugins.commands()), ["x-double"])
        self.assertEqual([name for name, _ in faults], ["a", "b", "c"])
        self.assertEqual(list(plugins.schema.commands)[-1], "x-double")

    def test_first_counts(self) -> None:
        """
        Of two that declare the same, the first one counts; a third may use what it declares.
        """
        self.write("a", SCHEMA + "{'struct': 'XMine', 'data': {}}")
        self.write("b")
        self.write("c", "{'command': 'x-c', 'returns': 'XMine'}", "def x_c():\n    return {}\n")
        plugins, faults = self.load()
        self.assertEqual(plugins.names, ("a", "c"))
        self.assertEqual([name for name, _ in faults], ["b"])
        self.assertIn("'x-double' is defined already", faults[0][1])

    def test_folders(self) -> None:
        """
        A folder that is not there is named, unless nobody has named it.
        """
        self.write("a")
        plugins, faults = self.load("/nowhere", str(self.folder))
        self.assertEqual(plugins.names, ("a",))
        self.assertEqual(faults, [("/nowhere", "No such file or directory")])
        with capturedLogs() as seen:
            load_plugins(None, shipped(), _Nowhere())
        self.assertEqual(seen, [])

    def test_none(self) -> None:
        """
        Without a folder there is nothing to add.
        """
        plugins = load_plugins((), shipped())
        self.assertEqual((plugins.names, plugins.schema), ((), shipped()))


class _Nowhere(TrustedFiles):
    def folders(self, path: str) -> list[str]:
        raise FileNotFoundError(2, "No such file or directory")
