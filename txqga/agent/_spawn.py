"""
Starting a program.

``subprocess.Popen`` does it: it knows the quickest way that a Python has (vfork, posix_spawn),
says in time what is wrong with the program, gives SIGPIPE its meaning back, and leaves the
program none of the agent's file descriptors.
"""

import errno
import os
import subprocess
from collections.abc import Sequence

from txqga.agent._search import candidates

_SHELL = b"/bin/sh"

#: Wrong with one candidate only: the next one may do. As in GLib.
_GO_ON = frozenset(
    {errno.EACCES, errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENODEV, errno.ETIMEDOUT}
)


class _Entry(bytes):
    """
    A whole entry of the environment, such as ``LANG=C``, where ``Popen`` takes a name.

    It stays what it is when ``=`` and a value are put behind it, and never equals another: so
    a dict of these carries entries without ``=``, and the same name twice, as they are.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __contains__(self, part: object) -> bool:
        return False

    def __add__(self, other: object) -> "_Entry":
        return self


def spawn(
    argv: Sequence[bytes],
    env: Sequence[bytes] | None,
    stdin: int,
    stdout: int,
    stderr: int,
    *,
    new_session: bool = False,
    cwd: bytes | None = None,
) -> int:
    """
    Start a program and return its pid. Reaping it is up to the caller.

    The umask is the agent's, and so are working directory, session and process group unless it
    gets its own. A file that the system does not know how to run is handed to the shell.

    :param argv: the program, searched for as :func:`candidates` says, and its arguments.
    :param env: its variables, passed on as they are; None: the agent's.
    :param stdin: a file descriptor, or what ``Popen`` takes in its place; so the next two.
    :param cwd: its working directory, from where a relative path is looked for; that one can
        change into it is up to the caller to see.
    :raise OSError: there is no such program, or it cannot be run.
    """
    failure = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    denied: OSError | None = None
    for path in candidates(argv[0], env):
        try:
            # far cheaper than a process that finds nothing
            os.stat(os.path.join(cwd or b"", path))  # noqa: PTH116, PTH118
            return _run(path, argv, env, (stdin, stdout, stderr), new_session, cwd)
        except OSError as why:
            failure = why
            if why.errno not in _GO_ON:
                break
            if why.errno == errno.EACCES:
                denied = why
    raise denied or failure


def _run(
    path: bytes,
    argv: Sequence[bytes],
    env: Sequence[bytes] | None,
    streams: tuple[int, int, int],
    new_session: bool,
    cwd: bytes | None,
) -> int:
    if cwd is None and env is not None:
        # Changes nothing, but posix_spawn, which would read our entries itself, cannot do it.
        cwd = b"."
    variables: dict[bytes, bytes] | None = None
    if env is not None:
        variables = dict.fromkeys(map(_Entry, env), b"")
    try:
        program = subprocess.Popen(
            argv,
            executable=path,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            env=variables,
            start_new_session=new_session,
            cwd=cwd,
        )
    except OSError as why:
        if why.errno != errno.ENOEXEC or path == _SHELL:
            raise
        return _run(_SHELL, [_SHELL, path, *argv[1:]], env, streams, new_session, cwd)
    program.returncode = 0  # Popen must not think that it has to wait for it
    return program.pid
