"""Whole or not at all: a folder is written beside the old one and takes its place in one step.

On Linux the two folders are exchanged by one system call. Elsewhere the old one is moved aside first; a run that is
interrupted between the two moves is put right the next time the folder is opened.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from navoutcomes.errors import DataProblem, DesignProblem

AT_FDCWD = -100
RENAME_EXCHANGE = 2
COMPLETE = "manifest.json"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
# Names that Windows keeps for devices, whatever ending they have.
RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{k}" for kind in ("com", "lpt") for k in range(1, 10))}
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


def check_name(name: str) -> None:
    """Raises ``DesignProblem`` for what cannot be a file name on every machine."""
    if not NAME.fullmatch(name) or name in RESERVED:
        raise DesignProblem("bundle_name", count=len(name))


@contextmanager
def writing(final: Path) -> Iterator[None]:
    """A disk that is full or closed is a ``DataProblem`` without a path in it; the old report stands."""
    try:
        yield
    except OSError as refused:
        if refused.errno not in UNWRITABLE:
            raise
        problem = DataProblem("cannot_write", folder=final.name, said=refused.strerror or "")
    else:
        return
    raise problem


def workshop(final: Path) -> Path:
    """A new empty folder beside ``final``, on the same disk; leftovers of runs that died are removed.

    Raises: ``DataProblem`` when nothing can be written there, before anything is computed.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists() and not final.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        _recover(final)
        place = final.parent / f".{final.name}.new-{os.getpid()}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (place / "figures").mkdir()
        (place / "tables").mkdir()
    except OSError as refused:
        problem = DataProblem("cannot_write", folder=final.name, said=refused.strerror or "")
    else:
        return place
    raise problem


def put_in_place(made: Path, final: Path) -> None:
    """Let ``made`` be ``final``; what stood there before is removed afterwards."""
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        _flush(file)
    if not final.exists():
        made.rename(final)
        return
    if _exchanged(made, final):
        shutil.rmtree(made, ignore_errors=True)
        return
    aside = final.parent / f".{final.name}.old-{os.getpid()}"
    final.rename(aside)
    made.rename(final)
    shutil.rmtree(aside, ignore_errors=True)


def _recover(final: Path) -> None:
    """Finish or undo what a run that died has left, and remove its leftovers."""
    for kind in ("dead", "old", "new"):
        for left in sorted(final.parent.glob(f".{final.name}.{kind}-*")):
            process = left.name.rsplit("-", 1)[-1]
            if _alive(process):
                continue
            if kind != "dead" and not final.exists() and (left / COMPLETE).exists():
                left.rename(final)
            else:
                _remove(left, final.parent / f".{final.name}.dead-{process}")


def _remove(left: Path, away: Path) -> None:
    """Remove a folder that a program started by the dead (Pandoc) may still be writing into, by its old name."""
    with suppress(OSError):
        left = left.rename(away)
    shutil.rmtree(left, ignore_errors=True)


def _alive(process: str) -> bool:
    if not process.isdigit() or int(process) == os.getpid():
        return False
    if sys.platform == "win32":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _exchanged(first: Path, second: Path) -> bool:
    """Exchange two folders in one step where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = os.fsencode(first), os.fsencode(second)
    return bool(rename(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0)
