"""The oldest packages that are allowed, and other Pythons, give the same numbers, in environments made for it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from tests.report.bundle_examples import ROOT

NUMBERS = """
import json, logging
logging.disable(logging.CRITICAL)
import numpy as np, pandas, scipy, statsmodels, lifelines
import navoutcomes as nav
from tests.report.bundle_examples import people
cohort = people()
tables = [cohort.survival_curve(by="group"), cohort.cumulative_incidence(by="group"), cohort.logrank_test(by="group"),
          cohort.cox([nav.Category("group", reference="a")]), cohort.restricted_mean(180, by="group"),
          cohort.parametric([nav.Category("group", reference="a")], distribution="weibull")]
found = [float(x) for one in tables for x in one.table.select_dtypes("number").fillna(-1).to_numpy().ravel()]
print(json.dumps({"numbers": found, "versions": [np.__version__, scipy.__version__, pandas.__version__]}))
"""
# What numbers are made with; what only writes documents has no say in them.
RECKONS = (
    *("numpy", "scipy", "pandas", "statsmodels", "lifelines", "numba"),
    *("matplotlib", "openpyxl", "defusedxml", "duckdb"),
)
WAYS = {"oldest packages": "3.11", "newest packages": "3.11", "Python 3.12": "3.12", "Python 3.13": "3.13"}


def numbers(python: str, folder: Path) -> dict[str, object]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-c", NUMBERS], env=environment, cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def wanted(oldest: bool) -> list[str]:
    """The packages as the project asks for them, or each at the lowest version that is allowed."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    named = [(re.split("[<>=]", one)[0], one) for one in asked]
    kept = [(name, one) for name, one in named if name in RECKONS]
    assert {name for name, _ in kept} == set(RECKONS)
    return [f"{name}=={re.search('>=([0-9.]+)', one)[1]}" if oldest else one for name, one in kept]


def python_of(version: str) -> str | None:
    """A Python of a version, as it lies on the path or where pyenv keeps it."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for one in (*map(str, kept), shutil.which(f"python{version}") or ""):
        if one and subprocess.run([one, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
            return one
    return None


def installed(way: str, folder: Path) -> str:
    """A Python with the packages in it; skips where it cannot be made here."""
    base = python_of(WAYS[way])
    if base is None:
        pytest.skip(f"no Python {WAYS[way]} here")
    place = folder / "venv"
    python = str(place / "bin" / "python")
    for command in ([base, "-m", "venv", str(place)], [python, "-m", "pip", "install", "-q", *wanted("oldest" in way)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"cannot be made here: {done.stderr.strip().splitlines()[-1][:100]}")
    return python


@pytest.mark.full
@pytest.mark.parametrize("way", WAYS)
def test_other_versions_give_the_same_numbers(way: str, tmp_path: Path) -> None:
    own, other = numbers(sys.executable, tmp_path), numbers(installed(way, tmp_path), tmp_path)
    np.testing.assert_allclose(other["numbers"], own["numbers"], rtol=1e-8, atol=1e-10)
    assert len(own["numbers"]) > 100


@pytest.mark.full
def test_the_program_of_the_matrix_runs_here(tmp_path: Path) -> None:
    assert len(numbers(sys.executable, tmp_path)["numbers"]) > 100
