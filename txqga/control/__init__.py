"""
The mux over HTTP: guests, their states, any command, events as they happen.

:class:`Control` is the service; ``/v1/openapi.json`` describes all of it.
"""

from txqga.control._access import Access
from txqga.control._service import Control, ControlOptions, Refused

__all__ = ["Access", "Control", "ControlOptions", "Refused"]
