"""
Command plug-ins: commands that are added to an agent by a folder with two files.

``schema.json`` declares them in the QAPI language, and ``commands.py`` has a function for each,
named as the command with ``_`` for ``-``:

- It is called with the arguments that were given, checked against the schema, by their names in
  Python (``buf-b64`` is ``buf_b64``). One that the schema calls optional has a default here.
- It returns the value of ``return``, with names as on the wire. The value is checked against the
  schema too: what does not fit is logged as a bug of the plug-in, and not sent.
- It raises :class:`CommandFailed` with the words of the reply; :func:`failing` does so for system
  errors. Any other exception is a bug: it is logged, and the client told that it is not to blame.
- It may be ``async def``, or return a ``Deferred``: the next command is served when that has fired.
- What waits for a disk or a program without either is marked :func:`blocking`, and is called in a
  thread of its own.

Text of the wire is no path: :func:`octets` makes one of it, and :func:`text` goes back.

A plug-in imports from here, the standard library, Twisted and what else is installed; all at the
top, for an import while the root filesystem is frozen may wait for the thaw. It logs with a
``twisted.logger.Logger``.
"""

from txqga.agent._failing import failing
from txqga.agent._octets import octets, text
from txqga.agent.plugins._function import blocking
from txqga.agent.plugins._loading import Plugins, load_plugins
from txqga.errors import CommandFailed, CommandNotFound

__all__ = [
    "CommandFailed",
    "CommandNotFound",
    "Plugins",
    "blocking",
    "failing",
    "load_plugins",
    "octets",
    "text",
]
