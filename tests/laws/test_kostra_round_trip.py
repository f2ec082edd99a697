"""What the writer writes, the reader reads, field by field, in every layout; and the layouts hold together."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.records.kostra.layouts import Layout, layout, layouts
from navoutcomes.records.kostra.world import numbers, programme_people

LENGTHS = {"11CF": (139, 138, 136, 152, 152), "11F": (324, 324, 324, 338, 338)}
WRITTEN = {
    "registered_date": "REG_DATO",
    "start": "BEGYNT_DATO",
    "end": "AVSL_DATO",
    "status": "STATUS",
    "avsl_viktigste_inntekt": "AVSL_VIKTIGSTE_INNTEKT",
    "kvp_stonad": "KVP_STONAD",
    "main_income": "VKLO",
    "bidrag": "BIDRAG",
    "laan_jan": "LAAN_JAN",
    "payment_to": "UTBETTOMDATO",
}


def read(path: Path, one: Layout) -> nav.KostraExtract:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nav.read_kostra(path, one.form, one.year)


def test_the_layouts_have_the_published_lengths_and_no_gaps() -> None:
    assert {(one.form, one.year): one.length for one in layouts()} == {
        (form, year): length
        for form, lengths in LENGTHS.items()
        for year, length in zip(range(2022, 2027), lengths, strict=True)
    }
    for one in layouts():
        assert [field.start for field in one.fields] == [
            sum(before.size for before in one.fields[:at]) for at in range(len(one.fields))
        ]
        assert {field.size for field in one.fields if field.kind == "date"} <= ({6} if one.year < 2025 else {8})


@pytest.mark.parametrize("one", layouts(), ids=lambda one: one.name)
def test_every_field_comes_back_as_it_was_written(one: Layout, tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, one.form, one.year, seed=5, persons=25)
    rows = [row for row in path.read_bytes().decode("cp1252").split("\r\n") if row]
    frame = read(path, one).frame
    assert {len(row) for row in rows} == {one.length}
    assert len(frame) == len(rows) > 20
    assert (frame["year"] == one.year).all()
    for name, field in WRITTEN.items():
        where = one.field(field)
        if where is None:
            continue
        for value, row in zip(frame[name], rows, strict=True):
            text = row[where.place].strip()
            if where.kind == "date":
                told = "" if value != value else f"{value:%d%m%y}" if where.size == 6 else f"{value:%d%m%Y}"
            elif where.kind == "number":
                told = "" if value is None or str(value) == "<NA>" else f"{value:07}"
            else:
                told = value or ""
            assert told == text, field
    for month in range(1, 13):
        where = one.field(f"STMND_{month}")
        assert where is not None
        assert frame[f"stmnd_{month}"].tolist() == [row[where.place].strip() != "" for row in rows]


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    written = [
        nav.write_kostra(tmp_path / f"{at}.dat", "11F", 2025, seed=seed, persons=20).read_bytes()
        for at, seed in enumerate((1, 1, 2))
    ]
    assert written[0] == written[1] != written[2]


def test_files_of_different_years_tell_the_same_courses(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = tmp_path_factory.mktemp("keys") / "key"
    nav.new_key(key)
    files = []
    for year in (2022, 2023, 2024, 2025, 2026):
        path = nav.write_kostra(tmp_path, "11CF", year, seed=9, persons=40)
        files.append(nav.read_kostra(path, "11CF", year, key=key))
    with pytest.warns(nav.DataWarning):
        whole = nav.kvp_programmes(files)
    assert "kvp_lost" not in [one.key for one in whole.log]
    frame = whole.frame
    people, _ = programme_people(9, 2024, 40)
    told = frame[frame["registered_date"].dt.year == 2024].sort_values(["registered_date", "start"], ignore_index=True)
    people = people[people["start"] <= "2026-12-31"].sort_values(["registered", "start"], ignore_index=True)
    assert told["start"].tolist() == people["start"].tolist()
    over = (people["end"] <= "2026-12-31").to_numpy()
    assert (told["end"] - people["end"]).dt.days[over].eq(1).all()
    assert told["end"][~over].isna().all()


@given(st.integers(1, 400), st.integers(0, 3))
def test_invented_numbers_are_synthetic_valid_and_each_once(many: int, first: int) -> None:
    import numpy as np

    born = np.datetime64("1999-12-30") + np.arange(many) % 4
    digits = numbers(born, first).astype(int) - ord("0")
    month = digits[:, 2] * 10 + digits[:, 3]
    assert ((month >= 81) & (month <= 92)).all()
    assert len({tuple(row) for row in digits.tolist()}) == many
    weights = np.array([[3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]])
    assert (digits @ weights.T % 11 == 0).all()


def test_amounts_and_lengths_of_a_field_are_never_cut(tmp_path: Path) -> None:
    for one in (layout("11F", 2024), layout("11F", 2025)):
        frame = read(nav.write_kostra(tmp_path, one.form, one.year, seed=2, persons=30), one).frame
        grants = frame[[name for name in frame if str(name).startswith("bidrag_")]]
        assert (grants.sum(axis=1) == frame["bidrag"]).all()
