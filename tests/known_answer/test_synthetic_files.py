"""The committed files of the synthetic Innsatsgjengen are what the generator makes, and what they say they are."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from scipy import stats

from navoutcomes.records.published import fact
from navoutcomes.records.synthetic.extracts import innsatsgjengen, write_innsatsgjengen

FOLDER = Path(__file__).parents[2] / "data" / "synthetic"
FULL, EARLY = "innsatsgjengen.csv", "innsatsgjengen_2015-12-31.csv"
BOOK, TRUTH = "innsatsgjengen.xlsx", "innsatsgjengen_truth.json"
HEADER = (
    "Løpenummer;Tiltak;Team;Kjønn;Fødselsår;Måneder på sosialhjelp før;Sosialhjelp siste måned (kr);Henvist dato;"
    "Oppmøtt dato;Avsluttet dato;Avslutningsårsak;Uttrekksdato;Datagrunnlag"
)
OTHER = {"Utdanning", "Soning", "Helse", "Annet"}
Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    lines = (FOLDER / name).read_bytes().decode("cp1252").split("\r\n")
    assert lines[0] == HEADER
    assert lines[-1] == ""
    return [dict(zip(HEADER.split(";"), line.split(";"), strict=True)) for line in lines[1:-1]]


def day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


@pytest.fixture(scope="module")
def full() -> list[Row]:
    return rows_of(FULL)


@pytest.fixture(scope="module")
def early() -> list[Row]:
    return rows_of(EARLY)


@pytest.fixture(scope="module")
def made_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    assert [path.name for path in write_innsatsgjengen(folder)] == [FULL, BOOK, EARLY, TRUTH]
    return folder


@pytest.mark.parametrize("name", [FULL, EARLY, BOOK, TRUTH])
def test_the_committed_file_is_byte_for_byte_what_the_generator_makes_now(name: str, made_now: Path) -> None:
    assert (FOLDER / name).read_bytes() == (made_now / name).read_bytes()


def test_everything_else_in_the_folder_is_of_another_programme() -> None:
    own = sorted(path.name for path in FOLDER.iterdir() if path.name.startswith("innsatsgjengen"))
    assert own == sorted([FULL, EARLY, BOOK, TRUTH])


def test_the_endings_are_the_published_counts(full: list[Row]) -> None:
    reasons = Counter(row["Avslutningsårsak"] for row in full)
    assert len(full) == 656
    assert reasons["Arbeid"] == fact("FR005").number == 147
    assert reasons["Manglende oppmøte"] == fact("FR007").number == 192
    assert sum(reasons[reason] for reason in OTHER) == fact("FR009").number == 317
    assert {reason: reasons[reason] for reason in sorted(OTHER)} == {
        "Annet": 148,
        "Helse": 68,
        "Soning": 20,
        "Utdanning": 81,
    }


def test_everybody_was_referred_on_a_weekday_of_2014_to_2016(full: list[Row]) -> None:
    referred = [day(row["Henvist dato"]) for row in full]
    assert min(referred) >= date(2014, 1, 1)
    assert max(referred) <= date(2016, 12, 31)
    assert all(one.weekday() < 5 for one in referred)
    assert {one.year for one in referred} == {2014, 2015, 2016}


def test_nobody_is_open_in_the_full_file_and_no_stay_is_shorter_than_a_day_or_longer_than_540(full: list[Row]) -> None:
    stays = [(day(row["Avsluttet dato"]) - day(row["Henvist dato"])).days + 1 for row in full]
    assert min(stays) >= 1
    assert max(stays) <= 540
    assert {row["Uttrekksdato"] for row in full} == {"30.06.2018"}
    assert max(day(row["Avsluttet dato"]) for row in full) < date(2018, 6, 30)


def test_people_came_between_referral_and_end_and_only_no_shows_never_came(full: list[Row]) -> None:
    never = [row for row in full if not row["Oppmøtt dato"]]
    assert {row["Avslutningsårsak"] for row in never} == {"Manglende oppmøte"}
    assert 0 < len(never) < 192
    for row in full:
        if row["Oppmøtt dato"]:
            assert day(row["Henvist dato"]) <= day(row["Oppmøtt dato"]) <= day(row["Avsluttet dato"])


def test_the_file_of_2015_is_what_the_register_held_on_that_day(full: list[Row], early: list[Row]) -> None:
    read = date(2015, 12, 31)
    expected = []
    for row in full:
        if day(row["Henvist dato"]) > read:
            continue
        then = row | {"Uttrekksdato": "31.12.2015"}
        if day(row["Avsluttet dato"]) > read:
            then |= {"Avsluttet dato": "31.12.9999", "Avslutningsårsak": ""}
        if row["Oppmøtt dato"] and day(row["Oppmøtt dato"]) > read:
            then |= {"Oppmøtt dato": ""}
        expected.append(then)
    assert early == expected
    assert len(early) == 430
    assert sum(row["Avsluttet dato"] == "31.12.9999" for row in early) == 102


def test_an_extract_holds_what_happened_on_its_own_day() -> None:
    last = innsatsgjengen()["Avsluttet dato"].max()
    on_the_day = innsatsgjengen(extracted=last.date())
    the_day_before = innsatsgjengen(extracted=last.date() - timedelta(days=1))
    assert on_the_day["Avsluttet dato"].notna().all()
    assert the_day_before["Avsluttet dato"].isna().sum() == (innsatsgjengen()["Avsluttet dato"] == last).sum()


def test_pseudonyms_are_unique_are_not_identity_numbers_and_sort_the_rows(full: list[Row]) -> None:
    names = [row["Løpenummer"] for row in full]
    assert len(set(names)) == 656
    assert names == sorted(names)
    assert all(re.fullmatch(r"P-[0-9A-F]{8}", name) and re.fullmatch(r"[A-Za-z0-9_-]{6,64}", name) for name in names)
    assert not any(len(re.sub(r"\D", "", name)) == 11 for name in names)


def test_the_order_of_pseudonyms_tells_nothing_about_time(full: list[Row]) -> None:
    place = np.arange(len(full))
    for header in ("Henvist dato", "Avsluttet dato"):
        when = [day(row[header]).toordinal() for row in full]
        assert stats.spearmanr(place, when).pvalue > 0.01


def test_no_file_holds_eleven_digits_in_a_row() -> None:
    run = re.compile(r"(?<![0-9A-Za-z.,])\d{11}(?![0-9A-Za-z.,])")
    assert run.search("a;" + "010199" + "12345" + ";b")
    with zipfile.ZipFile(FOLDER / BOOK) as book:
        texts = [book.read(name).decode() for name in book.namelist()]
    texts += [(FOLDER / name).read_bytes().decode("cp1252") for name in (FULL, EARLY)]
    texts += [(FOLDER / TRUTH).read_text(encoding="utf-8")]
    texts += [(FOLDER.parent / "published" / "facts.csv").read_text(encoding="utf-8")]
    assert not any(run.search(text) for text in texts)


@pytest.mark.parametrize("name", [FULL, EARLY])
def test_every_row_says_that_the_data_are_synthetic(name: str) -> None:
    rows = rows_of(name)
    assert {row["Datagrunnlag"] for row in rows} == {"Syntetiske data"}
    assert {row["Tiltak"] for row in rows} == {"INNSATSGJENGEN"}


@pytest.mark.parametrize("name", [FULL, EARLY])
def test_the_csv_is_written_the_way_offices_do(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.count(b"\n") == content.count(b"\r\n")
    amounts = [row["Sosialhjelp siste måned (kr)"] for row in rows_of(name)]
    assert all(re.fullmatch(r"\d{1,3}( \d{3})*,\d0", amount) for amount in amounts)
    assert any(" " in amount for amount in amounts)


def test_who_was_not_on_social_assistance_got_none_and_only_they(full: list[Row]) -> None:
    for row in full:
        nothing = row["Sosialhjelp siste måned (kr)"] == "0,00"
        assert nothing == (row["Måneder på sosialhjelp før"] == "0")


def test_people_are_19_to_60_and_months_on_assistance_count_from_18(full: list[Row]) -> None:
    for row in full:
        age = day(row["Henvist dato"]).year - int(row["Fødselsår"])
        assert 19 <= age <= 60
        assert 0 <= int(row["Måneder på sosialhjelp før"]) <= min(60, 12 * (age - 18))
    assert {row["Kjønn"] for row in full} == {"Mann", "Kvinne"}
    assert {row["Team"] for row in full} == {f"Team {number}" for number in range(1, 9)}


def test_the_workbook_holds_the_same_rows_as_real_dates_and_numbers(full: list[Row]) -> None:
    sheet = load_workbook(FOLDER / BOOK)["Uttrekk"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert ";".join(header) == HEADER
    for cells, row in zip(rows, full, strict=True):
        for value, written in zip(cells, row.values(), strict=True):
            if isinstance(value, datetime):
                assert value == datetime.combine(day(written), datetime.min.time())
            elif isinstance(value, int | float):
                assert value == float(written.replace(" ", "").replace(",", "."))
            else:
                assert (value or "") == written
    kinds = [type(value) for value in rows[0]]
    assert kinds == [str] * 4 + [int] * 2 + [type(rows[0][6])] + [datetime] * 3 + [str, datetime, str]


def test_the_workbook_carries_no_clock() -> None:
    with zipfile.ZipFile(FOLDER / BOOK) as book:
        assert {part.date_time[:3] for part in book.infolist()} == {(2018, 6, 30)}
        core = book.read("docProps/core.xml").decode()
    assert re.findall(r">([^<]*)</dcterms", core) == ["2018-06-30T00:00:00Z"] * 2
