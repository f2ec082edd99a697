"""Jobs and exits again, person by person and month by month: a slow second implementation of every definition."""

from __future__ import annotations

import warnings
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.errors import DataWarning
from tests.laws.some_people import quick

MONTHS = 16
KINDS = ("competitive", "subsidised", "sheltered")
WHO = ("P-1", "P-2", "P-3", "P-4")
starts = st.tuples(*(st.integers(0, MONTHS - 1) for _ in WHO))
work_rows = st.lists(
    st.tuples(st.sampled_from(WHO), st.integers(0, MONTHS - 1), st.sampled_from(KINDS)), min_size=1, max_size=45
)
definitions = st.one_of(
    st.builds(nav.sustained, st.integers(1, 5), st.just(("competitive",))),
    st.builds(nav.sustained, st.integers(1, 4), st.just(KINDS)),
    st.builds(nav.register_month, st.sampled_from([("competitive",), ("subsidised",), KINDS])),
)


def month(number: int) -> pd.Period:
    return pd.Period("2019-01", freq="M") + number


def calm(verb: object, *given: object, **how: object) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return verb(*given, **how)  # type: ignore[operator]


def programme(starting: tuple[int, ...]) -> nav.Spells:
    frame = pd.DataFrame({"person": WHO, "start": [(month(at)).to_timestamp() for at in starting]})
    frame = frame.assign(end=pd.NaT, exit_class=None).astype({"end": "datetime64[s]", "start": "datetime64[s]"})
    return nav.Spells(frame, nav.Origin(cutoff=date(2020, 4, 30)))


def panel(rows: list[tuple[str, int, str]]) -> nav.MonthPanel:
    frame = pd.DataFrame(rows, columns=["person_id", "month", "kind"])
    frame["month"] = [str(month(at)) for at in frame["month"]]
    frame = frame.assign(employed=1, subsidised=frame["kind"] == "subsidised", sheltered=frame["kind"] == "sheltered")
    return calm(nav.employment_months, frame, covers=("2019-01", "2020-04"))


def slow_job(start: int, worked: set[int], k: int) -> tuple[int, str] | None:
    """Time and ending of one person; None when it cannot be known yet."""
    last = MONTHS - 1 - (k - 1)
    if start >= last:
        return None
    for at in range(start + 1, MONTHS):
        if all(later in worked and later < MONTHS for later in range(at, at + k)):
            return at - start, "job"
    return last - start, "censored"


@quick
@given(starts, work_rows, definitions)
def test_first_jobs_are_what_a_loop_over_months_says(
    starting: tuple[int, ...], rows: list, definition: nav.JobDefinition
) -> None:
    found = calm(nav.first_jobs, programme(starting), definition, panel(rows))
    expected = {}
    for who, start in zip(WHO, starting, strict=True):
        worked = {at for person, at, kind in rows if person == who and kind in definition.kinds}
        said = slow_job(start, worked, definition.months)
        if said is not None:
            expected[who] = said
            row = found.rows.set_index("person").loc[who]
            assert pd.isna(row["worked_before"]) if start == 0 else row["worked_before"] == (start - 1 in worked)
            for kind in KINDS:
                after = [at - start for person, at, one in rows if (person, one) == (who, kind) and at > start]
                assert (pd.isna(row[f"first_{kind}"]) and not after) or row[f"first_{kind}"] == min(after)
    assert {row.person: (row.time, row.ending) for row in found.rows.itertuples()} == expected
    assert (found.rows["month"].notna() == (found.rows["ending"] == "job")).all()


@quick
@given(starts, work_rows)
def test_a_stricter_definition_never_finds_a_job_earlier(starting: tuple[int, ...], rows: list) -> None:
    spells, months = programme(starting), panel(rows)
    loose, strict = (
        calm(nav.first_jobs, spells, one, months).rows.set_index("person")
        for one in (nav.sustained(2), nav.sustained(3))
    )
    both = strict.join(loose, rsuffix="_loose")
    jobs = both[both["ending"] == "job"]
    assert (jobs["ending_loose"] == "job").all() and (jobs["time_loose"] <= jobs["time"]).all()


@quick
@given(starts, work_rows, st.integers(1, 4))
def test_what_is_not_known_yet_changes_no_row(starting: tuple[int, ...], rows: list, k: int) -> None:
    """A register one month longer may only add to what the shorter one said."""
    spells = programme(starting)
    short = [row for row in rows if row[1] < MONTHS - 1]
    if not short:
        return
    frame = pd.DataFrame(short, columns=["person_id", "month", "state"])
    frame["month"] = [str(month(at)) for at in frame["month"]]
    early = calm(nav.MonthPanel.from_frame, frame, "state", covers=("2019-01", "2020-03"))
    before, after = (
        calm(nav.first_jobs, spells, nav.sustained(k), months).rows.set_index("person")
        for months in (early, panel(rows))
    )
    for who, row in before.iterrows():
        later = after.loc[who]
        if row["ending"] == "job":
            assert (later["ending"], later["time"]) == ("job", row["time"])
        else:
            assert later["time"] > row["time"]


def slow_exits(taking: set[int]) -> list[int]:
    """Months of exit that can be known in a register of all months."""
    return [at for at in sorted(taking) if not taking & {at + 1, at + 2} and at + 2 < MONTHS]


@quick
@given(
    st.lists(st.tuples(st.sampled_from(WHO), st.integers(0, MONTHS - 1)), min_size=1, max_size=40),
    st.lists(st.sampled_from(["ARBEID", "ARBEID_OG_YTELSE", "UFORE", None]), min_size=1, max_size=7),
    st.integers(10, 20),
)
def test_exits_as_nav_counts_them_are_what_a_loop_over_months_says(rows: list, words: list, covered: int) -> None:
    meaning = {"ARBEID": "in_work", "ARBEID_OG_YTELSE": "work_and_benefit", "UFORE": "disability_benefit"}
    held = {(who, at): words[(at + len(who) * 3 + int(who[-1])) % len(words)] for who in WHO for at in range(covered)}
    measures = pd.DataFrame(
        [(who, str(month(at)), "X") for who, at in rows], columns=["person_id", "month", "programme"]
    )
    statuses = pd.DataFrame(
        [(who, str(month(at)), word) for (who, at), word in held.items() if word], columns=["person_id", "month", "s"]
    )
    if statuses.empty:
        return
    found = calm(
        nav.nav_exit,
        calm(nav.MonthPanel.from_frame, measures, "programme", covers=("2019-01", "2020-04")),
        calm(nav.MonthPanel.from_frame, statuses, "s", covers=("2019-01", str(month(covered - 1)))),
    )
    last = min(MONTHS - 3, covered - 7)
    exits, people = [], {}
    for who in WHO:
        taking = {at for person, at in rows if person == who}
        own = slow_exits(taking)
        for at in own:
            word = held.get((who, at + 6))
            exits.append((who, month(at), (meaning[word] if word else "elsewhere") if at + 6 < covered else None))
        if taking and min(taking) <= last:
            known = [at for at in own if at <= last][:1] if own and own[0] <= last else []
            word = held.get((who, known[0] + 6)) if known else None
            ending = {"in_work": "job", "work_and_benefit": "job"}.get(meaning.get(word or "", "elsewhere"), "")
            ending = ending or (meaning.get(word or "", "elsewhere"))
            people[who] = (known[0] - min(taking) + 1, ending) if known else (last - min(taking) + 1, "censored")
    assert [(row.person, row.month, row.status) for row in found.exits.itertuples()] == exits
    assert {row.person: (row.time, row.ending) for row in found.rows.itertuples()} == people
