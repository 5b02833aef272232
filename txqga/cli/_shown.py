"""What guests say, as it may go to a terminal: nothing in it moves a cursor or changes a colour."""


def shown(text: str, *, lines: bool = False) -> str:
    r"""
    Make every character visible that is none that can be printed: ESC is ``\x1b``.

    What is escaped are control characters, those that turn the direction of writing, and lone
    surrogates; a backslash stays as it is.

    :param lines: newlines and tabs stay.
    """
    kept = "\n\t" if lines else ""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in kept else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
