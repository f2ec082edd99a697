"""The example report in three languages, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundle_examples import LANGUAGES, whole


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports") / "innsats"
    return {language: whole(folder, language) for language in LANGUAGES}
