"""What the properties of the wire are drawn from: values, texts in dialect, garbage, cuts."""

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st

from txqga.wire import JSON

#: No example is too slow on a machine that is busy.
patient = settings(deadline=None)

#: What a chunk of octets is cut into.
cuts = st.lists(st.integers(0, 300), max_size=8)


def cut(data: bytes, where: Sequence[int]) -> list[bytes]:
    """Cut octets at these positions, as far as they have them."""
    ends = sorted({each for each in where if 0 < each < len(data)})
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


def one_by_one(data: bytes) -> list[bytes]:
    """Cut octets behind each octet."""
    return cut(data, range(len(data)))


#: What 64 bits hold, signed or not.
integers = st.integers(-(2**63), 2**64 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.one_of(st.none(), st.booleans(), integers, floats, st.text(max_size=20))
values: st.SearchStrategy[JSON] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
blanks = st.text(" \t\r\n", max_size=3)


@st.composite
def spelled(draw: st.DrawFn, value: JSON) -> str:
    """Spell a value in QEMU's dialect: quotes, escapes and blanks as they come."""
    before, behind = draw(blanks), draw(blanks)
    if isinstance(value, dict):
        members = (
            draw(spelled(name)) + ":" + draw(spelled(member)) for name, member in value.items()
        )
        text = "{" + (",".join(members) or draw(blanks)) + "}"
    elif isinstance(value, list):
        text = "[" + (",".join(draw(spelled(each)) for each in value) or draw(blanks)) + "]"
    elif isinstance(value, str):
        text = draw(quoted(value))
    elif isinstance(value, float):
        text = repr(value).replace("e", draw(st.sampled_from("eE")))
    else:
        text = {None: "null", True: "true", False: "false"}.get(value, str(value))
    return before + text + behind


@st.composite
def quoted(draw: st.DrawFn, value: str) -> str:
    """Spell a string, each character in one of the ways that the dialect has for it."""
    quote = draw(st.sampled_from("\"'"))
    ways = draw(st.lists(st.integers(0, 2), min_size=len(value), max_size=len(value)))
    short = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
    text = ""
    for character, way in zip(value, ways, strict=True):
        escapable = character in "\"'\\/" or character in short
        must = character < " " or character in (quote, "\\")
        if escapable and (way == 1 or (must and way == 0)):
            text += "\\" + short.get(character, character)
        elif way == 2 or must:
            units = character.encode("utf-16-be").hex()
            text += "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
        else:
            text += character
    return quote + text + quote


texts = values.flatmap(spelled).map(str.encode)

#: Octets that mean something to a reader, and some that do not.
marks = st.sampled_from(
    [bytes([octet]) for octet in b"{}[],:\"'\\ \n\t0-.eEtfna\x00\xff\xfe\xc3\x80"]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A text with a few octets put in, left out or exchanged."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 3))
        text = text[:at] + b"".join(draw(st.lists(marks, max_size=3))) + text[at + gone :]
    return text


garbage = st.one_of(
    st.binary(max_size=60),
    st.lists(marks, max_size=30).map(b"".join),
    mutated(),
    st.lists(mutated(), max_size=3).map(b"".join),
)
