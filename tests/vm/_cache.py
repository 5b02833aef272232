"""What is built for the virtual machine is kept, under a digest of what went in."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

#: Where programs for root are, too.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def digest(files: Iterable[Path], *texts: str) -> str:
    """A short name for these contents."""
    seen = hashlib.sha256()
    for octets in (*(path.read_bytes() for path in files), *(text.encode() for text in texts)):
        seen.update(hashlib.sha256(octets).digest())
    return seen.hexdigest()[:16]


def kept(name: str, build: Callable[[Path], None], alone: str = "") -> Path:
    """
    The folder of that name in the cache; ``build`` fills it if it is not there.

    It gets its name when it is whole, so an interrupted build leaves nothing to be believed.

    :param alone: what other folders are called that this one takes the place of.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "txqga"
    cache.mkdir(parents=True, exist_ok=True)
    made = cache / name
    if made.exists():
        return made
    folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache))
    try:
        print(f"building {name} ...", file=sys.stderr, flush=True)
        build(folder)
        folder.rename(made)
    except OSError:
        if not made.exists():  # else another was as quick as we
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for other in cache.glob(alone) if alone else ():
        if other != made:
            shutil.rmtree(other, ignore_errors=True)  # one for each change would fill the disk
    return made


def run(*words: str | Path, cwd: Path | None = None) -> str:
    """
    Run a program of a build; its standard output.

    :raise RuntimeError: it failed; with the end of what it said.
    """
    done = subprocess.run(
        [str(word) for word in words],
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-4000:]
        raise RuntimeError(f"{words[0]} ended with status {done.returncode}: {said}")
    return done.stdout


def filesystem(image: Path, size: str, content: Path | None = None) -> None:
    """Make an ext4 image, sparse, with a copy of ``content``."""
    with_content = ["-d", str(content)] if content is not None else []
    features = "root_owner=0:0,lazy_itable_init=0"  # the guest's disks are quiet
    run("mke2fs", "-q", "-t", "ext4", "-E", features, *with_content, image, size)
