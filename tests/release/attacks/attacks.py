"""The forty attacks, by what they look at."""

from __future__ import annotations

from counting import TABLES
from others import MESSAGES, METADATA, MODELS
from timing import CURVES, DIFFERENCES

ATTACKS = {
    f"{kind}: {one.__name__}": one
    for kind, many in {
        "tables": TABLES,
        "curves": CURVES,
        "differences": DIFFERENCES,
        "models": MODELS,
        "metadata": METADATA,
        "messages": MESSAGES,
    }.items()
    for one in many
}
