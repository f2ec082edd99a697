"""The cells of an evaluation of dropout: when people stop coming, who they are, and where."""

from __future__ import annotations

from navoutcomes.report.starters.answers import Answers
from navoutcomes.report.starters.cells import Cell, bundle, code, opening, protocol, spoken, terms, tried, words
from navoutcomes.report.starters.shape import Shape


def cells(name: str, answers: Answers, shape: Shape, data: str, language: str) -> list[Cell]:
    """From the extract to the report."""
    office = shape.office()
    made = opening(name, answers, shape, data, language)
    asked = protocol(answers, shape, "cumulative incidence")
    made += [
        words("protocol_dropout", language),
        code(f"{asked}\ncohort = nav.Cohort.assemble(protocol, spells)\ncohort"),
        words("checks", language),
        code("cohort.checks()"),
        words("when", language),
        code(
            f"answer = nav.attempt(lambda: nav.release(cohort.answer()), {spoken('share_name')})\n"
            "nav.show.incidence_curves(answer, cause=protocol.outcome, at=at) if answer else answer"
        ),
        code("nav.show.sentence(answer, at=at)"),
        tried("if answer:\n    display(nav.show.shares_over_time(answer, at=at[-1]))"),
        code("more = {}"),
    ]
    if answers.adjust:
        listed = "".join(f"{one}, " for one in terms(answers, shape))
        made += [words("who", language), tried(_WHO.format(terms=listed))]
        if office:
            made += [words("where", language), tried(_WHERE.format(office=office))]
    made += [words("goal_dropout", language), tried(_GOAL.format(target=_target()))]
    made.append(words("report", language))
    return made + bundle(name, answers, _ADDS, ("limit_no_show", "limit_association", "limit_small"), bool(office))


def _target() -> str:
    parts = (f"{role}={spoken(f'stop_{role}')}" for role in ("name", "numerator", "denominator"))
    return "nav.Target(" + ", ".join(parts) + ", at_most=goal)"


_WHO = """
terms = [{terms}]
ending = cohort.rows["ending"].astype(object).fillna("still followed")
people = nav.Cohort.from_frame(
    cohort.covariates.assign(days=cohort.rows["time"], ending=ending), "days", "ending", outcome=protocol.outcome,
    censored="still followed", origin=cohort.origin)
found = people.dropout(terms, at=at[-1])
display(nav.show.table(nav.calibration(found, rng=1)))
more["hvem"] = nav.release(found)
display(nav.show.table(more["hvem"]))"""

_WHERE = """
if people.covariates["{office}"].nunique() > 2:
    more["hvor"] = nav.release(people.office_comparison(terms, at=at[-1], by="{office}"))
    display(nav.show.funnel(more["hvor"]))"""

_GOAL = """
if goal:
    target = {target}
    more["maal"] = nav.release(nav.indicator(target, cohort.answer(), at=at[-1], cause=protocol.outcome))
    display(nav.show.table(more["maal"]))
    display(nav.show.sentence(more["maal"]))"""

_ADDS = """
    bundle.say(nav.show.sentence(answer, at=at, language=language), kind="emphasis")
    if answer:
        bundle.add("slutter-aa-moete", answer, cause=protocol.outcome, at=at)
    bundle.say(limits[0])
    bundle.chapter("results")
    for name, one in more.items():
        bundle.add(name, one)""".strip("\n")
