"""
Text of the wire as the system wants it: paths, arguments and variables of a program.

The system takes octets, and the wire is UTF-8 whatever the locale of the agent says.
"""


def octets(text: str) -> bytes:
    """
    Return ``text`` in UTF-8, fit for a system call.

    U+0000 becomes C0 80, as in ``qemu-ga``: it never ends a path early, so that nobody can name
    one file and get another. Octets that Python smuggles in text (``surrogateescape``) come out
    as they were.
    """
    return text.encode("utf-8", "surrogateescape").replace(b"\0", b"\xc0\x80")
