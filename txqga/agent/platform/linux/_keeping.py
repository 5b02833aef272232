"""
Folders and files made for a user, with no more rights than he has. Facts 9.

All of it is done in the folder that was opened, whatever its path leads to a moment later.
"""

import contextlib
import errno
import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from txqga.agent._failing import failing
from txqga.agent._octets import octets
from txqga.agent.platform._platform import User
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._plain_path import open_plain
from txqga.agent.platform.linux._tree import Tree

_FOLDER = os.O_PATH | os.O_DIRECTORY
_MADE = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def make_folder(tree: Tree, calls: Calls, user: User, path: str) -> None:
    """
    Make a folder for the user only, unless there is one; to be called with his ids.

    :raise CommandFailed: it cannot be made.
    """
    name = octets(posixpath.basename(path))
    with failing(f"failed to create directory '{path}'"), _opened(tree, path) as parent:
        try:
            os.mkdir(name, 0o700, dir_fd=parent)
        except FileExistsError:
            if stat.S_ISDIR(os.stat(name, dir_fd=parent).st_mode):
                return
            raise
        folder = os.open(name, _MADE, dir_fd=parent)
    with _closing(folder), failing(f"failed to set ownership of directory '{path}'"):
        calls.fchown(folder, user.uid, user.gid)


def replace(tree: Tree, calls: Calls, user: User, path: str, content: bytes) -> None:
    """
    Put a file for the user only in the place of what is at ``path``; to be called with his ids.

    Whoever reads it meanwhile finds the old one or the new one, whole. A symbolic link is
    replaced, not followed.

    :raise CommandFailed: it cannot be written; the old one is still there.
    """
    made = f"{path}.{os.urandom(3).hex()}"
    name, new = octets(posixpath.basename(path)), octets(posixpath.basename(made))
    why = f"failed to write to '{path}'"
    with failing(f"{why}: Failed to create file “{made}”"):
        parent = open_plain(tree.real(posixpath.dirname(path)), _FOLDER)
    with _closing(parent):
        with failing(f"{why}: Failed to create file “{made}”"):
            file = os.open(new, _NEW, 0o600, dir_fd=parent)
        try:
            with _closing(file):
                with failing(f"{why}: Failed to write file “{made}”: write() failed"):
                    _write_all(calls, file, content)
                with failing(f"failed to set ownership of directory '{path}'"):
                    calls.fchown(file, user.uid, user.gid)
                with failing(f"failed to set permissions of '{path}'"):
                    os.fchmod(file, 0o600)
                with failing(f"{why}: Failed to write file “{made}”: fsync() failed"):
                    os.fsync(file)
            step = f"Failed to rename file “{made}” to “{path}”: g_rename() failed"
            with failing(f"{why}: {step}"):
                os.rename(new, name, src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(new, dir_fd=parent)
            raise


def _write_all(calls: Calls, file: int, content: bytes) -> None:
    written = 0
    while written < len(content):
        step = calls.pwrite(file, content[written:], written)
        if not step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written += step


@contextmanager
def _opened(tree: Tree, path: str) -> Iterator[int]:
    """Open the folder that ``path`` is in."""
    with _closing(open_plain(tree.real(posixpath.dirname(path)), _FOLDER)) as folder:
        yield folder


@contextmanager
def _closing(file: int) -> Iterator[int]:
    try:
        yield file
    finally:
        os.close(file)
