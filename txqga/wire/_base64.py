"""
Whether a text is base64, told fast.

Nearly all long strings of this protocol are, and of one that is, much is known: it is ASCII, and
nothing in it needs an escape.
"""

try:
    import pybase64
except ImportError:
    pybase64 = None  # type: ignore[assignment]

#: Octets checked at a time, a multiple of four: what that makes stays in the processor's cache.
_STEP = 1 << 16


def surely_base64(octets: bytes | memoryview) -> bool:
    """Tell whether octets are base64; False where nothing can check it fast."""
    if pybase64 is None:
        return False
    view = memoryview(octets)
    try:
        for start in range(0, len(view), _STEP):
            pybase64.b64decode(view[start : start + _STEP], validate=True)
    except ValueError:
        return False
    return True
