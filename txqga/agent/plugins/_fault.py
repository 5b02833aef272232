"""What is wrong with a plug-in."""

import traceback

from attrs import define

_LONGEST = 500  #: characters of what an exception says


@define
class PluginFault(Exception):
    """A plug-in cannot be loaded."""

    desc: str  #: with the file and the line, where there is one

    def __str__(self) -> str:
        return self.desc


def fault_of(path: str, why: BaseException) -> PluginFault:
    """Return what was wrong in the file at ``path``, which raised ``why`` when it was run."""
    if isinstance(why, SyntaxError) and why.filename == path:
        return PluginFault(f"{path}:{why.lineno}: {why.msg}")
    lines = [at for frame, at in traceback.walk_tb(why.__traceback__) if _is_in(frame, path)]
    said = traceback.format_exception_only(type(why), why)[-1].strip()[:_LONGEST]
    return PluginFault(f"{path}:{lines[-1]}: {said}" if lines else f"{path}: {said}")


def _is_in(frame: object, path: str) -> bool:
    code = getattr(frame, "f_code", None)
    return getattr(code, "co_filename", None) == path
