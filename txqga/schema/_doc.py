"""
Documentation comments, taken apart.

::

    ##
    # @guest-file-read:
    #
    # What it does.
    #
    # @handle: from guest-file-open
    #
    # Returns: the octets
    #
    # Since: 0.15.0
    ##
"""

import re

from txqga.schema._model import Doc

_SIGN = re.compile(r"^[ \t]*#+ ?", re.MULTILINE)
_NAMED = re.compile(r"@([\w.*+-]+):(?:[ \t]+|$)")
_TAGGED = re.compile(r"(Since|Returns|Errors|Notes?|Examples?|Features|TODO)(?:::?(?:[ \t]+|$))")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_MEMBER_SINCE = re.compile(r"\s*\(\s*since:?\s+(\d[^\s,;)]*)(?=[\s,;)])", re.IGNORECASE)


def read_doc(comment: str) -> tuple[str, Doc]:
    """
    Take a comment apart, from ``##`` to ``##``.

    :return: the name it is about (empty: it is about nothing in particular), and what it says.
    """
    lines = _SIGN.sub("", comment).split("\n")[1:-1]
    text: list[str] = []
    members: dict[str, list[str]] = {}
    features: dict[str, list[str]] = {}
    sections: list[tuple[str, list[str]]] = []
    subject = ""
    named = members
    current = text
    in_member = after_blank = False
    for line in lines:
        if not line or line.isspace():
            after_blank = True
            current.append("")
            continue
        first = line[0]
        if first == "@" and (found := _NAMED.match(line)):
            if not subject and current is text and not any(text):
                subject = found[1]
                text.clear()
            else:
                current = named[found[1]] = []
                in_member = True
            line = line[found.end() :]
        elif first.isupper() and (found := _TAGGED.match(line)):
            if found[1] == "Features":
                named = features
            current = []
            sections.append((found[1], current))
            in_member = False
            line = line[found.end() :]
        elif after_blank and in_member and not first.isspace():
            # what follows a member's paragraph without an indent is about the whole again
            current = text
            if current and current[-1]:
                current.append("")
            in_member = False
        after_blank = False
        current.append(line)
    told = [(tag, _fold(body)) for tag, body in sections if tag != "Features"]
    return subject, Doc(
        text=_fold(text),
        members={name: _fold(body) for name, body in members.items()},
        features={name: _fold(body) for name, body in features.items()},
        sections=tuple((tag, body) for tag, body in told if tag != "Since"),
        since=next((body for tag, body in told if tag == "Since"), ""),
    )


def version_in(since: str) -> str | None:
    """Give the version that the free text after ``Since:`` begins with or mentions first."""
    found = _VERSION.search(since)
    return found[0] if found else None


def member_doc(text: str) -> tuple[str, str | None]:
    """
    Take ``(since 2.4)`` out of what is said about a member.

    :return: what else is said (in full where more than the version is in the brackets), and the
        version or None.
    """
    found = _MEMBER_SINCE.search(text) if text else None
    if found is None:
        return text, None
    whole = text[: found.start()] + text[found.end() + 1 :]
    return (whole.strip() if text[found.end()] == ")" else text), found[1]


def _fold(lines: list[str]) -> str:
    """Join the lines without the indent that all but the first share."""
    if len(lines) > 1:
        indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
        if indents and (common := min(indents)):
            lines = [lines[0], *(line[common:] for line in lines[1:])]
    return "\n".join(lines).strip()
