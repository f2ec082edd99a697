"""Tables as somebody without the code reads them: no empty column, no code word, no page of months."""

from __future__ import annotations

import pytest
from drawn_examples import LANGUAGES, NAMES, cohort

import navoutcomes as nav
from navoutcomes.show.tables.lock_in import told
from navoutcomes.show.words import group_name, term_name

NO_BREAK = "\u00a0"


def goal(baseline: float | None = None) -> nav.Indicator:
    target = nav.Target(name="Til arbeid", numerator="i arbeid", denominator="alle som startet", at_least=0.6)
    return nav.indicator(target, 530, {"started": 923, "completed": 780}, baseline=baseline, already_public=True)


def test_a_column_of_baselines_stands_only_where_somebody_stated_one() -> None:
    without = nav.show.table(goal(), language="nb")
    assert "Utgangsverdi" not in without.heads
    assert all(len(row) == len(without.heads) == len(without.numeric) for row in without.rows)
    stated = nav.show.table(goal(0.5), language="nb")
    assert stated.rows[0][stated.heads.index("Utgangsverdi")] == f"50,0{NO_BREAK}%"


@pytest.mark.parametrize(("language", "said"), [("nb", "av"), ("nn", "av"), ("en", "of")])
def test_so_many_of_so_many_is_never_broken_over_two_lines(language: str, said: str) -> None:
    printed = nav.show.table(goal(), language=language)
    assert printed.rows[0][printed.heads.index("n")] == f"530{NO_BREAK}{said}{NO_BREAK}923"


def test_the_printed_difference_from_the_first_day_is_shorter_than_its_file_and_says_so() -> None:
    released = nav.release(cohort(NAMES[:2]).lock_in(horizon=700))
    months = released.result.table["time"].nunique()
    printed = nav.show.table(released, language="nb")
    assert len(printed.rows) < months == len(released.result.table) / 2
    assert printed.notes[0].endswith(f"{len(printed.rows)} av {months}. Den fulle tabellen har alle.")
    assert printed.heads[0] == "Tid"
    assert [row[0] for row in printed.rows if row[0] in (f"6{NO_BREAK}måneder", f"12{NO_BREAK}måneder")] != []
    assert not any("*" in cell for row in printed.rows for cell in row)


def test_the_months_that_tell_the_course_are_first_last_every_sixth_and_where_the_sign_changes() -> None:
    shares = nav.release(cohort(NAMES[:2]).lock_in(horizon=700)).result.table
    own = shares[shares["measure"] == "risk difference"].reset_index(drop=True).head(9)
    own["estimate"] = [0.0, -0.02, -0.01, 0.0002, 0.03, 0.02, 0.01, -0.04, -0.04]
    own["time"] = range(1, 10)
    assert [int(own["time"].iloc[place]) for place in told(own, "months")] == [1, 5, 6, 8, 9]


def test_an_ending_that_some_did_not_have_is_called_by_its_name() -> None:
    assert [group_name("\u2212 no_show", one) for one in LANGUAGES] == [
        "\u2212 Manglende oppmøte", "\u2212 Manglande oppmøte", "\u2212 Non-attendance",
    ]  # fmt: skip


def test_words_that_all_registers_write_are_said_in_the_language_and_others_stand() -> None:
    assert [group_name("Uten plass", one) for one in LANGUAGES] == ["Uten plass", "Utan plass", "Without a place"]
    assert [term_name("Måneder på sosialhjelp før", one) for one in LANGUAGES] == [
        "Måneder på sosialhjelp før", "Månader på sosialhjelp før", "Months on social assistance before",
    ]  # fmt: skip
    assert term_name("sex: Kvinne", "en") == "Sex: Women"
    assert group_name("uten plass", "nn") == "uten plass"
    assert group_name("Aktivtiltaket", "nn") == "Aktivtiltaket"


def test_the_remark_on_who_the_shares_are_of_names_a_minus_row_only_where_there_is_one() -> None:
    counts = nav.from_counts({"job": 147, "no_show": 192, "other": 317})
    without = nav.show.table(counts.dropout(cause="no_show"), language="nb")
    rows = any("\u2212" in row[0] for row in without.rows)
    assert rows == any("minustegn" in one for one in without.notes)
    alone = nav.from_counts({"no_show": 192, "other": 464}).dropout(cause="no_show")
    assert not any("minustegn" in one for one in nav.show.table(alone, language="nb").notes)
