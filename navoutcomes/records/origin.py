"""Where numbers come from: carried from the file to the last footnote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from navoutcomes.notes import Note


@dataclass(frozen=True)
class Origin:
    """Source files, the date the register was read, and whether the people are invented.

    ``sources`` holds (file name without folder, sha256 of its bytes); ``cutoff`` is the last day the register covers;
    ``synthetic`` follows the data into every title, footer, alt text and manifest; ``definitions`` are the definitions
    the numbers stand on, such as what counts as a job.
    """

    sources: tuple[tuple[str, str], ...] = ()
    cutoff: date | None = None
    synthetic: bool = False
    published: bool = False
    definitions: tuple[Note, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Source file names."""
        return tuple(name for name, _ in self.sources)
