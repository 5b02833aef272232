"""Where figures go: to Prometheus, and to whoever asks the control interface."""

from txqga.monitor.sinks._prometheus import families
from txqga.monitor.sinks._told import Told

__all__ = ["Told", "families"]
