"""Which commands the agent serves, of those it could: ``--allow-rpcs`` and ``--block-rpcs``."""

from collections.abc import Iterable

from attrs import field, frozen

#: What does as much as commands of QEMU's, and goes with any of them that is blocked: a list that
#: was made before there was ours still holds. A digest of one octet tells what it is.
_LIKE = {
    "txqga-exec-start": frozenset({"guest-exec"}),
    "txqga-file-digest": frozenset({"guest-file-open", "guest-file-read"}),
    **{f"txqga-file-{name}": frozenset({"guest-file-open"}) for name in ("stat", "list")},
    **{
        f"txqga-file-{name}": frozenset({"guest-file-open", "guest-file-write"})
        for name in ("create", "set", "rename", "remove", "make-folder", "link")
    },
}

#: What is of no use without another: a host that has begun a fence sends its commands inside.
_USELESS_WITHOUT = {"txqga-fence": "txqga-fenced"}


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen(kw_only=True)
class CommandFilter:
    """The two lists; names that no command has are no mistake."""

    allowed: frozenset[str] = field(default=(), converter=_names)  #: empty: all are allowed
    blocked: frozenset[str] = field(default=(), converter=_names)

    def enables(self, name: str) -> bool:
        """Tell whether the command ``name`` may be used."""
        if name in self.blocked or not self.blocked.isdisjoint(_LIKE.get(name, ())):
            return False
        if self.allowed and name not in self.allowed:
            return False
        other = _USELESS_WITHOUT.get(name)
        return other is None or self.enables(other)
