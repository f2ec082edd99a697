"""Rows B193 to B202 of the bad inputs: text that wants to be run, linked, read or written elsewhere."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import openpyxl
import pandas as pd
import pytest
from canaries import accepted, names, refused
from row_people import cohort, frame

import navoutcomes as nav

CODE = (
    "y ~ __import__('os').system('touch pwned')",
    "{x.__class__.__init__.__globals__}",
    "I(__import__('pathlib').Path('pwned').touch())",
    "x + {__import__('os').getcwd()}",
)
LABEL = "__import__('pathlib').Path('pwned').touch()"
VERBS = ("cox", "fine_gray", "logistic", "poisson", "parametric", "discrete_hazard", "pseudo_regression")


def asked(people: nav.Cohort, verb: str, terms: list[str]) -> object:
    """A regression verb with what it needs besides."""
    more = {"logistic": {"at": 19}, "pseudo_regression": {"at": 10}, "discrete_hazard": {"period": 4}}.get(verb, {})
    return getattr(people, verb)(terms, **more)


def everybody(rows: pd.DataFrame) -> nav.Cohort:
    return cohort(rows, endings={0: "stayed", 1: "job", 2: "other"})


@pytest.mark.parametrize("code", CODE, ids=["B193", "B194", "B193 of a transform", "B194 in braces"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_formula_is_the_name_of_a_column_that_is_not_there(
    verb: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problem = refused(lambda: asked(everybody(frame()), verb, [code]), nav.DataProblem)
    assert problem.key == "columns_missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", VERBS)
def test_b195_a_column_may_be_called_anything(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = frame().rename(columns={"x": LABEL})
    hostile = accepted(lambda: asked(everybody(rows), verb, [LABEL]))[0]
    plain = asked(everybody(frame()), verb, ["x"])
    np.testing.assert_allclose(hostile.table["estimate"], plain.table["estimate"], rtol=1e-12)
    assert LABEL in hostile.table["term"].tolist()
    assert list(tmp_path.iterdir()) == []


CELLS = ['=HYPERLINK("http://x";"se her")', "+1", "-1", "@SUM(1)", "\ttab=", "\rCR="]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose groups are called like formulas, markup and mathematics."""
    folder = tmp_path_factory.mktemp("rows")
    roll = np.random.default_rng(1)
    groups = [*CELLS, "<img src=x onerror=alert(1)>", '#read("/etc/passwd") @ref $x$']
    rows = pd.DataFrame({"time": np.ceil(roll.exponential(300, 1600)).clip(1, 700), "group": groups * 200})
    rows["ending"] = np.where(rows["time"] < 700, "job", "still")
    people = nav.Cohort.from_frame(
        rows, "time", "ending", censored="still", outcome="job", unit="days", origin=nav.Origin(synthetic=True)
    )
    with nav.Bundle(folder / "r", language="nb", title="Rader") as report:
        for place, group in enumerate(groups):
            own = people.covariates.loc[lambda one, group=group: one["group"] == group].reset_index(drop=True)
            one = nav.Cohort.from_frame(
                own, "time", "ending", censored="still", outcome="job", unit="days",
                origin=nav.Origin(synthetic=True),
            )  # fmt: skip
            report.say(group)
            report.add(f"g{place}", nav.release(one.survival_curve(by="group")), drawing="none", title=group)
    return folder / "r" / "nb"


@pytest.mark.parametrize("place", range(len(CELLS)), ids=[f"B196 {cell.strip()[:5]}" for cell in CELLS])
def test_b196_a_label_like_a_formula_is_text_in_every_table(place: int, bundle: Path) -> None:
    for line in openpyxl.load_workbook(bundle / "tables" / f"g{place}.xlsx").active.iter_rows():
        for cell in line:
            assert cell.data_type != "f"
            assert cell.hyperlink is None
    with (bundle / "tables" / f"g{place}.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    words = [cell for line in lines for cell in line if not _number(cell)]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in words)
    assert any(_number(cell) for line in lines for cell in line)


def _number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def test_b197_markup_is_shown_and_not_run(bundle: Path) -> None:
    for page in bundle.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text


def test_b200_typst_gets_labels_as_data(bundle: Path) -> None:
    assert (bundle / "rapport.pdf").stat().st_size > 0
    assert b"root:" not in (bundle / "rapport.pdf").read_bytes()


@pytest.mark.parametrize("label", [r"$\frac{", "_hidden", "$x$ and $y$", r"\alpha"])
def test_b201_a_label_is_no_mathematics_and_is_never_hidden(label: str) -> None:
    rows = frame(400, group=np.where(np.arange(400) % 2 == 0, label, "plain"))
    safe = nav.release(accepted(lambda: cohort(rows, unit="months").survival_curve(by="group"))[0])
    axes = nav.show.survival_curves(safe)
    axes.figure.canvas.draw()
    texts = [one.get_text() for one in axes.figure.findobj(plt.Text)]
    assert any(label in one or label.replace("$", r"\$") in one for one in texts)
    assert all(not one.get_parse_math() for one in axes.figure.findobj(plt.Text) if label in one.get_text())
    plt.close(axes.figure)


NAMES = ["../../etc/x", "C:\\x", "CON", "a:b", "a" * 300, "name.", "x/y", ""]


@pytest.mark.parametrize("name", NAMES, ids=[f"B202 {name[:12]}" for name in NAMES])
def test_b202_a_name_never_leaves_the_folder(name: str, tmp_path: Path) -> None:
    safe = nav.release(cohort(frame(200), unit="months").survival_curve())
    report = nav.Bundle(tmp_path / "r", language="nb")
    problem = refused(lambda: report.add(name, safe), nav.DesignProblem)
    assert problem.key == "bundle_name"
    report.abandon()
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["r"]


def test_the_missing_column_is_named_as_it_stands() -> None:
    names(refused(lambda: cohort(frame()).cox(["not there"])), ["«not there»"])
