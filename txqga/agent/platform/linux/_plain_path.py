"""
Opening a file whose path somebody else may have laid out.

Links are followed here, as the texts that they are, and never by the kernel. So a link such as
``/proc/self/fd/7``, through which the kernel leads whoever follows it straight to a file, leads to
the name of that file instead, where the rights to the folders above it count. What is changed on
the way while it is walked ends the walk.
"""

import os

_STEP = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_plain(path: bytes, flags: int) -> int:
    """
    Return a descriptor of the file at ``path``, an absolute one.

    :param flags: as of ``os.open``.
    :raise OSError: it cannot be opened.
    """
    *folders, name = os.path.realpath(path, strict=True).split(b"/")
    folder = os.open(b"/", _STEP)
    try:
        for part in folders[1:]:
            below = os.open(part, _STEP, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(name or b".", flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)
