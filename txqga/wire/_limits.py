"""How much one text may hold before it is refused."""

from attrs import frozen


@frozen(kw_only=True)
class Limits:
    """
    What one text may hold.

    ``octets`` counts one more than the text, for QEMU's own check does, and so does the newline
    of a reply: a text of ``octets - 1`` passes, one of ``octets`` does not.
    """

    octets: int  #: length of the text plus one
    depth: int  #: arrays and objects open at the same time
    #: In a request: tokens, which are names, values and each of ``{ } [ ] , :``. In a reply:
    #: commas and opening brackets, so about one for each member and each element.
    members: int


#: What QEMU's agent takes: ``MAX_TOKEN_SIZE``, ``MAX_NESTING`` and ``MAX_TOKEN_COUNT`` of its
#: ``qobject/json-streamer.c``.
QEMU_LIMITS = Limits(octets=64 << 20, depth=1024, members=2 << 20)

#: What a host takes from a guest that may be hostile.
REPLY_LIMITS = Limits(octets=10 << 20, depth=64, members=100_000)

TOO_DEEP = "JSON nesting depth limit exceeded"
TOO_LONG = "JSON token size limit exceeded"
TOO_MANY = "JSON token count limit exceeded"
