"""Where figures go: to Prometheus, to platforms, and to whoever asks the control interface."""

from txqga.monitor.sinks._prometheus import families
from txqga.monitor.sinks._push import Platform, Push, Pushing
from txqga.monitor.sinks._push_file import PushError, read_platforms
from txqga.monitor.sinks._told import Told

__all__ = [
    "Platform",
    "Push",
    "PushError",
    "Pushing",
    "Told",
    "families",
    "read_platforms",
]
