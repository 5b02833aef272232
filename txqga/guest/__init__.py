"""
A guest, for programs that want something of one: a method for each command, with types.

:class:`Guest` is made of an endpoint, of a guest of the mux, or of a session that runs already, and
is the same in each case. What its methods return is in :mod:`txqga.guest.types`.
"""

from txqga.guest._capabilities import Capabilities
from txqga.guest._guest import Guest

__all__ = ["Capabilities", "Guest"]
