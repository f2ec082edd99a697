"""Faults that ``navoutcomes synth --fault`` plants in a file are found when the file is read, or by the checks."""

from __future__ import annotations

import pytest

import navoutcomes as nav

pytestmark = pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
ZERO = {"innsatsgjengen": "start", "ips_and_standard": "start", "aktivtiltaket": "decision_date"}


def found(name: str, *faults: str) -> set[str]:
    """Which checks of an evaluation of this synthetic file have something to look at."""
    spells = nav.Spells.from_extract(nav.synthetic(name, size=3000, faults=faults))
    classes = set(spells.frame["exit_class"].dropna()) - {"job", "censored"}
    classes |= {"no_show"} if name == "innsatsgjengen" else set()
    protocol = nav.Protocol(
        question="Hvem kom i jobb?", outcome="job", competing=tuple(sorted(classes)), time_zero=ZERO[name],
        register_closes=spells.cutoff,
    )  # fmt: skip
    table = nav.Cohort.assemble(protocol, spells).checks().table
    return set(table.loc[table["state"] == "look", "check"])


@pytest.mark.parametrize("name", ZERO)
def test_a_file_without_faults_has_nothing_to_look_at(name: str) -> None:
    assert found(name) == set()


@pytest.mark.parametrize(
    ("name", "fault", "check"),
    [
        ("ips_and_standard", "register_lag", "register_lag"),
        ("aktivtiltaket", "register_lag", "register_lag"),
        ("innsatsgjengen", "administrative_spike", "administrative_ends"),
        ("ips_and_standard", "administrative_spike", "administrative_ends"),
        ("aktivtiltaket", "administrative_spike", "administrative_ends"),
        ("innsatsgjengen", "migration_break", "register_break"),
        ("aktivtiltaket", "migration_break", "register_break"),
        ("innsatsgjengen", "dropped_no_shows", "no_shows"),
    ],
)
def test_a_fault_in_the_records_is_found_by_its_check(name: str, fault: str, check: str) -> None:
    assert check in found(name, fault)


def test_nothing_is_late_in_a_register_taken_out_years_after_everybody_left() -> None:
    with pytest.raises(nav.DataProblem) as refusal:
        nav.synthetic("innsatsgjengen", size=3000, faults=("register_lag",))
    assert refusal.value.key == "synthetic_fault_impossible"


def test_a_break_that_makes_no_ending_vanish_is_not_told_from_a_change_in_what_happened() -> None:
    # Education is no ending of this programme, so only the share of jobs moves, as it does when jobs are harder to get.
    clean, broken = (nav.synthetic("ips_and_standard", faults=faults).frame for faults in ((), ("migration_break",)))
    early = broken["end"] < broken["end"].median()
    assert set(broken.loc[early, "exit_class"]) == set(broken.loc[~early, "exit_class"].dropna())
    assert [name for name in clean if not clean[name].equals(broken[name])] == ["exit_class"]


def test_headers_in_the_wrong_alphabet_are_repaired_with_a_warning() -> None:
    log = nav.synthetic("innsatsgjengen", faults=("mojibake",)).log
    assert [one.level for one in log if one.key == "headers_mojibake_repaired"] == ["warning"]


@pytest.mark.parametrize(
    ("name", "table"), [("ips_and_standard", "ips_and_standard_arbeid"), ("aktivtiltaket", "aktivtiltaket_maneder")]
)
def test_per_cent_and_fractions_in_one_column_are_refused(name: str, table: str) -> None:
    with pytest.raises(nav.DataProblem) as refusal:
        nav.synthetic(name, table, faults=("percent_and_fraction",))
    assert refusal.value.key == "numbers_on_two_scales"
    for language in ("nb", "nn", "en"):
        assert "Stillingsprosent" in refusal.value.text(language)
    assert "position_percent" in nav.synthetic(name, table).frame
