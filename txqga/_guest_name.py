"""What guests can be called, wherever a name is read."""

import re

#: A socket is called so, and a part of a path of the control interface.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
