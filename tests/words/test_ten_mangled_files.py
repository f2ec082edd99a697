"""Ten files as offices mangle them: what ``navoutcomes check`` prints is enough to mend each.

For each file the mending is done from the words of the output alone: a test fails when the output does not hold the
words that say what to do, and when doing it does not make the file readable.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from bad_input import quoted
from canaries import PLANTED, no_leak

import navoutcomes as nav
from navoutcomes import cli
from navoutcomes.texts import LANGUAGES, use_language

HEADS = ["Løpenummer", "Tiltak", "fom", "tom", "Sluttårsak", "Beløp", "Saksref"]
ROWS = [
    ["P-1", "KVP", "01.02.2019", "01.03.2019", "Arbeid", "1234,50", PLANTED],
    ["P-2", "IPS", "03.02.2019", "05.06.2019", "Helse", "17", PLANTED],
    ["P-3", "IPS", "04.02.2019", "", "", "8", PLANTED],
]


@dataclass(frozen=True)
class Mangled:
    """A file, the words of the output that say what to do (in every language), and what an analyst then does.

    ``mend`` gets the folder and the file, changes what the words say, and gives the file to check again.
    """

    name: str
    make: Callable[[Path], Path]
    words: tuple[str, ...]
    mend: Callable[[Path, Path], Path]


def csv(folder: Path, heads: list[str] = HEADS, rows: list[list[str]] = ROWS, name: str = "uttrekk.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(";".join(one) for one in [heads, *rows]) + "\n", encoding="utf-8")
    return path


def changed(column: str, *cells: str) -> list[list[str]]:
    at = HEADS.index(column)
    return [[*row[:at], cell, *row[at + 1 :]] for row, cell in zip(ROWS, cells, strict=True)]


def renamed(**names: str) -> list[str]:
    return [names.get(head, head) for head in HEADS]


def sheets(folder: Path, *pages: tuple[str, list[list[str]]], merge: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in pages:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    path = folder / "uttrekk.xlsx"
    book.save(path)
    return path


def read_as(option: str) -> Callable[[Path, Path], Path]:
    """Take the # away from an option of the mapping that was written, with the value the message gave."""

    def mend(folder: Path, file: Path) -> Path:
        name = option.split(" ")[0]
        mapping = folder / f"{file.stem}.mapping.toml"
        text = mapping.read_text(encoding="utf-8") if mapping.exists() else "[read]\n"
        kept = [line for line in text.splitlines() if not re.match(rf"(# )?{name} =", line)]
        kept.insert(kept.index("[read]") + 1, option)
        mapping.write_text("\n".join(kept), encoding="utf-8")
        return file

    return mend


def mapped(header: str, name: str) -> Callable[[Path, Path], Path]:
    """Write what a column is into the mapping that was written."""

    def mend(folder: Path, file: Path) -> Path:
        mapping = folder / f"{file.stem}.mapping.toml"
        text = mapping.read_text(encoding="utf-8")
        assert f'"{header}" = ""' in text
        mapping.write_text(text.replace(f'"{header}" = ""', f'"{header}" = "{name}"'), encoding="utf-8")
        return file

    return mend


def in_the_file(old: str, new: str) -> Callable[[Path, Path], Path]:
    def mend(_: Path, file: Path) -> Path:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return file

    return mend


def both(*steps: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def mend(folder: Path, file: Path) -> Path:
        for step in steps:
            file = step(folder, file)
        return file

    return mend


def mojibake(folder: Path) -> Path:
    path = csv(folder, rows=changed("Sluttårsak", "Utdanning", "Manglende oppmøte", ""))
    path.write_text(path.read_text(encoding="utf-8").encode().decode("cp1252"), encoding="utf-8")
    return path


def without_ending(_: Path, file: Path) -> Path:
    return file.rename(file.with_name("uttrekk.csv"))


MERGED = [["Person", "", "Periode", "", "", "", ""], HEADS, *ROWS]
AMERICAN = changed("fom", "02/01/2019", "02/03/2019", "02/04/2019")
FILES = (
    Mangled("dates with the month first", lambda folder: csv(folder, rows=AMERICAN),
            ("«fom»", 'date_format="dd/mm/yyyy"', '"mm/dd/yyyy"', "[read]"), read_as('date_format = "mm/dd/yyyy"')),
    Mangled("letters read twice", mojibake, ("«Sluttårsak»", "repair_mojibake=True"),
            read_as("repair_mojibake = true")),
    Mangled("a header in two rows", lambda folder: sheets(folder, ("Ark1", MERGED), merge="C1:D1"),
            ("C1:D1", "header_row=2"), read_as("header_row = 2")),
    Mangled("two sheets", lambda folder: sheets(folder, ("2018", [HEADS, *ROWS]), ("2019", [HEADS, *ROWS])),
            ("«2018»", "«2019»", "sheet="), read_as('sheet = "2019"')),
    Mangled("names of its own", lambda folder: csv(folder, renamed(Løpenummer="Nr i sak", fom="Inn", tom="Ut")),
            ("person, start, end", "Nr i sak", "Inn", "[columns]"),
            both(mapped("Nr i sak", "person"), mapped("Inn", "start"), mapped("Ut", "end"))),
    Mangled("a day that is not there",
            lambda folder: csv(folder, rows=changed("fom", "30.02.2019", "03.02.2019", "04.02.2019")),
            ("«fom»", "2"), in_the_file("30.02.2019", "28.02.2019")),
    Mangled("a full stop of two meanings", lambda folder: csv(folder, rows=changed("Beløp", "1.234", "17", "8")),
            ("«Beløp»", 'thousands="."', 'decimal="."'), read_as('thousands = "."')),
    Mangled("a row cut short", lambda folder: csv(folder, rows=[*ROWS, ["P-4", "KVP"]]), ("5", "7", ";"),
            in_the_file("P-4;KVP", f"P-4;KVP;05.02.2019;;;3;{PLANTED}")),
    Mangled("a csv called xlsx", lambda folder: csv(folder, name="uttrekk.xlsx"), ("uttrekk.xlsx", ".csv"),
            without_ending),
    Mangled("a word for what is not known", lambda folder: csv(folder, rows=changed("tom", "ukjent", "05.06.2019", "")),
            ("«tom»", "«aaaaaa»", "2", "missing="),
            both(read_as('missing = ["ukjent"]'), in_the_file("ukjent;Arbeid", "ukjent;"))),
)  # fmt: skip


def checked(
    file: Path, folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> tuple[int, str]:
    """The exit code of the command and everything it said, after a look for the canaries."""
    caplog.clear()
    mapping = folder / f"{file.stem}.mapping.toml"
    used = ["--mapping", str(mapping)] if mapping.exists() else []
    with caplog.at_level(logging.INFO, logger="navoutcomes"):
        code = cli.main(["check", str(file), *used])
    shown = capsys.readouterr()
    said = "\n".join([shown.out, shown.err, *(record.getMessage() for record in caplog.records)])
    no_leak([said])
    return code, said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mangled", FILES, ids=lambda one: one.name)
def test_the_output_alone_is_enough_to_mend_the_file(
    mangled: Mangled,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVOUTCOMES_LANGUAGE", language)
    use_language(language)
    try:
        file = mangled.make(tmp_path)
        code, said = checked(file, tmp_path, capsys, caplog)
        assert code == (0 if "names of its own" in mangled.name else 3)
        for words in mangled.words:
            assert quoted(words, language) in said, f"{words!r} is not in:\n{said}"
        mended = mangled.mend(tmp_path, file)
        code, said = checked(mended, tmp_path, capsys, caplog)
        assert code == 0, said
    finally:
        use_language("nb")
    mapping = tmp_path / f"{mended.stem}.mapping.toml"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        extract = nav.read(mended, mapping=mapping if mapping.exists() else None)
    assert len(extract.frame) == 3 + ("cut short" in mangled.name)
    assert {"person", "start", "end"} <= set(extract.frame)


def test_two_faults_are_told_at_once_and_the_mapping_is_left_alone_the_second_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [[*row[:2], "04/05/2019", *row[3:5], "1.234", row[6]] for row in ROWS]
    file = csv(tmp_path, rows=rows)
    code, said = checked(file, tmp_path, capsys, caplog)
    assert code == 3
    assert "date_format=" in said and "thousands=" in said
    mapping = tmp_path / "uttrekk.mapping.toml"
    mapping.write_text("# mine\n", encoding="utf-8")
    caplog.clear()
    assert cli.main(["check", str(file)]) == 3
    assert "uttrekk.mapping.toml" in capsys.readouterr().out
    assert mapping.read_text(encoding="utf-8") == "# mine\n"
