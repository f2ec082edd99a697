"""Where things stand in the house: what the tests of this folder walk through."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "navoutcomes"
FLOORS = {
    "texts": 0,
    "errors": 0,
    "notes": 0,
    "maths": 1,
    "records": 2,
    "design": 3,
    "estimate": 4,
    "release": 5,
    "show": 6,
    "report": 7,
    "cohort": 8,
    "commands": 8,
    "cli": 8,
    "__main__": 8,
    "__init__": 8,
}
FILE_BUDGET = 250
FUNCTION_BUDGET = 60


def sources(root: Path = PACKAGE) -> list[Path]:
    """Every Python file of the package."""
    return sorted(root.rglob("*.py"))


def floor_of(module: str) -> int:
    """The floor of a module of the package, as ``navoutcomes.maths.curves.gray``."""
    parts = module.split(".")
    return FLOORS["__init__" if len(parts) == 1 else parts[1]]


def module_of(path: Path, root: Path = PACKAGE) -> str:
    """The dotted name of a file."""
    parts = ("navoutcomes", *path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and dotted name of every import from the package, but those only for type checking."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
    return [(line, name) for line, name in found if name.split(".")[0] == "navoutcomes"]


def upward_imports(path: Path, text: str, root: Path = PACKAGE) -> list[str]:
    """Imports that point up, as messages that say who broke the rule."""
    module = module_of(path, root)
    own = floor_of(module)
    broken = []
    for line, name in imported(ast.parse(text)):
        if floor_of(name) > own:
            broken.append(f"{module}:{line} (floor {own}) imports {name} (floor {floor_of(name)})")
    return broken


def over_budget(path: Path, text: str) -> list[str]:
    """Files and functions that are too long; docstrings are free."""
    found = []
    if text.count("\n") > FILE_BUDGET:
        found.append(f"{path.name}: {text.count(chr(10))} lines, at most {FILE_BUDGET}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            free = (ast.get_docstring(node) or "").count("\n")
            size = (node.end_lineno or node.lineno) - node.lineno - free
            if size > FUNCTION_BUDGET:
                found.append(f"{path.name}:{node.lineno} {node.name}: {size} lines, at most {FUNCTION_BUDGET}")
    return found


def forbidden_calls(path: Path, text: str) -> list[str]:
    """Printing, evaluating, pickling, shells: what library code never does."""
    names = {"print", "eval", "exec", "compile", "__import__"}
    attributes = {"read_pickle", "to_pickle", "load_source", "system", "popen", "query", "eval"}
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in names:
            found.append(f"{path.name}:{node.lineno} calls {called.id}()")
        if isinstance(called, ast.Attribute) and called.attr in attributes:
            found.append(f"{path.name}:{node.lineno} calls .{called.attr}()")
        if any(word.arg == "shell" for word in node.keywords):
            found.append(f"{path.name}:{node.lineno} runs a shell")
    return found


def tracked_files() -> list[Path]:
    """Files that git knows, or would take in; every file below the root where there is no git."""
    # Also where another user than this one made the clone.
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"]
    there = shutil.which("git") is not None
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False) if there else None
    if listed is not None and listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    hidden = {".venv", ".git", "reports", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not hidden & set(path.relative_to(ROOT).parts)]
