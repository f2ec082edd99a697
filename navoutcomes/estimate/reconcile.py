"""Do the parts make up the whole that was given?"""

from __future__ import annotations

from collections.abc import Mapping

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, note


@door
def reconcile(parts: Mapping[str, int], total: int, label: str = "") -> Log:
    """Do published parts add up to the total that was published with them?

    Arguments: ``parts`` number by name, such as ``{"job": 147, "no_show": 192, "other": 317}``; ``total`` what they are
    parts of; ``label`` of the table, for the message.
    Raises: ``DataProblem`` where they do not, with both numbers; and for numbers that are negative or not whole.
    """
    for name, value in {**parts, "total": total}.items():
        if isinstance(value, bool) or not float(value).is_integer() or value < 0:
            raise DataProblem("counts_not_whole", group=name)
    if not parts:
        raise DataProblem("counts_empty")
    added = sum(int(one) for one in parts.values())
    if added != total:
        raise DataProblem(
            "parts_not_total", label=label or "-", column=list(parts), added=added, total=int(total),
            apart=abs(added - int(total)),
        )  # fmt: skip
    return Log((note("parts_make_total", count=len(parts), total=int(total)),))
