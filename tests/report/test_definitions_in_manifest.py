"""The definition of a job stands in the manifest of every bundle whose numbers rest on it."""

from __future__ import annotations

import json

import pytest

import navoutcomes as nav
from navoutcomes.report.manifest import Manifest
from navoutcomes.texts import LANGUAGES


def manifest(origin: nav.Origin, language: str) -> dict[str, object]:
    made = Manifest("Jobb", language, None, (origin, origin), None, (), ())
    found: dict[str, object] = json.loads(made.text())
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "definition", [nav.exit_reason(), nav.register_month(), nav.sustained(4)], ids=lambda one: one.name
)
def test_the_definition_is_named_once_in_the_language_of_the_bundle(
    definition: nav.JobDefinition, language: str
) -> None:
    (said,) = manifest(nav.Origin(definitions=(definition.remark,)), language)["definitions"]  # type: ignore[misc]
    assert definition.name in said
    assert (
        definition.name == "exit_reason" or said.count({"en": "competitive work"}.get(language, "ordinært arbeid")) == 1
    )


def test_a_bundle_without_a_definition_says_nothing_of_it() -> None:
    assert "definitions" not in manifest(nav.Origin(), "nb")
