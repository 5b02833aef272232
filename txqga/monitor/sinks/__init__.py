"""Where figures go."""

from txqga.monitor.sinks._prometheus import families

__all__ = ["families"]
