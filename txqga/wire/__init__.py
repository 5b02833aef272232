"""
Octets to messages and back: QEMU's JSON, sans-IO.

Nothing here knows a reactor, a transport or a clock. :py:class:`RequestReader` is what an agent
reads with, :py:class:`ReplyReader` what a host does; both take octets cut anywhere, cost time in
proportion to them, and hold no more than their :py:class:`Limits` say.
"""

from txqga.wire._decode import decode
from txqga.wire._encode import encode
from txqga.wire._events import JSON, Malformed, Message, Sentinel
from txqga.wire._limits import QEMU_LIMITS, REPLY_LIMITS, Limits
from txqga.wire._messages import (
    ABSENT,
    SENTINEL,
    Refusal,
    Request,
    RequestFault,
    Success,
    command,
    parse_reply,
    parse_request,
    refusal,
    success,
)
from txqga.wire._replies import ReplyReader
from txqga.wire._requests import RequestReader
from txqga.wire._verbatim import Verbatim, plain

__all__ = [
    "ABSENT",
    "JSON",
    "QEMU_LIMITS",
    "REPLY_LIMITS",
    "SENTINEL",
    "Limits",
    "Malformed",
    "Message",
    "Refusal",
    "ReplyReader",
    "Request",
    "RequestFault",
    "RequestReader",
    "Sentinel",
    "Success",
    "Verbatim",
    "command",
    "decode",
    "encode",
    "parse_reply",
    "parse_request",
    "plain",
    "refusal",
    "success",
]
