"""Whole or not at all: a folder is written beside the old one and takes its place in one step.

On Linux the two folders are exchanged by one system call. Elsewhere the old one is moved aside first; a run that is
interrupted between the two moves is put right the next time the folder is opened.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from navoutcomes.errors import DataProblem
from navoutcomes.notes import warning
from navoutcomes.release.owner import alive
from navoutcomes.report.lock import give_back, take
from navoutcomes.report.names import check_no_link

logger = logging.getLogger("navoutcomes")
AT_FDCWD = -100
RENAME_EXCHANGE = 2
COMPLETE = "manifest.json"
UNWRITABLE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENAMETOOLONG),
}
# What Windows says while a cloud drive or a virus scanner holds a file: denied, in use by another, locked.
HELD = (5, 32, 33)
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


@contextmanager
def writing(final: Path) -> Iterator[None]:
    """A disk that is full or closed is a ``DataProblem`` without a path in it; the old report stands."""
    try:
        yield
    except OSError as refused:
        if refused.errno == errno.ENOENT and not _workshop(final).exists():
            problem = DataProblem("report_folder_gone", folder=final.name)
        elif refused.errno in UNWRITABLE or _held(refused):
            problem = DataProblem("cannot_write", folder=final.name, said=refused.strerror or "")
        else:
            raise
    else:
        return
    raise problem


def workshop(final: Path) -> Path:
    """A new empty folder beside ``final``, on the same disk; leftovers of runs that died are removed.

    Raises: ``DataProblem`` when nothing can be written there, before anything is computed, or when another process is
    writing the same report; ``DesignProblem`` for a link in the report's place.
    """
    try:
        for place in (final.parent, final):
            check_no_link(place)
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists() and not final.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        take(final)
        _recover(final)
        place = _workshop(final)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (place / "figures").mkdir()
        (place / "tables").mkdir()
    except OSError as refused:
        problem = DataProblem("cannot_write", folder=final.name, said=refused.strerror or "")
    else:
        return place
    give_back(final)
    raise problem


def check_writable(folder: Path) -> None:
    """Whether reports can be written under ``folder``: asked before a notebook begins to reckon.

    Raises: ``DataProblem`` when nothing can be written there.
    """
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.mkdir()
        probe.rmdir()
    except OSError as refused:
        problem = DataProblem("cannot_write", folder=folder.name, said=refused.strerror or "")
    else:
        return
    raise problem


@contextmanager
def or_nothing(made: Path, final: Path) -> Iterator[None]:
    """The beginning of a report: when it goes wrong, nothing is left."""
    try:
        yield
    except BaseException:
        thrown_away(made, final)
        raise


def thrown_away(made: Path, final: Path) -> None:
    """Remove what was made; the old report stands and others may write."""
    shutil.rmtree(made, ignore_errors=True)
    give_back(final)


def put_in_place(made: Path, final: Path) -> Path:
    """Let ``made`` be ``final``; what stood there before is removed afterwards. Returns where the report lies.

    Where a cloud drive holds the old report for seconds on end, the new one lies beside it, and a warning says so.
    """
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        _flush(file)
    try:
        _take_place(made, final)
        place = final
    except PermissionError as refused:
        if not _held(refused):
            raise
        place = _free(final)
        moved(made, place)
        logger.warning(warning("report_beside", folder=final.name, beside=place.name).text())
    give_back(final)
    return place


def moved(source: Path, target: Path) -> None:
    """Rename; tried again for about three seconds while a cloud drive or a virus scanner holds it."""
    for pause in (*PAUSES, None):
        try:
            os.replace(source, target)  # noqa: PTH105
        except PermissionError as refused:
            if not _held(refused) or pause is None:
                raise
        else:
            return
        time.sleep(pause)


def _take_place(made: Path, final: Path) -> None:
    if not final.exists():
        moved(made, final)
        return
    if _exchanged(made, final):
        shutil.rmtree(made, ignore_errors=True)
        return
    aside = final.parent / f".{final.name}.old-{os.getpid()}"
    moved(final, aside)
    try:
        moved(made, final)
    except OSError:
        moved(aside, final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _held(refused: OSError) -> bool:
    return getattr(refused, "winerror", None) in HELD


def _free(final: Path) -> Path:
    """A name beside the report that nothing has."""
    beside, number = final.with_name(f"{final.name}_ny"), 1
    while beside.exists():
        number += 1
        beside = final.with_name(f"{final.name}_ny{number}")
    return beside


def _workshop(final: Path) -> Path:
    return final.parent / f".{final.name}.new-{os.getpid()}"


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
    return process.isdigit() and int(process) != os.getpid() and alive(int(process))


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
