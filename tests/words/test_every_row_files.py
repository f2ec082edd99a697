"""Rows B071 to B096 of the bad inputs, and the hostile files among the others: what offices really send."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import os
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_rows import BESIDE, Case, all_of, check_all, reading, reading_bytes, workbook, write
from canaries import PLANTED
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import navoutcomes as nav
from navoutcomes.records.identity.identifiers import holds_identity_number
from navoutcomes.records.sources.packed import LARGEST
from navoutcomes.records.sources.signatures import SAS

ROWS_HEAD = f"Løpenummer;fom;Beløp;Sted;{BESIDE}\n"
TEXT = f"{ROWS_HEAD}P-1;03.04.2019;1234,50;Tromsø;{PLANTED}\nP-2;04.04.2019;17;Fræna;{PLANTED}\n"
SOUND = {"person": ["P-1", "P-2"], "start": ["2019-04-03", "2019-04-04"], "Sted": ["Tromsø", "Fræna"]}
SOUND |= {"Beløp": [1234.5, 17.0]}
TWICE = {"Løpenummer": ["P-1", "P-2"], "Sted": ["Tromsø", "Fræna"], "fødselsår": ["1990", "1991"]}
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
KAARE = "C:\\Users\\Kåre Ødegård\\OneDrive - NAV\\Mine data\\uttrekk (2).xlsx"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'


def packed(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def bomb(size: int) -> bytes:
    """A workbook whose sheet is said to expand to a size: only the number in the directory is changed."""
    made = bytearray(packed(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b" " * 100_000)))
    for at in range(len(made) - 4):
        if made[at : at + 4] in (b"PK\x01\x02", b"PK\x03\x04"):
            place = at + (24 if made[at + 2] == 1 else 22)
            if int.from_bytes(made[place : place + 4], "little") == 100_000:
                made[place : place + 4] = size.to_bytes(4, "little")
    return bytes(made)


def laughing(folder: Path) -> Any:
    """A workbook whose shared strings grow without end."""
    whole = workbook(folder, {"fom": ["01.02.2019"]}, "hel.xlsx")
    with zipfile.ZipFile(whole) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    parts = [(name, content) for name, content in parts if name != "xl/sharedStrings.xml"]
    path = folder / "uttrekk.xlsx"
    path.write_bytes(packed(*parts, ("xl/sharedStrings.xml", f"{DOCTYPE}<sst><si><t>&lol2;</t></si></sst>".encode())))
    return nav.read(path)


def locked(folder: Path) -> Any:
    path = workbook(folder, {"fom": ["01.02.2019"]})
    (folder / f"~${path.name}").write_bytes(b"\x0bKari Canary")
    return nav.read(path)


def in_the_cloud(folder: Path, content: bytes, name: str = "uttrekk.csv") -> Any:
    place = folder / "OneDrive - NAV"
    place.mkdir()
    (place / name).write_bytes(content)
    return nav.read(place / name)


def under_any_name(folder: Path) -> Any:
    made = workbook(folder, {"fom": ["01.02.2019"]})
    place = folder / "Kåre Ødegård" / KAARE
    place.parent.mkdir()
    made.rename(place)
    return nav.read(place)


def two(first: str, second: str, days: tuple[str, str] = ("31.12.2019", "31.12.2019")) -> Callable[[Path], Any]:
    def run(folder: Path) -> Any:
        extracts = []
        for name, person, day in zip(("a.csv", "b.csv"), (first, second), days, strict=True):
            columns = {"Løpenummer": [person], "fom": ["01.02.2019"], "Uttrekksdato": [day]}
            extracts.append(nav.read(write(folder, columns, name)))
        return _Logged(nav.check_together(*extracts))

    return run


class _Logged:
    def __init__(self, log: nav.Log) -> None:
        self.log = log


def swallowed(rows: int) -> bytes:
    lines = [f'P-{at};"{PLANTED}' if at == 3 else f"P-{at};{PLANTED}" for at in range(rows)]
    return (f"Løpenummer;{BESIDE}\n" + "\n".join(lines) + "\n").encode()


ROWS: Mapping[str, tuple[Case, ...]] = {
    "B071": (Case(reading_bytes(TEXT.encode("utf-8-sig")), values=SOUND),),
    "B072": (
        Case(reading_bytes(TEXT.encode("cp1252")), values=SOUND, said={"encoding_used": ("uttrekk.csv", "cp1252")}),
        Case(reading_bytes(TEXT.encode("cp850")), "file_encoding_unknown", ("uttrekk.csv",)),
        Case(reading_bytes(TEXT.encode("mac_roman")), "file_encoding_unknown", ("uttrekk.csv",)),
    ),
    "B073": (
        Case(reading_bytes(TEXT.encode().decode("cp1252").encode()), "cells_mojibake",
             ("«Sted»", "2", "repair_mojibake=")),
        Case(reading_bytes(TEXT.encode().decode("cp1252").encode(), repair_mojibake=True), values=SOUND,
             said={"!cells_mojibake_repaired": ("«Sted»", "2"), "!headers_mojibake_repaired": ("«Løpenummer»",)}),
        Case(reading_bytes(TEXT.encode().decode("latin-1").encode().decode("latin-1").encode(), repair_mojibake=True),
             values=SOUND),
        Case(reading({"Løpenummer": ["P-1"], "fÃ¸dselsÃ¥r": ["1990"]}), values={"birth_year": [1990]},
             said={"!headers_mojibake_repaired": ("«fødselsår»",)}),
    ),
    "B075": (
        Case(reading_bytes(TEXT.replace("ø", "o\u0338").replace("Sted", "Sta\u030ad").encode()),
             then=lambda extract: _has(extract, "Ståd")),
        Case(reading({"Sta\u030ad": ["A\u030a"]}), values={"Ståd": ["Å"]}),
    ),
    "B076": (Case(reading_bytes(TEXT.encode()), values=SOUND, said={"separator_found": (";",)}),),
    "B077": (
        Case(reading_bytes(TEXT.replace(";", "\t").encode()), values=SOUND, said={"separator_found": ("tab",)}),
        Case(reading_bytes(TEXT.replace(";", "|").encode()), values=SOUND, said={"separator_found": ("|",)}),
        Case(reading_bytes(TEXT.replace("Tromsø", "Tromsø, by, i, nord, og, mer").encode()),
             said={"separator_found": (";",)}),
    ),
    "B079": (Case(reading_bytes(b"sep=;\r\n" + TEXT.encode()), values=SOUND),),
    "B080": (Case(reading_bytes(b""), "file_empty", ("uttrekk.csv", "0 byte")),),
    "B081": (Case(reading_bytes(ROWS_HEAD.encode()), "file_no_rows", ("uttrekk.csv", "«Løpenummer»", "«Sted»")),),
    "B084": (
        Case(reading_bytes(swallowed(400)), "file_quote_open", ("uttrekk.csv", "5")),
        Case(reading_bytes(swallowed(10) + b'P-9;"\n'), "file_quote_open", ("uttrekk.csv", "5")),
    ),
    "B085": (Case(reading_bytes(TEXT.encode().replace(b"Fr", b"F\0r")), "file_nul_bytes",
                  ("uttrekk.csv", str(TEXT.encode().index(b"Fr") + 1))),),
    "B086": (Case(reading_bytes(TEXT.replace("\n", "\r\n", 1).replace("\nP-2", "\rP-2").encode()), values=SOUND),),
    "B087": (
        Case(reading_bytes(packed(("uttrekk.csv", TEXT.encode())), "uttrekk.zip"), values=SOUND,
             said={"archive_opened": ("uttrekk.csv", "2 GiB")}),
        Case(reading_bytes(gzip.compress(TEXT.encode()), "uttrekk.csv.gz"), values=SOUND,
             said={"archive_opened": ("uttrekk.csv", "2 GiB")}),
        Case(reading_bytes(packed(("__MACOSX/._a", b"x"), ("mappe/a.csv", TEXT.encode())), "a.zip"), values=SOUND),
        Case(reading_bytes(packed(("a.csv", b"1"), ("b.csv", b"2")), "to.zip"), "archive_several_files",
             ("to.zip", "2", "«a.csv»", "«b.csv»")),
        Case(reading_bytes(gzip.compress(TEXT.encode())[:40], "halv.csv.gz"), "file_damaged", ("halv.csv.gz",)),
    ),
    "B088": (
        Case(reading_bytes(bomb(LARGEST + 1), "uttrekk.xlsx"), "file_expands_too_much", ("uttrekk.xlsx", "2 GiB")),
        Case(reading_bytes(packed(("a.csv", b"a;b\n" * 8_000_000)), "a.zip"), "file_expands_too_much",
             ("a.zip", "30 MiB", "100")),
        Case(reading_bytes(gzip.compress(b"a;b\n" * 8_000_000), "a.csv.gz"), "file_expands_too_much",
             ("a.csv.gz", "100")),
    ),
    "B089": (Case(laughing, "workbook_declares_types", ("uttrekk.xlsx", "DTD")),),
    "B091": (
        Case(reading_bytes(OLE + "EncryptedPackage".encode("utf-16-le") + PLANTED.encode(), "uttrekk.xlsx"),
             "file_encrypted", ("uttrekk.xlsx", "xlsx")),
    ),
    "B092": (
        Case(reading_bytes(f"<html><body><table><tr><td>{PLANTED}".encode()), "file_not_its_kind",
             ("uttrekk.csv", "HTML")),
        Case(reading_bytes(b"\0" * 12 + SAS + b"\0" * 99, "a.xls"), "file_not_its_kind", ("a.xls", "SAS7BDAT")),
        Case(reading_bytes(OLE, "a.xls"), "file_not_its_kind", ("a.xls", "Excel 97–2003")),
        Case(reading_bytes(b"%PDF-1.7", "a.csv"), "file_not_its_kind", ("a.csv", "PDF")),
        Case(reading_bytes(b"\x80\x04\x95", "a.csv"), "file_not_its_kind", ("a.csv", "pickle")),
        Case(reading_bytes(TEXT.encode(), "a.xlsx"), "file_is_text", ("a.xlsx", ".csv")),
        Case(reading_bytes(b'{"a": 1}', "a.txt"), "file_not_its_kind", ("JSON",)),
    ),
    "B093": (
        Case(locked, "file_locked", ("uttrekk.xlsx", "Excel")),
        Case(reading_bytes(b"\x0bKari Canary", "~$uttrekk.xlsx"), "file_locked", ("uttrekk.xlsx",)),
        Case(lambda folder: in_the_cloud(folder, b""), "file_online_only", ("uttrekk.csv",)),
        Case(lambda folder: in_the_cloud(folder, b"\0" * 9000, "a.xlsx"), "file_online_only", ("a.xlsx",)),
    ),
    "B094": (Case(under_any_name, values={"start": ["2019-02-01"]}),),
    "B096": (
        Case(two("P-1", "P-1"), "files_the_same", ("«a.csv»", "«b.csv»")),
        Case(two("P-1", "P-2", ("31.12.2019", "31.01.2020")), said={"!extraction_dates_apart": (
            "«a.csv»", "«b.csv»", "31.12.2019", "31.01.2020")}),
        Case(two("a12", "A12"), said={"!ids_nearly_equal_across": ("1",)}),
        Case(two("P-1", "P-2"), said={"extraction_dates_alike": ("31.12.2019",)}),
    ),
}  # fmt: skip


def test_b096_the_same_content_is_named_by_the_beginning_of_its_checksum(tmp_path: Path) -> None:
    with pytest.raises(nav.DataProblem) as caught:
        two("P-1", "P-1")(tmp_path)
    digest = hashlib.sha256((tmp_path / "a.csv").read_bytes()).hexdigest()
    prefix = caught.value.facts["prefix"]
    assert len(prefix) >= 8 and digest.startswith(prefix)
    for language in ("nb", "nn", "en"):
        assert prefix in caught.value.text(language)


def _has(extract: Any, name: str) -> None:
    assert name in extract.frame


@pytest.mark.parametrize("row", ROWS)
def test_a_file_is_read_whatever_its_dress_or_refused_by_name(row: str, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


def test_every_row_of_files_has_its_test() -> None:
    all_of("files", tuple(ROWS))


def mapped(text: str, name: str = "kart.toml") -> Callable[[Path], Any]:
    def run(folder: Path) -> Any:
        (folder / name).write_text(text, encoding="utf-8")
        return nav.read(write(folder, {"fom": ["01.02.2019"]}), mapping=folder / name)

    return run


def long_cell(content: bytes) -> Callable[[Path], Any]:
    return reading_bytes(f"Løpenummer;{BESIDE}\nP-1;{PLANTED}\nP-2;".encode() + content + b"\n")


HOSTILE: Mapping[str, tuple[Case, ...]] = {
    "B203": (
        Case(mapped(f"columns: !!python/object/apply:os.system ['touch pwned']\n# {PLANTED}\n", "kart.yaml"),
             "mapping_no_toml", ("kart.yaml", "1")),
        Case(mapped('[columns]\n"fom" = "start"\nx = !!python/object:os.system\n'), "mapping_no_toml",
             ("kart.toml", "3")),
        Case(mapped('[read]\nrun = "os.system"\n'), "mapping_keys_unknown", ("kart.toml", "«read.run»")),
        Case(mapped("[read]\nheader_row = true\n"), "mapping_values_wrong", ("kart.toml", "«read.header_row»")),
        Case(mapped('[columns]\nfom = "start"\n'), values={"start": ["2019-02-01"]}),
    ),
    "B205": (
        Case(long_cell(b"x" * 20_000_000), "cell_too_long", ("uttrekk.csv", "3", "10000")),
        Case(long_cell(b"x" * 10_001), "cell_too_long", ("uttrekk.csv", "3", "10000")),
        Case(reading_bytes(";".join(f"k{at}" for at in range(100_000)).encode() + b"\n1\n"), "file_too_wide",
             ("uttrekk.csv", "100000", "16384")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", HOSTILE)
def test_a_hostile_file_is_refused_before_it_does_anything(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_all(HOSTILE[row], tmp_path)
    assert not (tmp_path / "pwned").exists()


def test_b206_a_label_made_to_run_a_pattern_for_ever_takes_less_than_a_second_a_megabyte(tmp_path: Path) -> None:
    labels = ["1" * 9_000, "12 " * 3_000, "1-" * 4_500, "1.1" * 3_000, "kr" * 4_000, "a@" * 4_500, "ÃÃ" * 4_000]
    labels += [" " * 9_000 + "x", "(" * 9_000, "1 mai " * 1_500, "13.13." * 1_500]
    for label in labels:
        path = write(tmp_path, {"fom": ["01.02.2019"] * 2, "sted": [label, "Eide"]})
        began = time.perf_counter()
        with contextlib.suppress(nav.Problem), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nav.read(path)
        assert time.perf_counter() - began < 1.0, label[:6]
    began = time.perf_counter()
    for label in labels:
        holds_identity_number(label)
    assert time.perf_counter() - began < 1.0


def test_b208_settings_of_another_user_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "kontor.toml"
    settings.write_text('[columns]\n"dag" = "start"\n', encoding="utf-8")
    monkeypatch.setenv("NAVOUTCOMES_CONFIG", str(settings))
    check_all([Case(reading({"dag": ["01.02.2019"]}), values={"start": ["2019-02-01"]})], tmp_path)
    if hasattr(os, "geteuid"):
        monkeypatch.setattr("os.geteuid", lambda: settings.stat().st_uid + 1)
        other = tmp_path / "annen"
        other.mkdir()
        check_all([Case(reading({"dag": ["01.02.2019"]}), "settings_not_yours", ("kontor.toml", "NAVOUTCOMES_CONFIG"))],
                  other)  # fmt: skip
    monkeypatch.setenv("NAVOUTCOMES_CONFIG", str(tmp_path / "borte.toml"))
    gone = tmp_path / "borte"
    gone.mkdir()
    check_all([Case(reading({"dag": ["01.02.2019"]}), "settings_not_found", ("borte.toml",))], gone)


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 5000, "a\0b", "mappe/", "~$", "\ud800"])
def test_a_name_no_file_can_have_is_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mappe").mkdir()
    cases = [Case(lambda _: nav.read(name), "file_not_found"), Case(lambda _: nav.read(Path(name)), "file_not_found")]
    check_all([*cases, Case(lambda _: nav.read("x.csv", mapping=name), "file_not_found")], tmp_path)


def test_a_workbook_counting_from_1904_gives_the_days_it_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (
        ["Løpenummer", "fom", "tom"],
        ["P-1", datetime(2019, 2, 1), 42034],
        ["P-2", datetime(2019, 2, 2), 42035],
    ):
        book.active.append(row)
    book.save(tmp_path / "mac.xlsx")
    check_all([Case(lambda folder: nav.read(tmp_path / "mac.xlsx"), values={
        "start": ["2019-02-01", "2019-02-02"], "end": ["2019-01-31", "2019-02-01"]})], tmp_path)  # fmt: skip
