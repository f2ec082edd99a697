"""What was made of what, by which rule: sorted, without clock, paths or ids."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from navoutcomes.notes import Note
from navoutcomes.records.origin import Origin
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.report.provenance import current, machine, package_sha256
from navoutcomes.texts import Text

PACKAGES = (
    *("navoutcomes", "numpy", "scipy", "pandas", "statsmodels", "lifelines", "numba", "matplotlib"),
    *("pypandoc-binary", "typst", "openpyxl", "font-source-sans-pro"),
)


@dataclass(frozen=True)
class Manifest:
    """The record of a bundle, with what it takes to make it again.

    ``decisions`` pairs each thing that was released with what was done to it; ``outputs`` each file with its sha256;
    ``seeds`` each result that was drawn with its seed; ``name`` is the folder's own name, never where it lies.
    """

    title: str
    language: str
    question: Any
    origins: tuple[Origin, ...]
    policy: DisclosurePolicy | None
    decisions: tuple[tuple[str, tuple[Note, ...]], ...]
    outputs: tuple[tuple[str, str], ...]
    synthetic_words: str = ""
    name: str = ""
    draft: bool = False
    seeds: tuple[tuple[str, int | str], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The manifest as plain data, ready for json."""
        sources = sorted({pair for origin in self.origins for pair in origin.sources})
        cutoffs = sorted({f"{origin.cutoff:%Y-%m-%d}" for origin in self.origins if origin.cutoff})
        remarks = (note.text(self.language) for origin in self.origins for note in origin.definitions)
        definitions = list(dict.fromkeys(remarks))
        return ({"definitions": definitions} if definitions else {}) | {
            "title": self.title,
            "name": self.name,
            "draft": self.draft,
            "run": current(),
            "code": package_sha256(),
            "language": self.language,
            "protocol": plain_data(self.question),
            "data": [{"name": name, "sha256": digest} for name, digest in sources],
            "data_cutoff": cutoffs,
            "synthetic": any(origin.synthetic for origin in self.origins),
            "synthetic_data": self.synthetic_words,
            "published": any(origin.published for origin in self.origins),
            "policy": plain_data(self.policy),
            "decisions": {name: [note.text(self.language) for note in notes] for name, notes in self.decisions},
            "versions": versions(),
            "seeds": dict(self.seeds),
            "outputs": dict(self.outputs),
        }

    def text(self) -> str:
        """Sorted json, ending with a line break."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest(file: Path) -> str:
    """sha256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def digests(folder: Path) -> tuple[tuple[str, str], ...]:
    """Every file of a folder, by its name inside it, with the sha256 of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((file.relative_to(folder).as_posix(), digest(file)) for file in files)


def seed_of(name: str, result: Any) -> dict[str, int | str]:
    """The seed a result was drawn with, under its name; empty where nothing was drawn, or by a generator."""
    remarks = (*getattr(result, "method", ()), *getattr(result, "findings", ()))
    seeds = [dict(remark.facts)["seed"] for remark in remarks if remark.key == "seed_used"]
    return {name: seeds[0]} if seeds else {}


def versions() -> dict[str, str]:
    """The packages that the numbers and pages depend on."""
    found = {"python": platform.python_version(), "platform": machine()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def plain_data(value: Any) -> Any:
    """Any of our frozen values as lists, mappings and words."""
    if isinstance(value, Text):
        return {"nb": value.nb, "nn": value.nn, "en": value.en}
    if is_dataclass(value) and not isinstance(value, type):
        inside = {one.name: plain_data(getattr(value, one.name)) for one in fields(value)}
        return {"kind": type(value).__name__} | {
            name: item for name, item in inside.items() if item not in (None, [], "")
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_data(item) for item in value]
    return value
