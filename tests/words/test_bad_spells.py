"""Every bad spell is repaired by a stated rule or refused with a message that names the rows and the rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bad_input import Case, accepted, check_logged, check_told, column, name_of, refused, write_csv

from navoutcomes.records.extract import read
from navoutcomes.records.spells.stays import Spells

JAN, FEB, MAR, APR = "01.01.2019", "01.02.2019", "01.03.2019", "01.04.2019"


def _spells(*rows: tuple[str, ...], names: str = "Løpenummer fom tom årsak") -> dict[str, list[str]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names.split())}


def _made(path: Path, reading: Mapping[str, Any], rules: Mapping[str, Any]) -> Spells:
    return Spells.from_extract(read(path, **reading), **rules)


NESTED = _spells(("P-1", JAN, APR, "Arbeid"), ("P-1", FEB, MAR, "Helse"), ("P-2", JAN, FEB, "Annet"))
CHAIN = _spells(("P-1", JAN, MAR, "Helse"), ("P-1", FEB, APR, "Annet"), ("P-1", "15.03.2019", "01.06.2019", "Arbeid"))
DURATIONS = "Løpenummer fom tom årsak varighet"
MONTHS = "Løpenummer fom tom årsak varighet_måneder"

MADE = [
    Case("one day", _spells(("P-1", JAN, JAN, "Arbeid")), values={"end": ["2019-01-02"], "exit_class": ["job"]},
         logged={"ends_made_exclusive": ("1",)}),
    Case("ends that are exclusive already", _spells(("P-1", JAN, FEB, "Arbeid")), {"end_inclusive": False},
         values={"end": ["2019-02-01"]}),
    Case("B024 with a rule", _spells(("P-1", JAN, JAN, "Arbeid")), {"end_inclusive": False},
         rules={"zero_length": "half"}, logged={"!zero_length_halved": ("1", "zero_length=")}),
    Case("B026 with a rule", _spells(("P-1", FEB, "31.01.2019", "Annet"), ("P-2", JAN, FEB, "Arbeid")),
         rules={"negative_one_day": "zero"}, logged={"!ends_one_day_early_repaired": ("1", "2", "negative_one_day=")}),
    Case("B027", _spells(("P-1", JAN, FEB, "Arbeid"), ("P-1", JAN, FEB, "Arbeid"), ("P-2", JAN, FEB, "Annet")),
         values={"person": ["P-1", "P-2"]}, logged={"!duplicates_dropped": ("1", "3")}),
    Case("B030 merged", NESTED, rules={"overlap": "merge"},
         values={"start": ["2019-01-01", "2019-01-01"], "end": ["2019-04-02", "2019-02-02"], "exit_class": ["job",
         "other"]}, logged={"!overlaps_merged": ("1",), "!exits_inside_joined": ("1",)}),
    Case("B030 the first kept", NESTED, rules={"overlap": "first"},
         values={"end": ["2019-04-02", "2019-02-02"], "exit_class": ["job", "other"]},
         logged={"!overlaps_first_kept": ("1",)}),
    Case("a chain of overlaps merged", CHAIN, rules={"overlap": "merge"},
         values={"start": ["2019-01-01"], "end": ["2019-06-02"], "exit_class": ["job"]}),
    Case("of a chain the first and the third kept", CHAIN, rules={"overlap": "first"},
         values={"start": ["2019-01-01", "2019-03-15"], "end": ["2019-03-02", "2019-06-02"]}),
    Case("B031", _spells(("P-1", JAN, "31.03.2019", "Annet"), ("P-1", APR, "01.05.2019", "Arbeid")),
         values={"start": ["2019-01-01"], "end": ["2019-05-02"], "exit_class": ["job"]},
         logged={"spells_joined": ("max_gap=0", "1"), "!exits_inside_joined": ("1",)}),
    Case("B031 never joined", _spells(("P-1", JAN, "31.03.2019", "Annet"), ("P-1", APR, "01.05.2019", "Arbeid")),
         rules={"max_gap": None}, values={"start": ["2019-01-01", "2019-04-01"], "exit_class": ["other", "job"]}),
    Case("B032 apart", _spells(("P-1", JAN, "31.01.2019", "Annet"), ("P-1", "04.02.2019", MAR, "Arbeid")),
         rules={"max_gap": 2}, values={"start": ["2019-01-01", "2019-02-04"]},
         logged={"spells_joined": ("max_gap=2", "0", "1")}),
    Case("B032 joined", _spells(("P-1", JAN, "31.01.2019", "Annet"), ("P-1", "04.02.2019", MAR, "Arbeid")),
         rules={"max_gap": 3}, values={"start": ["2019-01-01"], "end": ["2019-03-02"]},
         logged={"spells_joined": ("max_gap=3", "1")}),
    Case("B029 overlap in two programmes", _spells(("P-1", "KVP", JAN, MAR, "Annet"), ("P-1", "IPS", FEB, APR,
    "Arbeid"),
         names="Løpenummer tiltak fom tom årsak"), values={"programme": ["IPS", "KVP"]}),
    Case("B044 days that agree", _spells(("P-1", JAN, "10.01.2019", "Annet", "10"), names=DURATIONS),
         values={"duration": [10.0]}),
    Case("B044 days without the last", _spells(("P-1", JAN, "10.01.2019", "Annet", "9"), names=DURATIONS)),
    Case("open spells", _spells(("P-1", JAN, "", ""), ("P-2", JAN, "31.12.9999", "Deltar")), {"extracted":
    "2019-12-31"},
         values={"end": [None, None], "exit_class": [None, None]}, logged={"open_ends": ("2", "31.12.2019")}),
    Case("a planned end", _spells(("P-1", JAN, "01.06.2020", "")), {"extracted": "2019-12-31"},
         values={"end": [None], "exit_class": [None]}, logged={"planned_ends_opened": ("1",)}),
    Case("people who never started", _spells(("P-1", "", "", "IKKE_AKTUELL"), ("P-2", JAN, FEB, "FATT_JOBB")),
         values={"person": ["P-2"], "exit_class": ["job"]}, logged={"!rows_never_started": ("1", "2")}),
    Case("words of the file's own", _spells(("P-1", JAN, FEB, "Arbeid"), ("P-2", JAN, FEB, "Dro på tur")),
         values={"exit_class": ["Arbeid", "Dro på tur"]}, logged={"exit_words_kept": ("1", "2")}),
    Case("B112 with a class of its own", _spells(("P-1", JAN, FEB, ""), ("P-2", JAN, FEB, "Arbeid")),
         rules={"exit_unknown": "own_category"}, values={"exit_class": ["completed_unknown", "job"]},
         logged={"!exits_unknown_category": ("1", "50 %", "exit_unknown=")}),
    Case("B112 censored", _spells(("P-1", JAN, FEB, ""), ("P-2", JAN, FEB, "Arbeid")), rules={"exit_unknown": "censor"},
         values={"exit_class": ["censored", "job"]}, logged={"!exits_unknown_censored": ("1", "50 %")}),
    Case("no column of reasons", _spells(("P-1", JAN, FEB), names="Løpenummer fom tom"),
         values={"exit_class": ["completed_unknown"]}, logged={"!exits_no_column": ("1",)}),
    Case("a start that a protocol will say", _spells(("P-1", "", FEB, "Arbeid"), ("P-2", JAN, FEB, "Annet")),
         rules={"missing_start": "keep"}, values={"start": [None, "2019-01-01"]}),
]  # fmt: skip

REFUSED = [
    Case("B024", _spells(("P-1", JAN, JAN, "Arbeid"), ("P-2", JAN, FEB, "Annet")), {"end_inclusive": False},
         key="spells_zero_length", told=("1", "2", "zero_length=", "half", "end_inclusive=")),
    Case("B026", _spells(*[(f"P-{at}", FEB, "31.01.2019" if at == 7 else MAR, "Annet") for at in range(33)]),
         key="end_one_day_before_start", told=("«tom»", "«fom»", "1", "33", "3 %", "9", "negative_one_day=")),
    Case("end before start", _spells(("P-1", FEB, JAN, "Arbeid"), ("P-2", JAN, FEB, "Annet")), key="end_before_start",
         told=("«tom»", "«fom»", "1", "2")),
    Case("B030", NESTED, key="spells_overlap", told=("1", "«fom»", "3", "overlap=", "merge", "first")),
    Case("overlap by one day", _spells(("P-1", JAN, FEB, "Annet"), ("P-1", FEB, MAR, "Arbeid")), key="spells_overlap",
         told=("1", "3")),
    Case("overlap with an open spell", _spells(("P-1", JAN, "", ""), ("P-1", FEB, MAR, "Arbeid")),
         key="spells_overlap"),
    Case("an end two days before the start", _spells(("P-1", FEB, "30.01.2019", "Annet")), key="end_before_start",
         rules={"negative_one_day": "zero"}, told=("«tom»", "«fom»", "2")),
    Case("two reasons on the last day", _spells(("P-1", JAN, MAR, "Annet"), ("P-1", FEB, MAR, "Arbeid")),
         rules={"overlap": "merge"}, key="exits_differ_on_last_day", told=("«tom»", "«årsak»", "2, 3")),
    Case("B040", _spells(("P-1", JAN, MAR, "Annet", FEB), ("P-2", JAN, FEB, "Annet", FEB),
         names="Løpenummer fom tom årsak dødsdato"), key="exit_after_death", told=("1", "2", "«tom»", "«dødsdato»")),
    Case("B043", _spells(("P-1", JAN, FEB, "Annet", "12000"), names=DURATIONS), key="duration_too_long",
         told=("«varighet»", "1", "7305", "max_duration=")),
    Case("B043 days in a column of months", _spells(("P-1", JAN, FEB, "Annet", "250"),
         names=MONTHS), key="duration_too_long", told=("«varighet_måneder»", "7305")),
    Case("B043 in the dates", _spells(("P-1", "01.01.1960", FEB, "Annet")), rules={"max_duration": 400},
         key="duration_too_long", told=("«fom»", "«tom»", "400")),
    Case("B044", _spells(("P-1", JAN, "10.01.2019", "Annet", "10"), ("P-2", JAN, "10.01.2019", "Annet", "40"),
         names=DURATIONS), key="duration_disagrees", told=("«varighet»", "1", "2", "30")),
    Case("B044 months", _spells(("P-1", JAN, "01.12.2019", "Annet", "2"), names=MONTHS),
         key="duration_disagrees", told=("«varighet_måneder»", "1")),
    Case("a start missing", _spells(("P-1", "", FEB, "Arbeid"), ("P-2", JAN, FEB, "Annet")), key="spells_start_missing",
         told=("«fom»", "1", "2", "missing_start=")),
    Case("a reason without an end", _spells(("P-1", JAN, "", "Arbeid")), key="exit_without_end",
         told=("«tom»", "«årsak»", "1", "2")),
    Case("a reason for what has not come", _spells(("P-1", JAN, "01.06.2020", "Arbeid")), {"extracted": "2019-12-31"},
         key="exit_after_extraction", told=("«tom»", "1", "31.12.2019", "extracted=")),
    Case("B112", _spells(("P-1", JAN, FEB, ""), ("P-2", JAN, FEB, "Arbeid")), key="exit_missing",
         told=("«årsak»", "1", "50 %", "exit_unknown=")),
    Case("no start at all", _spells(("P-1", FEB, "Arbeid"), names="Løpenummer tom årsak"), key="column_missing",
         told=("uttrekk.csv", "«start»", "«tom»", "«Løpenummer»")),
    Case("starts that are no dates", {**_spells(("P-1", FEB, "Arbeid"), names="Løpenummer tom årsak"), "x": ["1"]},
         key="column_missing"),
    Case("a rule there is not", _spells(("P-1", JAN, FEB, "Arbeid")), rules={"overlap": "ignore"},
         key="option_not_understood", told=("overlap=", "merge")),
]  # fmt: skip


@pytest.mark.parametrize("case", MADE, ids=name_of)
def test_records_become_spells_and_the_log_says_how(case: Case, tmp_path: Path) -> None:
    result, said = accepted(partial(_made, write_csv(tmp_path, case.columns), case.options, case.rules))
    frame = result.frame
    assert {"person", "start", "end", "exit_class"} <= set(frame)
    assert (frame["end"].isna() | frame["start"].isna() | (frame["start"] < frame["end"])).all()
    assert (frame["exit_class"].isna() == frame["end"].isna()).all()
    for name, values in case.values.items():
        assert column(result, name) == list(values)
    check_logged(result, said, case.logged)


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_records_that_make_no_spells_are_refused(case: Case, tmp_path: Path) -> None:
    problem = refused(partial(_made, write_csv(tmp_path, case.columns), case.options, case.rules))
    assert problem.key == case.key
    check_told(problem, case.told)


def test_b024_half_a_day_is_half_a_day(tmp_path: Path) -> None:
    path = write_csv(tmp_path, _spells(("P-1", JAN, JAN, "Arbeid")))
    result, _ = accepted(partial(_made, path, {"end_inclusive": False}, {"zero_length": "half"}))
    assert (result.frame["end"] - result.frame["start"]).tolist() == [pd.Timedelta(hours=12)]


def test_spells_carry_origin_cutoff_and_the_log_of_reading(tmp_path: Path) -> None:
    path = write_csv(tmp_path, _spells(("P-1", JAN, "", "")))
    result, _ = accepted(partial(_made, path, {"extracted": date(2019, 12, 31)}, {}))
    assert result.cutoff == date(2019, 12, 31)
    assert result.origin.names == ("uttrekk.csv",)
    assert result.log.keys()[0] == "separator_found"


def test_nobody_can_change_a_spell_through_the_copy(tmp_path: Path) -> None:
    result, _ = accepted(partial(_made, write_csv(tmp_path, _spells(("P-1", JAN, FEB, "Arbeid"))), {}, {}))
    copy = result.frame
    copy.loc[0, "exit_class"] = "no_show"
    assert column(result, "exit_class") == ["job"]
