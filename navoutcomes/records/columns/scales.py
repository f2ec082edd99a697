"""Do two files measure a column on the same scale?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from navoutcomes.errors import DataProblem, door, named
from navoutcomes.records.extract import Extract


@door
def same_scale(first: Extract, second: Extract, column: str) -> None:
    """Is a share written the same way in two extracts, and not as 0 to 1 in one and 0 to 100 in the other?

    ``column`` is its standard name. Raises: ``DataProblem`` naming the column, the files and the two scales, or the
    file that has no such column of numbers.
    """
    largest = [_largest(extract, column) for extract in (first, second)]
    low, high = sorted(largest)
    if low <= 1 < high:
        files = tuple(named(name) for extract in (first, second) for name in extract.origin.names)
        ranges = tuple("0–1" if one <= 1 else "0–100" if one <= 100 else "> 100" for one in largest)
        raise DataProblem("scales_differ", column=first.headers.get(column, column), files=files, ranges=ranges)


def _largest(extract: Extract, column: str) -> float:
    values: Any = extract.frame.get(column)
    if values is None or not pd.api.types.is_numeric_dtype(values):
        file = ", ".join(named(name) for name in extract.origin.names)
        raise DataProblem("column_not_numbers", column=column, file=file)
    largest = values.abs().max()
    return float("nan") if pd.isna(largest) else float(largest)
