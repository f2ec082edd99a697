"""One browser and one example report in each language, for every test that looks at pages."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import navoutcomes as nav

FLAGS = ("--no-sandbox", "--disable-gpu")


# One a file: the test of JupyterLab starts a driver of its own, and two cannot run at once.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    where = shutil.which("chromium") or shutil.which("chromium-browser")
    assert where, "make test-browser needs chromium"
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        yield one
        one.close()


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of the whole example. Tests read them and change nothing."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
    from bundle_examples import whole

    folder = tmp_path_factory.mktemp("reports")
    with warnings.catch_warnings():
        # The example shows every kind of table, not one study: they are not about equally many people.
        warnings.simplefilter("ignore", nav.DataWarning)
        return {language: whole(folder / "r", language) for language in ("nb", "nn", "en")}
