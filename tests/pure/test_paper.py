"""What is printed: the same hand-over as text and as PDF in three languages, with all that it tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.queries.handover import Desk, Handed
from layouts._paper.handover import sheet
from layouts._paper.pdf import FONTS, pdf
from tests.store.told import small_world
from zones.shift import Span

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
