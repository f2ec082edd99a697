"""The county governor's report: chapters 0-8 in their order, nothing silently missing, and appendices that are true."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from bundle_examples import LANGUAGES, is_whole, people
from form_examples import PROTOCOL, SAID, WHOLE, WRITTEN, goals, written
from test_documents import WORD, Page, part, structure, styles

import navoutcomes as nav
from navoutcomes.report.chapters import governor
from navoutcomes.report.manifest import plain_data
from navoutcomes.report.methods import Added, literature
from navoutcomes.report.run_log import fingerprint
from navoutcomes.report.target_checklist import ITEMS, Stated, target_checklist

# The goals are of other people than the curves, and a report says so itself.
pytestmark = pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
TAGS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
CHAPTERS = {
    "nb": ("0 Sammendrag", "1 Bakgrunn og formål", "2 Mål og målgruppe", "3 Organisering og ressurser",
           "4 Data og metode", "5 Resultater og måloppnåelse", "6 Økonomi", "7 Usikkerhet og begrensninger",
           "8 Videreføring"),
    "nn": ("0 Samandrag", "1 Bakgrunn og føremål", "2 Mål og målgruppe", "3 Organisering og ressursar",
           "4 Data og metode", "5 Resultat og måloppnåing", "6 Økonomi", "7 Uvisse og avgrensingar", "8 Vidareføring"),
}  # fmt: skip
APPENDIX = {"nb": "Vedlegg", "nn": "Vedlegg", "en": "Appendix"}
MUST = {"nb": "[Må fylles ut:", "nn": "[Må fyllast ut:", "en": "[To be written:"}


def sections(bundle: Path) -> dict[str, list[tuple[str, str]]]:
    """Paragraphs (style and text) under each chapter."""
    found: dict[str, list[tuple[str, str]]] = {}
    inside: list[tuple[str, str]] = []
    for style, text in styles(bundle):
        if style == "Heading1":
            inside = found[text] = []
        inside.append((style, text))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapters_stand_in_order_with_appendices_after_them(language: str, forms: dict[str, Path]) -> None:
    names = list(sections(forms[language]))
    assert [name[0] for name in names[:9]] == list("012345678")
    if language in CHAPTERS:
        assert tuple(names[:9]) == CHAPTERS[language]
    assert [name.split(":")[0] for name in names[9:]] == [f"{APPENDIX[language]} {letter}" for letter in "ABCDE"]
    assert is_whole(forms[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chapter_nobody_wrote_is_marked_and_listed(language: str, forms: dict[str, Path]) -> None:
    chapters = sections(forms[language])
    for place, name in enumerate(list(chapters)[:9]):
        prompts = [text for style, text in chapters[name] if style == "Prompt"]
        if place in (0, 5):
            assert prompts == []
            assert SAID.text(language) in [text for _, text in chapters[name]]
        else:
            assert len(prompts) == 1
            assert prompts[0].startswith(MUST[language])
            assert prompts[0].endswith("]")
    log = [text for _, text in chapters[list(chapters)[-1]]]
    listed = [text for text in log if re.fullmatch(r"\w+ \d .+", text)]
    assert [re.sub(r"^\w+ ", "", text) for text in listed] == [name for place, name in enumerate(chapters)
                                                              if place < 9 and place not in (0, 5)]  # fmt: skip
    for file, mark in (("rapport.html", 'class="prompt"'), ("rapport.html", MUST[language])):
        assert (forms[language] / file).read_text(encoding="utf-8").count(mark) == 7


def test_what_is_missing_is_said_when_the_report_is_closed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", logger="navoutcomes")
    with nav.Bundle(tmp_path / "r", language="nb", form="sluttrapport") as bundle:
        bundle.chapter("summary")
        bundle.say("Kort.")
    assert len(bundle.missing) == 8 + 11
    assert "Kapittel 0 Sammendrag" not in bundle.missing
    assert "Kapittel 8 Videreføring" in bundle.missing
    said = [record.message for record in caplog.records if "Kapittel 8" in record.message]
    assert len(said) == 1
    assert said[0].startswith("Rapporten mangler 19: ")


def test_a_report_with_everything_written_says_nothing_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    about = nav.Particulars(
        date=date(2022, 2, 1), author="x", purpose="x", controller="x", legal_basis="x", pseudonymised="x",
        deletion_date=date(2023, 1, 1), protocol_date=date(2021, 1, 1), registration="x", deviations=(), funding="x",
        interests="x",
    )  # fmt: skip
    bundle = written(tmp_path / "r", "nb", WHOLE, particulars=about)
    assert not [style for style, _ in styles(bundle) if style == "Prompt"]
    assert not [record for record in caplog.records if "mangler" in record.message]
    assert "Ingen." in [text for _, text in styles(bundle)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_find_their_chapters_and_numbers_follow_the_pages(language: str, forms: dict[str, Path]) -> None:
    chapters = sections(forms[language])
    names = list(chapters)
    captions = {place: [text for style, text in chapters[name] if style == "Caption"]
                for place, name in enumerate(names[:9])}  # fmt: skip
    assert {place: len(found) for place, found in captions.items() if found} == {4: 1, 5: 5, 6: 1}
    everything = [text.split(".")[0] for _, found in sorted(captions.items()) for text in found]
    for kind in {text.split()[0] for text in everything}:
        numbers = [int(text.split()[1]) for text in everything if text.startswith(kind)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_writers_own_chapter_wins_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb", form="sluttrapport") as bundle:
        card = nav.release(goals())
        bundle.chapter("summary")
        bundle.add("en", card)
        bundle.add("to", card, chapter="goals")
        bundle.chapter("Mitt eget")
        with pytest.raises(nav.DesignProblem) as refused:
            bundle.add("tre", card, chapter="nowhere")
        assert refused.value.key == "choice_unknown"
    chapters = sections(tmp_path / "r" / "nb")
    assert ("Heading2", "Mitt eget") in chapters["0 Sammendrag"]
    assert [sum(style == "Caption" for style, _ in chapters[name]) for name in list(chapters)[:3]] == [1, 0, 1]


def test_a_form_there_is_none_of_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.Bundle(tmp_path / "r", language="nb", form="skjema")
    assert refused.value.key == "choice_unknown"
    assert [path for path in tmp_path.rglob("*") if path.name != "r"] == []


def test_the_governors_name_follows_the_day_of_the_report(forms: dict[str, Path], tmp_path: Path) -> None:
    days = (date(2020, 12, 31), date(2021, 1, 1), None)
    assert [governor(day, "nb") for day in days] == ["Fylkesmannen", "Statsforvalteren", "Statsforvalteren"]
    assert [governor(day, "nn") for day in days] == ["Fylkesmannen", "Statsforvaltaren", "Statsforvaltaren"]
    text = re.sub(r"[ \n]+", " ", (forms["nn"] / "rapport.html").read_text(encoding="utf-8"))
    assert "Sluttrapport til Fylkesmannen i Møre og Romsdal, 15.\u00a0februar 2019" in text.replace("&nbsp;", "\u00a0")
    assert "Statsforvalt" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_has_a_table_of_contents_that_shows_its_entries(language: str, forms: dict[str, Path]) -> None:
    body = part(forms[language], "word/document.xml")
    codes = [node.text for node in body.iter(f"{WORD}instrText")]
    assert [code.split()[0] for code in codes] == ["TOC"]
    kinds = [node.get(f"{WORD}fldCharType") for node in body.iter(f"{WORD}fldChar")]
    assert kinds == ["begin", "separate", "end"]
    assert not [node for node in body.iter(f"{WORD}fldChar") if node.get(f"{WORD}dirty")]
    entries = [text for style, text in styles(forms[language]) if style == "TOC1"]
    assert entries == list(sections(forms[language]))
    marks = {node.get(f"{WORD}name") for node in body.iter(f"{WORD}bookmarkStart")}
    links = [node.get(f"{WORD}anchor") for node in body.iter(f"{WORD}hyperlink")]
    assert len(links) == len(entries)
    assert set(links) <= marks


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_knows_its_title_language_header_and_heads(language: str, forms: dict[str, Path]) -> None:
    bundle = forms[language]
    core = ElementTree.tostring(part(bundle, "docProps/core.xml"), encoding="unicode")
    assert f">{TAGS[language]}<" in core
    header = "".join(part(bundle, "word/header9.xml").itertext())
    assert header == {"nb": header, "nn": header, "en": header}[language]
    assert len(header) > 20
    for table in part(bundle, "word/document.xml").iter(f"{WORD}tbl"):
        assert next(table.iter(f"{WORD}tr")).find(f"{WORD}trPr/{WORD}tblHeader") is not None
    with zipfile.ZipFile(bundle / "rapport.docx") as archive:
        drawings = re.findall(r"<wp:docPr[^>]*>", archive.read("word/document.xml").decode())
    assert len(drawings) == 3
    assert all(re.search(r'descr="[^"]{40,}"', one) for one in drawings)


def test_a_short_table_and_its_notes_stay_on_one_page(forms: dict[str, Path]) -> None:
    with zipfile.ZipFile(forms["nb"] / "rapport.docx") as archive:
        text = archive.read("word/document.xml").decode()
    found = re.findall(
        r"<w:tbl>.*?</w:tbl>((?:\s*<w:p>(?:(?!</w:p>).)*\"Note\"(?:(?!</w:p>).)*</w:p>)*)", text, re.DOTALL
    )
    noted = [notes for notes in found if notes.count("</w:p>") > 1]
    assert len(noted) >= 3
    for notes in noted:
        paragraphs = notes.split("</w:p>")[:-1]
        assert ["keepNext" in one for one in paragraphs] == [True] * (len(paragraphs) - 1) + [False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_has_its_language_title_and_outline(language: str, forms: dict[str, Path]) -> None:
    with pikepdf.open(forms[language] / "rapport.pdf") as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == TAGS[language]
        elements = structure(document)
        kinds = [str(one.get("/S")) for one in elements]
        assert kinds.count("/Figure") == 3
        assert all(len(str(one.get("/Alt", ""))) > 40 for one in elements if one.get("/S") == "/Figure")
        assert {"/TOC", "/TOCI", "/Table", "/TH", "/H1"} <= set(kinds)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_can_be_published_as_it_stands(language: str, forms: dict[str, Path]) -> None:
    page = Page((forms[language] / "rapport.html").read_text(encoding="utf-8"))
    assert page.all("script", "iframe", "object", "embed", "link", "base", "form") == []
    links = [one["href"] for one in page.all("a")]
    names = {one.get("id") for _, one in page.tags}
    assert len(links) == 14
    assert {link.removeprefix("#") for link in links} <= names
    around = [one for one in page.all("div", "nav") if one.get("role") == "navigation"]
    assert len(around) == 1


def test_the_run_log_names_files_rule_protocol_and_versions(forms: dict[str, Path]) -> None:
    chapters = sections(forms["nb"])
    log = " | ".join(text for _, text in chapters[list(chapters)[-1]])
    manifest = json.loads((forms["nb"] / "manifest.json").read_text(encoding="utf-8"))
    flat = log.replace(" ", "")
    assert fingerprint(plain_data(PROTOCOL)) in flat
    assert fingerprint(manifest["protocol"]) in flat
    for one in manifest["data"]:
        assert one["name"] in log
        assert one["sha256"] in flat
    assert manifest["code"] in flat
    assert f"navoutcomes {nav.__version__}" in log
    assert "tall under 5" in log
    assert WRITTEN.deviations[0].nb in log
    assert "1.\u00a0mars 2018" in log
    assert "linux" not in log


def test_the_methods_appendix_tells_how_each_result_was_made(forms: dict[str, Path]) -> None:
    chapters = sections(forms["nb"])
    name = next(one for one in chapters if one.startswith("Vedlegg C"))
    told = [text for _, text in chapters[name]]
    assert sum(style == "Heading3" for style, _ in chapters[name]) == 4
    cohort = people()
    for result in (cohort.cumulative_incidence(by="group"), cohort.contrast(at=[182, 365]), goals()):
        for remark in result.method:
            assert f"Metode: {remark.text('nb')}" in told
    assert any("Aalen & Johansen 1978" in text for text in told)
    assert "Vist ved: 6\u00a0måneder og 12\u00a0måneder." in told


def test_literature_is_that_of_methods_that_exist() -> None:
    from navoutcomes.report.methods import _works
    from navoutcomes.texts import table as texts

    assert not set(_works()) - set(texts("notes"))
    assert all(re.fullmatch(r"[^\d]+ \d{4}", work) for works in _works().values() for work in works)
    assert literature(()) == ()


def test_the_checklist_has_21_items_and_says_what_is_not_stated() -> None:
    numbers = [re.match(r"\d+", item)[0] for item in ITEMS]
    assert list(dict.fromkeys(numbers)) == [str(number) for number in range(1, 22)]
    bare = nav.Protocol(question="?", outcome="job", arms=nav.Arms("arm", reference="a"))
    printed = target_checklist(Stated(bare), "nb")
    stated = {row[0] for row in printed.rows if row[3] != "ikke oppgitt"}
    assert stated == {"3", "6b", "6c", "6d", "6e", "7b", "7d", "7e", "19"}
    assert all(row[2] == "\u2013" for row in printed.rows if row[3] == "ikke oppgitt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checklist_is_filled_from_protocol_and_flow(language: str, forms: dict[str, Path]) -> None:
    cohort = people()
    flow = Added("flyt", "x", nav.release(cohort.flow))
    printed = target_checklist(Stated(PROTOCOL, (flow,), {"flyt": "Figur 1"}, {"summary": "0"}, "D", "C", "E",
                                      ("uttrekk.csv",), WRITTEN), language)  # fmt: skip
    said = {row[0]: row[2:] for row in printed.rows}
    assert said["3"] == ("D", PROTOCOL.question.text(language))
    assert said["8"][0] == "Figur 1"
    assert "300" in said["8"][1]
    assert said["5"] == ("E", "uttrekk.csv")
    assert "540" in said["6d"][1]
    assert "2018" in said["7d"][1]
    assert "365" in said["6f"][1]
    none = {"nb": "ikke oppgitt", "nn": "ikkje oppgitt", "en": "not stated"}[language]
    assert said["11"] == said["7g"] == said["20"] == ("\u2013", none)
    assert said["1"][0] == "0"


def test_a_report_without_arms_has_no_checklist_of_a_trial(tmp_path: Path) -> None:
    with nav.Bundle(tmp_path / "r", language="nb", form="sluttrapport") as bundle:
        bundle.say("Kort.")
    names = list(sections(tmp_path / "r" / "nb"))
    assert [name for name in names if name.startswith("Vedlegg")] == [
        "Vedlegg A: Tabeller", "Vedlegg B: Kodebok", "Vedlegg C: Metoder", "Vedlegg D: Kjørelogg",
    ]  # fmt: skip


def test_a_long_table_stands_in_the_appendix_and_the_chapter_says_so(tmp_path: Path) -> None:
    cohort = people()
    times = [30.4375 * month for month in range(1, 7)]
    with nav.Bundle(tmp_path / "r", language="nb", form="sluttrapport", origin=cohort.origin) as bundle:
        bundle.add("i-arbeid", nav.release(cohort.cumulative_incidence(by="group")), cause="job", at=times)
        bundle.add("maal", nav.release(goals()))
    chapters = sections(tmp_path / "r" / "nb")
    result = chapters["5 Resultater og måloppnåelse"]
    assert [text.split(".")[0] for style, text in result if style == "Caption"] == ["Figur 1", "Tabell 1"]
    assert [text for style, text in result if style == "Note" and text.endswith("står i Vedlegg A: Tabeller.")]
    inside = [text.split(".")[0] for style, text in chapters["Vedlegg A: Tabeller"] if style == "Caption"]
    assert inside == ["Tabell 2", "Tabell 3"]
    assert "Tabell 2" in [text for style, text in chapters["Vedlegg A: Tabeller"] if style != "Caption"]
