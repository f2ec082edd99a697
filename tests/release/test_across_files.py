"""Story S5: from all the files of one run together no count below the limit can be worked out.

The attacker here knows nothing of the package: it reads csv, xlsx, html, docx, svg and alt texts, writes down every
number as an equation in unknown counts, and asks a linear programme about each count that was small.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from scipy.optimize import linprog

import navoutcomes as nav
from navoutcomes.report.tables import SPOKEN

LIMIT = 5
ENDINGS = ("job", "other", "prison")
BY = ("office", "sex")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def people() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    number = 420
    frame = pd.DataFrame({"days": np.ceil(rng.gamma(1.5, 150, number).clip(2, 800))})
    frame["office"] = rng.choice(["Molde", "Aukra", "Vestnes", "Rauma"], number, p=[0.45, 0.3, 0.18, 0.07])
    frame["sex"] = rng.choice(["kvinne", "mann"], number, p=[0.6, 0.4])
    frame["ending"] = rng.choice(ENDINGS, number, p=[0.5, 0.46, 0.04])
    return frame


def cohort(frame: pd.DataFrame) -> nav.Cohort:
    words = {one: one for one in ENDINGS}
    return nav.Cohort.from_frame(
        frame, time="days", ending="ending", endings=words, outcome="job", arm="sex", reference="kvinne"
    )


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return people()


@pytest.fixture(scope="module")
def report(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "r"
    everybody = cohort(frame)
    with nav.Bundle(folder, language="nb", title="Alt") as bundle:
        bundle.add("total", nav.release(everybody.proportion()))
        bundle.add("office", nav.release(everybody.proportion(by="office")))
        bundle.add("sex", nav.release(everybody.proportion(by="sex")))
        bundle.add("kurve", nav.release(everybody.survival_curve()), at=365)
        bundle.add("kurve-sex", nav.release(everybody.survival_curve(by="sex")), at=365)
    return folder / "nb"


def rows(report: Path, name: str) -> list[dict[str, str]]:
    with (report / "tables" / f"{name}.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def number(cell: str) -> float:
    return float(cell) if re.fullmatch(r"[-\d.e+]+", cell) else np.nan


class Attack:
    """Counts by office and by sex and ending, as unknowns; equations from what is printed."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.place = {
            (by, group, ending): at
            for at, (by, group, ending) in enumerate(
                (by, group, ending) for by in BY for group in sorted(frame[by].unique()) for ending in ENDINGS
            )
        }
        self.rows: list[tuple[np.ndarray, float]] = []
        for ending in ENDINGS:
            self.add([key for key in self.place if key[0] == "office" and key[2] == ending], 0.0,
                     [key for key in self.place if key[0] == "sex" and key[2] == ending])  # fmt: skip

    def add(
        self, plus: list[tuple[str, str, str]], total: float, minus: list[tuple[str, str, str]] | None = None
    ) -> None:
        row = np.zeros(len(self.place))
        row[[self.place[key] for key in plus]] += 1
        row[[self.place[key] for key in minus or []]] -= 1
        self.rows.append((row, total))

    def read(self, report: Path) -> None:
        for by in BY:
            for row in rows(report, by):
                own = (by, row["group"], row["cause"])
                for cell, keys in (
                    (row["events"], [own]),
                    (row["at_risk"], [key for key in self.place if key[:2] == own[:2]]),
                ):
                    if not np.isnan(number(cell)):
                        self.add(keys, number(cell))
                # A share with eight digits is a count too, when the size is known.
                product = number(row["estimate"]) * number(row["at_risk"])
                if not np.isnan(product):
                    self.add([own], round(product))
        for row in rows(report, "total"):
            if not np.isnan(number(row["events"])):
                self.add(
                    [key for key in self.place if key[0] == "office" and key[2] == row["cause"]], number(row["events"])
                )
            self.add([key for key in self.place if key[0] == "office"], number(row["at_risk"]))

    def reach(self, keys: list[tuple[str, str, str]]) -> tuple[float, float]:
        goal = np.zeros(len(self.place))
        goal[[self.place[key] for key in keys]] = 1
        left, right = np.array([row for row, _ in self.rows]), np.array([total for _, total in self.rows])
        found = [linprog(sign * goal, A_eq=left, b_eq=right, bounds=(0, None)) for sign in (1.0, -1.0)]
        assert all(one.status == 0 for one in found)
        return found[0].fun, -found[1].fun


def small_counts(frame: pd.DataFrame) -> Iterator[tuple[list[tuple[str, str, str]], int]]:
    for by in BY:
        for (group, ending), count in frame.groupby([by, "ending"]).size().items():
            if 0 < count < LIMIT:
                yield [(by, str(group), str(ending))], int(count)


def test_no_small_count_can_be_worked_out_of_the_tables_together(frame: pd.DataFrame, report: Path) -> None:
    attack = Attack(frame)
    attack.read(report)
    small = list(small_counts(frame))
    assert small
    for keys, count in small:
        low, high = attack.reach(keys)
        assert low <= min(1, count) + 1e-6, keys
        assert high >= LIMIT - 1 - 1e-6, keys


def test_the_attack_does_find_a_count_when_one_symbol_is_lifted(frame: pd.DataFrame, report: Path) -> None:
    attack = Attack(frame)
    attack.read(report)
    keys, count = next(small_counts(frame))
    by, group, ending = keys[0]
    for other in ENDINGS:
        if other != ending:
            true = int(((frame[by] == group) & (frame["ending"] == other)).sum())
            attack.add([(by, group, other)], true)
    attack.add([key for key in attack.place if key[:2] == (by, group)], int((frame[by] == group).sum()))
    low, high = attack.reach(keys)
    assert (round(low), round(high)) == (count, count)


def test_sheets_hold_what_the_csv_files_hold(report: Path) -> None:
    for path in sorted((report / "tables").glob("*.xlsx")):
        sheet = load_workbook(path).active
        cells = [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]
        for line, row in zip(cells, rows(report, path.stem), strict=False):
            for cell, (name, text) in zip(line, row.items(), strict=False):
                if name in SPOKEN:
                    continue
                seen = number(text)
                assert ((cell or "") == text) if np.isnan(seen) else np.isclose(float(cell), seen, rtol=1e-6)


class Cells(HTMLParser):
    """Rows of every table of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.found.append([])
        self.inside = tag in ("td", "th") or (self.inside and tag not in ("tr", "table"))
        if tag in ("td", "th") and self.found:
            self.found[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside and self.found and self.found[-1]:
            self.found[-1][-1] += data


def printed(report: Path) -> dict[str, list[list[str]]]:
    page = Cells()
    page.feed((report / "rapport.html").read_text(encoding="utf-8"))
    with zipfile.ZipFile(report / "rapport.docx") as book:
        body = ElementTree.fromstring(book.read("word/document.xml"))
    word = [
        ["".join(text.text or "" for text in cell.iter(f"{WORD}t")) for cell in row.iter(f"{WORD}tc")]
        for row in body.iter(f"{WORD}tr")
    ]
    return {"html": page.found, "docx": word}


def test_printed_tables_show_a_symbol_where_the_csv_does(frame: pd.DataFrame, report: Path) -> None:
    hidden = [(row["group"], row["cause"]) for by in BY for row in rows(report, by) if np.isnan(number(row["events"]))]
    assert len(hidden) >= 4
    groups = {str(group) for by in BY for group in frame[by].unique()}
    for kind, lines in printed(report).items():
        counted = [line for line in lines if line and line[0] in groups and len(line) > 3]
        assert counted, kind
        with_symbol = [line for line in counted if "*" in line]
        assert len(with_symbol) >= len(hidden), kind
        for line in with_symbol:
            assert not re.search(r"\d+,\d", " ".join(line[2:])), kind


def test_figures_and_alt_texts_say_no_small_number_of_persons(report: Path) -> None:
    svgs = sorted((report / "figures").glob("*.svg"))
    assert svgs
    for path in [*svgs, *sorted((report / "figures").glob("*.txt"))]:
        text = re.sub(r"<(path|style|metadata).*?(/>|</\1>)", "", path.read_text(encoding="utf-8"), flags=re.S)
        words = re.findall(r">([^<>]+)<", text) if path.suffix == ".svg" else [text]
        for one in words:
            assert not re.search(r"\b[1-4] (av|person)", one), path.name


def test_curves_beside_each_other_and_beside_the_tables(frame: pd.DataFrame, report: Path) -> None:
    """Exits so far of everybody, less the women's, at months both know; and the table's totals less the curve's."""
    found: dict[str, dict[float, float]] = {}
    for name in ("kurve", "kurve-sex"):
        table = pd.DataFrame(rows(report, name))
        table[["time", "events"]] = table[["time", "events"]].astype(float)
        for group, own in table.groupby("group"):
            steps = own[own["events"] > 0]
            assert (steps["events"] >= LIMIT).all()
            found[str(group)] = dict(zip(steps["time"], steps["events"].cumsum(), strict=True))
    sizes = frame["sex"].value_counts()
    assert max(found["kvinne"].values()) <= sizes["kvinne"]
    assert {"all", "kvinne", "mann"} == set(found)
    for group, people_of in (("all", len(frame)), ("kvinne", sizes["kvinne"]), ("mann", sizes["mann"])):
        rest = people_of - max(found[group].values())
        assert rest == 0 or rest >= LIMIT
    rest = max(found["all"].values()) - max(found["kvinne"].values()) - max(found["mann"].values())
    assert round(rest) == 0 or abs(rest) >= LIMIT
