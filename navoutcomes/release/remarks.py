"""Remarks on data, as they may leave the room: no row numbers, no small counts, no day of a single person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from numbers import Integral
from typing import Any

from navoutcomes.notes import Log, Note, note
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.texts import LANGUAGES, Text, say

# Whole numbers that are rules and not counts of anything.
RULES = (
    "max_gap", "threshold", "fewest", "months", "max_days", "digits", "replicates", "clusters", "offices", "strata",
    "waiting", "points", "df", "choices", "level", "limit", "month", "bins", "columns", "terms", "periods",
)  # fmt: skip
# Counts of tests, goals and trials, not of persons.
NOT_PERSONS = ("pairs_holm", "pairs_none", "scorecard_goals", "indicator_denominators", "method_trials",
               "method_tipping", "method_tipping_target", "permutation_all", "permutation_drawn",
               "meta_analyses_beside")  # fmt: skip
# What tells of a single person, or of the one with the most.
SINGLE = ("one_person_heavy",)
EXTREMES = ("largest", "smallest")
# A count and the first row it was seen in, as the remark on mixed forms of dates writes them.
COUNTED = re.compile(r": \d+ \[\d+\]")
MONTH = 30


def masked(log: Log, policy: DisclosurePolicy) -> tuple[Log, Log]:
    """Remarks without row positions, and with small counts as "fewer than k"."""
    safe = Log(tuple(_masked(remark, policy) for remark in log))
    done = "nothing_hidden" if safe == log else "remarks_masked"
    return safe, Log((note(done, threshold=policy.threshold),))


def remarked(notes: Iterable[Note], policy: DisclosurePolicy) -> Log:
    """Remarks on a result: none of a single person or of the largest, small counts as "fewer than k"."""
    kept = [one for one in notes if one.key not in SINGLE and not any(name in EXTREMES for name, _ in one.facts)]
    return Log(tuple(one if one.key.startswith(NOT_PERSONS) else _masked(one, policy) for one in kept))


def _masked(remark: Note, policy: DisclosurePolicy) -> Note:
    """Whatever gives a small count back goes with it: its per cent, and the rest of a sum."""
    facts = dict(remark.facts)
    counts = {name: int(value) for name, value in facts.items() if _is_count(name, value)}
    parts = [value for name, value in counts.items() if name.startswith("count")]
    rest = counts["total"] - sum(parts) if "total" in counts and parts else 0
    small = any(map(policy.small, counts.values())) or policy.small(rest)
    shown: dict[str, Any] = {}
    for name, value in facts.items():
        if name.startswith("rows"):
            shown[name] = ()
        elif name in counts and policy.small(counts[name]):
            shown[name] = _few(policy)
        elif small and (name in ("share", "percent") or (name in counts and policy.small(rest) and name != "total")):
            shown[name] = policy.symbol
        elif name == "horizon" and isinstance(value, Integral):
            shown[name] = int(value) // MONTH * MONTH
        elif isinstance(value, str | Text):
            shown[name] = _uncounted(value)
        elif isinstance(value, tuple | list):
            shown[name] = type(value)(_uncounted(one) for one in value)
        else:
            shown[name] = value
    return replace(remark, facts=tuple(shown.items()))


def _uncounted(value: Any) -> Any:
    if isinstance(value, Text):
        return Text(*(COUNTED.sub("", value.text(language)) for language in LANGUAGES))
    return COUNTED.sub("", value) if isinstance(value, str) else value


def _is_count(name: str, value: object) -> bool:
    number = isinstance(value, Integral) and not isinstance(value, bool)
    return number and name not in (*RULES, "horizon", "share", "percent")


def _few(policy: DisclosurePolicy) -> Text:
    return Text(**{one: say("words", "fewer_than", one, None, limit=policy.threshold) for one in LANGUAGES})
