"""The cells of a new evaluation: words from the texts, code as it would be written by hand, and no function in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from navoutcomes.records.columns.codebook import EXIT_CLASSES
from navoutcomes.report.starters.answers import Answers
from navoutcomes.report.starters.conditions import as_code
from navoutcomes.report.starters.shape import NO_ENDING, Shape
from navoutcomes.texts import LANGUAGES, say

TRIED = """try:
{tried}
except nav.Problem as refused:
    print(refused)"""


@dataclass(frozen=True)
class Cell:
    """One cell: ``kind`` ``markdown``, ``code`` or ``parameters``."""

    kind: str
    text: str


def words(key: str, language: str, **facts: object) -> Cell:
    """A cell of text."""
    return Cell("markdown", say("words", f"starter_{key}", language, None, **facts).strip())


def code(text: str) -> Cell:
    """A cell of code."""
    return Cell("code", text.strip("\n"))


def tried(text: str) -> Cell:
    """A cell of code that may be refused without stopping the evaluation: what is beside the answer."""
    return Cell("code", TRIED.format(tried="\n".join(f"    {line}" for line in text.strip("\n").splitlines())))


def spoken(key: str, **facts: object) -> str:
    """A text in the three languages, as code."""
    said = {one: say("words", f"starter_{key}", one, None, **facts).strip() for one in LANGUAGES}
    return "nav.Text(\n        " + ",\n        ".join(f"{one}={text!r}" for one, text in said.items()) + ")"


def opening(name: str, answers: Answers, shape: Shape, data: str, language: str) -> list[Cell]:
    """Title, parameters, imports, and the extract read."""
    title = answers.question or say("words", f"starter_question_{answers.design}", language)
    office = shape.office()
    lines = [
        f"data = {data!r}",
        'mapping = ""',
        'office = ""',
        f"cutoff = {answers.cutoff!r}",
        *([f"reference = {answers.reference!r}"] if answers.arm else []),
        f"months = {list(answers.months)!r}",
        f"goal = {answers.goal!r}",
        'reports = "reports"',
        f"language = {language!r}",
    ]
    only = f"\nspells = spells.only({office!r}, office) if office else spells" if office else ""
    return [
        words("title", language, question=title, data=data, notebook=f"{name}.ipynb"),
        Cell("parameters", "\n".join(lines)),
        code("""
from dataclasses import replace
from datetime import date
from pathlib import Path

import navoutcomes as nav

nav.use_language(language)
at = [int(30.4375 * month) for month in months]"""),
        words("read", language),
        code("register = nav.read(data, mapping=mapping or None)\nregister"),
        code(f"spells = nav.Spells.from_extract(register){only}\nspells"),
    ]


def protocol(answers: Answers, shape: Shape, measure: str) -> str:
    """The question as code."""
    named, competing = endings(answers, shape)
    lines = [
        f"    question={answers.question!r}," if answers.question else f"    question={asked(answers.design)},",
        f"    eligibility=({''.join(f'{as_code(one)}, ' for one in answers.who)}),",
        *([f"    arms=nav.Arms({answers.arm!r}, reference=reference),"] if answers.arm else []),
        f"    time_zero={answers.time_zero!r},",
        f"    outcome={{{named!r}: {answers.outcome!r}}},",
        f"    competing={competing!r},",
        f"    censored_by={_there(('censored', 'administrative'), answers.outcome)!r},",
        "    register_closes=date.fromisoformat(cutoff) if cutoff else None,",
        f'    estimand=nav.Estimand(measure="{measure}", at=at, population="referred"),',
    ]
    if answers.arm:
        lines.append(f"    adjust_for=({''.join(f'{one}, ' for one in terms(answers, shape))}),")
    return "protocol = nav.Protocol(\n" + "\n".join(lines) + ")"


def asked(design: str) -> str:
    """The design's own question in the three languages, as code."""
    return spoken(f"question_{design}")


def endings(answers: Answers, shape: Shape) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The outcome's name, and every other ending there is: the office's own words, or all the classes."""
    named = "job_or_education" if set(answers.outcome) == {"job", "education"} else "job"
    if answers.design == "dropout":
        named = "no_show"
    every = shape.classes() if shape.own_words() else tuple(sorted({*EXIT_CLASSES} - {*NO_ENDING}))
    rest = tuple(one for one in every if one not in answers.outcome)
    if answers.design != "dropout":
        return named, {"other": rest}
    jobs = tuple(one for one in rest if one in ("job", "job_subsidised"))
    return named, {"job": jobs, "other": tuple(one for one in rest if one not in jobs)} if jobs else {"other": rest}


def terms(answers: Answers, shape: Shape) -> Iterable[str]:
    """What is adjusted for, as code."""
    for name in answers.adjust:
        if shape.is_number(name):
            yield f"nav.Number({name!r})"
        else:
            yield f"nav.Category({name!r}, reference={(shape.words(name) or ('',))[0]!r})"


def bundle(name: str, answers: Answers, adds: str, limits: tuple[str, ...], office: bool) -> list[Cell]:
    """The report: its words in three languages, and the chapters."""
    listed = ",\n    ".join(spoken(one) for one in limits)
    place = f'Path(reports) / ("{name}" + (f"-{{nav.file_name(office)}}" if office else ""))'
    return [
        code(
            f"title = {spoken(f'name_{answers.design}')}\n"
            f"method = {spoken(f'method_{answers.design}')}\n"
            f"limits = (\n    {listed},)"
        ),
        code(f"""
flow = nav.attempt(lambda: nav.release(cohort.flow), {spoken("flow_name")})
place = {place if office else f'Path(reports) / "{name}"'}
with nav.Bundle(place, protocol=protocol, language=language, title=title, subtitle=office,
                origin=cohort.origin) as bundle:
    bundle.chapter("summary")
    bundle.say(protocol.question)
{adds}
    bundle.chapter("method")
    bundle.say(method)
    bundle.add("flyt", flow) if flow else bundle.say(flow.text(language))
    bundle.add("merknader", nav.release(spells.log))
    bundle.chapter("uncertainty")
    bundle.points(limits)
said = {{"nb": "Rapporten ligger i", "nn": "Rapporten ligg i", "en": "The report is in"}}[language]
print(said, (place / language).as_posix())"""),
    ]


def _there(classes: tuple[str, ...], outcome: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in classes if one not in outcome)
