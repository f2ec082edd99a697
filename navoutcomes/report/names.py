"""Names that files and folders can have on every machine, and the name a label gets."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from navoutcomes.errors import DesignProblem, door

LONGEST = 61
NAME = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST - 1}}}")
# Names that Windows keeps for devices, whatever ending they have.
RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{k}" for kind in ("com", "lpt") for k in range(1, 10))}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "ss", "đ": "d", "ŋ": "n"})
UNFIT = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')


@door
def file_name(label: str) -> str:
    """Which file name stands for this label, the same on every machine, and for no other label?

    Small letters, digits and hyphens. A label that is not already such a name ends with six signs of its checksum, so
    that «Kvinne» and «kvinne» are two files also where the disk sees no difference, and «Ørje» is one however its Ø is
    stored.
    Arguments: ``label`` any text. Use it as ``bundle.add(nav.file_name(office), ...)``.
    """
    label = unicodedata.normalize("NFC", label)
    if NAME.fullmatch(label) and label not in RESERVED:
        return label
    plain = unicodedata.normalize("NFD", label.casefold().translate(LETTERS))
    kept = re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")
    checksum = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return "-".join(part for part in (kept[: LONGEST - 7].strip("-"), checksum) if part)


def check_name(name: str) -> None:
    """Raises ``DesignProblem`` for what cannot be a file name on every machine."""
    if not NAME.fullmatch(name) or name in RESERVED:
        raise DesignProblem("bundle_name", count=len(name))


def report_folder(folder: Path) -> Path:
    """The folder of a report by its composed name; one that is there by the same name in other signs is that folder.

    Raises: ``DesignProblem`` for a name that some machines cannot have, and for a link: it leads elsewhere.
    """
    name = unicodedata.normalize("NFC", folder.name)
    if UNFIT.search(name) or name.split(".")[0].casefold() in RESERVED:
        raise DesignProblem("report_folder_name", count=len(name))
    for there in _names(folder.parent):
        if unicodedata.normalize("NFC", there) == name:
            name = there
            break
    return folder.with_name(name) if name else folder


def check_no_link(place: Path) -> None:
    """Raises ``DesignProblem`` for a link where a folder of ours should stand."""
    if place.is_symlink():
        raise DesignProblem("report_link", folder=place.name, target=place.readlink().name or "/")


def _names(folder: Path) -> list[str]:
    try:
        return sorted(one.name for one in folder.iterdir())
    except OSError:
        return []
