"""Every test asserts something itself, or calls a helper of the tests that does, however deep."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))
# What raises when it is not so, beside ``assert`` itself.
ASKING = ("raises", "warns", "fail")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> set[str]:
    """Names of what is called, the last part of dotted ones."""
    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    return {one.id for one in calls if isinstance(one, ast.Name)} | {
        one.attr for one in calls if isinstance(one, ast.Attribute)
    }


def asks(node: ast.AST) -> bool:
    """Whether something here can fail by itself: an assertion, one of numpy's or pandas', or pytest's."""
    if any(isinstance(one, ast.Assert) for one in ast.walk(node)):
        return True
    return any(name in ASKING or name.startswith("assert_") for name in called(node))


@cache
def defined(path: Path) -> dict[str, tuple[Path, Function]]:
    return {node.name: (path, node) for node in tree(path).body if isinstance(node, Function)}


@cache
def helpers(path: Path) -> dict[str, tuple[Path, Function]]:
    """Functions a file can call by name: its own, those it imports from other files of the tests, and all of a file
    that it imports whole."""
    by_stem = {other.stem: other for other in FILES}
    found: dict[str, tuple[Path, Function]] = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[-1] in by_stem:
            theirs = defined(by_stem[node.module.split(".")[-1]])
            found |= {one.asname or one.name: theirs[one.name] for one in node.names if one.name in theirs}
        if isinstance(node, ast.Import):
            for one in node.names:
                found |= defined(by_stem[one.name]) if one.name in by_stem else {}
    return found | defined(path)


def can_fail(path: Path, node: Function, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function asks something, or calls one that does; one that calls what it is handed is as good as the
    file's functions without arguments and result, all of them."""
    if asks(node):
        return True
    known, seen = helpers(path), seen | {node.name}
    if any(can_fail(*known[name], seen) for name in called(node) & set(known) - seen):
        return True
    cases = [one for place, one in known.values() if place == path and is_case(one)]
    handed = called(node) & {one.arg for one in node.args.args}
    return bool(handed and cases) and all(can_fail(path, one, seen) for one in cases)


def is_case(node: Function) -> bool:
    """A row or cell that a test is handed: no arguments, no result, no test by itself."""
    nothing = isinstance(node.returns, ast.Constant) and node.returns.value is None
    return nothing and not node.args.args and not node.name.startswith("test_")


def own_tests(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function) and node.name.startswith("test_")]


@pytest.mark.parametrize(
    "path", [one for one in FILES if one.name.startswith("test_")], ids=lambda one: one.relative_to(TESTS).as_posix()
)
def test_no_test_is_unable_to_fail(path: Path) -> None:
    assert [node.name for node in own_tests(path) if not can_fail(path, node)] == []


def test_a_test_that_asserts_nothing_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(
        "def helper(x):\n    return x\ndef sure(x):\n    assert x\ndef through(x):\n    sure(x)\n"
        "def test_a():\n    helper(1)\ndef test_b():\n    through(1)\ndef test_c():\n    test_c()\n"
        "def row() -> None:\n    helper(1)\ndef test_d(row):\n    row()\n",
        encoding="utf-8",
    )
    assert [can_fail(path, node) for node in own_tests(path)] == [False, True, False, False]
