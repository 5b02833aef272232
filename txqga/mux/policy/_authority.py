"""
Says of each command whether it may be called, and has it written down.

One authority is for all guests of a mux. Its policy can be exchanged while it works: the next
command is decided by the new one, whoever is connected.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime

from txqga.errors import ArgumentsNotAllowed, CommandFailed, CommandNotAllowed
from txqga.mux._callers import Bearer, Caller, Peer
from txqga.mux.policy._entry import Asked, line, outcome, refused_connection
from txqga.mux.policy._redaction import cut
from txqga.mux.policy._rights import ADD, REMOVE, Right, may_add, refused, rights
from txqga.mux.policy._rules import Decision, Policy, decide, may_come
from txqga.schema import Schema
from txqga.wire import JSON

#: Takes each line of the audit.
Write = Callable[[bytes], object]

_TRUSTED = Decision(allowed=True)


class Authority:
    """
    Says who may, for a mux.

    :param schema: tells what may be written down of a command's arguments.
    :param write: takes the lines of the audit; None: there is none.
    :param now: seconds since 1970.
    """

    def __init__(
        self,
        clock: IReactorTime,
        policy: Policy,
        schema: Schema,
        write: Write | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy
        self._clock = clock
        self._schema = schema
        self._write = write
        self._now = now

    def refuses(self, who: Peer | Bearer, guest: str | None) -> str | None:
        """
        Say why somebody is not let in at all; None if they are.

        :param guest: to which they come; None: to the control interface.
        """
        if may_come(self.policy, who, guest):
            return None
        why = f"permission denied: you are {_named(who)}, whom the policy gives nothing here"
        if self._write is not None:
            self._write(refused_connection(self._now(), guest, who, why))
        return why

    def sees(self, who: Peer | Bearer, guest: str, command: str = "") -> bool:
        """
        Tell whether somebody may know of a guest: there is something that they may ask of it.

        :param command: what they have asked of it, which is written down if they may not.
        """
        if may_come(self.policy, who, guest):
            return True
        if command:
            with suppress(CommandNotAllowed):
                self.check(who, guest, command)
        return False

    def rights(self, who: Peer | Bearer, guests: Iterable[str]) -> list[Right]:
        """Say what somebody may ask of which of these guests; nothing of it is written down."""
        return rights(self.policy, who, guests, [*self._schema.commands, ADD, REMOVE])

    def may_add(self, who: Peer | Bearer) -> bool:
        """Tell whether there is a name under which somebody may add a guest."""
        return may_add(self.policy, who)

    def check(
        self,
        who: Peer | Bearer,
        guest: str,
        command: str,
        arguments: Mapping[str, JSON] = MappingProxyType({}),
        *,
        ahead: bool = False,
    ) -> None:
        """
        Let something be done to the mux itself, such as ``mux-add-guest``.

        :param ahead: it is a command that will be asked for, if this and others may be run; what is
            allowed is written down then.
        :raise CommandNotAllowed: it may not be.
        :raise ArgumentsNotAllowed: it may not be, with these arguments.
        """
        decision = decide(self.policy, who, guest, command, arguments)
        if self._write is not None and not (ahead and decision.allowed):
            asked = self._asked(who, guest, command, arguments, decision)
            self._write(line(self._schema, asked, {}))
        if not decision.allowed:
            raise _refusal(decision, who, command)

    def ask(
        self,
        caller: Caller,
        guest: str,
        command: str,
        arguments: Mapping[str, JSON],
        run: Callable[[], Deferred[JSON]],
    ) -> Deferred[JSON]:
        """
        Run a command for somebody, if they may.

        :return: what ``run`` returns, with the same results; or one that has failed with
            :class:`CommandNotAllowed` or :class:`ArgumentsNotAllowed`.
        """
        who = caller.who
        decision = _TRUSTED
        if who is not None:
            decision = decide(self.policy, who, guest, command, arguments)
        started = self._clock.seconds()
        asked: Deferred[JSON]
        if decision.allowed:
            asked = run()
            if command == "guest-info" and who is not None:
                asked.addCallback(self._as_allowed, who, guest)
        else:
            asked = fail(_refusal(decision, who, command))
        if self._write is not None and not caller.polls:
            entry = self._asked(who, guest, command, arguments, decision)
            asked.addBoth(self._ended, entry, started)
        return asked

    def _asked(
        self,
        who: Peer | Bearer | None,
        guest: str,
        command: str,
        arguments: Mapping[str, JSON],
        decision: Decision,
    ) -> Asked:
        return Asked(
            time=self._now(),
            guest=guest,
            who=who,
            command=command,
            arguments=arguments,
            decision=decision,
        )

    def _ended(self, result: JSON, asked: Asked, started: float) -> JSON:
        assert self._write is not None
        seconds = self._clock.seconds() - started
        told = outcome(result, seconds) if asked.decision.allowed else {}
        self._write(line(self._schema, asked, told))
        return result

    def _as_allowed(self, value: JSON, who: Peer | Bearer, guest: str) -> JSON:
        """Tell of each command that is refused whatever its arguments that it is not enabled."""
        if not isinstance(value, dict) or not isinstance(value.get("supported_commands"), list):
            return value
        listed = value["supported_commands"]
        names = [each.get("name") if isinstance(each, dict) else None for each in listed]
        no = refused(self.policy, who, guest, {each for each in names if isinstance(each, str)})
        if not no:
            return value
        told = [
            {**each, "enabled": False} if isinstance(name, str) and name in no else each
            for each, name in zip(listed, names, strict=True)
        ]
        return {**value, "supported_commands": told}


def _named(who: Peer | Bearer) -> str:
    return f"uid {who.uid}" if isinstance(who, Peer) else who.name


def _refusal(decision: Decision, who: Peer | Bearer | None, command: str) -> CommandFailed:
    """
    Say that a command is refused.

    Where no arguments would help it is what an agent says of a command that is blocked in it, in
    its class and nearly in its words: clients such as libvirt then do without the command.
    """
    name = cut(command, 64)
    whom = "" if who is None else _named(who)
    if decision.by_arguments:
        return ArgumentsNotAllowed(
            f"permission denied: the policy of this mux does not allow {whom} to call {name} "
            "with these arguments",
            command,
        )
    return CommandNotAllowed(
        f"Command {name} has been disabled: the policy of this mux does not allow it to {whom}",
        command,
    )
