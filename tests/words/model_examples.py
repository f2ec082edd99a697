"""Small synthetic tables of the data model, all right, to be spoilt one thing at a time. Nobody in them exists."""

from __future__ import annotations

import pandas as pd


def person() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": ["PSEUDO-1", "PSEUDO-2", "PSEUDO-3"],
            "birth_year": [1995, 1999, None],
            "sex": ["M", "K", None],
            "municipality_no": ["1579", "0301", "1579"],
            "innsatsgruppe": ["GODE_MULIGHETER", None, "JOBBE_DELVIS"],
        }
    )


def programme() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "programme_id": ["T-1", "T-2"],
            "programme_code": ["KVP", "INDIVIDUELL_JOBBSTOTTE"],
            "municipality_no": ["1579", "1579"],
            "age_min": [18, 18],
            "age_max": [30, 67],
            "start_date": pd.to_datetime(["2018-01-01", "2018-01-01"]),
            "end_date": pd.to_datetime([None, "2020-01-01"]),
        }
    )


def episode() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "episode_id": ["E-1", "E-2", "E-3"],
            "person_id": ["PSEUDO-1", "PSEUDO-2", "PSEUDO-1"],
            "programme_id": ["T-1", "T-1", "T-2"],
            "registered_date": pd.to_datetime(["2019-01-01", "2019-02-01", "2019-03-01"]),
            "decision_date": pd.to_datetime(["2019-01-10", "2019-02-01", None]),
            "start_date": pd.to_datetime(["2019-02-01", "2019-02-01", "2019-09-01"]),
            "end_date": pd.to_datetime(["2019-08-01", None, "2019-12-01"]),
            "status": ["HAR_SLUTTET", "DELTAR", "FULLF"],
            "reason": ["FATT_JOBB", None, "BEGA"],
            "exit_class": ["job", "censored", "job"],
            "percent": [100.0, 50.0, None],
            "protected": [False, False, False],
        }
    )


def status_event() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "episode_id": ["E-1", "E-1", "E-2"],
            "status": ["DELTAR", "HAR_SLUTTET", "DELTAR"],
            "valid_from": pd.to_datetime(["2019-02-01 00:00", "2019-08-01 12:30", "2019-02-01 00:00"]),
            "valid_to": pd.to_datetime(["2019-08-01 12:30", None, None]),
        }
    )


def employment_month() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": ["PSEUDO-1", "PSEUDO-1", "PSEUDO-2"],
            "month": ["2019-08", "2019-09", "2019-08"],
            "employed": [True, True, False],
            "wage_nok": [30000.0, -200.0, None],
            "subsidised": [False, True, False],
            "sheltered": [False, False, False],
        }
    )


def social_assistance_year() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": ["PSEUDO-1", "PSEUDO-2"],
            "year": [2019, 2019],
            "main_income": ["5", "1"],
            "activity_condition": [True, None],
            "condition_types": ["16|04", frozenset({"15"})],
        }
    )


def fidelity_assessment() -> pd.DataFrame:
    items = {f"item_{at:02d}": [4, 5 if at > 1 else None] for at in range(1, 26)}
    facts = {"site_id": ["A", "B"], "assessed": pd.to_datetime(["2019-05-01"] * 2), "scale": ["IPS-25"] * 2}
    return pd.DataFrame({**facts, **items, "total": [100, None], "assessor": ["independent", "self"]})


def target() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "target_id": ["M1", "M2"],
            "indicator": ["unge ledige", "digital søknad"],
            "kind": ["relative_reduction", "direction_only"],
            "target_value": [20.0, None],
            "unit": ["percent", "percent"],
        }
    )


def aggregate_count() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "programme_id": ["T-1", "T-1"],
            "period": ["2014-2016"] * 2,
            "group": ["all"] * 2,
            "category": ["job", "no_show"],
            "n": [147, 192],
            "denominator": ["ended"] * 2,
            "already_public": [True] * 2,
            "fact_id": ["FR005", None],
        }
    )


def tables() -> dict[str, pd.DataFrame]:
    """Nine of the tables, right by themselves and together."""
    makers = (
        person, programme, episode, status_event, employment_month, social_assistance_year, fidelity_assessment, target,
        aggregate_count,
    )  # fmt: skip
    return {maker.__name__: maker() for maker in makers}
