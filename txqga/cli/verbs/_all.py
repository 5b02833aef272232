"""Which verbs there are, and where; the order is that of the help."""

from collections.abc import Mapping

#: The module and the name in it of each verb.
VERBS: Mapping[str, tuple[str, str]] = {
    "list": ("_list", "list_"),
    "info": ("_info", "info"),
    "ping": ("_ping", "ping"),
    "wait": ("_wait", "wait"),
    "doctor": ("_doctor", "doctor"),
    "events": ("_events", "events"),
    "call": ("_call", "call"),
    "exec": ("_exec", "exec_"),
    "jobs": ("_jobs", "jobs"),
    "attach": ("_attach", "attach"),
    "cp": ("_cp", "cp"),
    "cat": ("_cat", "cat"),
    "freeze": ("_freeze", "freeze"),
    "thaw": ("_thaw", "thaw"),
    "status": ("_status", "status"),
    "quiesce": ("_quiesce", "quiesce"),
    "top": ("_top", "top"),
    "time": ("_time", "time"),
    "ssh-key": ("_ssh_key", "ssh_key"),
    "shutdown": ("_power", "shutdown"),
    "reboot": ("_power", "reboot"),
    "channel-xml": ("_channel_xml", "channel_xml"),
    "completion": ("_completion", "completion"),
    "help": ("_help", "help_"),
}
