"""No number of a KOSTRA file is left in the process, in what is said, or in what is kept: read, refused or linked."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from no_identity_left import left_alone

import navoutcomes as nav
from navoutcomes.records.kostra.layouts import NEVER_READ, layout, layouts

FIVE_LINES = """
import navoutcomes as nav
folder, key = args
files = [nav.read_kostra(f"{folder}/kostra-11cf-{year}.dat", "11CF", year, key=key) for year in (2024, 2025)]
waiting = nav.kvp_waiting(files)
people = nav.Cohort.from_frame(waiting.frame, "days", "ending", outcome="started", censored="waiting", person="person",
                               origin=waiting.origin)
curves = people.cumulative_incidence()
said.append(repr(curves) + repr(waiting) + repr(files))
said.append(curves.at(60)[["estimate", "conf_low", "conf_high"]].iloc[0].tolist())
walk()
"""
REFUSED = """
import navoutcomes as nav
folder, key = args
said.append(stopped(lambda: nav.read_kostra(f"{folder}/kostra-11cf-2024.dat", "11CF", 2025, key=key)))
said.append(stopped(lambda: nav.read_kostra(f"{folder}/broken.dat", "11CF", 2024, key=key)))
said.append(stopped(lambda: nav.read_kostra(f"{folder}/short.dat", "11CF", 2024, key=key)))
"""


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key"
    nav.new_key(path)
    return path


def fields(path: Path, form: str, year: int, name: str) -> list[str]:
    """What stands in a field, straight from the bytes."""
    place = layout(form, year).field(name)
    assert place is not None
    return [row[place.place].decode().strip() for row in path.read_bytes().split(b"\r\n") if row]


def secrets_in(path: Path, form: str, year: int) -> list[str]:
    found = [fields(path, form, year, one.name) for one in layout(form, year).skipped]
    return [text for texts in found for text in texts if text and not text.startswith("SYN")]


def test_a1_after_the_five_lines_no_number_is_left_in_any_object(tmp_path: Path, key: Path) -> None:
    paths = [nav.write_kostra(tmp_path, "11CF", year, persons=20) for year in (2024, 2025)]
    planted = [text for path, year in zip(paths, (2024, 2025), strict=True) for text in secrets_in(path, "11CF", year)]
    assert len(planted) > 100
    walks, (shown, numbers) = left_alone(FIVE_LINES, str(tmp_path), str(key), planted=planted)
    assert walks == [[]]
    assert not any(text in shown for text in planted)
    assert numbers[1] < numbers[0] < numbers[2]


def test_no_number_is_left_when_a_file_is_refused_either(tmp_path: Path, key: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=20)
    planted = secrets_in(path, "11CF", 2024)
    rows = path.read_bytes().split(b"\r\n")
    (tmp_path / "short.dat").write_bytes(b"\r\n".join([*rows[:-2], rows[-2][:-5]]))
    broken = [row[:97] + b"9" + row[98:] if row else row for row in rows]
    (tmp_path / "broken.dat").write_bytes(b"\r\n".join(broken))
    walks, said = left_alone(REFUSED, str(tmp_path), str(key), planted=planted)
    assert walks == [[], [], []]
    assert said == ["kostra_other_layout", "kostra_code", "kostra_length"]


@pytest.mark.parametrize("one", layouts(), ids=lambda one: one.name)
def test_every_form_blanks_its_own_fields(one, tmp_path: Path) -> None:
    assert {field.name for field in one.skipped} == set(NEVER_READ) - ({"PERSON_DUF"} if one.form == "11CF" else set())
    path = nav.write_kostra(tmp_path, one.form, one.year, persons=8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        extract = nav.read_kostra(path, one.form, one.year)
    kept = extract.frame.to_csv() + repr(extract) + extract._repr_html_() + json.dumps(extract.origin.sources)
    assert not any(text in kept for text in secrets_in(path, one.form, one.year))
    assert extract.origin.synthetic


def test_the_checksum_does_not_depend_on_the_numbers(tmp_path: Path) -> None:
    """A checksum of the whole file would let somebody who knows the rest find a number by trying them all."""
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=5)
    before = nav.read_kostra(path, "11CF", 2024).origin.sources
    rows = path.read_bytes().split(b"\r\n")
    swapped = [row[:16] + row[16:27][::-1] + row[27:] if row else row for row in rows]
    path.write_bytes(b"\r\n".join(swapped))
    assert nav.read_kostra(path, "11CF", 2024).origin.sources == before


def test_the_same_key_gives_a_person_one_pseudonym_in_every_file(tmp_path: Path, key: Path) -> None:
    both = {}
    for form, year in (("11CF", 2024), ("11CF", 2025), ("11F", 2025)):
        path = nav.write_kostra(tmp_path, form, year, persons=60)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = nav.read_kostra(path, form, year, key=key)
        for number, person in zip(fields(path, form, year, "PERSON_FODSELSNR"), read.frame["person"], strict=True):
            if number:
                assert both.setdefault(number, person) == person
    assert len(set(both.values())) == len(both)


def test_a_file_made_with_pseudonymise_has_the_same_pseudonyms(tmp_path: Path, key: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=10)
    numbers = fields(path, "11CF", 2024, "PERSON_FODSELSNR")
    source = tmp_path / "register.csv"
    source.write_text("\n".join(["fnr;x", *(f"{number};1" for number in numbers)]) + "\n", encoding="utf-8")
    nav.pseudonymise(source, tmp_path / "safe.csv", key=key)
    safe = [line.split(";")[0] for line in (tmp_path / "safe.csv").read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert nav.read_kostra(path, "11CF", 2024, key=key).frame["person"].tolist() == safe


def test_links_stand_in_for_a_key_line_by_line(tmp_path: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=3)
    count = len(fields(path, "11CF", 2024, "KJONN"))
    links = [f"P-{number:05}" for number in range(count - 1)]
    with pytest.warns(nav.DataWarning, match="1 av"):
        read = nav.read_kostra(path, "11CF", 2024, links=[*links, None])
    assert read.frame["person"].tolist() == [*links, f"11cf-2024-r{count}"]
    with pytest.raises(nav.DataProblem) as caught:
        nav.read_kostra(path, "11CF", 2024, links=links)
    assert caught.value.key == "kostra_links_length"
    numbers = fields(path, "11CF", 2024, "PERSON_FODSELSNR")
    with pytest.raises(nav.DataProblem) as caught:
        nav.read_kostra(path, "11CF", 2024, links=numbers)
    assert caught.value.key == "identity_numbers"
    assert not any(number in str(caught.value) for number in numbers)


@pytest.mark.parametrize("ending", ["00100", "00200", "55555", "99999", "     "])
def test_numbers_that_many_share_make_nobody_the_same_person(ending: str, tmp_path: Path, key: Path) -> None:
    path = nav.write_kostra(tmp_path, "11CF", 2024, persons=6)
    place = layout("11CF", 2024).field("PERSON_FODSELSNR")
    assert place is not None
    rows = [bytearray(row) for row in path.read_bytes().split(b"\r\n")]
    for row in rows[:2]:
        row[place.place] = b"010190" + ending.encode()
    path.write_bytes(b"\r\n".join(map(bytes, rows)))
    with pytest.warns(nav.DataWarning, match="linje 1, 2"):
        read = nav.read_kostra(path, "11CF", 2024, key=key)
    assert read.frame["person"][:2].tolist() == ["11cf-2024-r1", "11cf-2024-r2"]


def test_a_duf_number_links_those_without_an_identity_number(tmp_path: Path, key: Path) -> None:
    paths = [nav.write_kostra(tmp_path, "11F", year, persons=150) for year in (2024, 2025)]
    foreign = []
    for path, year in zip(paths, (2024, 2025), strict=True):
        read = nav.read_kostra(path, "11F", year, key=key)
        alone = np.array([number == "" for number in fields(path, "11F", year, "PERSON_FODSELSNR")])
        assert alone.any()
        foreign.append(set(read.frame["person"][alone]))
    assert foreign[0] & foreign[1]
    assert all(person.startswith("P-") for person in foreign[0] | foreign[1])
