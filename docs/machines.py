"""
Draw every state machine of txqga: ``python -m docs.machines`` writes ``docs/machines/``.

A machine is found where its module keeps it, under whatever name, by importing all modules. With
``--check`` nothing is written, and the exit status tells whether all pages are current.
"""

import inspect
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import txqga
from docs._ext.drawing import column, svg
from txqga.testing import Machine, initial, inputs, protocol, transitions

FOLDER = Path(__file__).with_name("machines")

INDEX = """\
Machines
========

What has states is an Automat machine, one in a file. These pages are drawn from the code by
``make machines``, and a test asks that they are current. A name with an underscore is an input
that comes from the machine's own doings: a timer, an answer. The state with the bold frame is the
first one.

.. toctree::
   :maxdepth: 1

"""


def find() -> dict[str, Machine]:
    """Import all of txqga and return its machines, by the name of the module that makes each."""
    found: dict[str, Machine] = {}
    for info in pkgutil.walk_packages(txqga.__path__, "txqga."):
        for value in vars(import_module(info.name)).values():
            if isinstance(value, Machine) and not isinstance(value, type):
                found[protocol(value).__module__] = value
    return dict(sorted(found.items()))


def arrows(machine: Machine) -> dict[tuple[str, str], list[str]]:
    """Gather the inputs that lead from one state to another, in the order of the protocol."""
    order = {name: place for place, name in enumerate(inputs(machine))}
    gathered: dict[tuple[str, str], list[str]] = {}
    for each in sorted(transitions(machine), key=lambda t: (t.state, order[t.input])):
        gathered.setdefault((each.state, each.next), []).append(each.input)
    return gathered


def table(machine: Machine) -> list[str]:
    """Write the transitions as a table: an input a row, a state a column."""
    states = column(initial(machine), arrows(machine))
    next_ = {(each.state, each.input): each.next for each in transitions(machine)}
    lines = [".. list-table::", "   :header-rows: 1", "   :stub-columns: 1", ""]
    lines += ["   * - input"] + [f"     - {state}" for state in states]
    for name in inputs(machine):
        lines.append(f"   * - ``{name}``")
        for state in states:
            goes = next_.get((state, name), "")
            lines.append(f"     - {'stays' if goes == state else goes}".rstrip())
    if any(line.endswith("-") for line in lines):
        lines += ["", "An empty field: the input does not occur in that state."]
    return lines


def page(module: str, machine: Machine) -> str:
    """Write the page of one machine; its words are those of the module."""
    name = title(module)
    return "\n".join(
        [
            f".. _machine-{name}:",
            "",
            name,
            "=" * len(name),
            "",
            f"*From* ``{module}``.",
            "",
            inspect.getdoc(import_module(module)) or "",
            "",
            ".. raw:: html",
            f"   :file: {name}.svg",
            "",
            *table(machine),
            "",
        ]
    )


def title(module: str) -> str:
    """``txqga.wire._recovery`` makes the machine ``recovery``."""
    return module.rsplit(".", 1)[1].lstrip("_")


def pages() -> dict[str, str]:
    """Draw everything; the contents by file name."""
    drawn = {"index.rst": INDEX}
    for module, machine in find().items():
        name = title(module)
        drawn["index.rst"] += f"   {name}\n"
        drawn[f"{name}.rst"] = page(module, machine)
        drawn[f"{name}.svg"] = svg(name, initial(machine), arrows(machine))
    return drawn


def stale(folder: Path = FOLDER) -> list[str]:
    """Name the files that are missing, outdated, or of a machine that is gone."""
    drawn = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}
    return sorted(n for n in drawn.keys() | there.keys() if drawn.get(n) != there.get(n))


def main(arguments: Sequence[str]) -> int:
    """Write what is stale, or with ``--check`` only name it."""
    drawn = pages()
    outdated = stale()
    for name in outdated:
        print(f"docs/machines/{name}")
        path = FOLDER / name
        if "--check" not in arguments:
            if name in drawn:
                path.parent.mkdir(exist_ok=True)
                path.write_text(drawn[name], encoding="utf-8")
            else:
                path.unlink()
    if outdated and "--check" in arguments:
        print("not as the code says: run  make machines", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
