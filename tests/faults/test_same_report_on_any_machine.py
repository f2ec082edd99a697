"""One question to the same people is one report: on any processor, in any language, time zone, minute and row order."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import numpy as np
import pytest

import navoutcomes as nav
from tests.faults.elsewhere import locales, manifest, ran, shuffled, told
from tests.report.bundle_examples import EXTRACT, digests, people, whole

LANGUAGE = "nn"
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
ZONES = ("Pacific/Kiritimati", "America/St_Johns", "Europe/Oslo")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return here_written(tmp_path_factory.mktemp("here") / "innsats")


@pytest.fixture(scope="session")
def where(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return locales(str(tmp_path_factory.mktemp("locales")))


def here_written(folder: Path, extract: Path = EXTRACT) -> Path:
    """The report as this process writes it; what it remarks is for other tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        return whole(folder, LANGUAGE, extract)


def written(place: Path, extract: Path, environment: dict[str, str | None], clock: str = "") -> tuple[Path, dict]:
    """The report as another machine writes it, and what that machine says of itself."""
    done = ran(
        ["-m", "tests.faults.one_report", str(extract), str(place / "innsats"), LANGUAGE, clock],
        environment | {"MPLCONFIGDIR": str(place / "mpl")},
    )
    seen = told(done)
    assert "Traceback" not in done.stderr
    return place / "innsats" / LANGUAGE, seen


def the_same(made: Path, here: Path, other_rows: bool = False) -> None:
    assert digests(made) == digests(here)
    first, second = manifest(made), manifest(here)
    if other_rows:
        # A file with its rows in another order is another file; everything else is the same.
        assert first.pop("data") != second.pop("data")
    assert first == second


def close(seen: dict) -> None:
    own = people().contrast(by="group", at=[182]).table[["estimate", "std_error"]].to_numpy().ravel()
    np.testing.assert_allclose(seen["numbers"], own, rtol=1e-9)


def test_twice_on_two_kernels_in_three_zones_two_languages_and_shuffled_rows_is_one_report(
    here: Path, where: dict[str, str], tmp_path: Path
) -> None:
    language = {"LC_ALL": "nb_NO.UTF-8", "LOCPATH": where["nb_NO.UTF-8"]} if "nb_NO.UTF-8" in where else {"LC_ALL": "C"}
    first = language | {
        "TZ": ZONES[0], "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "8", "PYTHONHASHSEED": "1",
    }  # fmt: skip
    made, seen = written(tmp_path / "a", shuffled(tmp_path / "rows", 5), first, "new year")
    the_same(made, here, other_rows=True)
    close(seen)
    turkish = {"LC_ALL": "tr_TR.UTF-8", "LOCPATH": where["tr_TR.UTF-8"]} if "tr_TR.UTF-8" in where else {"LC_ALL": "C"}
    second = turkish | {
        "TZ": ZONES[1], "OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "2",
    }  # fmt: skip
    made, seen = written(tmp_path / "b", EXTRACT, second, "summer time")
    the_same(made, here)
    close(seen)
    assert seen["point"] == ("," if "tr_TR.UTF-8" in where else ".")


FORM = """
import json, locale, sys
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
sys.path.insert(0, "tests/report")
from form_examples import written
made = written(Path(sys.argv[1]) / "r", "nn")
print(json.dumps({"point": locale.localeconv()["decimal_point"]}))
"""


@pytest.mark.full
def test_the_governors_form_and_its_workbooks_are_the_same_bytes_on_two_machines(
    where: dict[str, str], tmp_path: Path
) -> None:
    """Goals, costs, workbooks, Norwegian csv and appendices beside what the other example has."""
    made = []
    for kernel, zone, name in (("Haswell", ZONES[0], "nb_NO.UTF-8"), ("Prescott", ZONES[2], "C")):
        place = tmp_path / kernel
        language = {"LC_ALL": name, "LOCPATH": where[name]} if name in where else {"LC_ALL": "C"}
        machine = {"OPENBLAS_CORETYPE": kernel, "TZ": zone, "MPLCONFIGDIR": str(place / "mpl"), **language}
        told(ran(["-c", FORM, str(place)], machine))
        made.append(place / "r" / "nn")
    first, second = map(digests, made)
    assert first == second
    assert {Path(one).suffix for one in first} == {".docx", ".html", ".pdf", ".png", ".svg", ".csv", ".xlsx"}
    assert {"maaloppnaaing.xlsx", "aarsverksutvikling.xlsx"} <= set(first)
    assert manifest(made[0]) == manifest(made[1])


@pytest.mark.full
@pytest.mark.parametrize("kernel", KERNELS)
def test_every_kernel_writes_the_same_report_and_numbers_within_a_billionth(
    kernel: str, here: Path, tmp_path: Path
) -> None:
    made, seen = written(tmp_path, EXTRACT, {"OPENBLAS_CORETYPE": kernel})
    the_same(made, here)
    close(seen)


@pytest.mark.full
@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("2", "1"), ("8", "random")])
def test_any_number_of_threads_and_any_hash_seed_write_the_same_report(
    threads: str, seed: str, here: Path, tmp_path: Path
) -> None:
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    made, _ = written(tmp_path, EXTRACT, dict.fromkeys(names, threads) | {"PYTHONHASHSEED": seed})
    the_same(made, here)


@pytest.mark.full
@pytest.mark.parametrize(("zone", "clock"), list(itertools.product(ZONES, ("new year", "summer time"))))
def test_any_zone_at_any_moment_writes_the_same_report(zone: str, clock: str, here: Path, tmp_path: Path) -> None:
    made, _ = written(tmp_path, EXTRACT, {"TZ": zone}, clock)
    the_same(made, here)


@pytest.mark.full
@pytest.mark.parametrize("name", ["nb_NO.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "C"])
def test_any_language_of_the_process_writes_the_same_report(
    name: str, here: Path, where: dict[str, str], tmp_path: Path
) -> None:
    if name != "C" and name not in where:
        pytest.skip("this locale cannot be made here")
    environment = {"LC_ALL": name} | ({"LOCPATH": where[name]} if name != "C" else {})
    made, seen = written(tmp_path, EXTRACT, environment)
    the_same(made, here)
    assert seen["point"] == ("." if name == "C" else ",")


@pytest.mark.full
@pytest.mark.parametrize("seed", range(20))
def test_twenty_orders_of_rows_and_columns_write_the_same_report(seed: int, here: Path, tmp_path: Path) -> None:
    the_same(here_written(tmp_path / "innsats", shuffled(tmp_path / "rows", seed)), here, other_rows=True)


def test_no_file_is_opened_in_the_language_of_the_machine(tmp_path: Path) -> None:
    """On Windows text is cp1252 unless somebody says otherwise; Python can be made to tell where nobody did."""
    code = (
        "import sys; from pathlib import Path; from tests.report.bundle_examples import small, EXTRACT;"
        "import navoutcomes as nav; nav.read(EXTRACT); small(Path(sys.argv[1]))"
    )
    done = ran(["-X", "warn_default_encoding", "-W", "always::EncodingWarning", "-c", code, str(tmp_path / "r")])
    assert done.returncode == 0, done.stderr[-2000:]
    assert not [line for line in done.stderr.splitlines() if "EncodingWarning" in line and "/navoutcomes/" in line]


def test_an_old_console_of_windows_gets_question_marks_and_no_crash(tmp_path: Path) -> None:
    done = ran(
        ["-m", "navoutcomes", "check", str(EXTRACT)],
        {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "NAVOUTCOMES_LANGUAGE": "nb"}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "UnicodeEncodeError" not in done.stderr
    assert "? person" in done.stdout
    for file in tmp_path.glob("*.toml"):
        assert "Løpenummer" in file.read_text(encoding="utf-8")


def test_the_page_has_a_decimal_comma_and_the_file_for_machines_a_point(tmp_path: Path) -> None:
    counts = {"job": 147, "no_show": 192, "other": 317}
    shares = nav.release(nav.from_counts(counts, already_public=True).proportion())
    with nav.Bundle(tmp_path / "r", language="nb") as report:
        report.add("andeler", shares)
    page = (tmp_path / "r/nb/rapport.html").read_text(encoding="utf-8")
    rows = (tmp_path / "r/nb/tables/andeler.csv").read_text(encoding="utf-8")
    assert "22,4" in page
    assert "22.4" not in page
    assert "0.22408537" in rows
    assert "0,224" not in rows
