"""What only the writer of a report knows: to whom it goes, when, on which legal basis, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day

from navoutcomes.show.words import word
from navoutcomes.texts import Text, spoken

Words = str | Text
FACTS = (
    "author", "purpose", "controller", "legal_basis", "pseudonymised", "deletion_date", "protocol_date", "registration",
    "funding", "interests",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """Whose report is this, and on which basis was it made? What is left out stands as not stated in the run log.

    Arguments: ``date`` of the report (it decides whether the county governor is Fylkesmannen or Statsforvalteren);
    ``county`` it goes to; ``author``; ``purpose`` of the processing, its ``controller`` and ``legal_basis``;
    ``pseudonymised`` how identities were replaced; ``deletion_date`` when the data are deleted; ``protocol_date`` when
    the question was settled; ``registration`` where it was published beforehand; ``deviations`` what was done otherwise
    than the protocol said, and why; ``funding`` and ``interests`` of the writers.
    """

    date: Day | None = None
    county: Words = ""
    author: Words = ""
    purpose: Words = ""
    controller: Words = ""
    legal_basis: Words = ""
    pseudonymised: Words = ""
    deletion_date: Day | None = None
    protocol_date: Day | None = None
    registration: Words = ""
    deviations: tuple[Words, ...] | None = None
    funding: Words = ""
    interests: Words = ""

    def said(self, fact: str, language: str) -> str:
        """One of ``FACTS`` in words, empty where it was left out."""
        value = getattr(self, fact)
        if isinstance(value, Day):
            return day_text(value, language)
        return spoken(value, language) if value else ""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Which facts were not given."""
        missing = [fact for fact in FACTS if not getattr(self, fact)]
        return tuple(missing + ["deviations"] * (self.deviations is None))


def day_text(day: Day, language: str) -> str:
    """5. juni 2014, 5 June 2014."""
    month = word(f"month_{day.month}", language)
    return f"{day.day} {month} {day.year}" if language == "en" else f"{day.day}.\u00a0{month} {day.year}"
