"""
A guest, for programs that want something of one: a method for each command, with types.

:class:`Guest` is made of an endpoint, of a guest of the mux, or of a session that runs already, and
is the same in each case. What its methods return is in :mod:`txqga.guest.types`.
:func:`while_frozen` does some work while one guest, or several, hold still.
"""

from txqga.fsfreeze import Interval
from txqga.guest._capabilities import Capabilities
from txqga.guest._guest import Guest
from txqga.guest._host_command import HostCommand
from txqga.guest._quiesce import Quiesced, while_frozen

__all__ = ["Capabilities", "Guest", "HostCommand", "Interval", "Quiesced", "while_frozen"]
