"""
The tests of txqga.

How slow a machine is says nothing about the code, so Hypothesis does not look at it.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("txqga", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("txqga")
