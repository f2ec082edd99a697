"""What is each column called, what does it hold, and which words may stand in it?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from navoutcomes.errors import DataProblem
from navoutcomes.texts import Text

KINDS = ("id", "date", "number", "integer", "word", "flag")
ROLES = ("person", "start", "end", "reason", "exit_class")
EXIT_CLASSES = (
    "job",
    "job_subsidised",
    "education",
    "no_show",
    "health",
    "benefit",
    "relapse",
    "other_service",
    "other",
    "completed_unknown",
    "administrative",
    "never_started",
    "censored",
    "exclude",
    "imprisonment",
)

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


@dataclass(frozen=True)
class Column:
    """What does one column hold?

    ``name`` is the standard name used from reading on; ``kind`` one of ``id date number integer word flag``;
    ``headers`` what the column may be called in a file (capital letters, spaces, punctuation and the way æ, ø and å
    are stored do not matter); ``labels`` its name for readers; ``missing`` words that mean "not known"; ``low`` and
    ``high`` the limits of what is possible, both included (numbers, or dates for dates); ``required`` whether a file
    without it is refused; ``values`` raw words and the standard words they become (capital letters and outer spaces
    do not matter). With ``values``, any other word is refused.

    Raises: ``DataProblem`` when the kind is none of the six.
    """

    name: str
    kind: str
    headers: tuple[str, ...] = ()
    labels: Text | None = None
    missing: tuple[str, ...] = ()
    low: float | date | str | None = None
    high: float | date | str | None = None
    required: bool = True
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataProblem("codebook_kind_unknown", column=self.name, allowed=KINDS)

    @property
    def key(self) -> bool:
        """Does the analysis stand or fall with this column? True with a role, or when the codebook requires it."""
        return self.required or self.name in ROLES


@dataclass(frozen=True)
class Codebook:
    """Which columns does a kind of file have?

    ``columns`` in any order, ``name`` of the codebook for the log.

    Raises: ``DataProblem`` when two columns share a name or a header.
    """

    columns: tuple[Column, ...]
    name: str = ""

    def __post_init__(self) -> None:
        shared = _repeated(plain(column.name) for column in self.columns)
        shared |= _repeated(header for column in self.columns for header in known_as(column))
        if shared:
            both = [column.name for column in self.columns if known_as(column) & shared]
            raise DataProblem("codebook_names_shared", columns=both)


def plain(header: str) -> str:
    """A header as it is compared: without capital letters, spaces, punctuation, marks of byte order and accents."""
    folded = unicodedata.normalize("NFC", header).casefold().translate(_LETTERS)
    return re.sub(r"[\W_]+", "", folded)


def known_as(column: Column) -> frozenset[str]:
    """Every header that means this column, as ``plain`` writes it."""
    return frozenset(plain(header) for header in (column.name, *column.headers)) - {""}


def _repeated(items: Iterable[str]) -> frozenset[str]:
    return frozenset(item for item, times in Counter(items).items() if times > 1)
