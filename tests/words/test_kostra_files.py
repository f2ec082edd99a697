"""A KOSTRA file that is not what the caller says is refused by name, and every fault says in which lines it stands."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.records.kostra.layouts import layout, layouts
from navoutcomes.texts import LANGUAGES

NAMES = [one.name for one in layouts()]


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key"
    nav.new_key(path)
    return path


def changed(path: Path, form: str, year: int, field: str, text: str, *lines: int) -> Path:
    """The file with another text in a field of some lines (counted from 1)."""
    place = layout(form, year).field(field)
    assert place is not None
    rows = path.read_bytes().split(b"\r\n")
    for line in lines:
        row = bytearray(rows[line - 1])
        row[place.place] = text.ljust(place.size)[: place.size].encode("cp1252")
        rows[line - 1] = bytes(row)
    path.write_bytes(b"\r\n".join(rows))
    return path


def refused(read: Callable[[], object]) -> nav.Problem:
    with warnings.catch_warnings(), pytest.raises(nav.Problem) as caught:
        warnings.simplefilter("ignore")
        read()
    for language in LANGUAGES:
        assert all(part.strip() for part in caught.value.parts(language))
    return caught.value


def quiet(read: Callable[[], nav.KostraExtract]) -> nav.KostraExtract:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read()


@pytest.mark.parametrize("asked", NAMES)
def test_a_file_of_another_form_or_year_is_recognised_and_named(asked: str, tmp_path: Path) -> None:
    form, year = asked.split()
    for one in layouts():
        if one.name == asked:
            continue
        path = nav.write_kostra(tmp_path, one.form, one.year, seed=1, persons=3)
        problem = refused(lambda path=path: nav.read_kostra(path, form, int(year)))
        assert problem.key == "kostra_other_layout"
        assert one.name in str(problem)
        assert asked in str(problem)


@pytest.mark.parametrize("form", ["11cf ", "11F"])
def test_years_without_a_description_are_refused(form: str, tmp_path: Path) -> None:
    for year in (2021, 2027):
        assert refused(lambda year=year: nav.read_kostra(tmp_path / "x", form, year)).key == "kostra_layout_unknown"
    assert refused(lambda: nav.read_kostra(tmp_path / "x", "15F", 2024)).facts["allowed"] == tuple(NAMES)


def test_records_of_another_length_are_named_by_line(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    rows = path.read_bytes().split(b"\r\n")
    rows[1], rows[4] = rows[1][:-3], rows[4] + b"x"
    path.write_bytes(b"\r\n".join(rows))
    problem = refused(lambda: nav.read_kostra(path, "11CF", 2024))
    assert problem.key == "kostra_length"
    assert problem.facts["rows"] == (2, 5)
    assert all(number in str(problem) for number in ("136", "133", "137", "2, 5"))


def test_spaces_stripped_at_the_ends_are_filled_up_when_the_caller_says_so(tmp_path: Path) -> None:
    whole = nav.write_kostra(tmp_path / "whole.dat", "11F", 2025, persons=10)
    stripped = tmp_path / "stripped.dat"
    stripped.write_bytes(b"\r\n".join(row.rstrip() for row in whole.read_bytes().split(b"\r\n")))
    assert refused(lambda: nav.read_kostra(stripped, "11F", 2025)).key == "kostra_length"
    padded = quiet(lambda: nav.read_kostra(stripped, "11F", 2025, short_records="pad"))
    assert padded.frame.equals(quiet(lambda: nav.read_kostra(whole, "11F", 2025)).frame)
    assert "kostra_padded" in [one.key for one in padded.log]
    assert refused(lambda: nav.read_kostra(stripped, "11F", 2024, short_records="pad")).key == "kostra_length"


@pytest.mark.parametrize(
    ("field", "text", "key"),
    [
        ("BEGYNT_DATO", "310224", "kostra_date"),
        ("REG_DATO", "010199", "kostra_date"),
        ("AVSL_DATO", "1.2.24", "kostra_date"),
        ("STATUS", "8", "kostra_code"),
        ("AVSL_VIKTIGSTE_INNTEKT", "02", "kostra_code"),
        ("AVSL_SKOLE", "4", "kostra_code"),
        ("KJONN", "K", "kostra_code"),
        ("KOMMNR_KVP_KOMM", "0106", "kostra_code"),
        ("KOMMUNE_NR", "15 9", "kostra_code"),
        ("KVP_STONAD", "17,5", "kostra_number"),
        ("VERSION", "23", "kostra_years_mixed"),
    ],
)
def test_what_cannot_be_right_is_named_by_field_and_line(field: str, text: str, key: str, tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    changed(path, "11CF", 2024, field, text, 3, 7)
    problem = refused(lambda: nav.read_kostra(path, "11CF", 2024))
    assert problem.key == key
    assert problem.facts["rows"] == (3, 7)
    assert field in str(problem)
    assert "3, 7" in str(problem)
    assert len(text) < 4 or text not in str(problem)


def test_status_7_is_no_code_before_2023(tmp_path: Path) -> None:
    path = changed(nav.write_kostra(tmp_path, "11CF", 2022, persons=5), "11CF", 2022, "STATUS", "7", 1)
    assert refused(lambda: nav.read_kostra(path, "11CF", 2022)).key == "kostra_code"


def test_the_first_of_january_is_written_with_two_or_four_digits(tmp_path: Path) -> None:
    for year, text in ((2024, "010124"), (2025, "01012024")):
        path = changed(nav.write_kostra(tmp_path, "11CF", year, persons=5), "11CF", year, "REG_DATO", text, 1)
        assert str(
            quiet(lambda path=path, year=year: nav.read_kostra(path, "11CF", year)).frame["registered_date"][0]
        ) == ("2024-01-01 00:00:00")


def test_mandatory_fields_without_an_answer_are_counted_not_refused(tmp_path: Path) -> None:
    path = changed(nav.write_kostra(tmp_path, "11CF", 2024, persons=5), "11CF", 2024, "REG_DATO", "000000", 1, 2)
    with pytest.warns(nav.DataWarning, match="REG_DATO"):
        extract = nav.read_kostra(path, "11CF", 2024)
    assert extract.frame["registered_date"].isna().sum() == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_letters_of_any_encoding_stand_only_where_nothing_is_read(encoding: str, ending: str, tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=5)
    changed(path, "11CF", 2024, "SAKSBEHANDLER", "Åse Bjørgø", 1, 3)
    before = quiet(lambda: nav.read_kostra(path, "11CF", 2024))
    text = path.read_bytes().decode("cp1252").replace("\r\n", ending)
    path.write_bytes(text.encode(encoding))
    after = quiet(lambda: nav.read_kostra(path, "11CF", 2024))
    assert after.frame.equals(before.frame)
    assert after.origin == before.origin
    assert not after.origin.synthetic
    assert "kostra_encoding" in [one.key for one in after.log]


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=5)
    for content in (path.read_bytes().decode().encode("utf-16"), b"PK\x03\x04" + path.read_bytes()):
        path.write_bytes(content)
        assert refused(lambda: nav.read_kostra(path, "11CF", 2024)).key == "kostra_not_text"
    path.write_bytes(b"\r\n\r\n")
    assert refused(lambda: nav.read_kostra(path, "11CF", 2024)).key == "file_empty"
    assert refused(lambda: nav.read_kostra(tmp_path / "gone.dat", "11CF", 2024)).key == "file_not_found"


def test_years_without_a_common_pseudonym_are_not_put_together(tmp_path: Path, key: Path) -> None:
    paths = {year: nav.write_kostra(tmp_path, "11CF", year, persons=5) for year in (2024, 2025)}
    other = key.with_name("other")
    nav.new_key(other)
    for keys in ((None, None), (key, None), (key, other)):
        files = [
            quiet(lambda path=path, year=year, one=one: nav.read_kostra(path, "11CF", year, key=one))
            for (year, path), one in zip(paths.items(), keys, strict=True)
        ]
        problem = refused(lambda files=files: nav.kvp_programmes(files))
        assert problem.key == "kostra_not_linked"
        assert "2024, 2025" in str(problem)
        assert len(quiet(lambda files=files: nav.kvp_programmes(files[0])).frame)  # type: ignore[arg-type, return-value]


def test_the_same_file_twice_and_another_form_are_refused(tmp_path: Path, key: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=5)
    one = quiet(lambda: nav.read_kostra(path, "11CF", 2024, key=key))
    assert refused(lambda: nav.kvp_programmes([one, one])).key == "kostra_file_twice"
    assert refused(lambda: nav.assistance_years(one)).facts == {"needed": "11F", "found": ("11CF",)}
    assert refused(lambda: nav.kvp_programmes([])).key == "kostra_form_needed"


def test_a_course_without_an_end_or_with_one_before_the_start_is_refused(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    changed(path, "11CF", 2024, "STATUS", "3", 4)
    changed(path, "11CF", 2024, "AVSL_DATO", "", 4)
    read = quiet(lambda: nav.read_kostra(path, "11CF", 2024))
    problem = refused(lambda: nav.kvp_programmes(read))
    assert problem.key == "kvp_end_missing"
    assert problem.facts["rows"] == (4,)
    assert "AVSL_DATO" in str(problem)
    changed(path, "11CF", 2024, "AVSL_DATO", "010104", 4)
    read = quiet(lambda: nav.read_kostra(path, "11CF", 2024))
    assert refused(lambda: nav.kvp_programmes(read)).key == "kvp_end_before_start"


def test_who_began_before_applying_is_refused_by_line(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    changed(path, "11CF", 2024, "REG_DATO", "311224", 2)
    read = quiet(lambda: nav.read_kostra(path, "11CF", 2024))
    problem = refused(lambda: nav.kvp_waiting(read))
    assert problem.key == "kvp_start_before_application"
    assert problem.facts["rows"] == (2,)


def test_dates_of_the_next_year_have_not_happened_yet(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    changed(path, "11CF", 2024, "AVSL_DATO", "150225", 2)
    changed(path, "11CF", 2024, "STATUS", "3", 2)
    with pytest.warns(nav.DataWarning, match="AVSL_DATO"):
        read = nav.read_kostra(path, "11CF", 2024)
    with pytest.warns(nav.DataWarning):
        courses = nav.kvp_programmes(read)
    assert "kvp_end_ignored" in [one.key for one in courses.log]
    assert courses.frame.loc[courses.frame["person"] == "11cf-2024-r2", "end"].isna().all()
