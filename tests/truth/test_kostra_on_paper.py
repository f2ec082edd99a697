"""Two years of 11CF and 11F worked out on paper: courses, waits, exits, relapse, conditions, exemptions, sanctions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from kostra_by_hand import kostra_file

import navoutcomes as nav

JAN, MARCH, MAY = "01.01.2024", "01.03.2024", "10.05.2024"
# 0 waits 60 days, ends in 2024 with a job. 1 waits 61 days, is open in 2024 and ends in 2025 with two answers.
# 2 began in 2023 and stays away. 3 is open in 2024 and not in the file of 2025. 4 moves. 5 has no answer at all.
FIRST_YEAR = {
    0: {"REG_DATO": JAN, "VEDTAK_DATO": "31.01.2024", "BEGYNT_DATO": MARCH, "STATUS": "3", "AVSL_DATO": "30.06.2024",
        "AVSL_ORDINAERTARB": "01", "AVSL_VIKTIGSTE_INNTEKT": "01", "STMND_3": "03", "STMND_6": "06"},
    1: {"REG_DATO": "10.03.2024", "BEGYNT_DATO": MAY, "STATUS": "1"},
    2: {"REG_DATO": "01.10.2023", "BEGYNT_DATO": "01.12.2023", "STATUS": "4", "AVSL_DATO": "15.02.2024"},
    3: {"REG_DATO": "01.02.2024", "BEGYNT_DATO": "01.02.2024", "STATUS": "2"},
    4: {"REG_DATO": "01.02.2024", "BEGYNT_DATO": MARCH, "STATUS": "5", "AVSL_DATO": MARCH},
}  # fmt: skip
SECOND_YEAR = {
    1: {"REG_DATO": "10.03.2024", "BEGYNT_DATO": MAY, "STATUS": "7", "AVSL_DATO": "31.12.2025", "AVSL_AAP": "14",
        "AVSL_UTEN_OK_AVKLAR": "16", "AVSL_VIKTIGSTE_INNTEKT": "14"},
    5: {"REG_DATO": "01.01.2025", "BEGYNT_DATO": "15.01.2025", "STATUS": "3", "AVSL_DATO": "31.01.2025"},
}  # fmt: skip


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key"
    nav.new_key(path)
    return path


@pytest.fixture
def files(tmp_path: Path, key: Path) -> list[nav.KostraExtract]:
    years = {2024: FIRST_YEAR, 2025: SECOND_YEAR}
    paths = {year: kostra_file(tmp_path, "11CF", year, people) for year, people in years.items()}
    with pytest.warns(nav.DataWarning):
        return [nav.read_kostra(path, "11CF", year, key=key) for year, path in paths.items()]


def by_start(extract: nav.Extract) -> pd.DataFrame:
    return extract.frame.sort_values(["start", "person"], ignore_index=True)


@pytest.fixture
def courses(files: list[nav.KostraExtract]) -> nav.Extract:
    with pytest.warns(nav.DataWarning):
        return nav.kvp_programmes(files)


def test_a_course_in_two_files_is_one_and_ends_on_the_day_after_its_last(courses: nav.Extract) -> None:
    table = by_start(courses)
    assert len(table) == 6
    assert dict(zip(table["start"].dt.strftime("%Y-%m-%d"), table["end"].dt.strftime("%Y-%m-%d"), strict=False)) == {
        "2023-12-01": "2024-02-16",
        "2024-02-01": "2025-01-01",
        "2024-03-01": table["end"].dt.strftime("%Y-%m-%d")[3],
        "2024-05-10": "2026-01-01",
        "2025-01-15": "2025-02-01",
    }
    assert set(table.loc[table["start"] == "2024-03-01", "end"].dt.strftime("%Y-%m-%d")) == {"2024-07-01", "2024-03-02"}


def test_each_course_has_one_exit_class(courses: nav.Extract) -> None:
    table = courses.frame
    classes = {(f"{start:%Y-%m-%d}", word) for start, word in zip(table["start"], table["exit_class"], strict=True)}
    assert classes == {
        ("2024-03-01", "job"),
        ("2024-05-10", "benefit"),
        ("2023-12-01", "no_show"),
        ("2024-02-01", "censored"),
        ("2024-03-01", "administrative"),
        ("2025-01-15", "completed_unknown"),
    }
    assert set(courses.log.keys()) >= {"kvp_lost", "kvp_began_before"}


def test_those_who_began_before_the_first_file_enter_late(courses: nav.Extract) -> None:
    table = courses.frame
    before = table["start"] < "2024-01-01"
    assert before.sum() == 1
    assert (table.loc[before, "observed_from"] == "2024-01-01").all()
    assert (table.loc[~before, "observed_from"] == table.loc[~before, "start"]).all()


def test_courses_become_spells(courses: nav.Extract) -> None:
    spells = nav.Spells.from_extract(courses)
    frame = spells.frame
    assert spells.cutoff == date(2025, 12, 31)
    assert (frame["end"] - frame["start"]).dt.days.min() == 1
    assert frame.loc[frame["exit_class"] == "benefit", "end"].item() == pd.Timestamp(2026, 1, 1)


def test_waits_are_counted_from_the_application(files: list[nav.KostraExtract]) -> None:
    with pytest.warns(nav.DataWarning, match="avslag"):
        waiting = nav.kvp_waiting(files, settled=100)
    table = waiting.frame
    assert sorted(table["days"]) == [0, 14, 29, 60, 61]
    assert table.loc[table["days"] == 60, "days_to_decision"].item() == 30
    window = next(one for one in waiting.log if one.key == "kvp_waiting_window")
    assert dict(window.facts)["early"] == 1


def test_applications_of_the_last_days_are_left_out(files: list[nav.KostraExtract]) -> None:
    with pytest.warns(nav.DataWarning):
        waiting = nav.kvp_waiting(files, settled=365)
    assert sorted(waiting.frame["days"]) == [0, 29, 60, 61]


def test_answers_about_the_end_may_be_several(files: list[nav.KostraExtract]) -> None:
    with pytest.warns(nav.DataWarning):
        table = nav.kvp_exits(files).frame
    assert table.groupby("exit_class").size().to_dict() == {
        "job": 1, "benefit": 1, "relapse": 1, "no_show": 1, "administrative": 1, "completed_unknown": 1
    }  # fmt: skip
    two = table[table["answers"] == 2]
    assert sorted(two["answer"]) == ["14", "16"]
    assert two.loc[two["main"], "answer"].item() == "14"
    assert table.loc[table["exit_class"] == "no_show", "answer"].isna().all()


def test_support_is_a_row_a_month(files: list[nav.KostraExtract]) -> None:
    table = nav.kostra_support(files).frame
    assert [f"{month:%Y-%m}" for month in table["month"]] == ["2024-03", "2024-06"]
    assert set(table["benefit"]) == {"KVALIFISERINGSSTONAD"}


ASSISTANCE = {
    0: {"STMND_2": "02", "STMND_6": "06", "STMND_9": "09", "BIDRAG_SEPT": "9000", "BIDRAG": "9000", "LAAN": "0",
        "VILKARSOSLOV": "1", "UTBETDATO": "01.09.2024", "UTBETTOMDATO": "30.09.2024", "VILKARARBEID": "16",
        "VILKARSAMT": "08", "SANKSJONRED": "01"},
    1: {"VILKARSOSLOV": "2", "VEDTAKDATO": "05.02.2024", "VEDTAKHELSE": "03", "BIDRAG": "0", "LAAN": "0",
        "LAAN_MAI": "500"},
}  # fmt: skip


@pytest.fixture
def assistance(tmp_path: Path, key: Path) -> list[nav.KostraExtract]:
    paths = {2024: kostra_file(tmp_path, "11F", 2024, ASSISTANCE), 2025: kostra_file(tmp_path, "11F", 2025, {5: {}})}
    with pytest.warns(nav.DataWarning):
        return [nav.read_kostra(path, "11F", year, key=key) for year, path in paths.items()]


def test_relapse_is_the_first_month_after_the_month_of_the_end(
    files: list[nav.KostraExtract], assistance: list[nav.KostraExtract]
) -> None:
    """0 left in June 2024 and has June (not counted) and September; 5 left in January 2025; 1 in the last month."""
    with pytest.warns(nav.DataWarning):
        table = nav.kvp_relapse(files, assistance).frame.sort_values("months", ignore_index=True)
    assert table["months"].tolist() == [3, 11]
    assert table["ending"].tolist() == ["relapse", None]


def test_months_of_11f_that_are_missing_are_not_months_without_assistance(
    files: list[nav.KostraExtract], assistance: list[nav.KostraExtract]
) -> None:
    with pytest.raises(nav.DataProblem) as caught:
        nav.kvp_relapse(files, assistance[1])
    assert caught.value.key == "kvp_relapse_years"
    assert "2024" in str(caught.value)


def test_conditions_exemptions_and_sanctions_are_tidy(assistance: list[nav.KostraExtract]) -> None:
    conditions = nav.assistance_conditions(assistance[0]).frame
    assert sorted(conditions["condition"]) == ["08", "16"]
    assert set(conditions["start"]) == {pd.Timestamp(2024, 9, 1)}
    assert set(conditions["end"]) == {pd.Timestamp(2024, 10, 1)}
    exemptions = nav.assistance_exemptions(assistance[0]).frame
    assert exemptions["exemption"].tolist() == ["03"]
    assert exemptions["decided"].tolist() == [pd.Timestamp(2024, 2, 5)]
    assert nav.assistance_sanctions(assistance[0]).frame["sanction"].tolist() == ["01"]


def test_a_payment_without_a_cross_is_a_month_with_support(assistance: list[nav.KostraExtract]) -> None:
    with pytest.warns(nav.DataWarning, match="uten kryss"):
        table = nav.kostra_support(assistance[0]).frame
    loan = table[table["loan_nok"].notna()]
    assert loan["month"].tolist() == [pd.Timestamp(2024, 5, 1)]
    assert loan["loan_nok"].tolist() == [500]
    assert len(table) == 4


def test_age_is_known_only_where_the_form_has_a_date_of_birth(assistance: list[nav.KostraExtract]) -> None:
    years = nav.assistance_years(assistance[0])
    assert "age" not in years.frame
    assert "kostra_age_unknown" in [one.key for one in years.log]
    assert years.frame["activity_condition"].tolist() == [True, False]
    assert years.frame["exempt"].tolist() == [False, True]
    assert years.frame["sanctioned"].tolist() == [True, False]
