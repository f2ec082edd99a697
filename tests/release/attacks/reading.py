"""What anybody can read out of the files of reports: rows of tables, points of drawings, words of every kind."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pikepdf
from PIL import Image

EVERYBODY = "all"
Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """One csv file: which report it is in, its name, and its rows as text."""

    report: str
    name: str
    rows: tuple[Row, ...]

    def numbers(self, row: Row, name: str) -> float | None:
        """A number of a row, None where it is hidden or not there."""
        try:
            return float(row.get(name, ""))
        except ValueError:
            return None


def tables(root: Path) -> list[Table]:
    """Every csv of every report, the oldest report first."""
    found = []
    for file in sorted(root.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            found.append(Table(file.relative_to(root).parts[0], file.stem, tuple(csv.DictReader(lines))))
    return found


def workbooks(root: Path) -> Iterator[tuple[str, str]]:
    """Every cell, comment, hidden sheet and property of every workbook, as text."""
    for file in sorted(root.rglob("*.xlsx")):
        book = openpyxl.load_workbook(file)
        for sheet in book:
            for line in sheet.iter_rows():
                for cell in line:
                    yield file.name, f"{cell.value}"
                    if cell.comment:
                        yield file.name, cell.comment.text
        yield file.name, repr(book.properties)
        yield file.name, repr(list(book.defined_names))


def words(root: Path) -> Iterator[tuple[str, str]]:
    """Every word of every file that is not a table: documents, drawings, their metadata, the manifest, the register."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        if file.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    data = archive.read(name)
                    yield (
                        f"{file.name}:{name}",
                        data.decode("utf-8", "replace") if name.endswith((".xml", ".rels")) else "",
                    )
        elif file.suffix == ".pdf":
            with pikepdf.open(file) as document:
                yield file.name, repr(dict(document.docinfo.items())) + str(document.Root.get("/Metadata", ""))
                for page in document.pages:
                    streams = page.Contents if isinstance(page.Contents, pikepdf.Array) else [page.Contents]
                    yield file.name, "".join(one.read_bytes().decode("latin-1") for one in streams)
        elif file.suffix == ".png":
            with Image.open(file) as picture:
                yield file.name, repr(picture.info)
        else:
            yield file.name, file.read_text(encoding="utf-8")


def drawn_points(root: Path) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Every path of every svg, as the points it goes through."""
    for file in sorted(root.rglob("*.svg")):
        for one in ElementTree.fromstring(file.read_bytes()).iter():
            if one.tag.endswith("path") and (line := one.get("d", "")):
                pairs = re.findall(r"[ML]\s*(-?[\d.]+)[ ,]+(-?[\d.]+)", line)
                yield file.name, [(float(x), float(y)) for x, y in pairs]


def manifests(root: Path) -> list[dict[str, object]]:
    """The manifest of every report, the oldest first."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(root.rglob("manifest.json"))]
