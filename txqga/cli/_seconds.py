"""Seconds, as they are said on the command line."""

from math import isfinite
from typing import Any

import click


class Seconds(click.FloatRange):
    """
    A number of seconds: neither none nor endless.

    :param least: as few as that.
    """

    def __init__(self, least: float = 0.0) -> None:
        super().__init__(min=least, min_open=not least)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read one."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return number


SECONDS = Seconds()
