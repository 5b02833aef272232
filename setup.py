"""Packaging of txqga; the tools' settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
INIT = (HERE / "txqga" / "__init__.py").read_text(encoding="utf-8")
VERSION = re.search(r'^__version__ = "([^"]+)"', INIT, re.M)
if VERSION is None:
    raise SystemExit("txqga/__init__.py names no __version__")

FAST = ["orjson", "pybase64"]  # used where they are, and never needed
MUX = [
    "treq",
    "klein",
    "cattrs",
    "orjson >= 3.9",
    "pybase64",
    "prometheus-client",
    "tomli; python_version < '3.11'",
]
COLLECTORS = ["google-re2"]  # for collectors that operators write
CLI = ["click", "rich", "tomli; python_version < '3.11'"]

MAN = sorted(f"data/man/{path.name}" for path in (HERE / "data/man").glob("*.1"))

PLUGINS = [
    (f"share/txqga/{folder}", [f"{folder}/schema.json", f"{folder}/commands.py"])
    for folder in ("plugins/statvfs", "plugins/meminfo")
]

setup(
    name="txqga",
    version=VERSION[1],
    description="Both ends of the QEMU Guest Agent protocol, for Twisted",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.10",
    # The empty name: an editable install then puts this folder on the path, where twistd finds
    # the plug-ins; without it setuptools would map the package names only.
    package_dir={"": "."},
    packages=[*find_packages(include=["txqga", "txqga.*"]), "twisted.plugins"],
    package_data={"txqga": ["py.typed", "schema/data/*.json", "guest/*.pyi", "control/page/*"]},
    data_files=[
        (
            "share/txqga",
            ["data/txqga-agent.service", "data/60-txqga-agent.rules", "data/txqga-mux.service"],
        ),
        (
            "share/txqga/prometheus",
            ["data/prometheus/txqga.rules.yml", "data/prometheus/scrape.yml"],
        ),
        ("share/txqga/grafana", ["data/grafana/txqga.json"]),
        *PLUGINS,
        ("share/man/man1", MAN),
    ],
    zip_safe=False,
    install_requires=["twisted>=23.10", "attrs>=22.2", "automat>=24.8.1", "zope.interface"],
    extras_require={
        "fast": FAST,
        "mux": MUX,
        "collectors": [*MUX, *COLLECTORS],
        "cli": CLI,
        "test": [
            *MUX,
            *CLI,
            *FAST,
            *COLLECTORS,
            "hypothesis",
            "opentelemetry-proto",
            "qemu.qmp==0.0.6",
            "schemathesis",
            "selenium",
            *("setuptools", "wheel"),
        ],
        "check": [
            *("mypy", "mypy-zope", "ruff"),
            *("types-docutils", "types-protobuf", "types-setuptools"),
        ],
        "docs": ["sphinx", "furo", "towncrier"],
    },
    # No entry point for the agent: what pip makes of one imports the package before it has said
    # anything.
    scripts=["bin/txqga-agent"],
    entry_points={"console_scripts": ["txqga = txqga.cli:main"]},
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Twisted",
        "Intended Audience :: System Administrators",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
        "Topic :: System :: Emulators",
        "Typing :: Typed",
    ],
)
