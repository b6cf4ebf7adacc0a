"""Bad input through the whole pull: never an exception, never a silent skip, never half a message; always a row with the reason.

What each reader makes of broken bytes by itself is tested with the readers (tests/pure). Here the question is whether it comes through:
kept byte for byte, counted, explained, and the books in order afterwards.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Iterable
from typing import Any, BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.breaker import Limits
from data.feeds import codeco
from data.raw import Raw, RawFailed
from data.reread import reread
from data.store import tables as t
from tests.pure.xlsx_made import zipped
from tests.store.told import (
    FACTS,
    GATE,
    PORT,
    ZONE_TEXT,
    Book,
    Receipt,
    book,
    box,
    clock,
    csv,
    document,
    edifact,
    hasty,
    local,
    small_world,
)  # fmt: skip

__all__ = ["book", "hasty"]
GOOD = edifact("CODECO", [document("34", [box(at="d0 08:00"), box("ZZDU1234565", "d0 09:00")], number="D1")], reference="G")
TWO = edifact("CODECO", [document("34", [box(at="d0 08:00")]), document("36", [box("ZZDU1234565", "d0 09:00")])], reference="T")
ROWS = csv(
    GATE,
    [
        ["ZZDU4839211", "gate_in", local("d0 08:00"), "full", "B1", "S1", "import"],
        ["ZZDU1234565", "gate_out", local("d0 09:00"), "", "", "", ""],
    ],
)
CUSTOMS = csv(
    FACTS, [["hold", "ZZDU4839211", "", "", "QUA", "H1", local("d0 08:00")], ["release", "", "B1", "", "", "", local("d0 09:00")]]
)
LIST = csv(("equipment", "as_of", "area"), [["ZZDU4839211", local("d0 06:00"), "A1"], ["ZZDU1234565", local("d0 06:00"), ""]])
SAMPLES = {"gate": GOOD, "carrier": ROWS, "customs": CUSTOMS, "yard": LIST}


@pytest.fixture
def quick(hasty: None, book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A book whose files need not survive a power cut, and that reads on however much of it is bad."""
    monkeypatch.setattr("data.breaker.limits_of", lambda options: Limits(share=0, in_a_row=0))
    return book


def accounted(book: Book) -> list[dict[str, Any]]:
    """Every message, after seeing that each is kept, settled, counted, and explained where it is not wholly read."""
    assert book.differences() == []
    rejects: dict[str, list[dict[str, Any]]] = {}
    for reject in book.rows(t.reject):
        assert reject["reason"]
        assert len(reject["excerpt"]) <= 400
        rejects.setdefault(reject["message_id"], []).append(reject)
    messages = book.rows(t.message, "received_at", "position")
    for message in messages:
        assert message["state"] in ("read", "partly", "unreadable")
        assert Raw(book.settings.home).path(message["file_sha256"]).stat().st_size >= message["bytes"]
        told = rejects.get(message["message_id"], [])
        taken = message["reports"] + message["facts"] + message["signals"] + message["entries"]
        assert (message["state"] == "read") == (not told and not message["reason"]), message
        if message["state"] == "unreadable":
            assert taken == 0
            assert told
    kept, raw = {row["file_sha256"] for row in messages}, Raw(book.settings.home)
    for sha256 in {row["file_sha256"] for row in book.rows(t.receipt)} - kept:  # what is in it came before, in a file of other bytes
        with raw.open(sha256) as file:
            content = file.read()
        assert any(stands(raw, message) in content for message in messages)
    return messages


def stands(raw: Raw, message: dict[str, Any]) -> bytes:
    """The bytes of a message."""
    with raw.open(message["file_sha256"]) as file:
        return file.read()[message["start"] : message["start"] + message["bytes"]]


def reasons(book: Book) -> set[str]:
    return {row["reason"] for row in book.rows(t.reject)}


def told(feed: str, contents: Iterable[bytes], received: str = "d5 00:00") -> list[Receipt]:
    return [Receipt(feed, f"{number:05}", content, clock(received)) for number, content in enumerate(contents)]


# ---------------------------------------------------------------- cut short


@pytest.mark.parametrize("feed", SAMPLES)
def test_cut_at_every_byte(quick: Book, feed: str) -> None:
    whole = SAMPLES[feed]
    quick.take(*told(feed, (whole[:cut] for cut in range(len(whole)))))
    messages = accounted(quick)
    assert len(messages) == len(whole)  # each cut is another content
    quick.take(*told(feed, [whole], received="d5 01:00"))
    accounted(quick)
    whole_ones = quick.rows(t.message, state="read")
    if feed == "gate":  # one whole interchange, though its last apostrophe may be missing; no other under its reference counts
        assert [row["reports"] for row in whole_ones] == [2]
        assert {row["occurred_at"] for row in quick.rows(t.report)} == {clock("d0 08:00"), clock("d0 09:00")}
    else:
        assert clock("d5 01:00") in {row["received_at"] for row in whole_ones}


def test_of_a_cut_interchange_the_messages_that_are_whole_load_and_no_other(quick: Book) -> None:
    cuts = range(TWO.index(b"UNH+2"), len(TWO) - 2)
    quick.take(*told("gate", (TWO[:cut].replace(b"+T'", b"+%d'" % cut) for cut in cuts)))
    found = {int(message["reference"]): (message["state"], message["reports"]) for message in accounted(quick)}
    assert found == {cut: ("partly", 2 if b"UNT+6+2" in TWO[:cut] else 1) for cut in cuts}


@pytest.mark.parametrize(("cut", "state"), [(40, "unreadable"), (12, "unreadable"), (9, "partly"), (3, "partly")])
def test_what_was_cut_short_and_is_sent_again_whole_loads(quick: Book, cut: int, state: str) -> None:
    """Under the same reference, as it is sent again: what breaks off has not used it up, whichever came first; and nothing counts twice."""
    for order in (1, -1):
        quick.emptied()
        for receipt in [*told("gate", [GOOD[:-cut]]), *told("gate", [GOOD], received="d5 01:00")][::order]:
            quick.take(receipt)
        assert [message["state"] for message in accounted(quick)] == [state, "read"]
        assert quick.throughput("gate_in") == 2
        assert len(quick.stays()) == 2


# ---------------------------------------------------------------- another thing altogether


NOTHING = {
    "nothing": b"",
    "blanks": b" \r\n\t \n",
    "zeros": b"\0" * 500,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "an archive": b"PK\x03\x04" + bytes(200),
    "JSON": b'{"eventType": "EQUIPMENT"}',
    "XML": b"<?xml version='1.0'?><a/>",
    "prose": "Xin chào, the list is attached.".encode(),
    "UTF-16": "equipment,event\r\n".encode("utf-16"),
    "half UTF-8": b"equipment,event,occurred_at\r\nZZDU4839211,gate_in,2026-11-02 08:00 \xff\xfe\x80\r\n",
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_no_message_of_the_format_is_unreadable_with_the_reason(quick: Book, what: str) -> None:
    for feed in SAMPLES:
        quick.take(*told(feed, [NOTHING[what]]))
    messages = accounted(quick)
    assert [(m["state"], m["reports"], m["facts"]) for m in messages] == [("unreadable", 0, 0)] * len(SAMPLES)
    assert all(m["reason"] for m in messages)


@pytest.mark.parametrize("feed", SAMPLES)
def test_the_sample_of_another_format(quick: Book, feed: str) -> None:
    others = [content for other, content in SAMPLES.items() if other != feed]
    quick.take(*told(feed, others))
    assert all(message["reports"] + message["facts"] == 0 or feed == "carrier" for message in accounted(quick))


def test_coarri_on_a_feed_of_codeco(quick: Book) -> None:
    quick.take(*told("gate", [edifact("COARRI", [document("44", [box(at="d0 08:00")])])]))
    (message,) = accounted(quick)
    assert (message["state"], reasons(quick)) == ("unreadable", {"other_type"})


def test_good_neighbours_load(quick: Book) -> None:
    broken = ["BGM+34++9", "EQD+CN+++'"]
    text = edifact("CODECO", [document("34", [box(at="d0 08:00")]), ["XXX+1"], broken, document("34", [box("ZZDU1234565", "d0 09:00")])])
    quick.take(*told("gate", [text]))
    (message,) = accounted(quick)
    assert message["state"] == "partly"
    assert {row["equipment"] for row in quick.rows(t.report, status="live")} == {"ZZDU4839211", "ZZDU1234565"}
    assert "no_bgm" in reasons(quick)


# ---------------------------------------------------------------- times, codes, numbers


@pytest.mark.parametrize(
    ("text", "status"),
    [("197001010000", "implausible"), ("209901010000", "implausible"), ("202613450000", "unclassified"), ("", "unclassified")],
)
def test_times_in_edifact(quick: Book, text: str, status: str) -> None:
    one = document("34", [["EQD+CN+ZZDU4839211+45G1:102:5+++5", f"DTM+7:{text}:203", "LOC+165+XXPRT:139:6"]])
    quick.take(*told("gate", [edifact("CODECO", [one], made="d0 00:00")]))
    (report,) = quick.rows(t.report)
    assert report["status"] == status or (text == "" and report["status"] == "live" and "report_time" in report["why"])
    assert (report["occurred_text"] == text) or text == ""
    accounted(quick)


@pytest.mark.parametrize("time", ["1970-01-01 00:00", "2099-01-01 00:00", "0001-01-01 00:00", "9999-12-31 23:59", "1969-12-31 23:59"])
@pytest.mark.parametrize("feed", ["carrier", "customs", "yard"])
def test_times_in_tables_are_kept_and_count_nowhere(quick: Book, feed: str, time: str) -> None:
    rows = {
        "carrier": csv(GATE, [["ZZDU4839211", "gate_in", time, "", "", "", ""]]),
        "customs": csv(FACTS, [["hold", "ZZDU4839211", "", "", "", "", time]]),
        "yard": csv(("equipment", "as_of", "area"), [["ZZDU4839211", time, ""]]),
    }
    quick.take(*told(feed, [rows[feed]]))
    kept = [*quick.rows(t.report), *quick.rows(t.fact), *quick.rows(t.reject)]
    assert kept
    assert quick.stays() == []
    assert not {row["status"] for row in kept if "status" in row} & {"live"}
    accounted(quick)


def test_a_time_without_zone_is_the_places_and_one_with_a_zone_its_own(quick: Book) -> None:
    rows = [
        ["ZZDU4839211", "gate_in", "2026-11-02 08:00"],
        ["ZZDU1234565", "gate_in", "2026-11-02T08:00:00Z"],
        ["ZZDU0000010", "gate_in", "2026-11-02"],
    ]
    quick.take(*told("carrier", [csv(GATE[:3], rows)]))
    found = {r["equipment"]: (r["occurred_at"], r["precision"], r["zone_from"]) for r in quick.rows(t.report)}
    assert found["ZZDU4839211"] == (clock("d0 08:00"), "minute", "place")
    assert found["ZZDU1234565"][0] == clock("d0 15:00")
    assert found["ZZDU0000010"][:2] == (clock("d0 00:00"), "day")
    accounted(quick)


def test_a_code_nobody_knows_is_kept_unclassified(quick: Book) -> None:
    quick.take(*told("gate", [edifact("CODECO", [document("999", [box(at="d0 08:00")])])]))
    quick.take(*told("carrier", [csv(GATE[:3], [["ZZDU4839211", "FLYING", local("d0 08:00")]])]))
    assert quick.statuses() == ["unclassified", "unclassified"]
    assert all(row["why"] for row in quick.rows(t.report))
    accounted(quick)


def test_a_wrong_check_digit_is_kept_as_it_came_and_marked(quick: Book) -> None:
    quick.take(*told("carrier", [csv(GATE[:3], [["ZZDU4839212", "gate_in", local("d0 08:00")]])]))
    (report,) = quick.rows(t.report)
    assert (report["equipment"], report["equipment_valid"], report["status"]) == ("ZZDU4839212", False, "live")
    assert len(quick.stays()) == 1
    accounted(quick)


@pytest.mark.parametrize(
    "number", ["", "   ", "?", "ZZDU4839211ZZDU4839211ZZDU4839211", "../../etc/passwd", "'; DROP TABLE report; --", "数字"]
)
def test_a_number_that_is_none(quick: Book, number: str) -> None:
    quick.take(
        *told("carrier", [csv(GATE[:3], [[f'"{number}"', "gate_in", local("d0 08:00")], ["ZZDU4839211", "gate_in", local("d0 08:00")]])])
    )
    quick.take(
        *told("gate", [edifact("CODECO", [document("34", [["EQD+CN+" + number.replace("'", "?'") + "+45G1", "DTM+7:202611020800:203"]])])])
    )
    assert "ZZDU4839211" in {row["equipment"] for row in quick.rows(t.stay)}
    accounted(quick)


# ---------------------------------------------------------------- declarations that do not fit


@pytest.mark.parametrize(
    "options",
    [
        "{columns: {equipment: Container, event: Move, occurred_at: Time}}",
        "{columns: {equipment: equipment, gate_in: Nowhere}}",
        "{columns: {equipment: equipment, evnt: event}}",
        "{time_format: '%Q', columns: {equipment: equipment, event: event, occurred_at: occurred_at}}",
        "{encoding: klingon}",
        "{delimiter: '|'}",
        "{timezone: Mars/Olympus}",
        "{columns: [equipment]}",
        "{columns: {equipment: {value: ZZDU4839211}}}",
    ],
)
def test_a_mapping_that_does_not_fit_is_a_reason_not_a_crash(quick: Book, options: str) -> None:
    quick.world = small_world(PORT.replace("source: /srv/carrier/*.csv}", f"source: /srv/carrier/*.csv, options: {options}}}"), ZONE_TEXT)
    quick.take(*told("carrier", [ROWS]))
    (message,) = accounted(quick)
    assert (message["state"], message["reports"]) == ("unreadable", 0)
    assert message["reason"]


# ---------------------------------------------------------------- too much of it


def test_five_megabytes_in_one_segment(quick: Book) -> None:
    huge = GOOD.replace(b"UNT+", b"FTX+AAI+++" + b"x" * 5_000_000 + b"'UNT+", 1)
    quick.take(*told("gate", [huge, TWO]))
    messages = accounted(quick)
    assert [(m["state"], m["reports"]) for m in messages] == [("unreadable", 0), ("read", 2)]
    assert "segment_too_long" in reasons(quick)


def test_five_megabytes_in_one_cell(quick: Book) -> None:
    quick.take(
        *told("carrier", [ROWS + b"ZZDU0000010,gate_in,2026-11-02 08:00," + b"x" * 5_000_000 + b"\r\n" + ROWS.splitlines()[1] + b"\r\n"])
    )
    (message,) = accounted(quick)
    assert message["state"] == "partly"
    assert message["reports"] >= 2


def test_a_reader_that_fails_is_our_fault_and_loses_nothing(quick: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    read = codeco.read

    def failing(raw: Any, place: Any, options: Any) -> Any:
        for number, item in enumerate(read(raw, place, options)):
            if number == 2:
                raise ZeroDivisionError("a reader's mistake")
            yield item

    monkeypatch.setattr(codeco, "read", failing)
    quick.take(*told("gate", [GOOD]))
    assert "reader_failed" in reasons(quick)
    accounted(quick)
    monkeypatch.undo()
    assert reread(quick.store, quick.world, quick.settings, quick.now, reason="reader_failed")["changed"] == 1
    assert [row["state"] for row in accounted(quick)] == ["read"]
    assert len([row for row in quick.rows(t.report) if not row["outread"]]) == 2


def test_a_disk_that_fails_is_no_fault_of_the_message(quick: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was being read does not count; a pull later it is read, and others that wait are not held up."""
    whole, failing = Raw.open, True

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if failing and not 0 <= (size or 0) <= 4:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    def opened(self: Raw, sha256: str) -> BinaryIO:
        with whole(self, sha256) as file:
            return Failing(file.read())

    monkeypatch.setattr(Raw, "open", opened)
    for content in (GOOD, zipped({"a.edi": GOOD})):
        with pytest.raises(RawFailed, match="Input/output error"):
            quick.take(*told("gate", [content]))
    assert quick.rows(t.message) == []
    failing = False
    quick.take(*told("gate", [GOOD]))
    assert [row["state"] for row in accounted(quick)] == ["read"]
    failing = True
    with pytest.raises(RawFailed):
        reread(quick.store, quick.world, quick.settings, quick.now, feed="gate")
    assert len([row for row in quick.rows(t.report) if not row["outread"]]) == 2


def test_a_message_that_came_before_comes_in_a_file_of_other_bytes(quick: Book) -> None:
    quick.take(*told("gate", [GOOD, b"\0" + GOOD]))
    assert len(accounted(quick)) == 1
    assert len(quick.rows(t.receipt)) == 2


# ---------------------------------------------------------------- anything


garbled = st.tuples(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 8)), min_size=1, max_size=4),
)


@given(st.lists(garbled, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_samples_with_anything_in_them(quick: Book, cases: list[tuple[str, list[tuple[float, bytes, int]]]]) -> None:
    quick.emptied()
    for feed, changes in cases:
        content = SAMPLES[feed]
        for where, put, gone in changes:
            at = int(where * len(content))
            content = content[:at] + put + content[at + gone :]
        quick.take(*told(feed, [content]))
    accounted(quick)
