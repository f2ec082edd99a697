"""The example report in three languages, written once for all tests of this folder."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from bundle_examples import LANGUAGES, whole
from form_examples import written

from navoutcomes.errors import DataWarning


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports") / "innsats"
    with warnings.catch_warnings():
        # The offices' counts in it are of other people than the extract.
        warnings.simplefilter("ignore", DataWarning)
        return {language: whole(folder, language) for language in LANGUAGES}


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report in the county governor's form, two chapters of it written, in three languages."""
    folder = tmp_path_factory.mktemp("forms") / "arbeid"
    return {language: written(folder, language) for language in LANGUAGES}
