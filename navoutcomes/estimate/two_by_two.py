"""Two counted shares: their difference, their ratio, their odds ratio, and an exact test."""

from __future__ import annotations

from dataclasses import dataclass

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.contrast import Effects, contrast, named_reference
from navoutcomes.estimate.counted import CountedPeople, counted
from navoutcomes.maths.two_by_two import fisher
from navoutcomes.notes import note

MEASURES = ("risk difference", "risk ratio", "odds ratio")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class TwoByTwo(Effects):
    """Difference and ratios of two counted shares; ``p_value`` is Fisher's mid-p, ``p_exact`` his exact one."""

    p_value: float
    p_exact: float


@door
def two_by_two(
    people: FollowUp | CountedPeople | int,
    persons: int | None = None,
    other_events: int | None = None,
    other_persons: int | None = None,
    by: str | None = None,
    cause: str | None = None,
    reference: str | None = None,
    names: tuple[str, str] = ("1", "2"),
    level: float = 0.95,
) -> TwoByTwo:
    """How much do two counted shares differ, and could that be chance?

    Arguments: ``two_by_two(22, 46, 3, 37)`` is 22 of 46 beside 3 of 37, who are called ``names``, the second the
    reference; or people followed to their end, or counts, in two groups of ``by``, ``cause`` an ending (None: the
    outcome) and ``reference`` the group compared with; ``level`` 0-1.
    Shapes: ``table`` has three rows: risk difference (Newcombe), risk ratio and odds ratio (log-Wald; empty where a
    count is 0).
    Raises: ``DataProblem`` for counts that are none; ``DesignProblem`` for other than two groups.
    Reference: Newcombe 1998; Katz 1978; Woolf 1955; Lydersen, Fagerland & Laake 2009 (mid-p).
    """
    if isinstance(people, FollowUp | CountedPeople):
        whole = counted(people, by)
    else:
        whole = _four((people, persons, other_events, other_persons), names)
        reference = names[1]
    if len(whole.groups) != 2:
        raise DesignProblem("two_groups_needed", count=len(whole.groups))
    arms = people.protocol.arms if isinstance(people, FollowUp) else None
    usual = arms.reference if arms is not None and by in ("arm", arms.column) else None
    number = {name: sum(times for _, times in own) for name, own in whole.counts}
    base = named_reference(number, reference or usual, whole.by)
    found = contrast(whole, measure=MEASURES, cause=cause, reference=base, level=level)
    group = next(name for name in whole.groups if name != base)
    ending = cause or whole.outcome
    exact, mid = fisher(*whole.events(group, ending), *whole.events(base, ending))
    return TwoByTwo(**{**vars(found), "method": (*found.method, note("method_mid_p"))}, p_value=mid, p_exact=exact)


def _four(numbers: tuple[object, ...], names: tuple[str, str]) -> CountedPeople:
    whole = []
    for one in numbers:
        if isinstance(one, bool) or not isinstance(one, int | float) or one % 1 or one < 0:
            raise DataProblem("counts_not_whole", group="all")
        whole.append(int(one))
    events, persons, other_events, other_persons = whole
    for some, total, name in ((events, persons, names[0]), (other_events, other_persons, names[1])):
        if some > total or total == 0:
            raise DataProblem("counts_not_whole", group=name)
    return CountedPeople.from_counts(
        {
            names[0]: {"yes": events, "no": persons - events},
            names[1]: {"yes": other_events, "no": other_persons - other_events},
        },
        denominator="",
    )
