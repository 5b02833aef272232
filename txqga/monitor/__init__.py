"""
Figures out of guests: collected through their agents, kept as one snapshot a guest, and delivered.

Collectors read replies and nothing else; rounds decide when to ask; sinks deliver.
"""

from txqga.monitor._data import DATA, Datum
from txqga.monitor._figures import figures
from txqga.monitor._monitor import Monitor
from txqga.monitor._sample import Figure, Kind, Sample
from txqga.monitor._settings import Collector, Group, Settings
from txqga.monitor._settings_file import read_settings
from txqga.monitor._snapshot import Reading, Snapshot
from txqga.monitor._source import Answer, Command, File

__all__ = [
    "DATA",
    "Answer",
    "Collector",
    "Command",
    "Datum",
    "Figure",
    "File",
    "Group",
    "Kind",
    "Monitor",
    "Reading",
    "Sample",
    "Settings",
    "Snapshot",
    "figures",
    "read_settings",
]
