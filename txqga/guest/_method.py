"""A command as a method: its name, its parameters, and what becomes of the reply."""

import inspect
import re
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any

from attrs import field, frozen
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from txqga.errors import InvalidArguments, OutcomeUnknown
from txqga.schema import (
    Command,
    Doc,
    Member,
    Schema,
    attribute_name,
    check,
    python_name,
    structure,
    unstructure,
)
from txqga.session import Callee
from txqga.wire import JSON

_PREFIX = "guest-"

#: what is not to be told of octets that are given as bytes
_BASE64 = re.compile(r",? in base64\b")

_OCTETS = bytes | bytearray | memoryview

#: parameters that every method has
_OWN = ("self", "deadline", "cap")


def method_name(command: str) -> str:
    """Give the name of the method for a command: ``guest-get-osinfo`` is ``get_osinfo``."""
    return python_name(command.removeprefix(_PREFIX) or command)


def parameter_name(argument: Member) -> str:
    """Give the name of the parameter for an argument: ``buf-b64`` is ``buf``, for bytes."""
    name = attribute_name(argument)
    return f"{name}_" if name in _OWN else name


@frozen
class Method:
    """
    One command of a schema, called with Python values.

    Arguments that must be given may be given by position, in the order of the schema; the others
    by name.
    """

    schema: Schema
    command: Command
    _names: Mapping[str, str] = field(init=False)  #: of arguments, by parameter
    signature: Signature = field(init=False)

    @_names.default
    def _parameter_names(self) -> dict[str, str]:
        return {parameter_name(each): each.name for each in self.command.arguments}

    @signature.default
    def _signature_of(self) -> Signature:
        every = self.command.arguments
        given = [(parameter_name(each), each.optional) for each in every]
        return Signature(
            [
                Parameter("self", Parameter.POSITIONAL_ONLY),
                *(_by_position(name) for name, optional in given if not optional),
                *(_by_name(name) for name, optional in given if optional),
                _by_name("deadline"),
                _by_name("cap"),
            ]
        )

    def __call__(self, guest: Callee, *values: Any, **named: Any) -> Deferred[Any]:
        """
        Ask the guest.

        :raise TypeError: the arguments are not those of the command, as of any function.
        :return: the Python value of the reply; None where the agent says nothing.
        """
        given = self.signature.bind(guest, *values, **named).arguments
        del given["self"]
        times = {each: given.pop(each, None) for each in ("deadline", "cap")}
        said = {self._names[name]: value for name, value in given.items() if value is not None}
        try:
            self._check_octets(said)
            wire = {name: unstructure(value) for name, value in said.items()}
            checked = check(self.schema, self.command, wire)
        except InvalidArguments:
            return fail()
        asked: Deferred[Any] = guest.call(self.command.name, checked, **times)
        if not self.command.success_response:
            asked.addErrback(_went_well)
        return asked.addCallback(self._read)

    def _check_octets(self, said: Mapping[str, Any]) -> None:
        """
        See that octets are where octets belong, and nowhere else: they would arrive as base64.

        :raise InvalidArguments: they are not.
        """
        for each in self.command.arguments:
            value = said.get(each.name)
            for one in value if isinstance(value, list | tuple) else (value,):
                if one is not None and isinstance(one, _OCTETS) is not each.is_base64:
                    expected = "bytes" if each.is_base64 else "no bytes"
                    why = f"Invalid parameter type for '{each.name}', expected: {expected}"
                    raise InvalidArguments(why, self.command.name)

    def _read(self, value: JSON) -> Any:
        returns = self.command.returns
        return None if returns is None else structure(self.schema, returns, value)

    def function(self) -> Callable[..., Deferred[Any]]:
        """Make a function of it, which can be the method of a class."""

        def method(*values: Any, **named: Any) -> Deferred[Any]:
            return self(*values, **named)

        method.__name__ = method_name(self.command.name)
        method.__doc__ = documentation(self.command)
        method.__signature__ = self.signature  # type: ignore[attr-defined]
        return method


def documentation(command: Command) -> str:
    """Give what the schema says of a command, as a docstring."""
    doc = command.doc
    lines = [doc.text] if doc.text else [f"Call ``{command.name}``."]
    told = [
        f":param {parameter_name(each)}: {_about(each, doc)}".rstrip() for each in command.arguments
    ]
    if told:
        lines += ["\n".join(told)]
    returned = next((text for tag, text in doc.sections if tag == "Returns"), "")
    if returned:
        lines += [f":return: {returned}"]
    if not command.success_response:
        lines += [":return: None: it was sent, and not refused. There is no reply when it works."]
    return inspect.cleandoc("\n\n".join(lines))


def _about(argument: Member, doc: Doc) -> str:
    text = argument.doc or doc.members.get(argument.name, "")
    if argument.is_base64:
        text = _BASE64.sub("", text)
    return text.replace("\n", "\n    ")


def _went_well(failure: Failure) -> dict[str, JSON]:
    failure.trap(OutcomeUnknown)  # a command without a reply has no other outcome
    return {}


def _by_position(name: str) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD)


def _by_name(name: str) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None)
