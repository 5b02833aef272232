"""
What goes wrong, as HTTP says it: RFC 9457 problem details with a code for programs.

No status of the 5xx kind is given for what a guest does or does not do: proxies and client
libraries repeat requests that ended so, and most commands must not be run twice.
"""

from collections.abc import Mapping

from attrs import define, field
from twisted.internet import defer

from txqga.errors import (
    AgentUnavailable,
    ArgumentsNotAllowed,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    DidNotHold,
    GroupFailed,
    GuestIsFrozen,
    InvalidArguments,
    LeaseNotWritten,
    NotFrozen,
    OutcomeUnknown,
)
from txqga.wire import JSON

CONTENT_TYPE = "application/problem+json"

LONGEST = 1000  #: characters of what is told, and kept, of each guest of a group

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
    "no-such-freeze": (404, "There is no group of this id that is frozen, or was until lately."),
    "agent-unavailable": (409, "Nothing was sent to the agent: it does not answer at present."),
    "command-failed": (409, "The agent ran the command, and it failed."),
    "outcome-unknown": (
        409,
        "The command was sent and not answered: it may have run, or may run later.",
    ),
    "guest-is-frozen": (409, "Nothing was sent to the agent: somebody has frozen the guest."),
    "not-frozen": (409, "There is no lease that could be renewed: it is not frozen."),
    "not-renewed": (409, "Leases of the group's guests were not renewed, or not all of them."),
    "not-all-frozen": (409, "One guest of the group could not be frozen, so none is."),
    "did-not-hold": (
        409,
        "It did not stay frozen until it was thawed: what was copied then may be worth nothing.",
    ),
    "hook-failed": (409, "The program failed that is run before a group is frozen, and after."),
    "lease-not-written": (
        409,
        "The guest was not frozen: its lease cannot be written down. See to the state folder.",
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
        case GuestIsFrozen():
            return Problem("guest-is-frozen", why.desc, {"class": why.wire_class})
        case NotFrozen():
            return Problem("not-frozen", why.desc, {"class": why.wire_class})
        case DidNotHold():
            return Problem("did-not-hold", why.desc, {"class": why.wire_class})
        case CommandNotFound():
            return Problem("no-such-command", why.desc, {"class": why.wire_class})
        case CommandFailed():
            return Problem("command-failed", why.desc, {"class": why.wire_class})
        case LeaseNotWritten():
            return Problem("lease-not-written", str(why))
        case AgentUnavailable(state="busy"):
            return Problem("busy", str(why), {"state": why.state}, {"Retry-After": "1"})
        case AgentUnavailable():
            return Problem("agent-unavailable", str(why), {"state": why.state})
        case OutcomeUnknown():
            return Problem("outcome-unknown", str(why), {"command-class": why.command_class})
    return None


def short(text: str) -> str:
    """Cut what may be a guest's, and as long as it likes."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


def failures_of(why: BaseException | None) -> dict[str, JSON]:
    """Say of each guest of a group what went wrong with it; of another failure nothing."""
    if not isinstance(why, GroupFailed):
        return {}
    told: dict[str, JSON] = {}
    for name, failure in why.failures.items():
        problem = problem_of(failure)
        if problem is not None:
            told[name] = {"code": problem.code, "detail": short(problem.detail)}
        elif isinstance(failure, defer.TimeoutError | defer.CancelledError):
            told[name] = {"code": "agent-unavailable", "detail": "it has not answered in time"}
        else:
            told[name] = {"code": "internal-error", "detail": "a mistake of this program"}
    return told
