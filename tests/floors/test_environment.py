"""What the project stands on is the same for pip and conda, locked, and free of addresses and machines."""

from __future__ import annotations

import re
import tomllib

import yaml

from tests.floors.house import ROOT, tracked_files

CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "pypandoc-binary": "pypandoc",
    "matplotlib": "matplotlib-base",
    "seaborn": "seaborn-base",
    "typst": "typst-py",
}
ONLY_CONDA = {"python", "pip", "pandoc"}
ONLY_PIP = {"font-source-sans-pro"}


def requirement(text: str) -> tuple[str, str]:
    """Name and version range of a requirement."""
    name, versions = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*([<>=!,.\d\s]*)", text).groups()  # type: ignore[union-attr]
    return name.lower(), "".join(sorted(versions.replace(" ", "").split(",")))


def pip_requirements(project: str) -> dict[str, str]:
    """What pyproject.toml asks for at run time."""
    content = tomllib.loads(project)["project"]
    return dict(requirement(one) for one in content["dependencies"])


def conda_requirements(environment: str) -> dict[str, str]:
    """What environment.yml asks for, under the names of PyPI."""
    back = {conda: pip for pip, conda in CONDA_NAMES.items()}
    found: dict[str, str] = {}
    for entry in yaml.safe_load(environment)["dependencies"]:
        for one in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, versions = requirement(one)
            found[back.get(name, name)] = versions
    return found


def differences(project: str, environment: str) -> list[str]:
    """Where the two ask for different things."""
    pip, conda = pip_requirements(project), conda_requirements(environment)
    conda = {name: versions for name, versions in conda.items() if name not in ONLY_CONDA and name != "navoutcomes"}
    names = set(pip) | set(conda)
    return sorted(f"{name}: {pip.get(name)} / {conda.get(name)}" for name in names if pip.get(name) != conda.get(name))


def test_environment_and_project_ask_for_the_same() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    environment = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert differences(project, environment) == []
    python = conda_requirements(environment)["python"]
    assert python == requirement("python" + tomllib.loads(project)["project"]["requires-python"])[1]
    assert yaml.safe_load(environment)["channels"] == ["conda-forge", "nodefaults"]


def test_a_difference_is_caught() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    environment = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert differences(project.replace('"numpy>=2.2,<3"', '"numpy>=2.3,<3"'), environment)
    assert differences(project, environment.replace("  - tqdm>=4.67\n", ""))


def locked(lock: str) -> set[str]:
    """Package names of the lock."""
    return {line.split("==")[0].lower() for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)}


def test_the_lock_holds_names_versions_and_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {requirement(one)[0] for one in content["dependencies"] + content["optional-dependencies"]["dev"]}
    assert wanted <= locked(lock)
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > len(locked(lock))


ADDRESS = re.compile(r"https?://[^\s\"')>]*(?:pypi|simple|/index|npmjs|debian\.org|conda\.anaconda)", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/[\w.]")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".txt",
    ".csv",
    ".json",
    ".ipynb",
    ".sh",
    ".cfg",
    ".lock",
    ".typ",
    ".css",
    ".html",
    "",
}


def test_no_registry_address_and_no_path_of_a_machine_is_committed() -> None:
    found = []
    for path in tracked_files():
        if path.suffix in TEXT and path.name != "test_environment.py":
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{path.name}: {hit.group()}" for hit in (*ADDRESS.finditer(text), *MACHINE.finditer(text))]
    assert found == []


def test_an_address_and_a_path_are_caught() -> None:
    assert ADDRESS.search("https://" + "pypi.example/simple")
    assert MACHINE.search("see " + "/home/" + "kari/data")
