"""
Twisted without TLS.

The reactor imports ``ssl`` and, where it is installed, pyOpenSSL, though an agent never speaks
TLS: ten megabytes and a tenth of a second in every guest. Twisted does without where they are
missing, and here they are said to be.
"""

import contextlib
import sys
from collections.abc import Iterator

UNUSED = ("ssl", "OpenSSL")


@contextlib.contextmanager
def without_tls() -> Iterator[None]:
    """
    Let what is imported inside find no TLS, unless it is in memory already.

    Afterwards it can be imported as ever, by a plug-in for example.
    """
    hidden = [name for name in UNUSED if name not in sys.modules]
    # None is how sys.modules says that there is no such module.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
