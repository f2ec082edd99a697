"""The cells of an evaluation that compares two offers: time to job, and IPS against standard follow-up."""

from __future__ import annotations

from navoutcomes.report.starters.answers import Answers
from navoutcomes.report.starters.cells import Cell, bundle, code, opening, protocol, spoken, tried, words
from navoutcomes.report.starters.shape import Shape


def cells(name: str, answers: Answers, shape: Shape, data: str, language: str) -> list[Cell]:
    """From the extract to the report."""
    office = bool(shape.office())
    made = opening(name, answers, shape, data, language)
    made += [
        words("protocol", language),
        code(f"{protocol(answers, shape, 'risk difference')}\ncohort = nav.Cohort.assemble(protocol, spells)\ncohort"),
        words("checks", language),
        code("cohort.checks()"),
    ]
    if answers.adjust:
        made += [words("balance", language), tried(_BALANCE)]
    made += [
        words("answer", language),
        code(f"answer = nav.attempt(lambda: nav.release(cohort.answer()), {spoken('answer_name')})\n"
             "nav.show.forest(answer) if answer else answer"),
        code("nav.show.sentence(answer)"),
        words("curves", language),
        code("more = {}"),
        tried('more["kurver"] = nav.release(cohort.cumulative_incidence(by=protocol.arms.column))\n'
              'display(nav.show.incidence_curves(more["kurver"], cause=protocol.outcome, at=at))'),
        words("crude", language),
        tried('more["ujustert-forskjell"] = nav.release(cohort.contrast(at=at))\n'
              'display(nav.show.table(more["ujustert-forskjell"]))'),
    ]  # fmt: skip
    if answers.adjust:
        made += [words("robust", language), tried(_ROBUST), words("e_value", language), tried(_E_VALUE)]
    if answers.design == "job":
        made += [words("lock_in", language), tried(_LOCK_IN)]
    if office:
        made += [words("offices", language), tried(_OFFICES.format(office=shape.office()))]
    made += [words("size", language), tried(_SIZE)]
    made += [words("goal", language), tried(_GOAL.format(target=_target()))]
    made.append(words("report", language))
    return made + bundle(name, answers, _ADDS, ("limit_drawn", "limit_small", "limit_register"), office)


def _target() -> str:
    parts = (f"{role}={spoken(f'goal_{role}')}" for role in ("name", "numerator", "denominator"))
    return "nav.Target(" + ", ".join(parts) + ", at_least=goal)"


_BALANCE = """
weights = cohort.weights(kind="entropy")
display(nav.show.love_plot(cohort.balance(weights)))
display(nav.show.table(weights))"""

_ROBUST = """
more["dobbelt-robust"] = nav.release(cohort.doubly_robust(cohort.weights(), at=at))
display(nav.show.table(more["dobbelt-robust"]))"""

_E_VALUE = """
display(nav.show.table(nav.e_value(cohort.standardise(at=at[-1]))))"""

_LOCK_IN = """
display(cohort.lock_in(programme_length=at[-1]).findings)"""

_OFFICES = """
if spells.frame["{office}"].nunique() > 1:
    by_office = nav.Cohort.assemble(protocol, spells, cluster="{office}")
    display(nav.show.table(by_office.answer()))"""

_SIZE = """
sizes = cohort.rows["arm"].value_counts()
others = [arm for arm in sizes.index if arm != reference]
shares = cohort.cumulative_incidence(by=protocol.arms.column).at(at[-1])
expected = shares[(shares["cause"] == protocol.outcome) & (shares["group"] == reference)]["estimate"].iloc[0]
both = [int(sizes[reference]), int(sizes[others[0]])]
display(nav.show.table(nav.detectable_difference(both, reference=float(expected))))"""

_GOAL = """
if goal:
    target = {target}
    curves = cohort.cumulative_incidence(by=protocol.arms.column)
    programme = next(arm for arm in cohort.rows["arm"].unique() if arm != reference)
    more["maal"] = nav.release(nav.indicator(target, curves, at=at[-1], cause=protocol.outcome, group=programme))
    display(nav.show.table(more["maal"]))
    display(nav.show.sentence(more["maal"]))"""

_ADDS = """
    bundle.say(nav.show.sentence(answer, language=language), kind="emphasis")
    if answer:
        bundle.add("justert-forskjell" if protocol.adjust_for else "forskjell", answer)
    bundle.say(limits[0])
    bundle.chapter("results")
    for name, one in more.items():
        bundle.add(name, one, at=at if name == "kurver" else None, cause=protocol.outcome if name == "kurver" else None,
                   drawing="default" if name == "kurver" else "none")""".strip("\n")
