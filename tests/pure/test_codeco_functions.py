"""CODECO, the functions of a message: original, replacement, cancellation, copy; and which document is acted on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data.feeds import BoxRecord, DocumentRecord, Envelope, Unreadable
from tests.pure.edifact_samples import BOX, faults, got, interchange, message, of

EQD = "EQD+CN+ZZDU4839211+45G1:102:5++2+5"


def acts(bgm: str, *segments: str, header: tuple[str, ...] = ()) -> tuple[list[Any], list[BoxRecord]]:
    items = got(interchange(message(*header, *segments, bgm=bgm)))
    assert not of(items, Unreadable)
    return [(a.act, a.target, a.boxes) for a in of(items, DocumentRecord)], of(items, BoxRecord)


@pytest.mark.parametrize(
    ("code", "act", "boxes", "function", "given"),
    [
        ("9", None, (), "original", "live"), ("", None, (), "original", "live"), ("22", None, (), "original", "live"),
        ("47", None, (), "original", "live"), ("2", None, (), "original", "live"), ("5", "replace", (), "original", "live"),
        ("4", "change", ("ZZDU4839211",), "original", "live"), ("36", "change", ("ZZDU4839211",), "original", "live"),
        ("1", "cancel", ("ZZDU4839211",), "cancel", "live"), ("3", "remove", ("ZZDU4839211",), "cancel", "live"),
        ("7", None, (), "copy", "live"), ("35", None, (), "copy", "live"), ("31", None, (), "copy", "live"),
        ("43", None, (), "copy", "live"),
        ("46", None, (), "original", "provisional"), ("27", None, (), "original", "unclassified"),
    ],
)  # fmt: skip
def test_function_codes(code: str, act: str | None, boxes: tuple[str, ...], function: str, given: str) -> None:
    done, (record,) = acts(f"BGM+34+GI-1+{code}", *BOX)
    assert done == ([(act, "DT1|CODECO|GI-1", boxes)] if act else [])
    assert (record.function, record.given, record.document) == (function, given, "DT1|CODECO|GI-1")


def test_the_document_acted_on() -> None:
    done, _ = acts("BGM+34+GI-2+5", *BOX, header=("RFF+ACW:GI-1",))
    assert done == [("replace", "DT1|CODECO|GI-1", ())]
    done, (record,) = acts("BGM+34++5", *BOX)
    assert (done, record.function, record.document, record.why) == ([], "original", "", "no_target")
    done, (record,) = acts("BGM+34++1", *BOX)
    assert (done, record.function, record.why) == ([], "cancel", "")
    assert acts("BGM+36+GO-1+1") == ([("cancel", "DT1|CODECO|GO-1", ())], [])
    assert faults(got(interchange(message(bgm="BGM+36++1")))) == [("message", "cancels_nothing")]
    assert faults(got(interchange(message(bgm="BGM+36+GO-1+9")))) == [("message", "no_boxes")]
    assert faults(got(interchange(message("CNT+16:0", bgm="BGM+36+GO-1+9")))) == []
    assert faults(got(interchange(message(*BOX, bgm="")))) == [("message", "no_bgm")]


@pytest.mark.parametrize(
    ("code", "segments", "done"),
    [
        ("5", (*BOX, "EQD+CN", BOX[1]), [("change", ("ZZDU4839211",))]),
        ("5", (*BOX, "EQD+CN+ZZDU1000018", "DTM+7:soon:203"), [("change", ("ZZDU4839211",))]),
        ("5", (*BOX, "EQD+CH+ZZXZ100001"), [("replace", ())]),
        ("5", ("EQD+CN", BOX[1]), []), ("5", (), []), ("5", ("CNT+16:0",), [("replace", ())]),
        ("4", ("EQD+CN+ZZDU1000018", "DTM+7:soon:203"), []), ("4", (), []), ("3", (), []), ("3", ("EQD+CN",), []),
        ("1", ("EQD+CN",), []), ("1", ("EQD+CN+ZZDU1000018", "DTM+7:soon:203"), [("cancel", ("ZZDU1000018",))]),
        ("1", (), [("cancel", ())]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_takes_nothing_back(code: str, segments: tuple[str, ...], done: list[Any]) -> None:
    items = got(interchange(message(*segments, bgm=f"BGM+34+GI-1+{code}")))
    assert [(a.act, a.boxes) for a in of(items, DocumentRecord)] == done
    assert of(items, BoxRecord) or faults(items) or done


def test_a_document_that_is_not_understood_replaces_nothing() -> None:
    assert not of(got(interchange(message(*BOX, bgm="BGM+999+GI-1+5"))), DocumentRecord)


def test_a_test_moves_nothing_and_takes_nothing_back() -> None:
    raw = interchange(message(*BOX, bgm="BGM+34+GI-1+5"), unb="UNB+UNOA:2+DT1+ZZLINE+260301:0910+CD1++++++1")
    items = got(raw)
    assert not of(items, DocumentRecord)
    assert [r.given for r in of(items, BoxRecord)] == ["test"]
    assert of(items, Envelope)[0].test


def test_order_is_by_the_senders_own_time() -> None:
    _, (record,) = acts("BGM+34+GI-1+9", *BOX, header=("DTM+137:202603010900:203",))
    assert record.updated_at == datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    assert acts("BGM+34+GI-1+9", *BOX)[1][0].updated_at == datetime(2026, 3, 1, 2, 10, tzinfo=UTC)


def test_positions_are_unique() -> None:
    raw = interchange(message(*BOX, *BOX), message(*BOX, reference="2"))
    assert [r.position for r in of(got(raw), BoxRecord)] == ["UNH 1/EQD 1", "UNH 1/EQD 2", "UNH 2/EQD 1"]
