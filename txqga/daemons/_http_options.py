"""The control interface and the figures of guests, as the mux's command line describes them."""

from collections.abc import Mapping
from typing import Any

from twisted.python import usage

from txqga.daemons._freeze_options import Seconds

#: Seconds from one time to the next at which guests are asked for what changes most often, if
#: nothing is said.
POLL_PERIOD = 15.0

#: The options that say so.
WORDS: list[list[Any]] = [
    [
        "http",
        None,
        None,
        "Serve the control interface there: a server endpoint such as "
        "unix:/run/txqga/control.http, which only root and the user that runs this may use, or "
        "ssl:8443:..., for those who have a token or a certificate.",
    ],
    [
        "http-tokens",
        None,
        None,
        "Let those in over HTTP who have one of the tokens in this file: a name and a token on "
        "each line. Nobody else may be able to read it. Read again at SIGHUP.",
    ],
    [
        "push",
        None,
        None,
        "Push what --poll reads, and what happens to guests, to the platforms in this TOML file. "
        "Read again at SIGHUP.",
    ],
    [
        "monitor",
        None,
        None,
        "What --poll asks of which guest and how often, your labels for guests, and collectors of "
        "your own: this TOML file. Read again at SIGHUP.",
    ],
    [
        "poll-period",
        None,
        POLL_PERIOD,
        "Seconds after which --poll asks a guest again for what changes most often, such as its "
        "load; for the rest more rarely, in proportion.",
        Seconds("poll-period"),
    ],
]

FLAGS: list[list[str | None]] = [
    [
        "poll",
        None,
        "Ask the guests again and again how they are, when nobody else wants anything of them: "
        "load, memory, disks, network. Their figures are in /metrics of the control interface.",
    ],
]


def check_poll(options: Mapping[str, Any]) -> None:
    """
    Complain of figures that nobody could read.

    :raise UsageError: there are such.
    """
    if options["push"] is not None and not options["poll"]:
        raise usage.UsageError("--push: there is nothing to push: say --poll too")
    if options["monitor"] is not None and not options["poll"]:
        raise usage.UsageError("--monitor: no guest is asked anything: say --poll too")
    if options["poll"] and options["http"] is None:
        raise usage.UsageError("--poll: nobody could read the figures: say --http ENDPOINT too")
