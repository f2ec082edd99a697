"""One writer of a report at a time: a small file beside it says which process writes, and since when.

Reports cannot be mixed even without it (each writer has a folder of its own, and they are exchanged in one step); the
lock is there so that nobody's report is replaced unseen while it is being made.
"""

from __future__ import annotations

import logging
from pathlib import Path

from navoutcomes.errors import DataProblem
from navoutcomes.notes import warning
from navoutcomes.release.owner import Owner, given_back, taken

logger = logging.getLogger("navoutcomes")
PATIENCE = 30.0


def take(final: Path) -> None:
    """Let this process be the only writer of ``final``; waits half a minute for another one.

    A lock of a process that is dead is taken over, with a warning that names it. Raises: ``DataProblem`` with the other
    process and its start when it goes on writing; ``OSError`` where nothing can be written.
    """
    lock = _lock(final)

    def busy(owner: Owner | None) -> DataProblem:
        facts = {"process": owner.pid, "started": owner.when} if owner else {"process": "?", "started": "?"}
        return DataProblem("report_being_written", folder=final.name, lock=lock.name, **facts)

    def told(owner: Owner) -> None:
        said = warning("lock_taken_over", folder=final.name, process=owner.pid, started=owner.when)
        logger.warning(said.text())

    taken(lock, PATIENCE, busy, told, own_anew=True)


def give_back(final: Path) -> None:
    """Let others write; a lock that is not ours stays."""
    given_back(_lock(final))


def _lock(final: Path) -> Path:
    return final.with_name(f".{final.name}.lock")
