"""What the command line says about synthetic extracts: which there are, and what was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from navoutcomes.errors import named
from navoutcomes.records.synthetic.kostra import FIRST_YEAR, FORMS, LAST_YEAR
from navoutcomes.records.synthetic.programmes.catalogue import PROGRAMMES
from navoutcomes.records.synthetic.programmes.faults import FAULTS
from navoutcomes.texts import say


def listed() -> str:
    """Every name with its number of persons and what is in it, the KOSTRA forms, and the faults."""
    lines = [say("words", "synth_there_are")]
    for name, one in PROGRAMMES.items():
        about = say("words", f"synthetic_of_{name}")
        lines.append(f"  {name:<24}{one.size:>5}  {about}")
    for form in FORMS:
        facts = {"form": form, "first": FIRST_YEAR, "last": LAST_YEAR, "example": f"kostra-{form.lower()}-2024"}
        lines.append(f"  {f'kostra-{form.lower()}-20..':<31}{say('words', 'synth_kostra', None, None, **facts)}")
    return "\n".join([*lines, say("words", "synth_faults", None, None, faults=", ".join(FAULTS))])


def written(paths: Sequence[Path], faults: Sequence[str]) -> str:
    """Which files were written, the faults in them, and that the people are invented."""
    facts = {
        "count": len(paths),
        "folder": named(paths[0].parent.name),
        "files": ", ".join(path.name for path in paths),
    }
    lines = [say("words", "synth_written", None, None, **facts)]
    if faults:
        lines.append(say("words", "synth_with_faults", None, None, faults=", ".join(faults)))
    return "\n".join([*lines, say("words", "synthetic_about")])
