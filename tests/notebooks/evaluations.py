"""One run of an evaluation, and what is asked of every one of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from test_notebooks import has_no_heading_of_code, is_whole, outputs, pictures, proof_reads, speaks_of_no_effect

from navoutcomes.report.manifest import digest
from navoutcomes.report.notebook import run


@dataclass(frozen=True)
class Ran:
    """The notebook as it ran, the folder of its reports, and the seconds it took."""

    book: Any
    reports: Path
    seconds: float


def ran_once(notebook: Path, place: Path, folder: str) -> Ran:
    """A strict run into ``place``; the notebook itself stays as it was."""
    before, started = digest(notebook), time.monotonic()
    book = run(notebook, {"reports": str(place)}, strict=True)
    assert digest(notebook) == before
    return Ran(book, place / folder, time.monotonic() - started)


def runs_clean(ran: Ran, figures: int) -> None:
    """Within two minutes, no error and nothing on stderr; every figure marked as invented."""
    assert ran.seconds < 120
    assert not [one for one in outputs(ran.book) if one.output_type == "error" or one.get("name") == "stderr"]
    has_no_heading_of_code(ran.book)
    shown = pictures(ran.book)
    assert len(shown) == figures
    assert all(alt.startswith("Syntetiske data") and len(picture) > 10_000 for picture, alt in shown)


def reports_well(ran: Ran, language: str) -> None:
    """Whole, without a word of effect, and no number that is none."""
    is_whole(ran.reports / language, language)
    speaks_of_no_effect(ran.reports / language)
    proof_reads(ran.reports / language, language)
    assert ">nan<" not in (ran.reports / language / "rapport.html").read_text(encoding="utf-8").lower()
