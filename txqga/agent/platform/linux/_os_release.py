"""
``os-release``: what a distribution says it is. Facts 6.1.

Read as ``qemu-ga`` reads it, which is as a key file of GLib; a shell would see other values in a
few odd lines, and who compares agents would see two answers.
"""

import re
from collections.abc import Mapping

from txqga.agent._keyfile import KeyFile, KeyFileError
from txqga.agent._octets import text

FILES = ("/etc/os-release", "/usr/lib/os-release")

#: members of ``GuestOSInfo`` by key
_MEMBERS = {
    "ID": "id",
    "NAME": "name",
    "PRETTY_NAME": "pretty-name",
    "VERSION": "version",
    "VERSION_ID": "version-id",
    "VARIANT": "variant",
    "VARIANT_ID": "variant-id",
}
_GROUP = "os-release"
_ESCAPE = re.compile(rb"\\([$'\"\\`])")
_QUOTED = re.compile(rb'"((?:\\[$\'"\\`]|[^"])*)("?)')


def members(octets: bytes) -> Mapping[str, str]:
    """
    Return the members that the file gives; none if any line is not as it should be.
    """
    try:
        octets.decode()
        file = KeyFile.parse(b"[%b]\n%b" % (_GROUP.encode(), octets))
    except (UnicodeDecodeError, KeyFileError):
        return {}
    return {
        member: text(unquoted(file.raw(_GROUP, key)))
        for key, member in _MEMBERS.items()
        if file.has(_GROUP, key)
    }


def unquoted(value: bytes) -> bytes:
    """
    Return a value without its quotes.

    Only double quotes are any: what is not in them ends at the first blank or semicolon. Where the
    closing one is missing the end of the value comes twice, as much of it as quote and backslashes
    took: ``qemu-ga`` moves the text in place, and forgets to cut the rest.
    """
    quoted = _QUOTED.match(value)
    if quoted is None:
        return value.partition(b" ")[0].partition(b";")[0]
    content = _ESCAPE.sub(rb"\1", quoted[1])
    return content if quoted[2] else content + value[len(content) :]
