"""Columns of numbers, as the kernel's text files have them."""

from collections.abc import Iterable
from itertools import takewhile


def leading_numbers(words: Iterable[bytes]) -> list[int]:
    """
    Return the numbers that a line begins with, up to the first word that is none.

    How many there are tells which kernel it is: columns are added at the end.
    """
    return [int(word) for word in takewhile(bytes.isdigit, words)]
