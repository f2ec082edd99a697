"""Nothing at the precision of a day stands anywhere in a report: not in a path of a drawing, a table or a text."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pikepdf
import pytest
from bundle_examples import EXTRACT, people

import navoutcomes as nav
from navoutcomes.report.figures import write_figure

SVG = "{http://www.w3.org/2000/svg}"
CURVES = {
    "survival": lambda cohort: cohort.survival_curve(by="group"),
    "incidence": lambda cohort: cohort.cumulative_incidence(by="group"),
}


def written(kind: str, folder: Path, released: bool = True, language: str = "nb") -> tuple[object, Path]:
    result = CURVES[kind](people())
    result = nav.release(result) if released else result
    draw = nav.show.survival_curves if kind == "survival" else nav.show.incidence_curves
    axes = draw(result, language=language, at=[182, 365])
    write_figure(axes, folder, "figure")
    return axes, folder / "figure.svg"


def stepped(corners: np.ndarray) -> bool:
    """Whether a path is of steps: at least six stretches, each level or steep."""
    moved = np.abs(np.diff(corners, axis=0)) > 1e-3
    return len(corners) > 6 and not (moved[:, 0] & moved[:, 1]).any()


def curves_of(svg: Path) -> list[np.ndarray]:
    """Corners of every step curve in an svg (letters are paths too, with names)."""
    found = []
    for path in ElementTree.fromstring(svg.read_bytes()).iter(f"{SVG}path"):
        drawn = path.get("d", "")
        corners = np.array([[float(x), float(y)] for x, y in re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", drawn)])
        if not path.get("id", "").startswith(("Source", "DejaVu")) and not re.search("[CQ]", drawn):
            found += [corners] * stepped(corners)
    return found


def curves_in(pdf: Path) -> list[np.ndarray]:
    """Corners of every step curve in a pdf, in points."""
    with pikepdf.open(pdf) as document:
        drawn = document.pages[0].Contents.read_bytes().decode("latin-1")
    found = []
    for path in re.findall(r"-?[\d.]+ -?[\d.]+ m\n(?:-?[\d.]+ -?[\d.]+ l\n)+", drawn):
        corners = np.array([[float(x), float(y)] for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]\n", path)])
        found += [corners] * stepped(corners)
    return found


def month_of(axes: object, x: np.ndarray) -> np.ndarray:
    """Places in an svg (72 to the inch) as times of the axis."""
    box = axes.get_position()
    width = axes.sheet.get_size_inches()[0] * 72
    low, high = axes.get_xlim()
    return low + (x / width - box.x0) / box.width * (high - low)


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_every_corner_that_is_drawn_is_a_whole_month(kind: str, form: str, tmp_path: Path) -> None:
    axes, svg = written(kind, tmp_path)
    curves = curves_of(svg) if form == "svg" else curves_in(svg.with_suffix(".pdf"))
    assert len(curves) >= 2
    edge = axes.get_xlim()[1]
    for corners in curves:
        months = month_of(axes, corners[:, 0])
        inside = months[months < edge - 1e-3]
        assert np.abs(inside - np.round(inside)).max() < 2e-4


def test_the_same_test_finds_days_in_a_draft(tmp_path: Path) -> None:
    _, svg = written("survival", tmp_path, released=False)
    places = np.unique(np.round(np.concatenate([one[:, 0] for one in curves_of(svg)]), 3))
    assert len(places) > 60
    _, svg = written("survival", tmp_path)
    assert len(np.unique(np.round(np.concatenate([one[:, 0] for one in curves_of(svg)]), 3))) < 40


def test_tables_hold_whole_months_and_no_day(bundles: dict[str, Path]) -> None:
    for file in sorted(bundles["nb"].rglob("*.csv")):
        rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8"))))
        times = [float(row["time"]) for row in rows if "time" in row]
        assert all(time == int(time) <= 24 for time in times), file.name
        if times:
            values = openpyxl.load_workbook(file.with_suffix(".xlsx")).active.values
            heads, *body = list(values)[2:]
            place = heads.index("time")
            assert [row[place] for row in body[: len(times)]] == times


def test_texts_speak_of_months_and_no_day_of_a_person_stands_in_the_report(bundles: dict[str, Path]) -> None:
    spells = nav.Spells.from_extract(nav.read(EXTRACT)).frame
    days = {f"{day:%d.%m.%Y}" for day in (*spells["start"], *spells["end"].dropna())}
    days |= {f"{day:%Y-%m-%d}" for day in (*spells["start"], *spells["end"].dropna())}
    known = {"01.01.2014", "31.12.2016", "30.06.2018", "2014-01-01", "2016-12-31", "2018-06-30"}
    for name in ("manifest.json", "rapport.html", *(f"figures/{one}.svg" for one in ("til-arbeid", "staying", "flyt"))):
        text = (bundles["nb"] / name).read_text(encoding="utf-8")
        seen = set(re.findall(r"\b\d\d\.\d\d\.\d{4}\b|\b\d{4}-\d\d-\d\d\b", text))
        assert seen & days <= known, name
    for name in ("til-arbeid", "hvor", "staying", "forskjell"):
        svg = (bundles["nb"] / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        said = svg[svg.index("<desc") : svg.index("</desc>")]
        assert "måneder" in said
        assert not re.search(r"\bdag(?:er)?\b|182|365", said)


def test_no_pseudonym_of_a_person_stands_in_any_text(bundles: dict[str, Path]) -> None:
    people_in = {str(one) for one in nav.read(EXTRACT).frame["person"]}
    for file in (one for one in bundles["en"].rglob("*") if one.suffix in (".json", ".html", ".csv", ".svg")):
        text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", file.read_text(encoding="utf-8"))
        assert not set(re.findall(r"[\w-]+", text)) & people_in, file.name
