"""Nothing committed looks like an identity number, and no notebook carries what it showed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.floors.house import ROOT, tracked_files

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
# Eleven digits that begin like a date of birth, also with the shifts of D-, H- and synthetic numbers; not inside a
# longer run of digits or letters (hashes), and not behind a decimal sign.
DATE_SHAPED = re.compile(r"(?<![0-9A-Za-z.,_-])(\d{2})(\d{2})\d{2}[ ]?\d{5}(?![0-9A-Za-z])")
BINARY = {".png", ".xlsx", ".docx", ".pdf", ".parquet", ".ttf"}


def identity_numbers(text: str) -> list[int]:
    """Positions of runs of digits that could be somebody's number."""
    found = []
    for hit in DATE_SHAPED.finditer(text):
        day, month = int(hit[1]), int(hit[2])
        days = 1 <= day <= 31 or 41 <= day <= 71
        months = any(1 <= month - shift <= 12 for shift in (0, 40, 65, 80))
        if days and months:
            found.append(hit.start())
    return found


def shown(notebook: str) -> list[str]:
    """What a notebook still carries from a run: outputs, counts, attachments, widget state."""
    book = json.loads(notebook)
    left = ["widgets"] if "widgets" in book.get("metadata", {}) else []
    for place, cell in enumerate(book["cells"]):
        if cell.get("outputs"):
            left.append(f"cell {place} has outputs")
        if cell.get("execution_count") is not None:
            left.append(f"cell {place} has a count")
        if cell.get("attachments"):
            left.append(f"cell {place} has attachments")
    return left


def test_no_date_shaped_eleven_digit_number_is_committed() -> None:
    found = []
    for path in tracked_files():
        if path.suffix not in BINARY and path.name != "requirements.lock":
            text = path.read_bytes().decode("utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: position {at}" for at in identity_numbers(text)]
    assert found == []


def test_an_identity_number_is_caught() -> None:
    number = "".join(["01", "83", "90", "12345"])
    assert identity_numbers(f"a {number} b")
    assert identity_numbers(f"{number[:6]} {number[6:]}")
    assert not identity_numbers(f"0.{number}")
    assert not identity_numbers(f"ab{number}cd")
    assert not identity_numbers("99999999999")


def test_there_are_notebooks() -> None:
    assert {"00_start_here.ipynb", "01_innsatsgjengen.ipynb"} <= {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_committed_without_outputs(path: Path) -> None:
    assert shown(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_narrate_and_define_nothing(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert not re.search(r"^\s*(def|class|lambda) ", code, re.MULTILINE)
    assert "filterwarnings" not in code
    assert not re.search(r"[\"'](/|[A-Z]:\\\\)", code), "a path outside the project"
    assert sum("parameters" in cell.get("metadata", {}).get("tags", []) for cell in cells) == 1


def test_a_notebook_with_outputs_is_caught() -> None:
    cell = {"cell_type": "code", "source": "1", "outputs": [{"output_type": "stream"}], "execution_count": 1}
    assert len(shown(json.dumps({"cells": [cell], "metadata": {}}))) == 2


def test_registers_are_never_committed() -> None:
    inside = [path.name for path in tracked_files() if path.parent == ROOT / "data" / "register"]
    assert inside in ([], [".gitkeep"])
