"""Is there room in a folder for files that are about to be written?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from navoutcomes.errors import DataProblem


def make_room(folder: Path, names: Sequence[str]) -> None:
    """The folder is made if it is not there. Raises: ``DataProblem`` when a file of one of the names is in it."""
    there = tuple(name for name in names if (folder / name).exists())
    if there:
        raise DataProblem("synthetic_file_there", files=there, count=len(there))
    folder.mkdir(parents=True, exist_ok=True)
