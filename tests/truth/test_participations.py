"""Arena's and Komet's endings worked out by hand, with the traps: automatic, lost, never started, a broken series."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import navoutcomes as nav

ARENA = [  # status, reason, start, end -> reason in the new solution, exit class
    ("FULLF", "", "01.01.2023", "01.02.2023", None, "completed_unknown"),
    ("FULLF", "BEGA", "01.01.2023", "01.03.2023", "FATT_JOBB", "job"),
    ("DELAVB", "BEGA", "01.01.2023", "01.03.2023", "FATT_JOBB", "job"),
    ("DELAVB", "SYK", "01.01.2023", "01.03.2023", "SYK", "health"),
    ("DELAVB", "FTOAT", "01.01.2023", "01.03.2023", "TRENGER_ANNEN_STOTTE", "other_service"),
    ("DELAVB", "UTV", "01.01.2023", "01.03.2023", "ANNET", "other"),
    ("DELAVB", "", "01.01.2023", "01.03.2023", "ANNET", "other"),
    ("IKKEM", "BEGA", "01.01.2023", "05.01.2023", "IKKE_MOTT", "no_show"),
    ("GJENN_AVL", "", "01.01.2023", "05.01.2023", "AVLYST_KONTRAKT", "administrative"),
    ("IKKAKTUELL", "", "", "", "ANNET", "never_started"),
    ("AVSLAG", "", "", "", "FIKK_IKKE_PLASS", "never_started"),
    ("GJENN", "", "01.12.2023", "", None, None),
    ("VENTELISTE", "", "01.12.2023", "", None, None),
]
KOMET = [
    ("HAR_SLUTTET", "", "01.05.2023", "01.09.2023", None, "completed_unknown"),
    ("FULLFORT", "", "01.05.2023", "01.09.2023", None, "completed_unknown"),
    ("HAR_SLUTTET", "FATT_JOBB", "01.05.2023", "01.09.2023", "FATT_JOBB", "job"),
    ("HAR_SLUTTET", "UTDANNING", "01.05.2023", "01.09.2023", "UTDANNING", "education"),
    ("AVBRUTT", "IKKE_MOTT", "01.05.2023", "01.09.2023", "IKKE_MOTT", "no_show"),
    ("HAR_SLUTTET", "FERDIG", "01.05.2023", "01.09.2023", "FERDIG", "completed_unknown"),
    ("IKKE_AKTUELL", "KURS_FULLT", "01.05.2023", "01.05.2023", "KURS_FULLT", "never_started"),
    ("DELTAR", "", "01.05.2023", "", None, None),
]


def read(folder: Path, rows: list[tuple], programme: str = "OPPFOLGING", system: str = "") -> nav.Extract:
    lines = ["pid;tiltakskode;status;årsak;startdato;sluttdato;opphav;uttrekksdato"]
    lines += [
        f"P-{at};{programme};{row[0]};{row[1]};{row[2]};{row[3]};{system};31.12.2023" for at, row in enumerate(rows)
    ]
    path = folder / "deltakere.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return quiet(nav.read, path)


def quiet(call, *args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **options)


def keys(extract: nav.Extract) -> list[str]:
    return [one.key for one in extract.log]


@pytest.mark.parametrize(("rows", "system"), [(ARENA, "arena"), (KOMET, "komet")])
def test_each_status_and_reason_has_the_class_nav_s_own_map_gives(
    rows: list[tuple], system: str, tmp_path: Path
) -> None:
    told = quiet(nav.participations, read(tmp_path, rows), system=system).frame
    assert told["reason"].tolist() == [row[4] for row in rows]
    assert told["exit_class"].tolist() == [row[5] for row in rows]


def test_an_ending_without_a_reason_is_never_other(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, KOMET))
    automatic = next(one for one in told.log if one.key == "participations_automatic")
    assert dict(automatic.facts) == {"count": 2, "total": 6, "share": 33}
    assert "other" not in set(told.frame["exit_class"].dropna())


def test_never_started_rows_lose_their_dates_and_become_no_spells(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, KOMET))
    never = told.frame["exit_class"] == "never_started"
    assert told.frame.loc[never, ["start", "end"]].isna().all(axis=None)
    spells = quiet(nav.Spells.from_extract, told)
    assert len(spells.frame) == len(KOMET) - 1
    assert spells.frame["exit_class"].value_counts().to_dict() == {
        "completed_unknown": 3, "job": 1, "education": 1, "no_show": 1
    }  # fmt: skip


def test_rows_registered_in_error_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [*KOMET, ("FEILREGISTRERT", "", "01.05.2023", "01.06.2023", None, None), ("KLADD", "", "", "", None, None)]
    told = quiet(nav.participations, read(tmp_path, rows))
    assert len(told.frame) == len(KOMET)
    assert len(told.rows) == len(KOMET)
    assert dict(next(one for one in told.log if one.key == "participations_excluded").facts)["count"] == 2


def test_a_stay_that_ended_by_its_date_without_a_status_is_unknown(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, [("DELTAR", "", "01.01.2023", "01.06.2023", None, None), *KOMET]))
    assert told.frame["exit_class"][0] == "completed_unknown"


def test_arena_s_lost_reasons_are_counted(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, ARENA), system="arena")
    assert dict(next(one for one in told.log if one.key == "arena_reasons_lost").facts) == {
        "count": 9, "total": 9, "lost": 1
    }  # fmt: skip


def both(folder: Path) -> nav.Extract:
    lines = ["pid;tiltakskode;status;årsak;startdato;sluttdato;Opphav;uttrekksdato"]
    for system, rows in (("ARENA", ARENA), ("TEAM_KOMET", KOMET)):
        lines += [
            f"{system[0]}-{at};OPPFOLGING;{row[0]};{row[1]};{row[2]};{row[3]};{system};31.12.2023"
            for at, row in enumerate(rows)
        ]
    path = folder / "begge.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return quiet(nav.read, path)


def test_the_move_from_arena_is_a_break_with_its_date(tmp_path: Path) -> None:
    extract = both(tmp_path)
    assert "migration_date_needed" in keys(quiet(nav.participations, extract, system="by_row"))
    told = quiet(nav.participations, extract, system="by_row", migrated="01.04.2023")
    assert "migration_date_needed" not in keys(told)
    broken = next(one for one in told.log if one.key == "trend_break")
    assert dict(broken.facts) == {
        "migrated": "01.04.2023",
        "n_before": 9, "jobs_before": 22, "education_before": 0, "unknown_before": 11,
        "n_after": 6, "jobs_after": 17, "education_after": 17, "unknown_after": 50,
    }  # fmt: skip
    assert "01.04.2023" in broken.text("nn")
    assert told.frame["exit_class"].tolist() == [row[5] for row in (*ARENA, *KOMET)]


def test_the_quality_report_gives_each_programme_and_year_and_no_job_share_above_the_limit(tmp_path: Path) -> None:
    report = nav.exit_reason_quality(quiet(nav.participations, both(tmp_path), system="by_row"), period="quarter")
    table = report.table.set_index(["group", "term", "measure"])
    assert table.loc[("OPPFOLGING", "2023Q1", "unknown"), "estimate"] == pytest.approx(1 / 9)
    assert table.loc[("OPPFOLGING", "2023Q1", "job"), "estimate"] == pytest.approx(2 / 9)
    refused = table.loc[("OPPFOLGING", "2023Q3", "job")]
    assert refused[["estimate", "conf_low", "conf_high"]].isna().all()
    assert refused["events"] == 1
    assert "20" in str(report.method[0])
    finding = report.findings.notes[0]
    assert dict(finding.facts)["share"] == 50
    assert repr(report).count("OPPFOLGING") >= 4
    assert "<table" in report._repr_html_()


def test_a6_a_job_rate_by_reason_is_refused_above_the_limit_and_says_why(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, KOMET))
    with pytest.raises(nav.DataProblem) as caught:
        nav.job_rate_by_reason(told)
    assert caught.value.key == "job_rate_refused"
    assert caught.value.facts["share"] == 50
    assert all(word in str(caught.value) for word in ("20", "Komet", "OPPFOLGING", "unknown_at_most="))
    raised = nav.job_rate_by_reason(told, unknown_at_most=0.5)
    assert raised.table["estimate"].tolist() == [pytest.approx(1 / 6)]
    assert "50" in str(raised.method[0])
    assert dict(raised.findings.notes[0].facts)["share"] == 50.0


def test_a_limit_that_is_met_exactly_is_not_passed(tmp_path: Path) -> None:
    rows = [KOMET[0], *[KOMET[2]] * 4]
    told = quiet(nav.participations, read(tmp_path, rows))
    assert nav.job_rate_by_reason(told).table["estimate"].tolist() == [0.8]


def test_a_history_without_reasons_gives_no_job_rate(tmp_path: Path) -> None:
    path = tmp_path / "historikk.csv"
    path.write_text("pid;status;fom;tom\nP-1;FULLF;01.01.2023;01.02.2023\nP-2;FULLF;01.01.2023;01.03.2023\n", "utf-8")
    told = quiet(nav.participations, quiet(nav.read, path), system="arena")
    assert "participations_without_reasons" in keys(told)
    with pytest.raises(nav.DataProblem) as caught:
        nav.job_rate_by_reason(told, unknown_at_most=1.0)
    assert caught.value.key == "job_rate_no_reasons"
    assert "IPS" in str(caught.value)


def test_completion_is_undefined_for_follow_up_and_a_share_for_courses(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, KOMET))
    with pytest.raises(nav.DataProblem) as caught:
        nav.completion_rate(told)
    assert caught.value.key == "completion_undefined"
    assert caught.value.facts["groups"] == ["OPPFOLGING"]
    course = [KOMET[1], KOMET[1], KOMET[4]]
    rate = nav.completion_rate(quiet(nav.participations, read(tmp_path, course, "JOBBKLUBB")))
    assert rate.table["estimate"].tolist() == [pytest.approx(2 / 3)]
    arena = quiet(nav.participations, read(tmp_path, ARENA), system="arena")
    with pytest.raises(nav.DataProblem, match="FULLFORT"):
        nav.completion_rate(arena)


def test_courses_of_the_qualification_programme_have_a_report_too(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2025, persons=300)
    courses = quiet(nav.kvp_programmes, nav.read_kostra(path, "11CF", 2025))
    report = nav.exit_reason_quality(courses)
    assert set(report.table["group"]) == {"KVP"}
    assert set(report.table["term"]) == {"2025"}
    assert 0.1 < nav.job_rate_by_reason(courses).table["estimate"].item() < 0.4


def test_nobody_who_left_and_a_status_that_is_missing_are_refused(tmp_path: Path) -> None:
    told = quiet(nav.participations, read(tmp_path, [KOMET[7]]))
    with pytest.raises(nav.DataProblem) as caught:
        nav.exit_reason_quality(told)
    assert caught.value.key == "participations_nobody_left"
    extract = read(tmp_path, [KOMET[2], ("", "", "01.05.2023", "", None, None)])
    with pytest.raises(nav.DataProblem) as caught:
        quiet(nav.participations, extract)
    assert caught.value.key == "status_missing"
    assert caught.value.facts["rows"] == (3,)
