"""What a file of the guest holds, in short: by the best way there is."""

import re
from enum import Enum
from hashlib import sha256

from attrs import frozen

from txqga.errors import CommandFailed, CopyDiffers
from txqga.files._chunk import Chunk
from txqga.files._guest_file import open_guest_file
from txqga.files._kit import Kit
from txqga.files._program import shell
from txqga.files._progress import Meter
from txqga.files._reading import Reading
from txqga.schema import extended, structure

_COMMAND = "txqga-file-digest"
_HEX = re.compile(r"[0-9a-f]{64}")

#: Octets per second that a slow disk and a slow processor make, to bound the waiting.
_SLOW = 4 * 1024 * 1024

#: The digest of the first ``$2`` octets.
_SCRIPT = """\
command -v sha256sum >/dev/null || exit 127
head -c "$2" -- "$1" | sha256sum
"""


class Verified(str, Enum):
    """How it is known that a copy is good."""

    EXTENSION = "extension"  #: the guest's agent made a digest
    PROGRAM = "program"  #: ``sha256sum`` of the guest did
    READ_BACK = "read back"  #: it was read once more
    NO = "no"  #: it is not known


@frozen
class Digest:
    """SHA-256 of the beginning of a file."""

    hexadecimal: str
    count: int  #: octets that it is of
    by: Verified


async def guest_digest(kit: Kit, path: str, count: int) -> Digest:
    """
    Make a digest of the first octets of a file of the guest.

    :param count: of how many.
    :raise CommandFailed: it cannot be read.
    """
    seconds = 60 + count / _SLOW
    if kit.traits.knows(_COMMAND):
        asked = {"path": path, "algorithm": "sha256", "count": count}
        told = await kit.guest.call(_COMMAND, asked, deadline=seconds, cap=seconds + 600)
        said = structure(extended(), "TxqgaFileDigest", told)
        return Digest(said.digest, said.count, Verified.EXTENSION)
    if kit.traits.has_shell:
        try:
            done = await shell(kit.clock, kit.guest, _SCRIPT, path, str(count), seconds=seconds)
        except CommandFailed:
            pass  # it has no shell
        else:
            made = done.out[:64].decode("ascii", "replace")
            if done.code == 0 and _HEX.fullmatch(made):
                return Digest(made, count, Verified.PROGRAM)
    return await _read_back(kit, path, count)


async def _read_back(kit: Kit, path: str, count: int) -> Digest:
    made = sha256()
    file = await open_guest_file(kit.guest, path, "rb")
    try:
        reading = Reading(
            file=file,
            aside=kit.aside,
            chunk=Chunk(kit.clock),
            meter=Meter(kit.clock, limit=kit.limit),
            take=made.update,
            count=count,
        )
        got = await reading.run()
    finally:
        await kit.aside.idle()
        await file.drop()
    return Digest(made.hexdigest(), got, Verified.READ_BACK)


def check_digest(digest: Digest, made: str, count: int, path: str) -> None:
    """
    See whether a copy is good.

    :raise CopyDiffers: it is not.
    """
    if digest.hexadecimal != made or digest.count != count:
        raise CopyDiffers(path, digest.by.value)
