"""Does each person have one sex, one date of birth and one year of birth?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.errors import DataProblem

FOR_LIFE = ("sex", "birth_date", "birth_year")


def not_one_person(
    frame: pd.DataFrame, headers: Mapping[str, str], rows: NDArray[np.int64], heading: int
) -> DataProblem | None:
    """The problem when one pseudonym stands for people who cannot be the same, or None.

    ``headers`` are the columns as the file calls them, ``rows`` (n,) the rows of the file. Unknown says nothing.
    """
    if "person" not in frame or not set(FOR_LIFE) & set(frame) or frame["person"].is_unique:
        return None
    person, _ = pd.factorize(frame["person"])
    for name in FOR_LIFE:
        if name not in frame:
            continue
        value, found = pd.factorize(frame[name])
        value[np.isin(value, [at for at, one in enumerate(found) if str(one).casefold() in ("ukjent", "unknown")])] = -1
        told = (value >= 0) & (person >= 0)
        first = np.full(person.max() + 1, -1, np.int64)
        first[person[told][::-1]] = value[told][::-1]
        other = told & (first[person] != value)
        if other.any():
            among = np.isin(person, np.unique(person[other])) & told
            return DataProblem(
                "person_not_one",
                column=headers.get(name, name),
                persons=len(np.unique(person[other])),
                count=int(among.sum()),
                total=len(frame),
                rows=rows[other].tolist(),
                heading=heading,
            )
    return None
