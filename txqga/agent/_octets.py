"""
Text of the wire as the system wants it, and back: paths, names, arguments of a program.

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


def text(octets: bytes) -> str:
    """
    Return what the system says as text of the wire; what is not UTF-8 is smuggled.

    ``octets`` gives it back to the system as it was, and :func:`txqga.wire.encode` sends U+FFFD
    for what cannot be said.
    """
    return octets.decode("utf-8", "surrogateescape")
