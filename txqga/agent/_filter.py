"""Which commands the agent serves, of those it could: ``--allow-rpcs`` and ``--block-rpcs``."""

from collections.abc import Iterable

from attrs import field, frozen

#: What does as much as one of QEMU's commands, and goes with it when that is blocked: a list that
#: was made before there was ours still holds.
_LIKE = {"txqga-exec-start": "guest-exec"}


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class CommandFilter:
    """The two lists; names that no command has are no mistake."""

    allowed: frozenset[str] = field(default=(), converter=_names)  #: empty: all are allowed
    blocked: frozenset[str] = field(default=(), converter=_names)

    def enables(self, name: str) -> bool:
        """Tell whether the command ``name`` may be used."""
        if name in self.blocked or _LIKE.get(name) in self.blocked:
            return False
        return not self.allowed or name in self.allowed
