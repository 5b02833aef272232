"""
Programs of a guest, run as if it were here.

:class:`Exec` starts them by the best way that the guest's agent knows, and says which it was. Its
:meth:`~Exec.run` collects what a program says, its :meth:`~Exec.start` gives it as it comes.
"""

from txqga.exec._asked import Asked
from txqga.exec._exec import Exec
from txqga.exec._input import Input
from txqga.exec._jobs import JobStatus
from txqga.exec._output import Output
from txqga.exec._piece import Ended
from txqga.exec._result import Result
from txqga.exec._running import Running
from txqga.exec._way import Way

__all__ = [
    "Asked",
    "Ended",
    "Exec",
    "Input",
    "JobStatus",
    "Output",
    "Result",
    "Running",
    "Way",
]
