"""What a reader says of a fault, and where it stands, in the words of who reads it."""

from __future__ import annotations

import pytest

from layouts._text.reasons import reason, where, why


@pytest.mark.parametrize(
    ("position", "en", "vi", "zh"),
    [
        ("line 12", "line 12", "dòng 12", "第 12 行"),
        ("byte 354", "byte 354", "byte thứ 354", "第 354 字节"),
        ("event 17", "event 17", "sự kiện 17", "第 17 个事件"),
        ("event 17 (E-9)", "event 17 (E-9)", "sự kiện 17 (E-9)", "第 17 个事件（E-9）"),
        ("line 2 gate_in", "line 2 (Gate-in)", "dòng 2 (Vào cổng)", "第 2 行（进场）"),
        ("UNH 1/EQD 2", "UNH 1/EQD 2", "UNH 1/EQD 2", "UNH 1/EQD 2"),
        ("", "", "", ""),
    ],
)
def test_where(position: str, en: str, vi: str, zh: str) -> None:
    assert [where(position, language) for language in ("en", "vi", "zh")] == [en, vi, zh]


@pytest.mark.parametrize(
    ("detail", "en", "vi"),
    [
        ("says 12, has 13", "12 declared, 13 found", "khai 12, đếm được 13"),
        ("says nothing, has 3", "nothing declared, 3 found", "khai không có, đếm được 3"),
        ("R1 and R2", "R1 and R2", "R1 and R2"),
    ],
)
def test_what_is_wrong(detail: str, en: str, vi: str) -> None:
    assert en in reason("unt_count", detail, "en")
    assert vi in reason("unt_count", detail, "vi")


WORDS = (
    "plain text", "binary data", "3 segments", "bill has 300 characters", "event 'X is not a time' is not in the mapping", "no event",
    "gross_kg 'heavy' is not a weight", "issued_at 'soon' is not a time", "entered_at is a day", "effective_at is empty: issued_at taken",
    "place not declared: XXQQQ", "no act", "uom 'kgs' taken as KGM",
    "quantity '1.2345678' has more than 6 decimal places: rounded", "gate_in, gate_out: empty", "more than 50", "3 of 7", "character 12",
    "nested too deeply", "the end of the events is missing",
)  # fmt: skip


@pytest.mark.parametrize("said", WORDS)
def test_no_word_of_a_reader_stays_english(said: str) -> None:
    told = [why(said, language) for language in ("en", "vi", "zh")]
    assert len(set(told)) == 3
    assert said not in told[1:]


def test_the_remarks_of_a_report() -> None:
    assert why("status_code: 266", "vi").endswith("266.")
    assert "status_code" not in why("status_code: 266", "vi")
