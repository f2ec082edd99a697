"""The run log: what the numbers were made of, by which rule and which versions, as a page that can be signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from navoutcomes.report.blocks import Block, Bullets, Heading, Paragraph, TableBlock
from navoutcomes.report.particulars import FACTS, Particulars
from navoutcomes.show.lettering import one_line
from navoutcomes.show.table import PrintedTable
from navoutcomes.show.words import word
from navoutcomes.texts import spoken

HEX_TOGETHER = 16
# The machine stands in the manifest alone: the same report is the same bytes wherever it is written.
NOT_SHOWN = ("platform",)


def run_log(facts: dict[str, Any], about: Particulars, missing: Sequence[str], language: str) -> list[Block]:
    """The log from the manifest's facts and the writer's particulars; ``missing`` what nobody has written."""
    rows = [*_data(facts, language), *_rules(facts, language), *_writer(about, language), *_versions(facts, language)]
    printed = PrintedTable(
        word("run_log_caption", language), (word("run_log_what", language), word("run_log_value", language)),
        tuple(rows), (False, False), (), language,
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(word("run_log_told", language)), TableBlock(printed, printed.caption)]
    blocks.append(Heading(word("run_log_deviations", language), 2))
    blocks.append(_deviations(about, language))
    if missing:
        blocks += [Heading(word("run_log_missing", language), 2), Bullets(tuple(missing))]
    return blocks


def fingerprint(question: Any) -> str:
    """sha256 of the protocol as plain data: another question has another."""
    text = json.dumps(question, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _data(facts: dict[str, Any], language: str) -> list[tuple[str, str]]:
    rows = [
        (word("run_log_source", language, name=one_line(one["name"])), _hex(one["sha256"])) for one in facts["data"]
    ]
    rows = rows or [(word("run_log_sources", language), word("not_stated", language))]
    cutoff = ", ".join(facts["data_cutoff"]) or word("not_stated", language)
    rows.append((word("run_log_cutoff", language), cutoff))
    rows.append((word("run_log_synthetic", language), word("yes" if facts["synthetic"] else "no", language)))
    question = facts["protocol"]
    rows.append((word("run_log_protocol", language), _hex(fingerprint(question)) if question else _none(language)))
    return rows


def _rules(facts: dict[str, Any], language: str) -> list[tuple[str, str]]:
    policy = facts["policy"]
    if not policy:
        return [(word("run_log_rule", language), _none(language))]
    owner = [str(policy[name]) for name in ("owner", "decided") if policy.get(name)]
    said = word("run_log_threshold", language, threshold=policy["threshold"], symbol=policy["symbol"])
    rows = [(word("run_log_rule", language), said)]
    if owner:
        rows.append((word("run_log_rule_owner", language), one_line(", ".join(owner))))
    return rows


def _writer(about: Particulars, language: str) -> list[tuple[str, str]]:
    return [
        (word(f"particular_{fact}", language), one_line(about.said(fact, language)) or _none(language))
        for fact in FACTS
    ]


def _versions(facts: dict[str, Any], language: str) -> list[tuple[str, str]]:
    versions = {name: said for name, said in facts["versions"].items() if name not in NOT_SHOWN}
    seeds = ", ".join(f"{name}: {seed}" for name, seed in sorted(facts["seeds"].items()))
    rows = [(word("run_log_seeds", language), seeds or word("run_log_no_seed", language))]
    rows.append((word("run_log_code", language), _hex(str(facts.get("code", ""))) or _none(language)))
    rows.append((word("run_log_versions", language), ", ".join(f"{name} {said}" for name, said in versions.items())))
    return rows


def _deviations(about: Particulars, language: str) -> Block:
    if about.deviations is None:
        return Paragraph(word("run_log_deviations_not_stated", language))
    if not about.deviations:
        return Paragraph(word("run_log_no_deviations", language))
    return Bullets(tuple(one_line(spoken(one, language)) for one in about.deviations))


def _hex(digest: str) -> str:
    """A checksum in groups, so that it can be read aloud and broken over lines."""
    return " ".join(digest[at : at + HEX_TOGETHER] for at in range(0, len(digest), HEX_TOGETHER))


def _none(language: str) -> str:
    return word("not_stated", language)
