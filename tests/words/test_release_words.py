"""What the gate says when it refuses, compared whole; and what it says it has done."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.design.flow import Flow
from navoutcomes.texts import LANGUAGES, table


def people(jobs: int, others: int = 0, group: str = "a") -> pd.DataFrame:
    words = ["job"] * jobs + ["other"] * others
    return pd.DataFrame({"time": 10 + 7 * np.arange(len(words)) % 300, "ending": words, "group": group})


def cohort(*frames: pd.DataFrame) -> nav.Cohort:
    return nav.Cohort.from_frame(
        pd.concat(frames, ignore_index=True), time="time", ending="ending", endings={"job": "job", "other": "other"},
        outcome="job", arm="group", reference="a",
    )  # fmt: skip


def two(first: int, second: int) -> nav.Cohort:
    return cohort(people(first), people(second, group="b"))


REFUSALS: dict[str, tuple[Callable[[], object], dict[str, str]]] = {
    "curve_of_few": (
        lambda: cohort(people(12)).survival_curve(),
        {
            "nb": """Hva: Ingen gruppe (av 1) har mange nok personer til en kurve.
Hvor: En kurve krever minst 20 personer i gruppen (fire ganger grensen 5).
Hvorfor det betyr noe: Hvert trinn i en kurve av få personer er én persons dato.
Hva du kan gjøre: Vis en tabell over andeler i stedet (proportion), eller slå grupper sammen.""",
            "nn": """Kva: Inga gruppe (av 1) har mange nok personar til ei kurve.
Kvar: Ei kurve krev minst 20 personar i gruppa (fire gonger grensa 5).
Kvifor det betyr noko: Kvart trinn i ei kurve av få personar er datoen til éin person.
Kva du kan gjere: Vis ein tabell over delar i staden (proportion), eller slå grupper saman.""",
            "en": """What: No group (of 1) has enough persons for a curve.
Where: A curve needs at least 20 persons in the group (four times the limit 5).
Why it matters: Each step of a curve of few persons is one person's date.
What to do: Show a table of shares instead (proportion), or pool groups.""",
        },
    ),
    "cause_of_few": (
        lambda: cohort(people(60, 3)).cumulative_incidence(),
        {
            "nb": """Hva: Avslutningen «other» i gruppen «all» har for få personer.
Hvor: Grensen er 5.
Hvorfor det betyr noe: Andelene summerer seg til 100 %, så en skjult avslutning kan regnes ut av de andre.
Hva du kan gjøre: Slå den sammen med en annen i protokollen: competing={"other": ("other", ...)}.""",
        },
    ),
    "comparison_of_few": (
        lambda: two(90, 9).contrast(at=120),
        {
            "nn": """Kva: Samanlikninga manglar ei gruppe med mange nok personar.
Kvar: Ei gruppe krev minst 20 personar (fire gonger grensa 5).
Kvifor det betyr noko: Skilnaden og tala i den andre gruppa ville gi tala i den vesle gruppa tilbake.
Kva du kan gjere: Slå grupper saman.""",
        },
    ),
    "test_of_few": (
        lambda: two(90, 4).logrank_test(),
        {
            "en": """What: The group “b” has too few persons or events for the test to be shown.
Where: The limit is 5.
Why it matters: With few events their number can be worked back from the test.
What to do: Pool groups.""",
        },
    ),
    "share_of_few": (
        lambda: nav.from_counts({"job": 2, "other": 1}).proportion(),
        {
            "nb": """Hva: Det er for få personer i alt.
Hvor: Grensen er 5.
Hvorfor det betyr noe: Tallet selv sier noe om enkeltpersoner.
Hva du kan gjøre: Slå sammen flere år eller flere kontorer.""",
        },
    ),
}


@pytest.mark.parametrize(("key", "language"), [(key, one) for key, (_, said) in REFUSALS.items() for one in said])
def test_a_refusal_whole(key: str, language: str) -> None:
    make, said = REFUSALS[key]
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(make())
    assert refused.value.key == key
    assert refused.value.text(language) == said[language]
    assert refused.value.exit_code == 6


@pytest.mark.parametrize("key", [key for key in table("problems") if key in REFUSALS])
def test_a_refusal_never_says_the_small_number_it_hides(key: str) -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(REFUSALS[key][0]())
    for language in LANGUAGES:
        assert len(refused.value.parts(language)) == 4
        numbers = set(re.findall(r"\d+", refused.value.text(language))) - {"5", "20", "100"}
        assert numbers <= ({"1"} if key == "curve_of_few" else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_decisions_are_told_in_the_language(language: str) -> None:
    said = nav.release(two(90, 12).survival_curve(by="group")).decisions.text(language)
    whole = {
        "nb": """- Vist per måned. Avslutninger telles når minst 5 personer har sluttet av samme årsak, så en kurve \
kan ligge inntil 4,5 prosentpoeng fra den eksakte.
- 1 gruppe(r) med færre enn 20 personer er ikke vist.""",
        "nn": """- Vist per månad. Avslutningar blir talde når minst 5 personar har slutta av same årsak, så ei kurve \
kan liggje inntil 4,5 prosentpoeng frå den eksakte.
- 1 gruppe(r) med færre enn 20 personar er ikkje viste.""",
        "en": """- Shown by month. Endings are counted once at least 5 persons have left for the same cause, so a \
curve may lie up to 4.5 percentage points from the exact one.
- 1 group(s) of fewer than 20 persons are not shown.""",
    }
    assert said == whole[language]


def test_what_was_hidden_in_a_table_and_a_flow_is_told() -> None:
    shares = nav.release(nav.from_counts({"job": 147, "no_show": 2, "other": 317}).proportion())
    assert shares.decisions.text("nb") == (
        "- 2 tall er skjult av personvernhensyn (grense 5); noen av dem bare for at de andre ikke skal kunne regnes ut."
    )
    flow = Flow(100).then(nav.Note("flow_no_start"), 97).then(nav.Note("flow_same_day"), 90)
    safe = nav.release(flow)
    assert safe.decisions.text("nn") == "- 2 grunnar til fråfall i flyten er slåtte saman (grense 5)."
    assert safe.result.text("nb").splitlines()[1].startswith("Andre grunner (2)")
    public = nav.from_counts({"job": 1, "other": 9}, already_public=True).proportion()
    assert nav.release(public).decisions.text("en") == "- The numbers have been published before and are not hidden."


def test_a_table_of_a_small_office_does_not_name_its_size() -> None:
    counts = {"Øst": {"job": 1, "other": 2}, "Vest": {"job": 40, "other": 50}, "Nord": {"job": 70, "other": 80}}
    safe = nav.release(nav.from_counts(counts).proportion())
    printed = nav.show.table(safe, language="nb")
    shown = {row[0]: row[2:] for row in printed.rows}
    assert shown["Øst"] == shown["Vest"] == ("*",) * 4
    assert shown["Nord"][1] == "150"
