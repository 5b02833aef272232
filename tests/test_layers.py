"""The arrows between the packages point down, and only down."""

import sys

from twisted.trial.unittest import SynchronousTestCase

from tests._house import Import, all_imports, imports, modules

#: A module may import what has a smaller number, and its own package.
LEVELS = {
    "errors": 0,
    "interfaces": 0,
    "_allocator": 0,
    "_guest_name": 0,
    "_monotonic": 0,
    "wire": 1,
    "transports": 1,
    "schema": 2,
    "session": 3,
    "qmp": 3,
    "fsfreeze": 4,
    "agent": 5,
    "exec": 5,
    "files": 5,
    "mux": 5,
    "guest": 6,
    "monitor": 6,
    "control": 6,
    "daemons": 7,
    "cli": 7,
    "testing": 8,
}

#: What ``pip install txqga`` brings, and what is used where it is present.
EVERYWHERE = {"twisted", "attr", "attrs", "automat", "zope", "txqga"}
OPTIONAL = {"orjson", "pybase64"}

#: What the extra named like the package brings.
EXTRAS = {
    # tomli is part of the standard library since Python 3.11
    "mux": {"treq", "klein", "cattrs", "orjson", "prometheus_client", "tomli"},
    "monitor": {"treq", "klein", "cattrs", "orjson", "prometheus_client", "re2"},
    # werkzeug is klein's router, whose errors are told in our form
    "control": {"treq", "klein", "werkzeug", "cattrs", "orjson", "prometheus_client"},
    "cli": {"click", "rich"},
}

#: Costs a guest tens of megabytes.
HEAVY = {"ssl", "OpenSSL", "treq", "klein", "cattrs"}


def part(module: str) -> str | None:
    """``txqga.wire._json`` belongs to the part ``wire``; ``txqga`` itself to none."""
    names = module.split(".")
    return names[1] if len(names) > 1 and names[1] in LEVELS else None


def level(module: str) -> int:
    """The level of a module of ours; the package ``txqga`` itself is at the bottom."""
    found = part(module)
    return LEVELS[found] if found else 0


def points_down(found: Import) -> bool:
    """Whether this import is one that the layers allow."""
    if part(found.importer) == part(found.module) or is_promise(found):
        return True
    return level(found.module) < level(found.importer) or level(found.importer) == 0 == level(
        found.module
    )


def is_promise(found: Import) -> bool:
    """Whether this is ``txqga.Guest``, which is imported when somebody asks for it."""
    return (found.importer, found.module) == ("txqga", "txqga.guest.Guest") and not (
        found.at_top and not found.for_types
    )


def is_private(found: Import) -> bool:
    """Whether this import reaches for an underscored module of another part of the house."""
    names = found.module.split(".")
    return part(found.importer) != part(found.module) and any(
        name.startswith("_") for name in names[2:]
    )


class LayersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.imports = all_imports()
        self.ours = [each for each in self.imports if each.module.split(".")[0] == "txqga"]

    def none(self, wrong: list[Import]) -> None:
        """Fail with one line for each wrong import."""
        self.assertEqual(wrong, [], "\n" + "\n".join(map(str, wrong)))

    def test_every_part_has_a_level(self) -> None:
        """
        A new package says where in the house it stands.
        """
        homeless = [name for name in modules() if name != "txqga" and part(name) is None]
        self.assertEqual(homeless, [])

    def test_arrows_point_down(self) -> None:
        """
        A reader can stop at any layer: nothing in it depends on what is above or beside it.
        """
        self.none([each for each in self.ours if not points_down(each)])

    def test_agent_and_mux_are_strangers(self) -> None:
        """
        The two ends of the wire share what is below them and nothing else.
        """
        self.assertFalse(points_down(self.made("txqga.agent._x", "txqga.mux._y")))
        self.assertFalse(points_down(self.made("txqga.mux._x", "txqga.agent")))

    def test_underscored_modules_are_private(self) -> None:
        """
        Another package's underscored module is nobody's business: packages export names.
        """
        self.none([each for each in self.ours if is_private(each)])

    def test_dependencies(self) -> None:
        """
        What ``pip install txqga`` installs is enough to import all but the extras' packages.
        """
        wrong = []
        for each in self.imports:
            top = each.module.split(".")[0]
            allowed = EVERYWHERE | EXTRAS.get(part(each.importer) or "", set())
            if top in sys.stdlib_module_names or top in allowed or each.for_types:
                continue
            if not (top in OPTIONAL and each.guarded):
                wrong.append(each)
        self.none(wrong)

    def test_agent_is_light(self) -> None:
        """
        Nothing that the agent is made of imports TLS or the mux's libraries.
        """
        below = LEVELS["agent"]
        self.none(
            [
                each
                for each in self.imports
                if each.module.split(".")[0] in HEAVY
                and (
                    (level(each.importer) <= below and part(each.importer) != "mux")
                    or each.importer == "txqga.daemons.agent"
                )
            ]
        )

    def test_no_global_reactor(self) -> None:
        """
        Importing txqga installs no reactor: whoever embeds it chooses their own.
        """
        self.none([e for e in self.imports if e.at_top and e.module == "twisted.internet.reactor"])

    def made(self, importer: str, module: str) -> Import:
        """An import that may not be in the tree."""
        (found,) = imports(importer, f"import {module}")
        return found


class ImportsTests(SynchronousTestCase):
    """The reader of imports sees all of them, or the tests above prove nothing."""

    def names(self, source: str, importer: str = "txqga.wire._x") -> list[str]:
        return [each.module for each in imports(importer, source)]

    def test_forms(self) -> None:
        """
        Every way to write an import is seen, also inside functions and for annotations only.
        """
        self.assertEqual(self.names("import a.b, c"), ["a.b", "c"])
        self.assertEqual(self.names("from a import b as c, d"), ["a.b", "a.d"])
        self.assertEqual(self.names("def f():\n import a"), ["a"])
        self.assertEqual(self.names("if TYPE_CHECKING:\n from a import b"), ["a.b"])

    def test_relative(self) -> None:
        """
        A relative import is seen as what it means.
        """
        self.assertEqual(self.names("from . import _y"), ["txqga.wire._y"])
        self.assertEqual(self.names("from ..mux import x"), ["txqga.mux.x"])
        found = list(imports("txqga.wire", "from ._y import z", is_package=True))
        self.assertEqual([each.module for each in found], ["txqga.wire._y.z"])

    def test_private(self) -> None:
        """
        An underscored module is private to its part of the house.
        """
        for importer, module, private in [
            ("txqga.agent._x", "txqga.agent._base64", False),
            ("txqga.agent.families._files", "txqga.agent._base64", False),
            ("txqga.agent", "txqga.agent.families._files", False),
            ("txqga.mux._x", "txqga.agent._base64", True),
            ("txqga.daemons.agent", "txqga.agent.families._files", True),
            ("txqga.daemons.agent", "txqga.agent.families", False),
            ("txqga.daemons.agent", "txqga._monotonic", False),
        ]:
            (found,) = imports(importer, f"import {module}")
            self.assertEqual(is_private(found), private, f"{importer} imports {module}")
