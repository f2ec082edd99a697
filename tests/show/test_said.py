"""What figures, tables and sentences say, in three languages: whole texts, marks, and the numbers of a language."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn_examples import HOSTILE, KINDS, LANGUAGES, LONG, NAMES, cohort, made, texts

import navoutcomes as nav
from navoutcomes.estimate.contrast import MEASURES
from navoutcomes.show.drawn import DrawnAxes
from navoutcomes.show.lettering import balanced, text_cm, wrapped
from navoutcomes.show.numbers import count, number, p_value, percent, span
from navoutcomes.show.table import PrintedTable, plain

DRAFT = {"nb": "Internt utkast", "nn": "Internt utkast", "en": "Internal draft"}
INVENTED = {"nb": "Syntetiske data", "nn": "Syntetiske data", "en": "Synthetic data"}
CAUSAL = re.compile(r"effekt|førte|ført til|virkning|verknad|effect|led to|leads to|caused|causal", re.IGNORECASE)


def ink(axes: DrawnAxes) -> str:
    return "\n".join(one.get_text() for one, _ in texts(axes))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_says_so_on_its_face_and_a_released_figure_does_not(kind: str, language: str) -> None:
    draft, released = made(kind, language, released=False), made(kind, language)
    assert DRAFT[language] in ink(draft).split("\n")
    assert any(line.startswith(DRAFT[language]) for line in draft.drawn.footer)
    assert DRAFT[language].lower() not in (ink(released) + released.drawn.alt).lower()
    assert (draft.drawn.released, released.drawn.released) == (False, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_invented_data_are_said_to_be_so_in_title_footer_and_alternative_text(kind: str, language: str) -> None:
    invented = made(kind, language, synthetic=True).drawn
    assert invented.title.startswith(f"{INVENTED[language]}: ")
    assert invented.footer[-1].startswith(f"{INVENTED[language]}: ")
    assert invented.alt.startswith(f"{INVENTED[language]}. ")
    real = made(kind, language).drawn
    assert INVENTED[language] not in real.title + real.alt + " ".join(real.footer)


def test_a_title_of_the_users_own_keeps_its_capital_letters_and_gets_the_mark() -> None:
    people = cohort(("a",), synthetic=True)
    axes = nav.show.survival_curves(nav.release(people.survival_curve()), title="IPS i Nav", language="nb")
    assert axes.drawn.title == "Syntetiske data: IPS i Nav"
    text = nav.Text(nb="Hvem ble?", nn="Kven vart?", en="Who stayed?")
    assert nav.show.survival_curves(people.survival_curve(), title=text, language="nn").drawn.title.endswith(
        "Kven vart?"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_numbers_have_the_decimal_sign_of_the_language(kind: str, language: str) -> None:
    said = re.sub(r"\d\d\.\d\d\.\d{4}", "", ink(made(kind, language)))
    wrong = r"\d\.\d" if language != "en" else r"\d,\d(?!\d\d)"
    assert not re.search(wrong, said)
    if kind != "flow":
        assert re.search(r"\d,\d" if language != "en" else r"\d\.\d", said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["incidence", "survival", "stacked", "forest"])
def test_alternative_text_is_short_and_made_of_released_numbers_only(kind: str, language: str) -> None:
    groups = 2 if kind == "forest" else 1 if kind == "stacked" else 4
    alt = made(kind, language, groups).drawn.alt
    assert len(alt.split()) <= 150
    people = cohort(NAMES[:groups])
    safe = nav.release(KINDS[kind][0](people))
    known = {"95", "3", "6", "12", count(200 * (2 if kind == "stacked" else 1), language)}
    table = safe.table if kind == "forest" else safe.result.at([182, 365])
    for column in ("estimate", "conf_low", "conf_high"):
        known |= {number(abs(100 * value), language) for value in table[column]}
    found = set(re.findall(r"\d+(?:[.,\u00a0]\d+)*", alt))
    assert found
    assert found <= known | {"200", "400"}


@pytest.mark.parametrize("name", [LONG, HOSTILE])
def test_alternative_text_stays_short_whatever_the_groups_are_called(name: str) -> None:
    people = cohort(tuple(f"{k} {name}" for k in range(4)))
    for language in LANGUAGES:
        drawn = nav.show.incidence_curves(nav.release(people.cumulative_incidence(by="group")), language=language).drawn
        assert len(drawn.alt.split()) <= 150
        assert "\n" not in drawn.alt + drawn.title + drawn.subtitle


def test_the_title_is_the_finding_in_words() -> None:
    said = {language: made("incidence", language, 1).drawn.title for language in LANGUAGES}
    assert said == {
        "nb": "Etter 12\u00a0måneder hadde 47\u00a0av\u00a0100 gått over i arbeid",
        "nn": "Etter 12\u00a0månader hadde 47\u00a0av\u00a0100 gått over i arbeid",
        "en": "After 12\u00a0months, 47\u00a0of\u00a0100 had moved into work",
    }
    assert made("forest", "nb", 4).drawn.title == "Forskjell i andel: arbeid"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_says_source_cut_off_method_and_rule(language: str) -> None:
    footer = made("incidence", language).drawn.footer
    assert "uttrekk.csv" in footer[0]
    assert "30.06.2020" in footer[0]
    assert "Aalen–Johansen" in footer[1]
    assert " 5 person" in footer[2]
    assert re.search(r"\b2\u00a0?(?: prosentpoeng| percentage points)", footer[2])


CURVES = {
    "nb": "Etter 6\u00a0måneder hadde 34,5\u00a0% (95\u00a0% KI 28,0–41,1) av 200 personer ennå ikke sluttet.",
    "nn": "Etter 6\u00a0månader hadde 34,5\u00a0% (95\u00a0% KI 28,0–41,1) av 200 personar enno ikkje slutta.",
    "en": "After 6\u00a0months, 34.5% (95% CI 28.0–41.1) of 200 persons had not yet left.",
}
SHARES = {
    "nb": "Arbeid: 147 av 656 personer, 22,4\u00a0% (95\u00a0% KI 19,4–25,8).",
    "nn": "Arbeid: 147 av 656 personar, 22,4\u00a0% (95\u00a0% KI 19,4–25,8).",
    "en": "Work: 147 of 656 persons, 22.4% (95% CI 19.4–25.8).",
}
EFFECTS = {
    "nb": "Forskjell i andel for «Arbeid», b mot a: −6,4 prosentpoeng (95\u00a0% KI −18,9 til 10,1). Gruppene er ikke "
    "trukket tilfeldig: tallene viser en sammenheng, og sier ikke hva som ville hendt uten tilbudet.",
    "nn": "Skilnad i del for «Arbeid», b mot a: −6,4 prosentpoeng (95\u00a0% KI −18,9 til 10,1). Gruppene er ikkje "
    "trekte tilfeldig: tala viser ein samanheng, og seier ikkje kva som ville hendt utan tilbodet.",
    "en": "Risk difference for “Work”, b against a: −6.4 percentage points (95% CI −18.9 to 10.1). The groups were not "
    "formed by chance: the numbers show an association, and do not say what would have happened without the programme.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_whole(language: str) -> None:
    staying = nav.release(cohort(("a",)).survival_curve())
    share = nav.from_counts({"job": 147, "no_show": 192, "other": 317}).proportion(cause="job")
    counted = nav.from_counts({"a": {"job": 147, "other": 293}, "b": {"job": 10, "other": 27}})
    effects = counted.contrast(by="group", reference="a")
    assert nav.show.sentence(staying, at=182, language=language) == CURVES[language]
    assert nav.show.sentence(nav.release(share), language=language) == SHARES[language]
    assert nav.show.sentence(nav.release(effects), language=language) == EFFECTS[language]
    draft = nav.show.sentence(share, language=language)
    assert draft == f"{SHARES[language]} ({DRAFT[language]})"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_cause_for_groups_that_chance_did_not_make(language: str) -> None:
    people = cohort(NAMES[:2])
    measures = list(MEASURES)
    effects = nav.release(people.contrast(at=[182, 365], measure=measures))
    said = [nav.show.sentence(effects, language=language)]
    for measure in measures:
        drawn = nav.show.forest(effects, measure=measure, language=language).drawn
        said += [drawn.title, drawn.subtitle, drawn.alt, *drawn.footer]
    table = nav.show.table(effects, language=language)
    said += [table.caption, *table.heads, *table.notes, *(cell for row in table.rows for cell in row)]
    for kind in ("incidence", "survival", "stacked"):
        drawn = made(kind, language).drawn
        said += [drawn.title, drawn.subtitle, drawn.alt, *drawn.footer]
    assert not [text for text in said if CAUSAL.search(text)]
    assert any(word in said[0] for word in ("sammenheng", "samanheng", "association"))
    chance = nav.show.sentence(nav.release(cohort(NAMES[:2], randomised=True).contrast(at=182)), language=language)
    assert not any(word in chance for word in ("sammenheng", "samanheng", "association"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_number_is_said_to_be_hidden(language: str) -> None:
    safe = nav.release(nav.from_counts({"job": 147, "no_show": 2, "other": 317}).proportion())
    said = nav.show.sentence(safe, language=language)
    hidden = {
        "nb": "ikke vist av personvernhensyn",
        "nn": "ikkje vist av personvernomsyn",
        "en": "not shown, for privacy",
    }
    assert said.count(hidden[language]) == 2
    assert "147" not in said
    table = nav.show.table(safe, language=language)
    assert [row[1] for row in table.rows] == ["*", "*", "317"]
    assert [row[3] for row in table.rows][:2] == ["*", "*"]
    assert any(note.startswith("* = ") for note in table.notes)


def test_a_printed_table_shows_itself_escaped_and_says_draft_or_invented() -> None:
    people = cohort(("<b>a</b>", "c"), synthetic=True)
    table = nav.show.table(people.survival_curve(by="group"), at=182, language="nb")
    html = table._repr_html_()
    assert "&lt;b&gt;a&lt;/b&gt;" in html
    assert "<b>a" not in html
    assert table.caption == "Syntetiske data: Andel fortsatt i tiltak"
    assert any(note.startswith("Internt utkast") for note in table.notes)
    assert sum(table.widths()) == pytest.approx(1, abs=1e-3)


def test_a_table_without_times_is_at_a_year_also_when_months_are_shown() -> None:
    people = cohort(("a",))
    for result in (people.survival_curve(), nav.release(people.survival_curve())):
        (row,) = nav.show.table(result, language="en").rows
        assert row[0] == "12\u00a0months"
    hazard = nav.show.table(people.cumulative_hazard(), language="en")
    assert "Cumulative hazard" in hazard.heads
    assert not any("%" in cell for row in hazard.rows for cell in row)


def test_the_level_of_an_interval_is_the_one_that_was_asked_for() -> None:
    people = cohort(NAMES[:2])
    curves, effects = people.survival_curve(by="group", level=0.9), people.contrast(at=182, level=0.9)
    said = [
        nav.show.survival_curves(curves, language="en").drawn.alt, nav.show.sentence(curves, at=182, language="en"),
        *nav.show.table(curves, language="en").heads, ink(nav.show.forest(effects, language="en")),
        *nav.show.table(effects, language="en").heads,
    ]  # fmt: skip
    assert sum("90% CI" in text for text in said) >= 5
    assert not any("95" in text for text in said[:2])


def test_what_has_no_table_or_sentence_says_so() -> None:
    people = cohort(("a",))
    with pytest.raises(nav.DesignProblem) as refused:
        nav.show.table(people.risk_table())
    assert refused.value.key == "no_table"
    with pytest.raises(nav.DesignProblem) as refused:
        nav.show.sentence(people.cumulative_hazard())
    assert refused.value.key == "no_sentence"


def test_numbers_as_they_are_written() -> None:
    assert [number(1234.56, one) for one in LANGUAGES] == ["1\u00a0234,6", "1\u00a0234,6", "1,234.6"]
    assert [number(-0.04, one) for one in LANGUAGES] == ["0,0", "0,0", "0.0"]
    assert number(-2.5, "nb") == "−2,5"
    assert number(float("nan"), "nb") == number(np.inf, "en") == ""
    assert [count(656.0, one) for one in LANGUAGES] == ["656"] * 3
    assert [percent(0.2241, one) for one in LANGUAGES] == ["22,4\u00a0%", "22,4\u00a0%", "22.4%"]
    assert percent(float("nan"), "nb") == ""
    assert [span(0.194, 0.258, one, scale=100) for one in LANGUAGES] == ["19,4–25,8", "19,4–25,8", "19.4–25.8"]
    assert [span(-1.0, 2.0, one) for one in LANGUAGES] == ["−1,0 til 2,0", "−1,0 til 2,0", "−1.0 to 2.0"]
    assert span(float("nan"), 1.0, "nb") == ""
    assert [p_value(0.0411, one) for one in LANGUAGES] == ["p = 0,041", "p = 0,041", "p = 0.041"]
    assert [p_value(0.00001, one) for one in LANGUAGES] == ["p < 0,001", "p < 0,001", "p < 0.001"]


def test_rows_for_machines_stand_in_one_order_and_have_eight_digits() -> None:
    people = cohort(NAMES[:2])
    frame = plain(people.cumulative_incidence(by="group"))
    keys = list(zip(frame["group"], frame["cause"], frame["time"], strict=True))
    assert keys == sorted(keys)
    assert all(value == float(f"{value:.8g}") for value in frame["estimate"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_at_several_times_is_one_sentence_with_the_groups_named_once(language: str) -> None:
    effects = nav.release(cohort(NAMES[:2]).contrast(at=[182, 365]))
    said = nav.show.sentence(effects, language=language)
    caution = 2 if language == "nb" else 1
    assert said.count("200") == 2
    assert said.count(". ") <= caution
    for row in effects.result.table.itertuples():
        assert number(100 * row.estimate, language) in said
        assert number(100 * row.conf_low, language) in said


def test_a_title_has_no_word_alone_on_its_last_line() -> None:
    text = "Relativ risiko: egne tall gir 1,54, de publiserte studiene samlet etter to år 2,41"
    lines = balanced(text, 12.0, 12.5, bold=True)
    assert len(lines) == len(wrapped(text, 12.0, 12.5, bold=True)) == 2
    assert " ".join(lines) == text
    first, last = (text_cm(line, 12.5, bold=True) for line in lines)
    assert last > 0.6 * first
    assert max(first, last) <= 12.0
    assert balanced("Kort", 12.0, 12.5) == ["Kort"]


def test_a_short_name_and_an_interval_stay_on_one_line_where_there_is_room() -> None:
    long = "ord " * 60
    rows = (("Team 1", "−17,6 til −1,7", long), ("Team 12", "1,8–15,3", long))
    table = PrintedTable("Tabell", ("Gruppe", "95 % KI", "Merknad"), rows, (False, True, False), (), "nb")
    given = [16 * part for part in table.widths()]
    assert all(have >= need - 0.01 for have, need in zip(given, table._least(16), strict=True))
    assert table._least(16)[0] > table._least(0)[0] and table._least(16)[1] > table._least(0)[1]
