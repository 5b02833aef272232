"""
The agent's command line: the words that ``qemu-ga`` understands.

They are parsed here and not by ``usage.Options``, which cannot be that command line; the twistd
plug-in hands its words on to :func:`read`. A later word wins over an earlier one and the command
line over the configuration file, but lists of commands add up.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, evolve, frozen

from txqga.agent._activation import inherited_method
from txqga.agent._config import (
    CONFIG_FILE,
    FREEZE_LIMIT,
    FSFREEZE_HOOK,
    HOOK_LIMIT,
    ISA_PATH,
    VIRTIO_PATH,
    Config,
    dump,
    folders,
    read_file,
    seconds,
    split,
)
from txqga.agent._getopt import BadOption, Option, Takes, getopt_long
from txqga.agent._keyfile import KeyFileError
from txqga.agent._start import StartFailed

__all__ = ["BadConfig", "Config", "Told", "read"]

#: in the order in which qemu-ga declares them: getopt lists the candidates of ``--v`` in it
OPTIONS = (
    Option("h", "help"),
    Option("V", "version"),
    Option("D", "dump-conf"),
    Option("l", "logfile", Takes.ARGUMENT),
    Option("f", "pidfile", Takes.ARGUMENT),
    Option("F", "fsfreeze-hook", Takes.MAYBE),
    Option("v", "verbose"),
    Option("m", "method", Takes.ARGUMENT),
    Option("p", "path", Takes.ARGUMENT),
    Option("d", "daemonize"),
    Option("b", "block-rpcs", Takes.ARGUMENT),
    Option("a", "allow-rpcs", Takes.ARGUMENT),
    Option("t", "statedir", Takes.ARGUMENT),
    Option("r", "retry-path"),
    Option("c", "config", Takes.ARGUMENT),
    Option(None, "plugins", Takes.ARGUMENT),
    Option(None, "freeze-limit", Takes.ARGUMENT),
    Option(None, "hook-limit", Takes.ARGUMENT),
)

_FLAGS = {"v": "verbose", "d": "daemon", "r": "retry_path"}
_VALUES = {"l": "logfile", "f": "pidfile", "m": "method", "p": "path", "t": "statedir"}
_SECONDS = {"freeze-limit": "freeze_limit", "hook-limit": "hook_limit"}
_LISTS = {"b": "block_rpcs", "a": "allow_rpcs"}


@frozen
class Told:
    """The words asked for a text, not for an agent; it goes to standard output."""

    text: str


@define
class BadConfig(Exception):
    """The agent cannot be started as it was told to."""

    desc: str  #: for standard error
    hint: str = ""  #: for standard output, as qemu-ga has it

    def __str__(self) -> str:
        return self.desc


def read(
    program: str,
    words: Sequence[str],
    environ: MutableMapping[str, str],
    commands: Callable[[Config], Iterable[str]],
) -> Config | Told:
    """
    Return what the command line ``words`` of ``program`` mean.

    :param environ: ``QGA_CONF`` in it names the configuration file, where ``-c`` does not;
        ``LISTEN_FDS`` tells of a socket that systemd has handed over, and is removed.
    :param commands: returns the names that ``-b help`` lists, in order, for the words before it.
    :raise BadConfig: a word, the configuration file or the socket is wrong.
    """
    config = _from_file(words, environ)
    dumps = False
    try:
        for letter, argument in getopt_long(words, OPTIONS):
            if letter == "h":
                return Told(_help(program))
            if letter == "V":
                return Told(f"QEMU Guest Agent {config.version}\n")
            if letter in _LISTS and argument in ("help", "?"):
                return Told("".join(f"{name}\n" for name in commands(config)))
            dumps = dumps or letter == "D"
            config = _told(config, letter, argument)
    except BadOption as why:
        raise BadConfig(
            f"{program}: {why}",
            f"Unknown option, try '{program} --help' for more information.\n",
        ) from None
    config = _with_channel(config, environ)
    return Told(dump(config)) if dumps else config


def _with_channel(config: Config, environ: MutableMapping[str, str]) -> Config:
    try:
        method = inherited_method(environ)
    except StartFailed as why:
        raise BadConfig(why.desc) from None
    if method is not None:
        return evolve(config, method=method, path=None, inherited=True)
    config = config.with_default_path()
    if not config.path:
        raise BadConfig("must specify a path for this channel")
    return config


def _from_file(words: Sequence[str], environ: Mapping[str, str]) -> Config:
    named: str | None = None
    try:
        for letter, argument in getopt_long(words, OPTIONS):
            named = argument if letter == "c" else named
    except BadOption:
        pass  # it is told of in its turn, after what stands before it
    path = environ.get("QGA_CONF", CONFIG_FILE) if named is None else named
    try:
        return read_file(Path(path))
    except FileNotFoundError as why:
        if named is None:
            return Config()
        reason = why.strerror
    except OSError as why:
        reason = why.strerror
    except KeyFileError as why:
        reason = why.desc
    raise BadConfig(f"error loading configuration from path: {path}, {reason}")


def _told(config: Config, letter: str, argument: str | None) -> Config:
    changes: dict[str, Any] = {}
    if letter in _FLAGS:
        changes[_FLAGS[letter]] = True
    elif letter in _VALUES:
        changes[_VALUES[letter]] = argument
    elif letter in _LISTS:
        before = getattr(config, _LISTS[letter])
        changes[_LISTS[letter]] = (*before, *split(argument or ""))
    elif letter == "plugins":
        changes["plugins"] = (*(config.plugins or ()), *folders(argument or ""))
    elif letter in _SECONDS:
        try:
            changes[_SECONDS[letter]] = seconds(argument or "")
        except KeyFileError as why:
            raise BadConfig(f"--{letter}: {why.desc}") from None
    elif letter == "F":
        changes["fsfreeze_hook"] = FSFREEZE_HOOK if argument is None else argument
    return evolve(config, **changes)


def _help(program: str) -> str:
    return _HELP.format(
        program=program,
        config=CONFIG_FILE,
        virtio=VIRTIO_PATH,
        isa=ISA_PATH,
        hook=FSFREEZE_HOOK,
        freeze_limit=FREEZE_LIMIT,
        hook_limit=HOOK_LIMIT,
    )


_HELP = """\
Usage: {program} [OPTIONS]

Answer QEMU guest agent commands, as qemu-ga does.

Channel:
  -m, --method=METHOD     how the host talks to us: virtio-serial (default),
                          isa-serial, unix-listen or vsock-listen
  -p, --path=PATH         the device, the socket to listen on, or CID:PORT
                          (default for virtio-serial:
                          {virtio};
                          for isa-serial: {isa})
  -r, --retry-path        try again every five seconds where the channel
                          cannot be opened, or has gone
                          A socket that systemd hands over (LISTEN_FDS) goes
                          before method and path.

Files:
  -t, --statedir=DIR      keep the agent's state here (default: /var/run)
  -l, --logfile=PATH      append the log to PATH (default: standard error)
  -f, --pidfile=PATH      where a daemon writes its process id
                          (default: /var/run/qemu-ga.pid)
  -c, --config=PATH       read the configuration from PATH (default: what the
                          environment variable QGA_CONF names, else
                          {config})

Commands:
  -b, --block-rpcs=LIST   refuse these commands; names with commas between,
                          no spaces; "help" lists the names
  -a, --allow-rpcs=LIST   refuse all but these commands

      --plugins=DIRS      serve the plug-ins in these folders too, named with
                          colons between (default: /etc/txqga/plugins, and
                          share/txqga/plugins where txqga is installed)
Freezing:
  -F, --fsfreeze-hook[=PATH]
                          run PATH with the word freeze before filesystems are
                          frozen, and with thaw after they were thawed
                          (without PATH: {hook})
      --hook-limit=SECONDS
                          kill it when it takes longer; 0: wait for ever
                          (default: {hook_limit})
      --freeze-limit=SECONDS
                          thaw by ourselves when nobody does; 0: never
                          (default: {freeze_limit})

Other:
  -d, --daemonize         go to the background
  -v, --verbose           log warnings and what is being done too
  -D, --dump-conf         print the configuration that this makes, and exit
  -V, --version           print the version of the interface, and exit
  -h, --help              print this, and exit

Options win over the configuration file; lists of commands add up. The file has
a group [general] and keys named as the long options.
"""
