"""
Files of a guest, pushed and pulled.

:class:`Files` copies them by the best way that the guest's agent knows, and its :class:`Report`
says which it was.
"""

from txqga.files._asked import Asked
from txqga.files._digest import Verified
from txqga.files._files import Files
from txqga.files._progress import Progress
from txqga.files._report import Report, Skipped
from txqga.files._source import Readable
from txqga.files._target import Writable

__all__ = [
    "Asked",
    "Files",
    "Progress",
    "Readable",
    "Report",
    "Skipped",
    "Verified",
    "Writable",
]
