"""What of a folder cannot be copied, while the rest is."""

from collections.abc import Coroutine
from errno import EDQUOT, EIO, ENOSPC, EROFS
from typing import Any

from attrs import define, field

from txqga.errors import CommandFailed, CommandNotFound, CopyDiffers, Misfit
from txqga.files._names import shown
from txqga.files._report import Skipped

#: With these errors of this host no other file would fare better.
HOPELESS = frozenset({ENOSPC, EDQUOT, EIO, EROFS})


@define
class Skips:
    """What of a folder cannot be copied."""

    told: list[Skipped] = field(factory=list, init=False)

    def add(self, names: tuple[str, ...], why: str) -> None:
        """Tell why something is not copied."""
        self.told.append(Skipped(shown("/".join(names)), shown(why)))

    async def did(self, names: tuple[str, ...], doing: Coroutine[Any, Any, None]) -> bool:
        """
        Do something with one thing of the folder, or tell why it cannot be done.

        :return: whether it was done.
        :raise OSError: nothing else can be done either.
        :raise TxqgaError: the same.
        """
        try:
            await doing
        except CommandNotFound:
            raise
        except (CommandFailed, CopyDiffers, Misfit) as why:
            self.add(names, str(why))
        except OSError as why:
            if why.errno in HOPELESS:
                raise
            self.add(names, why.strerror or str(why))
        else:
            return True
        return False
