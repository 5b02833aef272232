"""Which verbs there are, and where; the order is that of the help."""

from collections.abc import Mapping

#: The module and the name in it of each verb.
VERBS: Mapping[str, tuple[str, str]] = {
    "list": ("_list", "list_"),
    "info": ("_info", "info"),
    "ping": ("_ping", "ping"),
}
