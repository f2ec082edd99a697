"""What goes on around a file while it is read: changes by others, copies of it, and the memory there is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from navoutcomes.errors import DataProblem, named
from navoutcomes.notes import Note, warning

MB = 1024**2
# How much memory reading takes, for each byte of the file, at the least: 8.5 (spells) to 12 (numbers) were measured.
FACTOR = 6.0
# Below this nothing is asked: a small file is read on any machine that runs.
SMALL = 32 * MB
# What OneDrive, Dropbox and browsers add to a name: a number, a computer, «copy», a conflict.
_NUMBERED = re.compile(r" ?\(\d{1,3}\)")
_ADDED = re.compile(
    r"-(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{2,14}| - (?:kopi|copy)(?: \(\d+\))?"
    r"| \([^()]{0,60}(?:konflikt|conflict)[^()]{0,60}\)",
    re.IGNORECASE,
)
_COMPUTER = re.compile(r"-[A-Z0-9-]+")
MOST_NAMED = 3


@contextmanager
def unchanged(path: Path, file: str) -> Iterator[None]:
    """Reading between two looks at the file. Raises: ``DataProblem`` with both times when somebody changed it."""
    before = _look(path)
    yield
    after = _look(path)
    if before is not None and before != after:
        raise DataProblem("file_changed", file=file, first=_clock(before), second=_clock(after))


def copies_beside(path: Path) -> tuple[Note, ...]:
    """A warning where the folder holds copies that a cloud drive or a browser has made of this file."""
    try:
        names = sorted(one.name for one in os.scandir(path.parent) if one.name != path.name)
    except OSError:
        return ()
    copies = [shown for name in names if (shown := _copy(name, path))]
    if not copies:
        return ()
    more = ["…"] * (len(copies) > MOST_NAMED)
    said = ", ".join([f"«{one}»" for one in dict.fromkeys(copies[:MOST_NAMED])] + more)
    return (warning("conflict_copies", file=named(path.name), copies=said),)


def check_memory(size: int, file: str) -> None:
    """Raises: ``DataProblem`` with megabytes when a file of ``size`` bytes needs more memory than there is."""
    if size < SMALL:
        return
    needed, allowed = FACTOR * size, _allowed()
    if allowed is not None and needed > allowed:
        facts = {"needed": round(needed / MB), "allowed": round(allowed / MB), "size": round(size / MB)}
        raise DataProblem("file_needs_memory", file=file, **facts)


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _clock(look: tuple[int, int, int] | None) -> str:
    return "-" if look is None else datetime.fromtimestamp(look[0] / 1e9).astimezone().strftime("%H:%M:%S.%f")[:-3]


def _copy(name: str, path: Path) -> str:
    """How a copy's name is said, without the computer or the person it names; empty for what is no copy."""
    stem, ending = Path(name).stem, Path(name).suffix
    if ending.lower() != path.suffix.lower() or not stem.startswith(path.stem):
        return ""
    added = stem[len(path.stem) :]
    if _NUMBERED.fullmatch(added):
        return named(name)
    if _ADDED.fullmatch(added) and (not added.startswith("-") or _COMPUTER.fullmatch(added)):
        return named(f"{path.stem}…{ending}")
    return ""


def _allowed() -> float | None:
    """Bytes this process may still take: what the machine has free, and what limits set on it leave."""
    known = [found for found in (_free(), _limit()) if found is not None]
    return min(known) if known else None


def _free() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None


def _limit() -> float | None:
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit == resource.RLIM_INFINITY:
            return None
        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None
    return max(float(limit - taken), 0.0)
