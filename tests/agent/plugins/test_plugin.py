"""One plug-in, loaded from its files."""

import sys

from twisted.logger import capturedLogs

from tests.agent.plugins._folders import COMMANDS, SCHEMA, FoldersTests
from txqga.agent.plugins._fault import PluginFault
from txqga.agent.plugins._plugin import Plugin, load_plugin
from txqga.schema import shipped


class PluginTests(FoldersTests):
    def load(self, name: str = "mine") -> Plugin:
        return load_plugin(self.files, name, f"{self.folder}/{name}", shipped())

    def fault(self, schema: str | bytes = SCHEMA, commands: str | bytes = COMMANDS) -> str:
        """What is wrong with a plug-in, the path of its folder left out."""
        name = f"p{len(list(self.folder.iterdir()))}"
        folder = self.write(name, schema, commands)
        return str(self.assertRaises(PluginFault, self.load, name)).replace(f"{folder}/", "")

    def test_loaded(self) -> None:
        """
        A plug-in adds to the schema, and serves what it adds.
        """
        self.write("mine")
        plugin = self.load()
        self.assertIn("x-double", plugin.schema.commands)
        self.assertEqual(plugin.commands["x-double"].function({"n": 4}), 8)
        self.assertEqual(list(plugin.commands), ["x-double"])

    def test_nothing_written(self) -> None:
        """
        Nothing is written, and no module is left where another could find it.
        """
        folder = self.write("mine")
        before = set(sys.modules)
        self.load()
        self.assertEqual({each.name for each in folder.iterdir()}, {"schema.json", "commands.py"})
        self.assertEqual({name for name in set(sys.modules) - before if "mine" in name}, set())

    def test_log(self) -> None:
        """
        The log tells which plug-in it was that logged.
        """
        self.write(
            "mine", commands=f"from twisted.logger import Logger\nLogger().info('x')\n{COMMANDS}"
        )
        with capturedLogs() as seen:
            self.load()
        self.assertEqual(seen[0]["log_namespace"], "txqga.agent.plugins.mine")

    def test_prints(self) -> None:
        """
        What is printed does not go where the output of the agent goes: it is logged.
        """
        noisy = "import sys\nprint('hello')\nprint('x' * 5000, file=sys.stderr)\n"
        self.write("mine", commands=noisy + COMMANDS)
        with capturedLogs() as seen:
            self.load()
        self.assertTrue(seen[0]["text"].startswith("hello\nxxx"))
        self.assertEqual(len(seen[0]["text"]), 1000)

    def test_schema_faults(self) -> None:
        """
        What is wrong in the schema is told with file and line.
        """
        for schema, why in (
            ("\n\n{ 'command': }", "schema.json:3: "),
            ("{'command': 'guest-ping'}", "schema.json:1: 'guest-ping' is defined already"),
            (
                "{'struct': 'GuestUser', 'data': {}}",
                "schema.json:1: 'GuestUser' is defined already",
            ),
            ("\n{'command': 'x', 'data': {'a': 'X'}}", "schema.json:2: "),
            ("{'include': '/etc/passwd'}", "schema.json:1: nothing can be included here"),
            ("# nothing", "schema.json declares no command"),
            ("{'struct': 'X', 'data': {}}", "schema.json declares no command"),
            (b"\xff", "schema.json is not UTF-8"),
        ):
            self.assertTrue((told := self.fault(schema)).startswith(why), told)

    def test_hostile_schema(self) -> None:
        """
        A schema that is nested without end, or all too long, is a fault as any other.
        """
        self.assertTrue(self.fault("{'a':" + "[" * 500_000))
        self.assertTrue(self.fault("{'a':" * 100_000))
        many = ", ".join(f"'m{each}': 'int'" for each in range(100_000))
        self.assertIn("is longer than", self.fault(f"{{'struct': 'X', 'data': {{ {many} }} }}"))

    def test_code_faults(self) -> None:
        """
        What is wrong in the code is told with file and line, and costs only this plug-in.
        """
        for commands, why in (
            ("def x_double(n):\n  return (", "commands.py:2: "),
            ("\nimport nothing_of_that_name", "commands.py:2: ModuleNotFoundError"),
            ("raise BaseException('ends all')", "commands.py:1: BaseException: ends all"),
            ("import sys\nsys.exit(0)", "commands.py:2: SystemExit: 0"),
            ("raise KeyboardInterrupt", "commands.py:1: KeyboardInterrupt"),
            ("def f(): f()\nf()", "commands.py:1: RecursionError"),
            ("\0", "commands.py"),
            (b"\xff", "commands.py:1: (unicode error)"),
            ("", "commands.py has no function x_double for x-double"),
            ("x_double = 5", "commands.py has no function x_double for x-double"),
            (
                "def x_double(m): pass",
                "commands.py: x_double does not take the arguments that the schema says: ",
            ),
        ):
            self.assertTrue((told := self.fault(commands=commands)).startswith(why), told)

    def test_missing_files(self) -> None:
        """
        A folder without one of the files is no plug-in.
        """
        for file in ("schema.json", "commands.py"):
            folder = self.write(file)
            (folder / file).unlink()
            fault = self.assertRaises(PluginFault, self.load, file)
            self.assertEqual(str(fault), f"{folder}/{file}: No such file or directory")
