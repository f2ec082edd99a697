"""The same question to the same people is the same report, byte for byte, on any machine."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from bundle_examples import EXTRACT, ROOT, digests, whole

PROGRAM = Path(__file__).parent / "bundle_examples.py"
MACHINES = {
    "another time zone, no locale, Haswell": {
        "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1", "OPENBLAS_CORETYPE": "Haswell",
    },
    "an old processor and another user": {
        "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "OPENBLAS_CORETYPE": "Prescott",
        "USER": "somebody", "LOGNAME": "somebody", "SOURCE_DATE_EPOCH": "1", "NAVOUTCOMES_LANGUAGE": "en",
    },
}  # fmt: skip


def shuffled(folder: Path) -> Path:
    """The same extract with its rows in another order, under the same name."""
    head, *rows = EXTRACT.read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(rows)
    place = folder / EXTRACT.name
    place.write_bytes(head + b"".join(rows))
    return place


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machine_writes_the_same_bytes(machine: str, tmp_path: Path, bundles: dict[str, Path]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    environment |= MACHINES[machine] | {"PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path / "mpl")}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(EXTRACT), str(tmp_path / "innsats"), "nn"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    made = tmp_path / "innsats" / "nn"
    assert digests(made) == digests(bundles["nn"])
    assert (made / "manifest.json").read_bytes() == (bundles["nn"] / "manifest.json").read_bytes()


@pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
def test_the_order_of_rows_does_not_matter_but_for_the_hash_of_the_file(
    tmp_path: Path, bundles: dict[str, Path]
) -> None:
    made = whole(tmp_path / "innsats", "en", shuffled(tmp_path))
    assert digests(made) == digests(bundles["en"])
    first, second = (json.loads((one / "manifest.json").read_text(encoding="utf-8")) for one in (made, bundles["en"]))
    assert first.pop("data") != second.pop("data")
    assert first == second


def test_two_languages_differ_in_words_and_not_in_numbers(bundles: dict[str, Path]) -> None:
    first, second = (digests(bundles[language]) for language in ("nb", "en"))
    assert first.keys() == second.keys()
    assert not [name for name in first if first[name] == second[name]]
    for name in (name for name in first if name.endswith(".csv")):
        rows = [(bundles[language] / name).read_text(encoding="utf-8").splitlines() for language in ("nb", "en")]
        assert [row.rsplit(",", 1)[0] for row in rows[0]] == [row.rsplit(",", 1)[0] for row in rows[1]]
