"""Is this file a key that may make pseudonyms: outside the project, long enough, and closed to others?"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from navoutcomes.errors import DataProblem, door, named

SHORTEST = 32
FEWEST_SIGNS = 10
MARKS = (".git", ".hg", "pyproject.toml")


@door
def new_key(path: str | Path) -> None:
    """How do I make a key for pseudonyms? Writes 64 random signs to a new file that only you can read.

    ``path`` is outside the project and away from the data, such as a folder of your own on a closed disk. Keep a copy
    where the controller says: without the key nobody can make the same pseudonyms again, and with it and the identity
    numbers anybody can.

    Raises: ``DataProblem`` when the file is there already, or lies inside the project.
    """
    path = Path(path)
    _check_place(path, ())
    if path.exists():
        raise DataProblem("key_exists", file=named(path.name))
    if not path.parent.is_dir():
        raise DataProblem("key_not_found", file=named(path.name))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SHORTEST) + "\n")


def secret_key(path: str | Path, data: Path) -> bytes:
    """The bytes of a key file. ``data`` is the file the pseudonyms are for.

    Raises: ``DataProblem`` when the key is missing, inside the project, beside the data, open to everybody where the
    system can tell, or short.
    """
    path = Path(path)
    _check_place(path, (data.resolve().parent,))
    if not path.is_file():
        raise DataProblem("key_not_found", file=named(path.name))
    if os.name == "posix" and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise DataProblem("key_open", file=named(path.name))
    key = path.read_bytes().strip()
    if len(key) < SHORTEST or len(set(key)) < FEWEST_SIGNS:
        raise DataProblem("key_short", file=named(path.name), fewest=SHORTEST)
    return key


def _check_place(path: Path, more: tuple[Path, ...]) -> None:
    """The key lies neither under the project the session runs in, nor under a project of its own, nor by the data."""
    place = path.resolve().parent
    here = Path.cwd().resolve()
    project = next((folder for folder in (here, *here.parents) if _is_project(folder)), here)
    if (
        any(_is_project(folder) for folder in (place, *place.parents))
        or place in (here, *more)
        or project in (place, *place.parents)
    ):
        raise DataProblem("key_in_project", file=named(path.name))


def _is_project(folder: Path) -> bool:
    return folder != Path(folder.anchor) and any((folder / mark).exists() for mark in MARKS)
