"""A wheel holds every file the package reads."""

from __future__ import annotations

import tomllib

from tests.floors.house import PACKAGE, ROOT, tracked_files


def test_every_file_that_is_no_code_is_named_as_data_of_a_package() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    covered = {
        path
        for package, patterns in named.items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    data = [path for path in tracked_files() if PACKAGE in path.parents and path.suffix != ".py"]
    assert len(data) > 100
    assert [path.relative_to(ROOT).as_posix() for path in data if path not in covered and path.exists()] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [path.relative_to(ROOT).as_posix() for path in folders if not (path / "__init__.py").is_file()] == []
