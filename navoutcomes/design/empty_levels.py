"""Which groups were declared although nobody is in them?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from navoutcomes.design.protocol import Arms
from navoutcomes.errors import named
from navoutcomes.notes import Log, warning


def empty_levels(frame: pd.DataFrame, columns: Iterable[str | None], arms: Arms | None = None) -> Log:
    """A warning for each column with declared levels (a category's own, or the labels of the arms) that nobody has."""
    log = Log()
    for column in dict.fromkeys(columns):
        if column is None or column not in frame or not isinstance(frame[column], pd.Series):
            continue
        values = frame[column]
        declared = [str(one) for one in values.cat.categories] if hasattr(values, "cat") else []
        if arms is not None and column == arms.column:
            declared += [level for level, _ in arms.labels]
        absent = sorted(set(declared) - {str(one) for one in values.unique()}) if declared else []
        if absent:
            log += warning("levels_empty", column=column, levels=[named(one) for one in absent])
    return log
