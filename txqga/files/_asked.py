"""Who is asked for files."""

from typing import TypeAlias

from txqga.session import Callee

#: A guest: a :class:`txqga.session.Session`, a :class:`txqga.Guest`, or alike.
Asked: TypeAlias = Callee
