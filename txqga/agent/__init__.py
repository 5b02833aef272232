"""
The guest agent: QEMU's, for the inside of a virtual machine.

This package gathers nothing, since its parts are imported in an order of their own: see
:mod:`txqga.agent.process`. What to use is in :mod:`txqga.agent.options` and
:mod:`txqga.agent.agent`.
"""
