"""
What becomes of memory that was freed.

The C library gives the pages of large blocks back to the system as soon as they are freed, and
takes them anew, one by one, when the next block is as large: for a reply of a mebibyte that took
three times as long as everything else, measured in a virtual machine. glibc keeps up to twice as
much as the largest block that it has seen freed (mallopt(3), ``M_MMAP_THRESHOLD``); other C
libraries do as they like.
"""

#: Octets: as much again is kept. A file-read of 8 MiB makes two copies of its 11 MiB of base64.
LARGEST = 16 << 20


def keep_freed_memory(largest: int = LARGEST) -> None:
    """
    Let freed memory be kept for what comes next, up to twice as much as ``largest`` octets.

    It costs nothing until it is used: the block that teaches this to the C library is not touched.

    :param largest: at most 32 MiB, of more nothing is learnt.
    """
    bytes(largest)
