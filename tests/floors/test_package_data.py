"""A wheel holds every file the package reads."""

from __future__ import annotations

import subprocess
import tomllib

from tests.floors.house import PACKAGE, ROOT


def test_every_file_that_is_no_code_is_named_as_data_of_a_package() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    covered = {
        path
        for package, patterns in named.items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    listed = subprocess.run(["git", "ls-files", PACKAGE.name], cwd=ROOT, capture_output=True, text=True, check=True)
    data = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith(".py")]
    assert len(data) > 100
    assert [path.relative_to(ROOT).as_posix() for path in data if path not in covered and path.exists()] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [path.relative_to(ROOT).as_posix() for path in folders if not (path / "__init__.py").is_file()] == []
