"""A lock as a small file: which process holds it, and since when. What was left by the dead is taken over."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

PAUSE = 0.1
# A lock is written in one go: whoever left an unreadable one died on it.
UNREADABLE = 2.0
STILL_ACTIVE = 259
QUERY_LIMITED = 0x1000


@dataclass(frozen=True)
class Owner:
    """Who writes: process, when the process was born (numbers of processes are used again), machine, since when."""

    pid: int
    born: str
    machine: str
    started: float

    @property
    def when(self) -> str:
        """The start in this machine's time."""
        return datetime.fromtimestamp(self.started).astimezone().strftime("%d.%m.%Y %H:%M:%S")


def taken(
    lock: Path,
    patience: float,
    busy: Callable[[Owner | None], Exception],
    told: Callable[[Owner], None] | None = None,
    own_anew: bool = False,
) -> None:
    """Let this process be the only holder of ``lock``; waits ``patience`` seconds for another one.

    A lock of a process that is dead is taken over (``told`` hears of whom), and one that cannot be read after two
    seconds; with ``own_anew`` also one of this very process. Raises: what ``busy`` makes of the holder, who is None
    where nobody can be read; ``OSError`` where nothing can be written.
    """
    patient, mine, unreadable = time.monotonic() + patience, myself(), time.monotonic() + UNREADABLE
    while not _made(lock, mine):
        owner = holder(lock)
        if owner is None:
            if time.monotonic() > unreadable:
                _remove(lock, lambda found: found is None)
        elif own_anew and (owner.pid, owner.machine) == (mine.pid, mine.machine):
            _remove(lock, lambda found, seen=owner: found == seen)  # type: ignore[misc]
        elif _dead(owner, mine):
            if _remove(lock, lambda found, seen=owner: found == seen) and told is not None:  # type: ignore[misc]
                told(owner)
            continue
        if time.monotonic() > patient:
            raise busy(owner)
        time.sleep(PAUSE)


def given_back(lock: Path) -> None:
    """Let others in; a lock that is not ours stays."""
    mine, owner = myself(), holder(lock)
    if owner is not None and (owner.pid, owner.machine) == (mine.pid, mine.machine):
        with suppress(OSError):
            lock.unlink()


def alive(pid: int) -> bool:
    """Whether a process of this machine is running."""
    if sys.platform == "win32":
        # os.kill(pid, 0) would interrupt it there.
        kernel = ctypes.windll.kernel32
        handle, code = kernel.OpenProcess(QUERY_LIMITED, False, pid), ctypes.c_ulong()
        running = bool(handle and kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == STILL_ACTIVE)
        kernel.CloseHandle(handle)
        return running
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def myself() -> Owner:
    """This process, as its locks name it."""
    machine = hashlib.sha256(platform.node().encode()).hexdigest()[:12]
    return Owner(os.getpid(), born(os.getpid()), machine, time.time())


def born(pid: int) -> str:
    """When a process began, as the system counts; empty where it does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def holder(lock: Path) -> Owner | None:
    """Who holds a lock; None where that cannot be read."""
    try:
        if lock.is_symlink():
            return None
        return Owner(**json.loads(lock.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _dead(owner: Owner, mine: Owner) -> bool:
    if owner.machine != mine.machine:
        return False
    return not alive(owner.pid) or (owner.born != "" and born(owner.pid) not in ("", owner.born))


def _made(lock: Path, mine: Owner) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(mine)))
    # Whoever was stopped between the two lines above may have lost the empty file to another.
    return holder(lock) == mine


def _remove(lock: Path, same: Callable[[Owner | None], bool]) -> bool:
    """Remove a lock that is still the one that was judged: it is moved aside first, and a living one comes back."""
    aside = lock.with_name(f"{lock.name}-{os.getpid()}")
    try:
        lock.rename(aside)
    except OSError:
        return False
    if not same(holder(aside)):
        with suppress(OSError):
            os.link(aside, lock)
        aside.unlink()
        return False
    aside.unlink()
    return True
