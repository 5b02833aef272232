"""Programs that are never run."""

from collections.abc import Mapping, Sequence

from txqga.errors import CommandFailed


class FakePrograms:
    """
    Notes what would have been run; each ends well, unless it is said otherwise.

    :param codes: exit statuses, by the words of the program; a program that is not there has None.
    """

    def __init__(self, codes: Mapping[str, int | None] | None = None) -> None:
        self.codes = dict(codes or {})
        self.ran: list[str] = []
        self.given: list[bytes | None] = []

    def run(self, argv: Sequence[str], action: str, *, data: bytes | None = None) -> None:
        self.ran.append(" ".join(argv))
        self.given.append(data)
        code = self.codes.get(self.ran[-1], 0)
        if code != 0:
            raise CommandFailed(f"child process has failed to {action}: exit status {code}")

    def code(self, argv: Sequence[str]) -> int | None:
        self.ran.append(" ".join(argv))
        return self.codes.get(self.ran[-1], 0)
