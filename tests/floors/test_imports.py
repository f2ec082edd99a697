"""Imports point down, files fit on a few screens, library code never prints; and each check can fail."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from tests.floors.house import (
    FLOORS,
    PACKAGE,
    forbidden_calls,
    imported,
    over_budget,
    sources,
    upward_imports,
)

FILES = sources()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    assert upward_imports(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_and_functions_keep_their_budget(path: Path) -> None:
    assert over_budget(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_library_code_neither_prints_nor_evaluates(path: Path) -> None:
    assert forbidden_calls(path, path.read_text(encoding="utf-8")) == []


def test_every_room_has_a_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert rooms <= set(FLOORS)


def test_a_room_is_small_enough_to_know_and_says_what_belongs_there() -> None:
    for room in sorted({path.parent for path in FILES} - {PACKAGE}):
        files = [path for path in room.glob("*.py") if path.name != "__init__.py"]
        shared = room.parent == PACKAGE and any((one / "__init__.py").is_file() for one in room.iterdir())
        assert len(files) <= (40 if shared else 30), room.name
        said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
        assert said is not None and len(said) > 20, room.name


def test_no_room_is_called_utils() -> None:
    names = {path.stem for path in FILES}
    assert not names & {"utils", "util", "helpers", "misc", "common"}


def test_maths_imports_numpy_and_scipy_only() -> None:
    base = {"numpy", "scipy", "navoutcomes", "__future__"} | set(sys.stdlib_module_names)
    for path in sources(PACKAGE / "maths"):
        allowed = base | ({"numba"} if path.name == "compiled.py" else set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path.name


def test_heavy_packages_load_only_when_used() -> None:
    code = (
        "import sys, navoutcomes; heavy = {'numpy', 'pandas', 'scipy', 'matplotlib', 'statsmodels', 'lifelines',"
        " 'seaborn', 'numba', 'duckdb', 'nbclient', 'typst'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_opens_its_door() -> None:
    import navoutcomes as nav

    for name in nav.__all__:
        assert getattr(nav, name) is not None
    with pytest.raises(AttributeError):
        _ = nav.not_a_name


def test_the_face_only_borrows_verbs() -> None:
    tree = ast.parse((PACKAGE / "cohort.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body[1:]:
                assert isinstance(line, ast.Assign), f"{node.name}:{line.lineno} holds more than borrowed verbs"
                assert isinstance(line.value, ast.Name)
                assert line.targets[0].id == line.value.id  # type: ignore[attr-defined]


def test_result_types_are_frozen() -> None:
    from navoutcomes.estimate.result import Result

    kinds, waiting = [], [Result]
    while waiting:
        kind = waiting.pop()
        kinds.append(kind)
        waiting += kind.__subclasses__()
    assert all(dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen for kind in kinds)


def test_an_import_that_points_up_is_caught() -> None:
    text = "from navoutcomes.show.curves import incidence_curves\n"
    assert upward_imports(PACKAGE / "maths" / "gray.py", text)
    assert upward_imports(PACKAGE / "errors.py", "import navoutcomes.records.spells.stays\n")
    assert not upward_imports(PACKAGE / "show" / "curves.py", "from navoutcomes.maths.curves.gray import gray_test\n")


def test_a_lazy_import_that_points_up_is_caught_too() -> None:
    text = "def late():\n    from navoutcomes.report.bundle import Bundle\n    return Bundle\n"
    assert upward_imports(PACKAGE / "design" / "flow.py", text)


def test_a_file_or_function_over_its_budget_is_caught() -> None:
    assert over_budget(Path("long.py"), "x = 1\n" * 251)
    assert over_budget(Path("long.py"), "def f():\n" + "    x = 1\n" * 61)
    assert not over_budget(Path("fine.py"), "def f():\n" + "    x = 1\n" * 59)


def test_a_print_an_eval_and_a_shell_are_caught() -> None:
    assert forbidden_calls(Path("a.py"), "print(1)\n")
    assert forbidden_calls(Path("a.py"), "eval('1')\n")
    assert forbidden_calls(Path("a.py"), "frame.query('x > 1')\n")
    assert forbidden_calls(Path("a.py"), "run('ls', shell=True)\n")


def test_type_checking_imports_do_not_count() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from navoutcomes.cohort import Cohort\n"
    assert imported(ast.parse(text)) == []
