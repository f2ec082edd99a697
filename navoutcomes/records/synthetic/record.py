"""What is written down about the truth behind the synthetic people? Everything needed to draw them again, as json."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from navoutcomes.records.synthetic import people
from navoutcomes.records.synthetic import truth as model
from navoutcomes.texts import LANGUAGES, say


def write_truth(path: Path, *, seed: int, extracted: tuple[date, date]) -> Path:
    """The documented truth as json in UTF-8, with the sentence that these are synthetic data. Returns the path."""
    record = {
        "synthetic": True,
        "about": {language: say("words", "innsatsgjengen_synthetic", language) for language in LANGUAGES},
        "programme": "INNSATSGJENGEN",
        "seed": seed,
        "persons": model.PERSONS,
        "quotas": dict(model.QUOTAS),
        "sampling": "drawn from the model and kept in order of drawing until each of the three quotas is full",
        "extracted": [day.isoformat() for day in extracted],
        "shares": {cause: round(count / model.PERSONS, 10) for cause, count in model.QUOTAS.items()},
        "other_classes": dict(model.OTHER_CLASSES),
        "covariates": _covariates(),
        "cause_model": _cause_model(),
        "stay_days": _stays(),
        "attendance": {
            "no_shows_who_came_first": people.NO_SHOWS_WHO_CAME_FIRST,
            "everybody_else": 1.0,
            "delay": "exponential cut off at the stay, whole days, moved back to a weekday",
            "mean_days": people.ATTENDANCE_DAYS,
        },
        "cumulative_incidence": {
            cause: {str(day): round(float(model.truth().incidence(cause, day)), 8) for day in model.HORIZONS}
            for cause in model.CAUSES
        },
    }
    path.write_bytes((json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode())
    return path


def _covariates() -> dict[str, Any]:
    return {
        "age": {
            "meaning": "year of referral minus year of birth",
            "youngest": model.YOUNGEST,
            "oldest": model.YOUNGEST + model.AGES - 1,
            "share_below": f"P(age < {model.YOUNGEST} + j) = (j / {model.AGES}) ** (1 / {model.AGE_POWER})",
        },
        "woman": model.WOMEN,
        "months_on_social_assistance": {
            "distribution": "whole part of an exponential, capped",
            "mean": f"4 + 0.2 * (age - {model.YOUNGEST})",
            "cap": f"min({model.MOST_MONTHS}, 12 * (age - 18))",
        },
        "team_shares": {f"Team {number}": share for number, share in enumerate(model.TEAM_SHARES, start=1)},
        "amount_nok": {
            "distribution": "log-normal in half kroner, 0 for those with 0 months",
            "median": people.AMOUNT_MEDIAN,
            "log_sd": people.AMOUNT_LOG_SD,
            "range": list(people.AMOUNT_RANGE),
            "effect": "none",
        },
        "referred": {
            "first": people.FIRST_REFERRAL.isoformat(),
            "last": people.LAST_REFERRAL.isoformat(),
            "distribution": "uniform over weekdays without fixed public holidays",
            "effect": "none",
        },
    }


def _cause_model() -> dict[str, Any]:
    equations = {
        cause: {
            "intercept": round(model.truth().intercepts[cause], 10),
            **slopes,
            **{f"team_{number}": effect for number, effect in enumerate(model.TEAMS[cause], start=1)},
        }
        for cause, slopes in model.SLOPES.items()
    }
    return {"kind": "multinomial logit", "reference": "other", "log_odds": equations}


def _stays() -> dict[str, Any]:
    stays = {
        cause: {
            "distribution": stay.distribution,
            "shape": stay.shape,
            "scale_days": stay.scale,
            "log_scale_per_12_months": stay.log_scale_per_12_months,
        }
        for cause, stay in model.STAYS.items()
    }
    return {**stays, "cut_off_days": model.LONGEST, "rounding": "up to whole days, at least 1"}
