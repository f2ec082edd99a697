"""A small report in the county governor's form, in three languages, with a comparison, goals and costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bundle_examples import people

import navoutcomes as nav

T = nav.Text
TITLE = T(nb="Arbeid først", nn="Arbeid først", en="Work first")
PROTOCOL = nav.Protocol(
    question=T(nb="Kom flere i arbeid?", nn="Kom fleire i arbeid?", en="Did more get work?"),
    outcome="job",
    competing={"other": ("other", "health")},
    eligibility=(nav.Between("start", date(2014, 1, 1), date(2016, 12, 31)),),
    arms=nav.Arms("arm", reference="a"),
    horizon=540,
    register_closes=date(2018, 6, 30),
    adjust_for=(nav.Number("age"), nav.Category("sex", reference="Kvinne")),
    estimand=nav.Estimand(measure="risk difference", at=(365,)),
)
WRITTEN = nav.Particulars(
    date=date(2019, 2, 15),
    county="Møre og Romsdal",
    author="A. B.",
    purpose=T(nb="Evaluering", nn="Evaluering", en="Evaluation"),
    protocol_date=date(2018, 3, 1),
    deviations=(T(nb="Ett kontor er ikke med.", nn="Eitt kontor er ikkje med.", en="One office is left out."),),
)
WHOLE = ("summary", "background", "goals", "organisation", "method", "results", "economy", "uncertainty",
         "continuation")  # fmt: skip
SAID = T(nb="Dette er skrevet.", nn="Dette er skrive.", en="This is written.")


def goals(origin: nav.Origin | None = None) -> nav.Scorecard:
    """A share that cannot be decided, a relative change that cannot, and points that were met."""
    met = nav.Target(
        name=T(nb="I arbeid", nn="I arbeid", en="In work"),
        numerator=T(nb="i arbeid etter ett år", nn="i arbeid etter eitt år", en="in work after a year"),
        denominator=T(nb="henviste", nn="tilviste", en="referred"),
        at_least=0.3,
    )
    names = {"numerator": T(nb="seks måneder", nn="seks månader", en="six months"), "denominator": met.denominator}
    fewer = nav.Target(name=T(nb="Lange forløp", nn="Lange forløp", en="Long spells"), at_most=-0.08,
                       scale="relative change", **names)  # fmt: skip
    more = nav.Target(name=T(nb="Flere møter", nn="Fleire møte", en="More meetings"), at_least=0.05,
                      scale="percentage points", **names)  # fmt: skip
    return nav.scorecard(
        [
            nav.indicator(met, 50, 140, origin=origin),
            nav.indicator(fewer, 150, 400, baseline=(200, 500), origin=origin),
            nav.indicator(more, 250, 400, baseline=(200, 500), origin=origin),
        ]
    )


def written(folder: Path, language: str, chapters: tuple[str, ...] = ("summary", "results"), **how: object) -> Path:
    """A report in the form with the analyst's own words in some chapters."""
    cohort = people()
    about = how.pop("particulars", WRITTEN)
    with nav.Bundle(
        folder, protocol=PROTOCOL, language=language, title=TITLE, origin=cohort.origin, form="sluttrapport",
        particulars=about, **how,
    ) as bundle:  # fmt: skip
        # Results first: they must find their chapters by themselves.
        bundle.add("flyt", nav.release(cohort.flow))
        bundle.add("maal", nav.release(goals(cohort.origin)))
        bundle.add("i-arbeid", nav.release(cohort.cumulative_incidence(by="group")), cause="job", at=[182, 365])
        bundle.add("forskjell", nav.release(cohort.contrast(at=[182, 365])))
        cost = nav.cost_per_outcome(2_800_000, 50, 140, price_year=2018, origin=cohort.origin)
        bundle.add("kostnad", nav.release(cost))
        for chapter in chapters:
            bundle.chapter(chapter)
            bundle.say(SAID)
    return folder / language
