"""The guides say what is there: every setting, command, export column, rule, reason and word on a screen; every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from commands import cli
from data.export_columns import COLUMNS
from data.feeds import _dcsa_take, _edifact, _json_pages, _table, customs_csv, formats, gate_csv, ledger_csv, manual_csv, yard_csv
from data.settings import NAMES, REPOSITORY
from data.sources._paging import PagedWeb, PagesForm
from data.sources._ssh import SftpForm
from data.sources.object_store import ObjectsForm
from layouts._text import LANGUAGES, catalogue
from zones import _place_form, jurisdiction
from zones._declare import Form
from zones.rules import rules

DOCS = REPOSITORY / "docs"
GUIDE = DOCS / "guide"
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", REPOSITORY / "zones" / "places" / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"!?\[(?:[^\]\\]|\\.)*\]\(([^)\s]+)\)")
OURS = re.compile(r"`((?:zones|data|layouts|commands|tests|docs)/[\w./-]+|app\.py)(?:::(\w+))?`")
# Kinds of words (layouts/_text) whose meaning is not plain from the word.
DEFINED = ("state", "severity", "condition", "work", "outcome", "status", "read", "directionfrom", "event", "fact")
ELSEWHERE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)/|[A-Z]:\\")
DECISION = re.compile(r"[0-9]{4}-[a-z0-9-]+\.md")


def text(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def coded(page: str) -> set[str]:
    """The words between backquotes."""
    return set(re.findall(r"`([^`\n]+)`", page))


def anchors(page: Path) -> set[str]:
    """The addresses that headings get on a code host."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{named(page)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{named(page)} links to {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_and_test_that_is_named_exists(page: Path) -> None:
    for path, function in OURS.findall(page.read_text(encoding="utf-8")):
        target = REPOSITORY / path
        assert target.exists(), f"{named(page)} names {path}"
        assert not function or f"def {function}(" in target.read_text(encoding="utf-8"), f"{named(page)} names {path}::{function}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_nothing_names_somebodys_machine(page: Path) -> None:
    found = ELSEWHERE.search(page.read_text(encoding="utf-8"))
    assert not found, f"{named(page)}: {found and found.group()}"


def test_every_setting_is_explained() -> None:
    words = coded(text("operate.md"))
    assert not set(NAMES) - words
    assert {"FEED_<ID>_USER", "FEED_<ID>_PASSWORD", "FEED_<ID>_KEY_FILE", "FEED_<ID>_TOKEN"} <= words


def test_every_command_is_explained() -> None:
    there = set(cli.list_commands(cli.make_context("app.py", ["--help"], resilient_parsing=True)))
    assert not there - coded(text("operate.md"))


@pytest.mark.parametrize("what", COLUMNS)
def test_every_column_of_an_export_is_explained(what: str) -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text("exports.md"), re.MULTILINE | re.DOTALL))
    assert what in sections
    columns = [name for name in re.findall(r"`(\w+)`", sections[what]) if name in COLUMNS[what]]
    assert list(dict.fromkeys(columns)) == COLUMNS[what]


def test_every_format_field_and_reason_is_explained() -> None:
    page = text("feeds.md")
    assert not set(formats()) - coded(page)
    for fields_ in (gate_csv.FIELDS, customs_csv.FIELDS, yard_csv.FIELDS, ledger_csv.FIELDS, manual_csv.COLUMNS):
        assert not {name for name in fields_ if not re.search(rf"\b{name}\b", page)}
    of_readers = (manual_csv.REASONS, ledger_csv.REASONS, _edifact.REASONS, _table.REASONS, _json_pages.REASONS, _dcsa_take.REASONS)
    reasons = {"reference_reused", "reader_failed"}.union(*of_readers)
    assert not reasons - coded(page)


def fields(form: type[Form]) -> Iterator[str]:
    for name, field in form.model_fields.items():
        yield field.alias or name


@pytest.mark.parametrize(
    "form",
    [
        *(_place_form.PlaceForm, _place_form.FeedForm, _place_form.AreaForm, _place_form.PlaceLimitForm, _place_form.ShiftForm),
        *(_place_form.TravelForm, _place_form.ClosureForm, _place_form.ExpectForm, _place_form.SourcedForm, _place_form.SameMovementForm),
        _place_form.VehicleVisitsForm,
        *(jurisdiction.LimitsForm, jurisdiction.LimitForm, jurisdiction.CalendarForm),
    ],
)
def test_every_field_of_a_declaration_is_explained(form: type[Form]) -> None:
    page = text("declare.md")
    assert not {name for name in fields(form) if not re.search(rf"\b{name}\b", page)}


@pytest.mark.parametrize("form", [PagedWeb, PagesForm, SftpForm, ObjectsForm])
def test_every_option_of_a_source_is_explained(form: type[BaseModel]) -> None:
    page = text("declare.md")
    assert not {f.alias or name for name, f in form.model_fields.items() if not re.search(rf"\b{f.alias or name}\b", page)}


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_its_runbook_linked(rule: str) -> None:
    assert (DOCS / "runbooks" / f"{rule}.md").is_file()
    assert f"docs/runbooks/{rule}.md" in (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_with_a_meaning_stands_in_the_glossary_as_on_screen(language: str) -> None:
    cells = {cell.strip() for line in text("glossary.md").splitlines() if line.startswith("|") for cell in line.split("|")}
    words = {key.removeprefix("words."): word for key, word in catalogue(language).items() if key.startswith("words.")}
    assert not {key: word for key, word in words.items() if key.partition("_")[0] in DEFINED and word not in cells}


def test_every_page_that_defines_something_has_its_terms_in_the_glossary() -> None:
    terms = {
        "dwell": ("**Dwell**", "**Age**", "**Over the limit**", "**n**"),
        "throughput": ("**Throughput**", "**TEU**", "**Period before**"),
        "container": ("**Stay**", "**Held**", "**NO HOLD KNOWN**"),
        "overview": ("**Inside**", "**Data to**", "**Silent**"),
        "place": ("**Share of capacity**", "**Corrections**", "**only ours**"),
        "sources": ("**Identities**", "**Received**", "**never heard**"),
        "health": ("**Lag**", "**Confirmed**", "**Stopped**", "**Gap**"),
        "vehicles": ("**Turn time**", "**Entry not told", "**Inside now**", "**Slow**"),
        "calls": ("**Call**", "**Boxes done of planned**", "**Late**"),
        "hand": ("**By hand**", "**Second reader**", "**Manual share**", "**Confirmed by the source**"),
        "alerts": ("**Known to us**", "**Shelved**", "**History**"),
        "rules": ("**Precision**", "**Time to acknowledge, to decide**", "**Gained, lost**"),
        "load": ("**Flood**", "**Standing**", "**Chattering**"),
        "forecast": ("**Forecast**",),
        "goods": (
            "**Lots inside**",
            "**Below zero**",
            "**Age of goods**",
            "**Limit date**",
            "**Box with no lot**",
            "**Lot with no box**",
            "**Fault**",
        ),
        "statement": ("**Statement of a period**", "**Receipts, removals**", "**Adjustments**"),
        "books": ("**Balance**", "**Parting**", "**Lots apart**", "**Shortage, overage**", "**Counted within a year**"),
    }
    pages = {key.partition(".")[0] for key in catalogue("en") if "definition" in key} - {"shell"}
    assert not pages - terms.keys(), "say here which terms of docs/guide/glossary.md explain what the page defines"
    assert not {term for page in terms.values() for term in page if term not in text("glossary.md")}


def test_decisions_are_numbered_complete_and_listed() -> None:
    pages = sorted(page for page in (DOCS / "decisions").glob("*.md") if page.name != "README.md")
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in pages:
        said = page.read_text(encoding="utf-8")
        assert DECISION.fullmatch(page.name)
        assert re.findall(r"^## (.+)$", said, re.MULTILINE) == ["Context", "Decision", "Consequences", "Proof"], page.name
        assert OURS.search(said.partition("## Proof")[2]), f"{page.name} names no proof"
        assert f"({page.name})" in listed
