"""
What goes wrong, as HTTP says it: RFC 9457 problem details with a code for programs.

No status of the 5xx kind is given for what a guest does or does not do: proxies and client
libraries repeat requests that ended so, and most commands must not be run twice.
"""

from collections.abc import Mapping

from attrs import define, field

from txqga.errors import (
    AgentUnavailable,
    ArgumentsNotAllowed,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    InvalidArguments,
    OutcomeUnknown,
)
from txqga.wire import JSON

CONTENT_TYPE = "application/problem+json"

#: Every code, its status, and what it means; the OpenAPI document is written from this.
CODES: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request is not as it should be; the detail says where."),
    "unauthenticated": (401, "Nobody said who asks, or the token is unknown."),
    "forbidden": (403, "Whoever asks may not do this."),
    "no-such-resource": (404, "There is nothing at this path."),
    "no-such-guest": (404, "There is no guest of this name."),
    "no-such-command": (404, "The agent has no such command, or it is disabled in it."),
    "method-not-allowed": (405, "This cannot be done to what is at the path."),
    "not-acceptable": (406, "The answer has no form that was asked for."),
    "agent-unavailable": (409, "Nothing was sent to the agent: it does not answer at present."),
    "command-failed": (409, "The agent ran the command, and it failed."),
    "outcome-unknown": (
        409,
        "The command was sent and not answered: it may have run, or may run later.",
    ),
    "guest-exists": (409, "Another guest has this name, or this channel."),
    "guest-is-configured": (409, "Only a guest that was added here can be removed here."),
    "too-large": (413, "The body of the request is too long."),
    "unsupported-media-type": (415, "The body of the request is not application/json."),
    "misdirected": (421, "This server is not the host that was asked."),
    "invalid-arguments": (422, "The arguments do not fit the command's schema."),
    "busy": (429, "As much waits as may wait; ask again later."),
    "internal-error": (500, "A mistake of this program; its log has more."),
    "not-ready": (503, "The mux is stopping, or has not started yet."),
}


@define
class Problem(Exception):
    """What the client is told."""

    code: str  #: of :data:`CODES`
    detail: str  #: a sentence for people, which says what to do where something can be done
    more: Mapping[str, JSON] = field(factory=dict)  #: further members, such as ``state``
    headers: Mapping[str, str] = field(factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return CODES[self.code][0]

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"

    def document(self) -> JSON:
        """Say it as RFC 9457 does; ``code`` is ours."""
        status, title = CODES[self.code]
        return {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }


def problem_of(why: BaseException | None) -> Problem | None:
    """Say what a call of a guest ended with; None for what only a mistake of ours can be."""
    match why:
        case Problem():
            return why
        case CommandNotAllowed() | ArgumentsNotAllowed():
            return Problem("forbidden", why.desc, {"class": why.wire_class})
        case InvalidArguments():
            return Problem("invalid-arguments", why.desc, {"class": why.wire_class})
        case CommandNotFound():
            return Problem("no-such-command", why.desc, {"class": why.wire_class})
        case CommandFailed():
            return Problem("command-failed", why.desc, {"class": why.wire_class})
        case AgentUnavailable(state="busy"):
            return Problem("busy", str(why), {"state": why.state}, {"Retry-After": "1"})
        case AgentUnavailable():
            return Problem("agent-unavailable", str(why), {"state": why.state})
        case OutcomeUnknown():
            return Problem("outcome-unknown", str(why), {"command-class": why.command_class})
    return None
