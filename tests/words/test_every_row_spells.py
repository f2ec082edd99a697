"""Rows B024 to B044 of the bad inputs: spells, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bad_rows import Case, all_of, check_all, spells, write

import navoutcomes as nav

JAN, FEB, MAR, APR = "01.01.2019", "01.02.2019", "01.03.2019", "01.04.2019"
CLOSES = date(2019, 12, 31)
OWN = {"events", "priority", "same_day", "missing_start", "crossover", "drop_prior_events", "cluster"}
ENDS = {"end_inclusive": False}


def made(*rows: str, names: str = "Løpenummer fom tom årsak", reads: dict[str, Any] | None = None, **rules: Any) -> Any:
    """Spells of these rows, cells between bars."""
    cells = [row.split("|") for row in rows]
    columns = {name: [row[at] for row in cells] for at, name in enumerate(names.split())}
    return spells(columns, reads, **rules)


def people(*rows: str, keep: str = "error", **how: Any) -> Callable[[Path], Any]:
    """A cohort of these rows: person, programme, from, to, reason, arm, date of a job."""
    names = ["Løpenummer", "tiltak", "fom", "tom", "årsak", "arm", "job_date"]
    asked = {
        "question": "Hvem fikk jobb?",
        "outcome": "job",
        "competing": ("health", "other"),
        "register_closes": CLOSES,
    }
    asked |= {name: value for name, value in how.items() if name not in OWN}
    own = {name: value for name, value in how.items() if name in OWN}

    def run(folder: Path) -> Any:
        cells = [row.split("|") for row in rows]
        columns = {name: [row[at] for row in cells] for at, name in enumerate(names)}
        extract = nav.read(write(folder, columns), extracted=CLOSES)
        return nav.Cohort.assemble(nav.Protocol(**asked), nav.Spells.from_extract(extract, missing_start=keep), **own)

    return run


def followed(**columns: list[Any]) -> Callable[[Any], None]:
    """The people are followed like this."""

    def look(cohort: Any) -> None:
        for name, values in columns.items():
            found = [None if one != one else one for one in cohort.rows[name].tolist()]
            assert found == values, name

    return look


NESTED = (f"P-1|{JAN}|{APR}|Arbeid", f"P-1|{FEB}|{MAR}|Helse", f"P-2|{JAN}|{FEB}|Annet")
TWO = ("P-1|KVP|01.01.2019|30.06.2019|Annet|a|", "P-1|IPS|01.03.2019|31.03.2019|Helse|a|",
       "P-2|IPS|01.01.2019|31.01.2019|Arbeid|b|")  # fmt: skip
STARTED = "P-1|IPS|01.01.2019|31.01.2019|Helse|a|01.02.2019"
OTHER = "P-2|IPS|01.01.2019|28.02.2019|Helse|b|"
APART = (f"P-1|{JAN}|31.01.2019|Annet", f"P-1|04.02.2019|{MAR}|Arbeid")

ROWS: dict[str, tuple[Case, ...]] = {
    "B024": (
        Case(made(f"P-1|{JAN}|{JAN}|Arbeid", reads=ENDS), "spells_zero_length", ("1", "2", "zero_length=", "half")),
        Case(made(f"P-1|{JAN}|{JAN}|Arbeid", reads=ENDS, zero_length="half"),
             said={"!zero_length_halved": ("1", "zero_length=")}),
    ),
    "B026": (
        Case(made(*[f"P-{at}|{FEB}|{'31.01.2019' if at == 7 else MAR}|Annet" for at in range(33)]),
             "end_one_day_before_start", ("1", "33", "3 %", "negative_one_day=")),
        Case(made(f"P-1|{FEB}|31.01.2019|Annet", negative_one_day="zero"),
             said={"!ends_one_day_early_repaired": ("1", "negative_one_day=")}),
    ),
    "B027": (
        Case(made(f"P-1|{JAN}|{FEB}|Arbeid", f"P-1|{JAN}|{FEB}|Arbeid", f"P-2|{JAN}|{FEB}|Annet"),
             values={"person": ["P-1", "P-2"]}, said={"!duplicates_dropped": ("1", "3")}),
    ),
    "B029": (
        Case(people(*TWO, arms=nav.Arms("arm", "a")), said={"later_spells": ("1",)}),
        Case(people(*TWO, arms=nav.Arms("programme", "KVP")), "arms_overlap", ("«programme»", "1", "IPS, KVP")),
    ),
    "B030": (
        Case(made(*NESTED), "spells_overlap", ("1", "overlap=", "merge", "first")),
        Case(made(*NESTED, overlap="merge"), values={"start": ["2019-01-01"] * 2, "end": ["2019-04-02", "2019-02-02"]},
             said={"!overlaps_merged": ("1",)}),
    ),
    "B031": (
        Case(made(f"P-1|{JAN}|31.03.2019|Annet", f"P-1|{APR}|01.05.2019|Arbeid"), values={"end": ["2019-05-02"]},
             said={"spells_joined": ("max_gap=0", "1")}),
    ),
    "B032": (
        Case(made(*APART, max_gap=2), values={"start": ["2019-01-01", "2019-02-04"]},
             said={"spells_joined": ("max_gap=2", "0")}),
        Case(made(*APART, max_gap=3), values={"start": ["2019-01-01"]}, said={"spells_joined": ("max_gap=3", "1")}),
    ),
    "B034": (
        Case(made(f"P-1||{FEB}|Arbeid", f"P-2|{JAN}|{FEB}|Annet"), "spells_start_missing",
             ("«fom»", "1", "2", "missing_start=")),
        Case(people("P-5|IPS||31.05.2019|Arbeid|a|", OTHER, keep="keep"), "start_missing",
             ("«start»", "1", "2", "entry=")),
        Case(people("P-5|IPS||31.05.2019|Arbeid|a|", OTHER, keep="keep", missing_start="register_opens",
                    register_opens=date(2019, 1, 1)), said={"!start_set_to_opening": ("1", "2", "«Start")}),
    ),
    "B035": (
        Case(people(OTHER, "P-3|IPS|01.02.2019|31.03.2019|Arbeid|a|", register_opens=date(2019, 2, 1)),
             said={"!delayed_entry": ("1", "2", "01.02.2019")}, then=followed(entry=[31, None], time=[59, 59])),
    ),
    "B036": (
        Case(people("P-1|IPS|01.02.2019|30.06.2019|Helse|a|15.01.2019", OTHER, events={"job": "job_date"}),
             "event_before_start", ("1", "drop_prior_events=")),
        Case(people("P-1|IPS|01.02.2019|30.06.2019|Helse|a|15.01.2019", OTHER, events={"job": "job_date"},
                    drop_prior_events=True), said={"!prior_events_dropped": ("1", "drop_prior_events")},
             then=followed(ending=["health", "health"])),
    ),
    "B037": (
        Case(people("P-1|IPS|01.01.2019|||a|01.01.2019", OTHER, events={"job": "job_date"}, same_day="half"),
             said={"!same_day": ("1", "half")}, then=followed(time=[0.5, 59])),
        Case(people("P-1|IPS|01.01.2019|||a|01.01.2019", OTHER, events={"job": "job_date"}, same_day="exclude"),
             then=followed(time=[59])),
    ),
    "B038": (
        Case(people("P-1|IPS|01.01.2019|31.12.2019|Arbeid|a|", "P-2|IPS|01.01.2019|||a|"),
             then=followed(time=[365, 365], ending=["job", None])),
    ),
    "B039": (
        Case(people(STARTED, OTHER, events={"job": "job_date"}), "two_endings_one_day", ("1", "priority=")),
        Case(people(STARTED, OTHER, events={"job": "job_date"}, priority=("job", "health")),
             then=followed(ending=["job", "health"])),
    ),
    "B040": (
        Case(made(f"P-1|{JAN}|{MAR}|Annet|{FEB}", names="Løpenummer fom tom årsak dødsdato"), "exit_after_death",
             ("1", "2", "«tom»", "«dødsdato»")),
    ),
    "B042": (
        Case(people("P-1|IPS|01.01.2019|31.12.2019|Arbeid|a|", "P-2|IPS|01.01.2019|||a|",
                    "P-3|IPS|01.11.2019|30.11.2019|Arbeid|b|", "P-4|IPS|01.11.2019|||b|", arms=nav.Arms("arm", "a")),
             said={"!arm_followed_shorter": ("b", "61", "2")}),
    ),
    "B043": (
        Case(made(f"P-1|{JAN}|{FEB}|Annet|12000", names="Løpenummer fom tom årsak varighet"), "duration_too_long",
             ("«varighet»", "1", "7305", "max_duration=")),
        Case(made(f"P-1|{JAN}|{FEB}|Annet|250", names="Løpenummer fom tom årsak varighet_mnd"), "duration_too_long",
             ("«varighet_mnd»", "1", "7305")),
    ),
    "B044": (
        Case(made(f"P-1|{JAN}|10.01.2019|Annet|10", f"P-2|{JAN}|10.01.2019|Annet|40",
                  names="Løpenummer fom tom årsak varighet"), "duration_disagrees", ("«varighet»", "1", "2", "30")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_spell_is_repaired_by_a_stated_rule_or_refused_by_name(row: str, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


def test_every_row_of_spells_has_its_test() -> None:
    all_of("spells", tuple(ROWS))
