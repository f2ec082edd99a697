"""Can this report be made again? The notebook its manifest names is run anew elsewhere, and the two are compared."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.release.register import FILE as REGISTER
from navoutcomes.report.compared import PREFIX, Moved, moved_tables, what_differs
from navoutcomes.report.draft import stem
from navoutcomes.report.folder import COMPLETE
from navoutcomes.report.manifest import digest
from navoutcomes.report.notebook import code_sha256, parameters, run
from navoutcomes.report.provenance import REPORTS

Progress = Callable[[int, int], None]
SHOWN = 8


@dataclass(frozen=True, repr=False)
class Reproduction:
    """What came of making a report again.

    ``same``: every file equal, byte for byte (None where nothing was run); ``findings`` what differs and why; ``moved``
    the tables whose numbers are other ones. Shows itself as a list, without a number of the report.
    """

    same: bool | None
    findings: Log
    moved: tuple[Moved, ...] = ()

    def __repr__(self) -> str:
        return self.findings.text()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.findings.text())}</pre>"


@door
def reproduce(
    bundle: str | Path,
    *,
    notebook: str | Path | None = None,
    given: Mapping[str, str] | None = None,
    rerun: bool = True,
    progress: Progress | None = None,
) -> Reproduction:
    """Does the same notebook give the same report today, and if not, why?

    The notebook named in the manifest is run with its parameters into a temporary folder; the report itself is only
    read. What differs is named: input (by checksum), packages, code, parameters, seeds, and the tables whose numbers
    moved, with the largest difference relative to the number's size.
    Arguments: ``bundle`` the folder of a report in one language; ``notebook`` where it lies when it is not found in
    the project around the report or where you stand; ``given`` parameters whose values the manifest leaves out because
    they lead out of the project, such as the path of an extract; ``rerun`` False only looks whether data or notebook
    are newer than the report; ``progress`` is called with the cells done and the cells in all.
    Raises: ``DataProblem`` for a folder without a manifest, a notebook that is not found or stops; ``DesignProblem``
    for a report that was not written by ``navoutcomes run`` and for a parameter that has to be given.
    Assumes: the notebook has the parameter ``reports``, the folder its reports go to.
    """
    folder = Path(bundle)
    manifest = _manifest(folder)
    made_by = manifest.get("run") or {}
    if not made_by.get("notebook"):
        raise DesignProblem("reproduce_unknown_run", folder=folder.name)
    path = Path(notebook) if notebook is not None else _found(made_by, folder)
    asked = dict(made_by["parameters"]) | dict(given or {})
    early = (*_edited(folder, manifest), *_newer(folder, manifest, path, asked))
    if not rerun:
        return Reproduction(None, Log(early or (note("report_not_older", folder=folder.name),)))
    missing = [name for name in made_by["withheld"] if name not in asked]
    if missing:
        raise DesignProblem("reproduce_withheld", column=missing)
    with tempfile.TemporaryDirectory(prefix="navoutcomes-") as place:
        # What neighbours have released decides what this one may show, then and now.
        if (folder.parent.parent / REGISTER).is_file():
            shutil.copy(folder.parent.parent / REGISTER, place)
        run(path, _texts(asked, path) | {REPORTS: place}, progress)
        again = Path(place) / manifest["name"] / stem(manifest["language"], manifest["draft"])
        if not (again / COMPLETE).is_file():
            raise DataProblem("reproduce_no_report", notebook=path.name, folder=manifest["name"])
        return _compared(folder, manifest, again, early)


def _compared(folder: Path, old: Mapping[str, Any], again: Path, early: tuple[Note, ...]) -> Reproduction:
    new = _manifest(again)
    names = sorted(old["outputs"].keys() | new["outputs"].keys())
    other = [name for name in names if old["outputs"].get(name) != new["outputs"].get(name)]
    differs = what_differs(old, new)
    if not other:
        verdict = note("reproduced", files=len(names))
        return Reproduction(True, Log((verdict, *early, *differs, *((note("numbers_unmoved"),) if differs else ()))))
    moved = moved_tables(folder, again, other)
    verdict = warning("not_reproduced", count=len(other), files=len(names))
    shown = ", ".join(other[:SHOWN]) + (" …" if len(other) > SHOWN else "")
    numbers = tuple(one.said() for one in moved) or (note("numbers_unmoved"),)
    unexplained = () if differs or early else (warning("difference_unexplained"),)
    findings = (verdict, *early, *differs, *unexplained, *numbers, note("files_differ", names=shown))
    return Reproduction(False, Log(findings), moved)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / COMPLETE).read_text(encoding="utf-8"))
        whole = isinstance(found, dict) and {"outputs", "language", "title"} <= found.keys()
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise DataProblem("reproduce_no_manifest", folder=folder.name)
    known: dict[str, Any] = found
    return known


def _found(made_by: Mapping[str, Any], folder: Path) -> Path:
    """The notebook in the project around the report, or around where the caller stands; one that is unchanged first."""
    places = dict.fromkeys([*folder.resolve().parents, Path.cwd(), *Path.cwd().parents])
    there = [one / made_by["notebook"] for one in places if (one / made_by["notebook"]).is_file()]
    if not there:
        raise DataProblem("reproduce_no_notebook", notebook=Path(made_by["notebook"]).name)
    return next((one for one in there if code_sha256(one) == made_by["sha256"]), there[0])


def _texts(asked: Mapping[str, Any], notebook: Path) -> dict[str, str]:
    """The parameters that are not the notebook's own values, as they would be written on a command line."""
    own = parameters(notebook)
    if REPORTS not in own:
        raise DesignProblem("reproduce_no_folder", notebook=notebook.name)
    other = {name: value for name, value in asked.items() if name not in own or own[name] != value}
    return {name: value if isinstance(value, str) else repr(value) for name, value in other.items()}


def _edited(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Note]:
    """Files of the report that are not as they were written."""
    for name, checksum in manifest["outputs"].items():
        if not (folder / name).is_file() or digest(folder / name) != checksum:
            yield warning("report_file_edited", file=name)


def _newer(folder: Path, manifest: Mapping[str, Any], notebook: Path, asked: Mapping[str, Any]) -> Iterator[Note]:
    """Input and notebook that have changed, or were only touched, since the report was written."""
    made = (folder / COMPLETE).stat().st_mtime
    known = {one["name"]: one["sha256"] for one in manifest["data"]}
    for value in dict.fromkeys(value for value in asked.values() if isinstance(value, str) and value):
        file = notebook.parent / value
        if file.name in known and file.is_file():
            now = digest(file)
            facts = {"before": known[file.name][:PREFIX], "now": now[:PREFIX]}
            yield from _older(file, made, now != known[file.name], facts)
    changed = code_sha256(notebook) != manifest["run"]["sha256"]
    yield from _older(notebook, made, changed, {"before": manifest["run"]["sha256"][:PREFIX], "now": "-"})


def _older(file: Path, made: float, changed: bool, checksums: dict[str, str]) -> Iterator[Note]:
    touched = file.stat().st_mtime
    days = {"report": _day(made), "touched": _day(touched)}
    if changed:
        yield warning("report_older", file=file.name, **days, **checksums)
    elif touched > made:
        yield warning("report_older_same", file=file.name, **days)


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment).astimezone().strftime("%d.%m.%Y %H:%M:%S")
