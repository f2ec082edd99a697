"""S3: the forms as workbooks and Norwegian tables: numbers as numbers, no formula, no clock, one language."""

from __future__ import annotations

import csv
import re
import zipfile
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from bundle_examples import LANGUAGES
from form_examples import goals
from test_documents import Page, styles

import navoutcomes as nav
from navoutcomes.report.forms import goal_form, staff_form, write_form
from navoutcomes.texts import table as texts

pytestmark = pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
FILES = {
    "nb": ("maaloppnaaelse.xlsx", "aarsverksutvikling.xlsx"),
    "nn": ("maaloppnaaing.xlsx", "aarsverksutvikling.xlsx"),
    "en": ("goal-attainment.xlsx", "full-time-equivalents.xlsx"),
}
HEADS = {
    "nb": ("Mål nr.", "Indikator", "Definisjon (teller/nevner)", "Utgangsverdi", "Mål", "Resultat",
           "95 % KI, nedre grense", "95 % KI, øvre grense", "n", "Vurdering", "Kommentar"),
    "nn": ("Mål nr.", "Indikator", "Definisjon (teljar/nemnar)", "Utgangsverdi", "Mål", "Resultat",
           "95 % KI, nedre grense", "95 % KI, øvre grense", "n", "Vurdering", "Kommentar"),
}  # fmt: skip
VERDICTS = {
    "nb": ["Kan ikke avgjøres", "Kan ikke avgjøres", "Nådd"],
    "nn": ["Kan ikkje avgjerast", "Kan ikkje avgjerast", "Nådd"],
    "en": ["Cannot be decided", "Cannot be decided", "Met"],
}
NORWEGIAN = ("nb", "nn")
# Words that are English and neither bokmål, nynorsk, nor an abbreviation or a name of the field.
ENGLISH = set(
    re.findall(
        r"\S+",
        """the and with which from were was been have has they their there people persons share shares goal goals met
    cannot decided result results interval confidence table figure chapter appendix summary background purpose results
    method methods data-source stated written report run checksum versions rule numbers below shown made cost outcome
    outcomes explained unexplained amount deviation total group groups risk difference survival curve curves months
    days years weeks employment work unknown none yes comment baseline definition numerator denominator lower upper
    limit verdict page contents draft internal synthetic cut-off question answer of by""",
    )
)  # fmt: skip
# Our own names, packages and authors, which are the same everywhere.
NAMES = re.compile(r"navoutcomes|TARGET|SHA-256|python [\d.]+|[\w-]+ \d+(\.\d+)+[\w.]*|[A-Z]\w+ & [A-Z]\w+ \d{4}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_goal_form_has_the_columns_of_the_form_and_numbers_are_numbers(
    language: str, forms: dict[str, Path]
) -> None:
    sheet = openpyxl.load_workbook(forms[language] / FILES[language][0]).active
    assert sheet.title == {"nb": "Måloppnåelse", "nn": "Måloppnåing", "en": "Goal attainment"}[language]
    heads = tuple(cell.value for cell in sheet[4])
    assert len(heads) == 11
    if language in NORWEGIAN:
        assert heads == HEADS[language]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert [row[0] for row in rows] == [1, 2, 3]
    assert [row[9] for row in rows] == VERDICTS[language]
    assert [row[8] for row in rows] == [140, 400, 400]
    for row, one in zip(rows, goals().indicators, strict=True):
        scale = 100 if one.target.scale == "percentage points" else 1
        wanted = (one.target.limit, one.estimate, *one.interval)
        assert [value / scale for value in row[4:8]] == pytest.approx(wanted, rel=1e-6)
        assert row[3] == pytest.approx(one.baseline) if one.baseline else row[3] is None
    assert rows[0][2] == {"nb": "i arbeid etter ett år / henviste", "nn": "i arbeid etter eitt år / tilviste",
                          "en": "in work after a year / referred"}[language]  # fmt: skip
    assert rows[0][10]
    formats = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert all("%" in formats[place][5] for place in (0, 1))
    assert '" pp' in formats[2][5]
    assert ("minst" if language in NORWEGIAN else "at least") in formats[0][4]
    assert {"nb": "høyst", "nn": "høgst", "en": "at most"}[language] in formats[1][4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_stay_in_view_print_on_one_page_wide_and_hold_no_formula(language: str, forms: dict[str, Path]) -> None:
    for name in FILES[language]:
        book = openpyxl.load_workbook(forms[language] / name)
        sheet = book.active
        assert len(book.sheetnames) == 1
        assert sheet.freeze_panes.endswith("5")
        assert sheet.print_title_rows.replace("$", "") == "4:4"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
        assert all(dimension.width > 6 for dimension in sheet.column_dimensions.values())
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert str(sheet["A1"].value).split(":")[0] in ("Syntetiske data", "Synthetic data")
        with zipfile.ZipFile(forms[language] / name) as archive:
            assert {one.date_time for one in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
            assert not any(b"<f>" in archive.read(one) for one in archive.namelist())


def test_the_staff_form_is_empty_of_figures(forms: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(forms["nn"] / "aarsverksutvikling.xlsx").active
    values = [cell.value for row in sheet.iter_rows(min_row=5) for cell in row]
    assert not any(values)
    assert len([cell.value for cell in sheet[4] if cell.value]) == 6


def test_a_hostile_name_is_text_in_a_form_and_forms_are_the_same_bytes_twice(tmp_path: Path) -> None:
    target = nav.Target(name="=1+1", numerator="@x\n=2", denominator="-d", at_least=0.5)
    card = nav.scorecard([nav.indicator(target, 30, 60)])
    for name in ("a.xlsx", "b.xlsx"):
        write_form(goal_form(card, "nb"), tmp_path / name)
        write_form(staff_form("nb"), tmp_path / f"staff-{name}")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "staff-a.xlsx").read_bytes() == (tmp_path / "staff-b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")
    assert "\n" not in sheet["C5"].value


def test_norwegian_tables_have_semicolons_decimal_commas_and_a_mark(forms: dict[str, Path]) -> None:
    folder = forms["nb"] / "tables"
    files = sorted(folder.glob("*_no.csv"))
    assert [file.name for file in files] == [f"{one.stem}_no.csv" for one in sorted(folder.glob("*.xlsx"))]
    raw = (folder / "i-arbeid_no.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    plain = list(csv.reader(StringIO((folder / "i-arbeid.csv").read_text(encoding="utf-8"))))
    assert rows[0] == plain[0]
    assert [[cell.replace(",", ".") for cell in row] for row in rows] == plain
    assert any(re.fullmatch(r"0,\d+", cell) for row in rows for cell in row)


@pytest.mark.parametrize("language", NORWEGIAN)
def test_no_english_word_stands_in_a_norwegian_form_or_report(language: str, forms: dict[str, Path]) -> None:
    said = [text for _, text in styles(forms[language])]
    said += [text for text in Page((forms[language] / "rapport.html").read_text(encoding="utf-8")).texts
             if "font-face" not in text]  # fmt: skip
    for name in FILES[language]:
        sheet = openpyxl.load_workbook(forms[language] / name).active
        said += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    found = {}
    for text in said:
        words = re.findall(r"[A-Za-zÆØÅæøå-]+", NAMES.sub(" ", text).lower())
        if ENGLISH & set(words):
            found[text] = ENGLISH & set(words)
    assert found == {}


def test_the_word_list_would_find_an_english_word() -> None:
    assert ENGLISH & set(re.findall(r"[a-z]+", "Share of those referred"))


@pytest.mark.parametrize("stem", ["form_", "run_log_", "target_", "methods_", "particular_", "appendix_"])
def test_every_word_of_the_forms_is_there_in_both_standards_and_differs_where_they_do(stem: str) -> None:
    keys = [key for key in texts("words") if key.startswith(stem)]
    assert keys
    for key in keys:
        entry = texts("words")[key]
        assert set(entry) == {"nb", "nn", "en"}
        assert all(said.strip() for said in entry.values())
    wrong = {"nb": r"\b(ikkje|frå|ein|kva|berre)\b", "nn": r"\b(ikke|fra|hva|hvor|bare|en|et)\b"}
    for language, pattern in wrong.items():
        assert [key for key in keys if re.search(pattern, texts("words")[key][language].lower())] == [], language
