"""Laws of the way from a register to people: what is known later takes nothing back."""

from __future__ import annotations

import tempfile
import warnings
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from some_people import quick

import navoutcomes as nav

FIRST, LAST = date(2019, 1, 1), date(2019, 12, 31)
REASONS = ("Arbeid", "Helse", "Annet")
HEADERS = "Løpenummer;fom;tom;årsak;kontor"


@st.composite
def registers(draw: st.DrawFn) -> str:
    """A csv of one spell a person, some of them open on the last day of 2019."""
    size, roll = draw(st.integers(1, 20)), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lines = [HEADERS]
    for person in range(size):
        start = FIRST + timedelta(days=int(roll.integers(0, 300)))
        end = start + timedelta(days=int(roll.integers(0, 200)))
        closed = end <= LAST
        row = (
            f"P-{person:03}",
            start,
            end if closed else "",
            roll.choice(REASONS) if closed else "",
            roll.choice(list("ABC")),
        )
        lines.append(";".join(f"{one:%d.%m.%Y}" if isinstance(one, date) else str(one) for one in row))
    return "\n".join(lines) + "\n"


def assembled(register: str, closes: date, **how: object) -> nav.Cohort:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "register.csv")
        path.write_text(register, encoding="utf-8")
        spells = nav.Spells.from_extract(nav.read(path, extracted=LAST))
    protocol = nav.Protocol(
        question="Which share left for a job?",
        outcome="job",
        competing=("health", "other"),
        register_closes=closes,
        **how,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        return nav.Cohort.assemble(protocol, spells)


def endings(cohort: nav.Cohort) -> set[tuple[str, float, str]]:
    rows = cohort.rows.dropna(subset=["ending"])
    return set(zip(rows["person"], rows["time"], rows["ending"], strict=True))


@given(register=registers(), earlier=st.integers(60, 200), later=st.integers(201, 364))
@quick
def test_a_later_extract_takes_back_no_ending_and_no_person(register: str, earlier: int, later: int) -> None:
    register += "P-999;01.01.2019;10.01.2019;Arbeid;A\n"
    first, second = (assembled(register, FIRST + timedelta(days=day)) for day in (earlier, later))
    assert endings(first) <= endings(second)
    assert set(first.rows["person"]) <= set(second.rows["person"])
    both = first.rows.merge(second.rows, on="person", suffixes=("_first", "_second"))
    assert (both["time_first"] <= both["time_second"]).all()


@given(register=registers(), seed=st.integers(0, 100))
@quick
def test_the_order_of_the_register_changes_nothing(register: str, seed: int) -> None:
    register += "P-999;01.01.2019;10.01.2019;Arbeid;A\n"
    head, *lines = register.splitlines()
    np.random.default_rng(seed).shuffle(lines)
    one, other = (assembled(text, LAST) for text in (register, "\n".join([head, *lines]) + "\n"))
    pd.testing.assert_frame_equal(one.cumulative_incidence().table, other.cumulative_incidence().table)
    assert one.audit.lines() == other.audit.lines()


@given(register=registers(), opens=st.integers(0, 120))
@quick
def test_whoever_had_begun_before_the_register_opened_is_at_risk_from_then(register: str, opens: int) -> None:
    """And nobody is at risk before; the flow counts those who had left."""
    register += "P-999;01.01.2019;30.12.2019;Arbeid;A\n"
    day = FIRST + timedelta(days=opens)
    cohort = assembled(register, LAST, register_opens=day)
    rows = cohort.rows
    assert (rows["entry"].isna() | (rows["entry"] < rows["time"])).all()
    assert (rows["entry"].dropna() > 0).all()
    start = pd.to_datetime(cohort.column("start"))
    waited = (pd.Timestamp(day) - start).dt.days
    np.testing.assert_array_equal(rows["entry"].fillna(0), waited.clip(lower=0))
    assert cohort.flow.start - cohort.flow.end == sum(step.lost for step in cohort.flow.steps)
    assert cohort.flow.end == cohort.persons == len(rows)


@given(register=registers(), office=st.sampled_from("ABC"))
@quick
def test_a_condition_takes_out_whom_it_names_and_nobody_else(register: str, office: str) -> None:
    register += f"P-999;01.01.2019;10.01.2019;Arbeid;{office}\n"
    everybody = assembled(register, LAST)
    chosen = assembled(register, LAST, eligibility=nav.OneOf("office", office))
    expected = everybody.rows[(everybody.column("office") == office).to_numpy()].reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen.rows, expected)
    assert chosen.flow.lines()[1][1] == -(everybody.persons - chosen.persons)
