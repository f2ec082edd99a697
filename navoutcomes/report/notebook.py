"""Run a notebook as a value: parameters checked, top to bottom, warnings as errors, nothing written into it."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from navoutcomes.errors import DataProblem, DesignProblem, named
from navoutcomes.report.folder import check_writable
from navoutcomes.report.provenance import REPORTS, RUN, code_of, told

TAG = "parameters"
KERNEL = "python3"
TIMEOUT_SECONDS = 1200
STRICT = "import warnings; warnings.simplefilter('error'); warnings.filterwarnings('default', module='ipykernel')"
QUIET_KERNEL = ["--Application.log_level=50"]


def parameters(path: str | Path) -> dict[str, Any]:
    """Names and default values in the cell tagged ``parameters``; empty when there is none.

    Raises: ``DataProblem`` when the file is no notebook; ``DesignProblem`` when a default is not a plain value.
    """
    return _values(_tagged(_notebook(Path(path))))


def code_sha256(path: str | Path) -> str:
    """The checksum of a notebook's code, as it stands in manifests. Raises: as ``parameters``."""
    return code_of(_code(_notebook(Path(path))))


def _code(book: Any) -> list[str]:
    return [cell["source"] for cell in book.cells if cell.cell_type == "code"]


def _values(cell: Any, only_plain: bool = False) -> dict[str, Any]:
    """What the assignments of a cell say, the last one of each name; ``only_plain`` leaves out what is none."""
    if cell is None:
        return {}
    found = {}
    for line in ast.parse(cell["source"]).body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            try:
                found[line.targets[0].id] = ast.literal_eval(line.value)
            except ValueError:
                if only_plain:
                    continue
                problem = DesignProblem("parameter_not_plain", name=line.targets[0].id)
            else:
                continue
            raise problem
    return found


def run(
    path: str | Path,
    given: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    strict: bool = False,
) -> Any:
    """Run a notebook in its own folder and return it executed; the file itself stays as it is.

    Arguments: ``given`` values for its parameters, as written on a command line; ``progress`` is called with the cells
    done and the cells in all; ``strict`` turns every warning into a failure.
    The parameter ``reports``, where there is one, is the folder its reports go to.
    Raises: ``DesignProblem`` for a parameter the notebook does not have; ``DataProblem`` when nothing can be written in
    ``reports``, before anything is reckoned, and when a cell fails, with the cell's number, the heading it stands under
    and the problem's own words.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path = Path(path)
    book = _notebook(path)
    code = _code(book)
    _apply(book, path, dict(given or {}))
    chosen = _values(_tagged(book), only_plain=True)
    if isinstance(chosen.get(REPORTS), str):
        check_writable(path.parent / chosen[REPORTS])
    cells = [at for at, cell in enumerate(book.cells) if cell.cell_type == "code"]
    client = NotebookClient(
        book,
        timeout=TIMEOUT_SECONDS,
        kernel_name=KERNEL,
        resources={"metadata": {"path": str(path.parent or ".")}},
        extra_arguments=QUIET_KERNEL,
    )
    failed: DataProblem | None = None
    with client.setup_kernel(env=os.environ | {RUN: told(path, code, chosen)}):
        if strict and cells:
            # The client puts what it runs into the notebook; the cell that stood there must come back.
            kept = book.cells[cells[0]]
            client.execute_cell(nbformat.v4.new_code_cell(STRICT), cells[0], store_history=False)
            book.cells[cells[0]] = kept
        for done, at in enumerate(cells):
            if progress:
                progress(done, len(cells))
            try:
                client.execute_cell(book.cells[at], at)
            except CellExecutionError as stopped:
                failed = DataProblem(
                    "cell_failed", notebook=path.name, cell=at + 1, step=_step(book, at), kind=stopped.ename,
                    said=_said(stopped),
                )  # fmt: skip
                break
    if failed is not None:
        raise failed
    if progress:
        progress(len(cells), len(cells))
    return book


def _step(book: Any, at: int) -> str:
    """The last heading above a cell, as it may be printed; empty where there is none."""
    lines = [
        line for cell in book.cells[:at] if cell.cell_type == "markdown" for line in str(cell["source"]).splitlines()
    ]
    headings = [line.lstrip("# ").strip() for line in lines if line.startswith("#")]
    return f" – {named(headings[-1])}" if headings else ""


def _said(stopped: Any) -> str:
    """Our own problems, and errors about names, hold no person's value; other errors' words may, and are kept back."""
    own = ("DataProblem", "DesignProblem", "NumericalProblem", "DisclosureRefused", "DataWarning", "NameError",
           "ImportError", "ModuleNotFoundError")  # fmt: skip
    return str(stopped.evalue) if stopped.ename in own else ""


def _notebook(path: Path) -> Any:
    import nbformat

    if not path.exists():
        raise DataProblem("notebook_missing", notebook=path.name)
    try:
        return nbformat.read(path, as_version=4)
    except Exception:
        problem = DataProblem("notebook_unreadable", notebook=path.name)
    raise problem


def _tagged(book: Any) -> Any:
    return next((cell for cell in book.cells if TAG in cell.get("metadata", {}).get("tags", [])), None)


def _apply(book: Any, path: Path, given: dict[str, str]) -> None:
    if not given:
        return
    known = parameters(path)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise DesignProblem("parameter_unknown", asked=unknown, known=sorted(known))
    cell = _tagged(book)
    lines = [f"{name} = {_typed(name, text, known[name])!r}" for name, text in sorted(given.items())]
    cell["source"] = cell["source"] + "\n" + "\n".join(lines)


def _typed(name: str, text: str, default: Any) -> Any:
    """A value from the command line, of the default's kind; text stays text."""
    if isinstance(default, str):
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    if (
        default is not None
        and not isinstance(value, type(default))
        and not (isinstance(default, float) and isinstance(value, int))
    ):
        raise DesignProblem("parameter_kind", name=name, kind=type(default).__name__)
    return value
