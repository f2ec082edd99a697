"""One writer of a report at a time: a small file beside it says which process writes, and since when.

Reports cannot be mixed even without it (each writer has a folder of its own, and they are exchanged in one step); the
lock is there so that nobody's report is replaced unseen while it is being made.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from navoutcomes.errors import DataProblem
from navoutcomes.notes import warning

logger = logging.getLogger("navoutcomes")
PATIENCE = 30.0
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


def take(final: Path) -> None:
    """Let this process be the only writer of ``final``; waits half a minute for another one.

    A lock of a process that is dead is taken over, with a warning that names it. Raises: ``DataProblem`` with the other
    process and its start when it goes on writing; ``OSError`` where nothing can be written.
    """
    lock, patient, mine = _lock(final), time.monotonic() + PATIENCE, _myself()
    unreadable = time.monotonic() + UNREADABLE
    while not _made(lock, mine):
        owner = _read(lock)
        if owner is None:
            if time.monotonic() > unreadable:
                _remove(lock, lambda found: found is None)
        elif owner.pid == mine.pid and owner.machine == mine.machine:
            _remove(lock, lambda found, seen=owner: found == seen)  # type: ignore[misc]
        elif _dead(owner, mine):
            if _remove(lock, lambda found, seen=owner: found == seen):  # type: ignore[misc]
                said = warning("lock_taken_over", folder=final.name, process=owner.pid, started=owner.when)
                logger.warning(said.text())
            continue
        if time.monotonic() > patient:
            facts = {"process": owner.pid, "started": owner.when} if owner else {"process": "?", "started": "?"}
            raise DataProblem("report_being_written", folder=final.name, lock=lock.name, **facts)
        time.sleep(PAUSE)


def give_back(final: Path) -> None:
    """Let others write; a lock that is not ours stays."""
    mine = _myself()
    owner = _read(_lock(final))
    if owner is not None and (owner.pid, owner.machine) == (mine.pid, mine.machine):
        with suppress(OSError):
            _lock(final).unlink()


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


def _lock(final: Path) -> Path:
    return final.with_name(f".{final.name}.lock")


def _myself() -> Owner:
    machine = hashlib.sha256(platform.node().encode()).hexdigest()[:12]
    return Owner(os.getpid(), _born(os.getpid()), machine, time.time())


def _born(pid: int) -> str:
    """When a process began, as the system counts; empty where it does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _dead(owner: Owner, mine: Owner) -> bool:
    if owner.machine != mine.machine:
        return False
    return not alive(owner.pid) or (owner.born != "" and _born(owner.pid) not in ("", owner.born))


def _made(lock: Path, mine: Owner) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(mine)))
    return True


def _read(lock: Path) -> Owner | None:
    try:
        if lock.is_symlink():
            return None
        return Owner(**json.loads(lock.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _remove(lock: Path, same: Callable[[Owner | None], bool]) -> bool:
    """Remove a lock that is still the one that was judged: it is moved aside first, and a living one comes back."""
    aside = lock.with_name(f"{lock.name}-{os.getpid()}")
    try:
        lock.rename(aside)
    except OSError:
        return False
    if not same(_read(aside)):
        with suppress(OSError):
            os.link(aside, lock)
        aside.unlink()
        return False
    aside.unlink()
    return True
