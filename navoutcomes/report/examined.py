"""What is asked of a report before it is written: one denominator, and words that claim no more than was done."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DataWarning
from navoutcomes.notes import Note, warning
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.report.blocks import Bullets, Paragraph
from navoutcomes.report.chapters import Written
from navoutcomes.report.denominators import check_denominators
from navoutcomes.report.methods import Added
from navoutcomes.show.lint import lint

# Headings and captions are no sentences, and a share may have its number in the sentence before.
RULES = ("causal", "points", "foreign", "other_norwegian", "written")


def examined(
    added: Sequence[Added],
    written: Iterable[Written],
    policy: DisclosurePolicy | None,
    protocol: Protocol | None,
    language: str,
) -> tuple[Note, ...]:
    """The remarks on a report as a whole, each also as a warning."""
    unlike = check_denominators({one.name: one.thing for one in added}, policy)
    return (*unlike, *_worded(written, protocol is not None and protocol.randomised, language))


def _worded(written: Iterable[Written], randomised: bool, language: str) -> list[Note]:
    """The analyst's own texts, proof-read, by their number in the report."""
    found: list[Note] = []
    for number, one in enumerate((one for one in written if one.own), start=1):
        lines = [one.block.text] if isinstance(one.block, Paragraph) else []
        lines += list(one.block.lines) if isinstance(one.block, Bullets) else []
        slips = lint("\n\n".join(lines), language, randomised, RULES).slips
        found += [warning(f"wording_{slip.rule}", words=slip.words, number=number) for slip in slips]
    remarks = list(dict.fromkeys(found))
    for remark in remarks:
        warnings.warn(DataWarning(remark.text(language)), stacklevel=4)
    return remarks
