"""What went wrong: for people, for programs, and as an exit status."""

from collections.abc import Mapping
from errno import EBADF
from typing import TYPE_CHECKING

from attrs import define, field

from txqga.cli._exits import Exit
from txqga.errors import (
    AgentUnavailable,
    ArgumentsNotAllowed,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    CopyDiffers,
    DidNotHold,
    GroupFailed,
    GuestIsFrozen,
    HookFailed,
    InvalidArguments,
    Misfit,
    NotKilled,
    OutcomeUnknown,
    ProgramLost,
    TooLarge,
    TxqgaError,
)

if TYPE_CHECKING:
    from txqga.wire import JSON


@define
class Complaint(Exception):
    """Why a verb did not do what it was asked for."""

    code: str  #: for programs
    words: str  #: a sentence for people, not escaped yet
    exit: Exit = Exit.REFUSED
    more: "Mapping[str, JSON]" = field(factory=dict)  #: further members, such as ``state``

    def __str__(self) -> str:
        return self.words

    def document(self) -> "JSON":
        """Say it as ``--json`` does."""
        return {
            "error": {
                "code": self.code,
                "message": self.words,
                "exit": int(self.exit),
                **self.more,
            }
        }


#: Codes that say that there is no mux at present: one that was there may be started anew.
GONE = frozenset({"no-mux", "mux-unreachable", "not-ready"})

#: Codes of the control interface that are no refusal.
_OF_PROBLEMS = {
    "unauthenticated": Exit.FORBIDDEN,
    "forbidden": Exit.FORBIDDEN,
    "no-such-guest": Exit.UNAVAILABLE,
    "agent-unavailable": Exit.UNAVAILABLE,
    "busy": Exit.UNAVAILABLE,
    "not-ready": Exit.UNAVAILABLE,
    "outcome-unknown": Exit.UNKNOWN,
    "invalid-arguments": Exit.USAGE,
    "did-not-hold": Exit.NOT_HELD,
    "not-all-frozen": Exit.NOT_HELD,
}


def of_problem(document: object) -> Complaint:
    """Read what the control interface says went wrong."""
    told = document if isinstance(document, dict) else {}
    code = str(told.get("code", "bad-answer"))
    words = str(told.get("detail", "the mux gave an answer that makes no sense"))
    more = {key: told[key] for key in ("class", "state", "command-class") if key in told}
    return Complaint(code, words, _OF_PROBLEMS.get(code, Exit.REFUSED), more)


#: What to make of it when a command of ours is missing.
_OURS = "only txqga-agent has it, and may have it blocked; QEMU's own agent has not"


def complaint_of(why: BaseException) -> Complaint | None:
    """Say what a verb ended with; None for what only a mistake of ours can be."""
    match why:
        case Complaint():
            return why
        case CommandNotAllowed() | ArgumentsNotAllowed():
            return _failed("forbidden", why, Exit.FORBIDDEN)
        case InvalidArguments():
            return _failed("invalid-arguments", why, Exit.USAGE)
        case GuestIsFrozen():
            return _failed("guest-is-frozen", why, Exit.REFUSED)
        case DidNotHold():
            return _failed("did-not-hold", why, Exit.NOT_HELD)
        case CommandNotFound(command=command):
            hint = _OURS if command.startswith("txqga-") else ""
            return _failed("no-such-command", why, Exit.REFUSED, hint)
        case CommandFailed():
            return _failed("command-failed", why, Exit.REFUSED)
        case AgentUnavailable(state=state, reason=reason):
            allowed = not reason.startswith("permission denied")
            code, status = ("agent-unavailable", Exit.UNAVAILABLE)
            if not allowed:
                code, status = ("forbidden", Exit.FORBIDDEN)
            return Complaint(code, str(why), status, {"state": state})
        case OutcomeUnknown(command=command, command_class=kind):
            more: dict[str, JSON] = {"command": command, "command-class": kind}
            return Complaint("outcome-unknown", str(why), Exit.UNKNOWN, more)
        case ProgramLost() | NotKilled():
            return Complaint("outcome-unknown", str(why), Exit.UNKNOWN)
        case GroupFailed(failures=failures):
            told: dict[str, JSON] = {name: str(each) for name, each in failures.items()}
            return Complaint("did-not-hold", str(why), Exit.NOT_HELD, {"guests": told})
        case CopyDiffers():
            return Complaint("copy-differs", str(why), Exit.DIFFERS)
        case Misfit():
            return Complaint("misfit", f"the guest's answer makes no sense: {why}")
        case HookFailed() | TooLarge() | TxqgaError():
            return Complaint("failed", str(why))
        case OSError():
            return Complaint("host", _of_host(why))
    return None


def _failed(code: str, why: CommandFailed, status: Exit, hint: str = "") -> Complaint:
    more: dict[str, JSON] = {"class": why.wire_class}
    if why.command:
        more["command"] = why.command
    return Complaint(code, f"{why}: {hint}" if hint else str(why), status, more)


def _of_host(why: OSError) -> str:
    if why.errno == EBADF:
        return "standard input or output is closed"
    words = why.strerror or str(why)
    return f"{why.filename}: {words}" if why.filename is not None else words
