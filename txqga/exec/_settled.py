"""What a command has brought that cannot be asked twice, also when its reply came late."""

from collections.abc import Mapping

from txqga.errors import CommandFailed, OutcomeUnknown
from txqga.exec._patient import AWAY, Patient
from txqga.wire import JSON, Refusal, Success


async def settled(
    patient: Patient, command: str, arguments: Mapping[str, JSON], seconds: float = AWAY
) -> JSON:
    """
    Ask once; where no reply comes in time, wait for a late one.

    :param seconds: how long.
    :raise OutcomeUnknown: none came.
    """
    try:
        return await patient.guest.call(command, arguments)
    except OutcomeUnknown as why:
        late = why.outcome.settled().addTimeout(
            seconds, patient.clock, onTimeoutCancel=lambda result, timeout: None
        )
        reply = await late
        if isinstance(reply, Success):
            return reply.value
        if isinstance(reply, Refusal):
            raise CommandFailed(reply.desc, command) from None
        raise why
