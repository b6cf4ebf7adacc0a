"""Every format through the whole pull, whatever is wrong with the bytes: as `test_bad_input`, for all that `data.feeds.formats()` has.

The inputs are the good samples, as they are and changed where their structure is: segments, JSON values, parts of a workbook.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import formats
from data.store import tables as t
from tests.faults.test_bad_input import NOTHING, accounted, quick, reasons, told
from tests.pure.dcsa_samples import flat, nested, page
from tests.pure.edifact_samples import interchange, message
from tests.pure.xlsx_made import book as workbook
from tests.pure.xlsx_made import headed, line, package, text
from tests.store.told import PORT, ZONE_TEXT, Book, book, csv, hasty, small_world
from zones import by_hand

__all__ = ["book", "hasty", "quick"]
FORMATS = sorted(set(formats()) - {by_hand.FORMAT})  # which nobody declares: see tests/store/test_by_hand.py
TABLES = [name for name in FORMATS if hasattr(formats()[name], "SHAPE")]
HEADS = {
    "gate_csv": ("equipment", "gate_in", "remark"),
    "customs_csv": ("equipment", "event", "effective_at"),
    "yard_csv": ("equipment", "as_of", "area"),
    "device_csv": ("equipment", "device", "event", "occurred_at"),
    "ledger_csv": ("equipment", "act", "occurred_at", "lot", "quantity", "uom"),
}
AT = "2026-11-02 08:00"
REST = {
    "gate_csv": (AT, "x"),
    "customs_csv": ("hold", AT),
    "yard_csv": ("2026-11-02 06:00", "A1"),
    "device_csv": ("S1", "opened", AT),
    "ledger_csv": ("admission", AT, "L1", "10", "KGM"),
}
JSON = ("dcsa", "epcis")
EDIFACT = [name for name in FORMATS if name not in TABLES and name not in JSON]
FEEDS = "".join(f"  - {{id: any-{name}, format: {name}, publisher: {name}, speaks_for: [], source: /srv/{name}/*}}\n" for name in FORMATS)
WORLD = small_world(PORT.replace("limits:", f"{FEEDS}limits:", 1).replace("codes: [XXPRT]", "codes: [XXPRT, XXDMO]"), ZONE_TEXT)
FOLDER = Path(__file__).parent.parent / "samples"


def good(name: str) -> list[bytes]:
    """The good samples of a format. (Those of tables go with a mapping: here they have our own names.)"""
    if name in TABLES:
        return [csv(*rows(name))]
    files = sorted(path for path in (FOLDER / name).iterdir() if path.name.startswith("good") and path.suffix != ".json")
    return [path.read_bytes() for path in files]


def rows(name: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header of a table, and two good rows."""
    return HEADS[name], [["ZZDU4839211", *REST[name]], ["ZZDU1234565", *REST[name]]]


def sheet(name: str) -> bytes:
    """A workbook that reads well as this format."""
    header, told_ = rows(name)
    return workbook([header, *told_])


SAMPLES = {name: good(name) for name in FORMATS}
SHEETS = {name: sheet(name) for name in TABLES}


@pytest.fixture
def every(quick: Book) -> Book:
    """A book whose port has a feed of each format."""
    quick.world = WORLD
    return quick


def took(every: Book, name: str, *contents: bytes) -> list[dict[str, Any]]:
    """These contents taken on the feed of a format, and the books in order after; no reader failed."""
    every.take(*told(f"any-{name}", contents))
    messages = accounted(every)
    assert "reader_failed" not in reasons(every), [row for row in every.rows(t.reject) if row["reason"] == "reader_failed"]
    return messages


def test_every_format_has_samples_that_are_read(every: Book) -> None:
    for name in FORMATS:
        assert SAMPLES[name], f"no good sample of {name}"
        every.emptied()
        messages = took(every, name, SAMPLES[name][0], *([SHEETS[name]] if name in TABLES else []))
        assert any(message["reports"] + message["facts"] + message["signals"] + message["entries"] for message in messages), name
        assert all(message["state"] != "unreadable" for message in messages), name


@pytest.mark.parametrize("name", FORMATS)
def test_cut_at_any_byte(every: Book, name: str) -> None:
    smallest = min(SAMPLES[name], key=len)
    cuts = random.Random(7).sample(range(len(smallest)), min(len(smallest), 60))
    messages = took(every, name, *(smallest[:cut] for cut in sorted(cuts)))
    assert messages


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_no_message_of_the_format(every: Book, name: str) -> None:
    contents = [content for what, content in NOTHING.items() if what != "JSON" or name != "dcsa"]
    messages = took(every, name, *contents)
    assert {message["state"] for message in messages} == {"unreadable"}
    assert all(message["reason"] for message in messages)


@pytest.mark.parametrize("name", FORMATS)
def test_the_samples_of_all_other_formats(every: Book, name: str) -> None:
    took(every, name, *(SAMPLES[other][0] for other in FORMATS if other != name), *(SHEETS[other] for other in TABLES if other != name))
    if name not in TABLES:
        assert {message["reports"] + message["facts"] + message["signals"] + message["entries"] for message in every.rows(t.message)} == {0}


# ---------------------------------------------------------------- times


TIMES = ("197001010000", "209901010000", "999912312359", "000101010000", "20261102", "202611020860", "202611022400", "x", "")


@pytest.mark.parametrize("name", EDIFACT)
def test_odd_times_in_edifact(every: Book, name: str) -> None:
    opened = {"baplie": "LOC+147+0010082", "iftsta": "CNI+1+B1'STS+1+24"}.get(name)
    for at in TIMES:
        segments = [*(opened.split("'") if opened else ()), "EQD+CN+ZZDU4839211+45G1+++5", f"DTM+7:{at}:203", f"DTM+334:{at}:203"]
        lines = message(f"DTM+132:{at}:203", *segments, kind=name.upper(), bgm="BGM+34+D1+9")
        every.emptied()
        took(every, name, interchange(lines).encode())


@pytest.mark.parametrize(
    "at",
    ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-02T08:00:00+24:00",
     "2026-11-02T23:59:60Z", "2026-11-02T24:00:00Z", "2026-11-02", "2026-11-02T08:00", "2026-W45-1T08:00:00Z"],
)  # fmt: skip
def test_odd_times_in_events(every: Book, at: str) -> None:
    events = [flat(eventDateTime=at), flat("LOAD", eventCreatedDateTime=at, eventID="e-2"), nested(eventDateTime=at, eventID="e-3")]
    took(every, "dcsa", page(*events[:2]), page(events[2]))
    assert every.rows(t.stay) == [] or at.startswith("2026")


# ---------------------------------------------------------------- longer than anything


def long(length: int) -> str:
    """A text that no database packs: each letter takes three bytes."""
    return "".join(chr(code) for code in random.Random(length).choices(range(0x4E00, 0x9FA0), k=length))


OF_EVENTS = (
    "eventID", "equipmentReference", "transportCallID", "vesselName", "exportVoyageNumber", "licensePlate", "UNLocationCode",
    "documentReferenceValue", "sealNumber", "partyCode", "retractedEventID", "reason",
    "equipmentEventTypeCode", "eventType", "documentID", "eventDateTime", "ISOEquipmentCode",
)  # fmt: skip


@pytest.mark.parametrize("where", OF_EVENTS)
def test_a_very_long_value_in_an_event(every: Book, where: str) -> None:
    value = long(6_000)
    call = {name: value for name in ("transportCallID", "exportVoyageNumber", "licensePlate") if name == where}
    more: dict[str, Any] = {
        "vesselName": {"transportCall": {"modeOfTransport": "VESSEL", "vessel": {"vesselName": value}}},
        "UNLocationCode": {"eventLocation": {"UNLocationCode": value}},
        "documentReferenceValue": {"documentReferences": [{"documentReferenceType": "TRD", "documentReferenceValue": value}]},
        "sealNumber": {"seals": [{"sealNumber": value}]},
    }.get(where, {"transportCall": call} if call else {where: value})
    event = nested(eventRouting={"originatingParty": {"partyCode": value}}) if where == "partyCode" else flat(**more)
    took(every, "dcsa", page(event, (nested if where == "partyCode" else flat)(eventID="e-2")))
    assert len(every.rows(t.report)) + len(every.rows(t.reject)) + len(every.rows(t.document_act)) >= 2


def test_many_seals_in_an_event(every: Book) -> None:
    took(every, "dcsa", page(flat(seals=[{"sealNumber": long(40 + n)} for n in range(60)])))
    assert every.rows(t.report) or every.rows(t.reject)


@pytest.mark.parametrize("name", EDIFACT)
@pytest.mark.parametrize(
    "segment", ["RFF+BM:{}", "SEL+{}+CA", "TDT+20+{0}+1++{0}:172:20+++{0}::11:{0}", "NAD+CF+{}", "LOC+11+{0}+{0}", "FTX+AAI+++{}"]
)
def test_very_long_values_in_edifact(every: Book, name: str, segment: str) -> None:
    opened = {"baplie": "LOC+147+0010082", "iftsta": "CNI+1+B1'STS+1+24"}.get(name)
    many = [segment.format(long(900 + n)) for n in range(20)]
    box = [*(opened.split("'") if opened else ()), "EQD+CN+ZZDU4839211+45G1+++5", "DTM+7:202611020800:203", *many]
    lines = message(*many, *box, kind=name.upper(), bgm=f"BGM+34+{long(400)}+9")
    took(every, name, interchange(lines, unb=f"UNB+UNOY:4+{long(600)}+{long(600)}+260301:0910+{long(600)}").encode())


@pytest.mark.parametrize("name", TABLES)
def test_very_long_cells(every: Book, name: str) -> None:
    row = ["ZZDU4839211", "2026-11-02 08:00", "hold", "2026-11-02 08:00", "2026-11-02 06:00"]
    wide = ["equipment", "gate_in", "event", "effective_at", "as_of"]
    for more in ("bill", "seals", "vehicle", "vessel", "voyage", "declaration", "booking"):
        wide, row = [*wide, more], [*row, long(900)]
    took(every, name, workbook([wide, row]), "\r\n".join((",".join(wide), ",".join(row))).encode())


# ---------------------------------------------------------------- workbooks


@pytest.mark.parametrize(
    "content",
    [
        headed(line('<c r="A2" t="s"><v>99</v></c>', text("2026-11-02 08:00", "B2"), n=2)),
        headed(line('<c r="A2" t="s"><v>-1</v></c>', n=2), line('<c t="zz"><v>1</v></c>')),
        headed(line(*(text("x") for _ in range(16_390)))),
        headed("<row><c><v>1e400</v></c></row>", '<row r="0"><c r="1A"><v>x</v></c></row>', '<row r="99999999999"/>'),
        headed(line('<c r="A2" t="e"><v>#REF!</v></c>', '<c r="B2" t="b"><v>7</v></c>', n=2)),
        headed(line('<c r="A2"><f>A1</f></c>', n=2)),
        "<c><v>1</v></c>",
        "",
    ],
)
def test_workbooks_as_nobody_should_write_them(every: Book, content: str) -> None:
    for name in TABLES:
        took(every, name, package(content), package(content, workbook='<workbookPr date1904="1"/>', strings="<si/>"))


@pytest.mark.parametrize("name", TABLES)
def test_a_workbook_without_one_of_its_parts(every: Book, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(SHEETS[name])) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    contents = []
    for gone in parts:
        for put in (None, b"", b"<x/>", parts[gone][: len(parts[gone]) // 2]):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as made:
                for each, content in parts.items():
                    if each != gone or put is not None:
                        made.writestr(each, content if each != gone or put is None else put)
            contents.append(out.getvalue())
    took(every, name, *contents)


# ---------------------------------------------------------------- anything

ODD = ["", "0", "-1", "9" * 200, "1e308", "NaN", "²", "٣", "?", "202613450000", "20261102+15:00", "KGM:-5", "718", "+" * 9, ":" * 9, "\n"]
VALUES = [None, True, 0, -1, 1.5, "", [], {}, [None], {"": 1}, "x" * 500, "a\nb", "\0", "\ud800", "2026-11-02T08:00:00+24:00", "BKG", "箱"]


def segments_changed(content: bytes, draw: Callable[[Any], Any]) -> bytes:
    """Segments dropped, doubled, moved, or with odd values in them."""
    segments = content.split(b"'")
    for _ in range(draw(st.integers(1, 4))):
        here, there = draw(st.integers(0, len(segments) - 1)), draw(st.integers(0, len(segments) - 1))
        match draw(st.integers(0, 3)):
            case 0 if len(segments) > 1:
                del segments[here]
            case 1:
                segments[here:here] = [segments[there]] * draw(st.integers(1, 5))
            case 2:
                segments[here], segments[there] = segments[there], segments[here]
            case _:
                elements = segments[here].split(b"+")
                elements[draw(st.integers(0, len(elements) - 1))] = draw(st.sampled_from(ODD)).encode()
                segments[here] = b"+".join(elements)
    return b"'".join(segments)


def values_changed(content: bytes, draw: Callable[[Any], Any]) -> bytes:
    """A value of another kind than it should be, anywhere."""
    lines = content.splitlines() if content.startswith(b'{"metadata"') else [content]
    told_ = [json.loads(each) for each in lines if each.strip()]
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(_holders(told_)))
        holder[key] = draw(st.sampled_from(VALUES))
    return b"\n".join(json.dumps(each).encode() for each in told_)


def _holders(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [found for key in keys for found in _holders(value[key])]


def bytes_changed(content: bytes, draw: Callable[[Any], Any]) -> bytes:
    """Some bytes are others."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(st.binary(max_size=6)) + content[at + draw(st.integers(0, 8)) :]
    return content


@given(data=st.data())
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_samples_of_every_format_with_anything_in_them(every: Book, data: st.DataObject) -> None:
    every.emptied()
    for name in data.draw(st.lists(st.sampled_from(FORMATS), min_size=1, max_size=4)):
        content = data.draw(st.sampled_from([*SAMPLES[name], *([SHEETS[name]] if name in TABLES else [])]))
        way = segments_changed if name in EDIFACT else values_changed if name in JSON else bytes_changed
        way = data.draw(st.sampled_from([way, bytes_changed]))
        every.take(*told(f"any-{name}", [way(content, data.draw)]))
    accounted(every)
    assert "reader_failed" not in reasons(every)
