"""Published studies as names, numbers, a table and a sentence."""

from __future__ import annotations

from math import isnan

from navoutcomes.estimate.evidence.meta_analysis import OWN, POOLED, PREDICTION, REVIEW, MetaAnalysis
from navoutcomes.estimate.result import Row, lines
from navoutcomes.records.published_studies import Published
from navoutcomes.show.lettering import one_line
from navoutcomes.show.numbers import count, level_text, number, percent, span
from navoutcomes.show.words import group_name, time_phrase, word
from navoutcomes.texts import spoken

Printed = tuple[list[str], list[tuple[str, ...]], list[bool]]


def scale_of(measure: str) -> float:
    """Differences in shares are printed in percentage points."""
    return 100.0 if measure == "risk difference" else 1.0


def measure_inside(measure: str, language: str) -> str:
    """A measure within a sentence."""
    name = word(f"measure_{measure.replace(' ', '_')}", language)
    return name[:1].lower() + name[1:]


def study_of(result: MetaAnalysis, place: int) -> Published | None:
    """The study behind the row at a place of the table; None for own numbers and sums."""
    place -= result.own is not None
    return result.studies[place] if 0 <= place < len(result.studies) else None


def row_label(result: MetaAnalysis, row: Row, place: int, language: str) -> str:
    """What a row is called."""
    study = study_of(result, place)
    if row.term == OWN:
        return word("study_own", language, **_own_facts(result, row, language))
    if study is not None and row.term == REVIEW:
        name = one_line(spoken(study.name, language))
        return word("study_review", language, name=name, studies=study.studies)
    if study is not None:
        return one_line(spoken(study.name, language))
    return word(f"study_{row.term.replace(' ', '_')}", language, studies=count(result.df + 1, language))


def row_words(result: MetaAnalysis, language: str) -> dict[tuple[object, ...], dict[str, str]]:
    """What the rows of the tidy table are called: by group and term, the words for both."""
    made: dict[tuple[object, ...], dict[str, str]] = {}
    for place, row in enumerate(lines(result.table)):
        kind = word(f"study_kind_{row.term.replace(' ', '_').replace('-', '_')}", language)
        made[row.group, row.term] = {"group": row_label(result, row, place, language), "term": kind}
    return made


def estimate_text(result: MetaAnalysis, row: Row, language: str) -> str:
    """2,41 (1,59–3,65); of a new study only where it is to be expected."""
    scale = scale_of(result.measure)
    digits = 1 if scale != 1 else 2
    limits = span(row.conf_low, row.conf_high, language, digits, scale)
    if row.term == PREDICTION:
        return f"({limits})"
    value = number(scale * row.estimate, language, digits)
    return f"{value} ({limits or word('no_interval', language)})"


def studies_rows(result: MetaAnalysis, _: object, language: str) -> Printed:
    """A row a study with its weight, source and whether it was printed or worked out."""
    heads = [word("col_study", language), word(f"measure_{result.measure.replace(' ', '_')}", language)]
    heads += [word("col_interval", language, level=level_text(result.level)), word("col_weight", language)]
    heads += [word("col_source", language), word("col_status", language)]
    weights = iter(result.weights if result.df else ())
    printed: list[tuple[str, ...]] = []
    for place, row in enumerate(lines(result.table)):
        study = study_of(result, place)
        scale = scale_of(result.measure)
        digits = 1 if scale != 1 else 2
        value = " " if row.term == PREDICTION else number(scale * row.estimate, language, digits)
        weight = next(weights, None) if study is not None and study.studies is None else None
        printed.append((
            row_label(result, row, place, language), value,
            span(row.conf_low, row.conf_high, language, digits, scale) or word("no_interval", language),
            " " if weight is None else percent(weight, language, 0),
            " " if study is None else one_line(study.source), word(f"study_status_{_status(study)}", language),
        ))  # fmt: skip
    return heads, printed, [False, True, True, True, False, False]


def studies_sentence(result: MetaAnalysis, language: str) -> str:
    """The pooled value with its interval, where a new study is to be expected, and the own numbers beside."""
    rows = {row.term: row for row in lines(result.table)}
    parts = []
    if OWN in rows:
        facts = _own_facts(result, rows[OWN], language)
        parts.append(word("sentence_own_beside", language, **facts, **_value(result, rows[OWN], language)))
    if POOLED in rows:
        name = measure_inside(result.measure, language)
        studies = count(result.df + 1, language)
        value = _value(result, rows[POOLED], language)
        parts.append(word("sentence_studies", language, studies=studies, measure=name, **value))
    else:
        parts.append(word("sentence_studies_one", language, studies=count(result.df + 1, language)))
    if PREDICTION in rows:
        limits = estimate_text(result, rows[PREDICTION], language).strip("()")
        parts.append(word("sentence_prediction", language, limits=limits))
    if result.own is not None:
        parts.append(word("forest_studies_caution", language))
    return " ".join(parts)


def _value(result: MetaAnalysis, row: Row, language: str) -> dict[str, str]:
    scale = scale_of(result.measure)
    digits = 1 if scale != 1 else 2
    limits = span(row.conf_low, row.conf_high, language, digits, scale)
    unit = f" {word('measure_points', language)}" if scale != 1 else ""
    interval = word("with_interval", language, level=level_text(result.level), limits=limits)
    return {"value": f"{number(scale * row.estimate, language, digits)}{unit}",
            "interval": interval if limits else word("no_interval", language)}  # fmt: skip


def _own_facts(result: MetaAnalysis, row: Row, language: str) -> dict[str, str]:
    time = "" if isnan(row.time) else time_phrase(row.time, result.unit, language)
    return {
        "group": group_name(row.group, language),
        "reference": group_name(str(result.reference), language),
        "when": f" {word('after_time', language, time=time)}" if time else "",
    }


def _status(study: Published | None) -> str:
    return "own" if study is None else study.status
