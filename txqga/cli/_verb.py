"""What all verbs have in common: their options, their help, and that they run on the reactor."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from functools import wraps
from inspect import cleandoc
from signal import SIGPIPE
from time import time_ns
from typing import TYPE_CHECKING, Any

import click
from attrs import define, field

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit, Interrupted
from txqga.cli._output import Output
from txqga.cli._seconds import SECONDS
from txqga.cli._where import Where

if TYPE_CHECKING:
    from txqga.cli._control import Control
    from txqga.guest import Guest

#: How every command is read and told. Each has it, not only that which stands first: click keeps
#: the option for help as it was when it was first asked for.
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

#: Parameters that name guests: with ``--connect`` there is nothing to name.
NAMING = frozenset({"guest", "guests"})


@define
class Asked:
    """What was said for all verbs; the object of click's context."""

    where: Where = field(factory=Where)
    json: bool = False
    timeout: float | None = None  #: seconds that an answer may take; None: what is usual


class Run:
    """One verb at work: what it is given."""

    def __init__(self, reactor: Any, asked: Asked, out: Output | None = None) -> None:
        self.reactor = reactor
        self.where = asked.where
        self.timeout = asked.timeout
        self.out = Output(asked.json) if out is None else out
        self.now: Callable[[], int] = time_ns  #: nanoseconds since 1970, as this host has it
        self._control: Control | None = None

    def guest(self, name: str | None) -> "AbstractAsyncContextManager[Guest]":
        """
        Have a guest that can be asked, for as long as the ``async with``.

        :param name: None: the agent that ``--connect`` names.
        :raise AgentUnavailable: there is none at present.
        """
        from txqga.cli._target import ready_guest

        return ready_guest(self.reactor, self.where, name, self.timeout)

    def callee(self, name: str | None) -> "AbstractAsyncContextManager[Guest]":
        """
        Have a guest as :meth:`guest` does, to call commands of it that do not depend on each other:
        one of a mux that is asked over a network, too.
        """
        if name is None or not self.where.is_remote:
            return self.guest(name)
        from txqga.cli._over_control import OverControl
        from txqga.guest import Guest

        return Guest(self.reactor, OverControl(self.control, name))

    def awaited(self, name: str | None) -> "Guest":
        """Make a guest that may be away, for those who wait for it; whoever asks closes it."""
        from txqga.cli._target import make_guest

        return make_guest(self.reactor, self.where, name, self.timeout, must_be=False)

    def through_mux(self, name: str) -> None:
        """
        Insist on a mux.

        :param name: of the verb.
        :raise Complaint: one agent is to be asked.
        """
        if self.where.is_direct:
            words = f"{name} shows the guests of a mux: leave --connect out"
            raise Complaint("usage", words, Exit.USAGE)

    @property
    def control(self) -> "Control":
        """What asks the mux itself."""
        if self._control is None:
            from txqga.cli._control import Control
            from txqga.cli._line import line_of

            line = line_of(self.reactor, self.where)
            self._control = Control(self.where.control, line, self.reactor, self.timeout)
        return self._control


Work = Callable[..., Coroutine[Any, Any, int | None]]


class Verb(click.Command):
    """
    A verb. Its help ends with examples, it takes ``--json`` and ``--timeout`` too, and with
    ``--connect`` it has no parameter that names a guest.
    """

    work: Work  #: the coroutine that does it

    def __init__(self, *args: Any, examples: str = "", **named: Any) -> None:
        super().__init__(*args, **{"context_settings": dict(SETTINGS), **named})
        self.examples = cleandoc(examples).splitlines()
        has = {word for each in self.params for word in each.opts}
        self.params += [each for each in _shared() if has.isdisjoint(each.opts)]

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """List the parameters that it has as it was asked for."""
        every = super().get_params(ctx)
        asked = ctx.find_object(Asked)  # none while a line is completed, which does nothing
        said = ctx.find_root().params.get("connect")
        if said is None and (asked is None or not asked.where.is_direct):
            return every
        return [each for each in every if each.name not in NAMING]

    def invoke(self, ctx: click.Context) -> Any:
        """Do it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # which click would take for its own business
            raise Interrupted(SIGPIPE) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}".rstrip() + "\n")


def verb(name: str, *, examples: str = "", **named: Any) -> Callable[[Work], Verb]:
    """
    Make a verb of a coroutine: it is given a :class:`Run`, and its parameters by name.

    What it returns is the exit status; None: it is done.

    :param examples: command lines, one a line, for its help.
    """

    def decorate(work: Work) -> Verb:
        @wraps(work)
        def callback(**given: Any) -> int:
            from txqga.cli._running import perform

            asked = click.get_current_context().ensure_object(Asked)
            given = {**_unnamed(work), **given}
            return perform(lambda reactor: work(Run(reactor, asked), **given)) or 0

        kind: type[Verb] = named.pop("cls", Verb)
        made: Verb = click.command(name, cls=kind, examples=examples, **named)(callback)
        made.work = work
        return made

    return decorate


def _unnamed(work: Work) -> dict[str, Any]:
    """Give what stands for the guests that ``--connect`` makes superfluous."""
    takes = work.__code__.co_varnames[: work.__code__.co_argcount]
    return {each: None if each == "guest" else (None,) for each in takes if each in NAMING}


def _shared() -> list[click.Option]:
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_json,
            help="Answer in JSON, errors too.",
        ),
        click.Option(
            ["--timeout"],
            type=SECONDS,
            metavar="SECONDS",
            expose_value=False,
            callback=_timeout,
            help="How long an answer may take.",
        ),
    ]


def _json(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.ensure_object(Asked).json |= value


def _timeout(ctx: click.Context, param: click.Parameter, value: float | None) -> None:
    if value is not None:
        ctx.ensure_object(Asked).timeout = value
