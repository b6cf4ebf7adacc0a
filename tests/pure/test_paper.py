"""What is printed: the same hand-over as text and as PDF in three languages, with all that it tells."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from data.queries._heard import Sight
from data.queries.handover import Desk, Handed
from data.queries.statement import Told
from layouts._paper.handover import sheet
from layouts._paper.pdf import _HAN, FONTS, _marked, pdf
from layouts._paper.statement import sheet as statement_sheet
from layouts._text import say
from tests.store.told import small_world
from zones.shift import Span
from zones.statement import Figures, Key, Row

AT = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
ALERT = {
    "alert_id": "a" * 32,
    "rule": "import_overstay",
    "severity": "act_now",
    "place": "port",
    "equipment": "ZZDU4839211",
    "because_key": "import_overstay",
    "because_values": {"box": {"t": "box", "v": "ZZDU4839211"}, "place": {"t": "place", "v": "port"},
                       "entered": {"t": "instant", "v": "2026-11-10T01:00:00+00:00"}, "limit": {"t": "limit", "v": "5d"},
                       "over_since": {"t": "instant", "v": "2026-11-15T01:00:00+00:00"}, "by": {"t": "text", "v": "discharge"}},
    "began_at": "2026-11-15T01:00:00+00:00",
    "ended_at": None,
    "known_at": "2026-11-15T01:00:00+00:00",
    "condition": "active",
}  # fmt: skip
CONTENT = {
    "at": AT.isoformat(),
    "until": AT.isoformat(),
    "data_to": AT.isoformat(),
    "alerts": [ALERT | {"work": "new", "assignee": "an"}],
    "open": 1,
    "new": {"act_now": 2},
    "decided": [ALERT | {"outcome": "offence", "by": "an", "at": AT.isoformat()}],
    "n_decided": 1,
    "passed_on": 0,
    "shelved": [ALERT | {"work": "new", "assignee": "", "shelved_until": AT.isoformat(), "shelved_by": "an", "shelf_reason": "lab <b>"}],
    "sources": [{"feed": "gate", "at": AT.isoformat(), "stopped": False}],
    "silences": [{"feed": "gate", "began": AT.isoformat(), "ended": None}],
    "gaps": [{"feed": "gate", "first": "1007", "last": "1009", "missing": 3, "since": AT.isoformat()}],
    "identity": {"since": AT.isoformat(), "start": 41, "opening": 0, "came": 8, "went": 3, "corrected": 0, "inside": 46},
    "limits": [{"at": AT.isoformat(), "rule": "import_overstay", "equipment": "ZZDU1234565", "limit": "import_dwell_warn", "value": "5d"}],
}


def desk() -> Desk:
    row = {"signed_by": "an", "signed_at": AT, "accepted_at": None, "accepted_by": "", "note": "Cẩu số 2 chậm\n起重机"}
    line = {"line": 1, "kind": "alert", "ref": "a" * 32, "step": "Stop the truck", "taken": "questioned", "remark": "Which?", "by": "binh"}
    return Desk("port", Span("night", AT, AT), CONTENT, Handed(row, (line,)), ())


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_a_sheet_tells_all_and_becomes_a_pdf(language: str) -> None:
    made = sheet(desk(), small_world(), language, AT)
    said = "\n".join([*made.lines, *(text for s in made.sections for text in (s.heading, *s.lines, *(c for row in s.rows for c in row)))])
    for told in ("ZZDU 483921 1", "Stop the truck", "Which?", "lab <b>", "gate", "41", "46", "1007–1009", "ZZDU 123456 5", "Cẩu số 2 chậm"):
        assert told in said, told
    assert "{" not in said
    file = pdf(made, language, "{page}")
    assert file.startswith(b"%PDF")
    assert file == pdf(made, language, "{page}"), "the same twice"


def test_every_letter_of_vietnamese_is_in_the_font() -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    words = "".join(file.read_text("utf-8") for file in Path("layouts/_text/vi").glob("*.yaml"))
    glyphs = TTFontFile(FONTS / "DejaVuSans.ttf").charToGlyph
    assert not {letter for letter in words if ord(letter) > 127 and letter.isalpha() and ord(letter) not in glyphs}


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_a_statement_on_paper(language: str) -> None:
    """With what every figure means, whoever the owners are, and the same in every part: subtotals by unit, nothing added over units."""
    of = {"operator": "O1", "status": "bonded", "hs": "870323", "currency": "USD"}
    figures = Figures(1_204_500_000, 90_000_000, 12_345_678)
    rows = [
        Row(
            Key(owner=owner, uom=uom, **of),
            figures,
            {"withdrawn": Figures(-500_000), "owner_out": Figures(-4_000_000)},
            Figures(1_200_000_000),
        )
        for owner in ("Công ty Hàng Hải", "海关货主")
        for uom in ("KGM", "XCT")
    ]
    since, until = datetime(2026, 9, 30, 17, tzinfo=UTC), datetime(2026, 10, 31, 17, tzinfo=UTC)
    found = Told("zone", since, until, None, "", "", tuple(rows), (), (), Sight(()))
    made = statement_sheet(found, small_world(), language, AT)
    assert made.wide
    assert [len(section.sums) for section in made.sections[:3]] == [4, 4, 4], "two units, weight, value: of each owner, and of both"
    first = made.sections[0]
    assert list(first.rows[0][-5:]) == (
        ["1.204,5", "0", "0,5", "-4", "1.200"] if language == "vi" else ["1,204.5", "0", "0.5", "-4", "1,200"]
    )
    said = "\n".join([*made.lines, *(text for s in made.sections for text in (s.heading, *s.lines, *(c for row in s.rows for c in row)))])
    for told in ("Asia/Ho_Chi_Minh", "19 CFR", "Công ty Hàng Hải", "海关货主", say("statement.def_owner_in", language)):
        assert told in said
    assert not {"{", "statement."} & set(said.split())
    file = pdf(made, language, "{page}")
    assert file == pdf(made, language, "{page}")


def test_letters_of_another_script_are_set_in_a_type_that_has_them() -> None:
    marked = partial(_marked, other="Song", letters=_HAN)
    assert marked("A & 海关 <b>") == 'A &amp; <font name="Song">海关</font> &lt;b&gt;'
