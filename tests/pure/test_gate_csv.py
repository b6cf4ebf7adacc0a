"""gate_csv: reports and visits of any terminal, by mapping."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.feeds import BoxRecord, Leftover, Unreadable
from data.feeds._columns import grams_of
from data.feeds._table import complaint
from data.feeds.gate_csv import SHAPE
from tests.pure.csv_samples import NEW_YORK, PORT, got, of, reasons, records, samples
from zones.report import Cargo

ONE = "equipment,event,occurred_at{more}\nZZDU4839211,gate_in,{at}{rest}\n"


def one(at: str = "2026-03-01 08:15", more: str = "", rest: str = "", place: Any = PORT, **options: object) -> Any:
    """What comes of one row with this time."""
    return got("gate_csv", ONE.format(at=at, more=more, rest=rest).encode(), options, place)[0]


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("gate_csv")])
def test_sample(path: Any, told: Any) -> None:
    assert records("gate_csv", path, told) == told["records"]


def test_a_visit_sent_again_adds_the_exit_and_keeps_the_entry() -> None:
    first, again = (
        [i for i in s[1]["records"] if i.get("equipment") == "ZZDU4839211"]
        for s in samples("gate_csv")
        if s[0].stem.startswith("good_visits")
    )
    assert first == again[:1]
    assert [i["event"] for i in again] == ["gate_in", "gate_out"]
    assert [i["position"] for i in again] == ["line 2 gate_in", "line 2 gate_out"]


def test_half_a_visit_loads_where_the_other_half_cannot_be_read() -> None:
    items = got("gate_csv", b"equipment,gate_in,gate_out\nZZDU4839211,soon,2026-03-01 09:00\nZZDU4839227,,\n")
    assert reasons(items) == [("line 2 gate_in", "bad_time"), ("line 3", "bad_time")]
    assert [(i.position, i.event) for i in of(items, BoxRecord)] == [("line 2 gate_out", "gate_out")]


@pytest.mark.parametrize(
    ("text", "utc", "precision", "zone_from"),
    [
        ("2026-03-01 08:15", "2026-03-01T01:15", "minute", "place"),
        ("2026-03-01T08:15:30.5", "2026-03-01T01:15:30.500", "second", "place"),
        ("20260301T0815", "2026-03-01T01:15", "minute", "place"),
        ("2026-03-01", "2026-02-28T17:00", "day", "place"),
        ("2026-03-01T08:15Z", "2026-03-01T08:15", "minute", "message"),
        ("2026-03-01 08:15 -0330", "2026-03-01T11:45", "minute", "message"),
    ],
)
def test_iso_times(text: str, utc: str, precision: str, zone_from: str) -> None:
    record = one(text)
    assert (record.occurred_at, record.precision, record.zone_from) == (
        datetime.fromisoformat(utc).replace(tzinfo=UTC),
        precision,
        zone_from,
    )
    assert record.occurred_text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01T08",
        "2026-03-01T",
        "2026-13-01",
        "2026-02-30 10:00",
        "2026-03-01 24:01",
        "2026-W09-7",
        "202603010815",
        "01/03/2026",
        "45000",
        "2026-03-01 08:15 ICT",
        "2026-03-01 08:15+99:99",
        "0001-01-01 00:00",
        "２０２６-03-01",
        "2026-03-01 08:15x",
    ],
)
def test_what_is_no_iso_time(text: str) -> None:
    record = one(text)
    assert isinstance(record, Unreadable)
    assert (record.reason, record.scope, record.position) == ("bad_time", "record", "line 2")
    assert text in record.detail


@pytest.mark.parametrize(
    ("form", "text", "utc", "precision"),
    [
        ("%d.%m.%Y %H:%M", "1.3.2026 8:05", "2026-03-01T01:05", "minute"),
        ("%d%m%Y%H%M", "010320260805", "2026-03-01T01:05", "minute"),
        ("%m/%d/%y %H:%M:%S", "03/01/26 08:05:59", "2026-03-01T01:05:59", "second"),
        ("%d %b %Y %I:%M %p", "01 Mar 2026 08:05 PM", "2026-03-01T13:05", "minute"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-03-01T08:05:00.25+02:00", "2026-03-01T06:05:00.250", "second"),
        ("%d/%m/%Y", "01/03/2026", "2026-02-28T17:00", "day"),
        ("%Y%j %H%M", "2026060 0805", "2026-03-01T01:05", "minute"),
    ],
)
def test_declared_times(form: str, text: str, utc: str, precision: str) -> None:
    record = one(text, time_format=form)
    assert (record.occurred_at, record.precision) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y %H:%M", "2026-03-01 08:05"),
        ("%d.%m.%Y %H:%M", "01.03.2026 08:05:00"),
        ("%d.%m.%Y %H:%M", "31.02.2026 08:05"),
        ("%d%m%Y", "132026"),
        ("%d.%m.%Y", "01.03.26"),
        ("%d.%m.%Y %H:%M", "01.03.2026\n08:05"),
    ],
)
def test_a_declared_form_is_strict(form: str, text: str) -> None:
    raw = f'equipment,event,occurred_at\nZZDU4839211,gate_in,"{text}"\n'.encode()
    assert reasons(got("gate_csv", raw, {"time_format": form})) == [("line 2", "bad_time")]


@pytest.mark.parametrize(
    ("text", "utc"),
    [("2026-11-01 01:30", "2026-11-01T05:30"), ("2026-03-08 02:30", "2026-03-08T07:30")],
    ids=["twice: the earlier", "never: the offset before the jump"],
)
def test_wall_times_at_the_change_of_clocks(text: str, utc: str) -> None:
    assert one(text, place=NEW_YORK).occurred_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert one(text, timezone="America/New_York").zone_from == "options"


@pytest.mark.parametrize(
    ("text", "decimal", "grams"),
    [
        ("24500", None, 24_500_000),
        ("24500.1234", None, 24_500_123),
        ("24500.0005", None, 24_500_001),
        ("24.500,5", ",", 24_500_500),
        ("24 500", ".", 24_500_000),
        ("24,500", ".", 24_500_000),
        ("24,500", None, None),
        ("-5", None, None),
        ("1e9", None, None),
        ("٣", None, None),
        ("9999999999", None, None),
        ("NaN", None, None),
        ("24500 kg", None, None),
        ("24,5", ".", None),
    ],
)
def test_weights(text: str, decimal: str | None, grams: int | None) -> None:
    assert grams_of(decimal)(text) == grams


def test_a_weight_that_is_none_does_not_lose_the_movement() -> None:
    record = one(more=",gross_kg", rest=",heavy")
    assert (record.event, record.gross_g, record.why) == ("gate_in", None, "gross_kg 'heavy' is not a weight")


def test_words_are_ours_or_the_maps_in_any_case_else_unknown_and_said() -> None:
    raw = b"equipment,event,occurred_at,full_empty,mode\nZZDU4839211,Gate-Out,2026-03-01,FULL,f\nZZDU4839211,ab,2026-03-01,vide,Truck\n"
    columns = {name: name for name in ("equipment", "occurred_at", "mode")} | {
        "event": {"column": "event", "map": {"AB": "gate_in"}},
        "full_empty": {"column": "full_empty", "map": {"Vide": "empty"}},
    }
    first, second = of(got("gate_csv", raw, {"columns": columns}), BoxRecord)
    assert (first.event, first.full_empty, first.mode, first.why) == ("gate_out", "full", "unknown", "mode 'f' is not in the mapping")
    assert (second.event, second.full_empty, second.mode, second.why) == ("gate_in", "empty", "truck", "")


def test_values_of_the_declaration_need_not_be_text() -> None:
    columns = {
        "equipment": "Box",
        "event": {"value": "gate_in"},
        "occurred_at": {"value": date(2026, 3, 1)},
        "lane": {"value": 3},
        "gate": 7,
    }
    (record,) = of(got("gate_csv", b"Box;7\nZZDU4839211;G7\n", {"columns": columns}), BoxRecord)
    assert (record.occurred_at, record.lane, record.gate) == (datetime(2026, 2, 28, 17, tzinfo=UTC), "3", "G7")


def test_seals_and_numbers() -> None:
    record = one(more=",seals,bill,size_type", rest=',"A1 B2/C3;D4,A1|E5",zz 1 2 3, 22 g1')
    assert record.seals == ("A1", "B2", "C3", "D4", "E5")
    assert (record.bill, record.size_type) == ("ZZ123", "22G1")


@pytest.mark.parametrize(
    ("cells", "sealed"),
    [
        ("A1 C2,carrier customs,mechanical electronic", "carrier/mechanical customs/electronic"),
        ("A1 C2,customs,", "customs customs"),
        ("A1 C2,,electronic", "/electronic /electronic"),
        ("A1 C2 D3,carrier customs,", "carrier customs -"),
        (",customs,", "customs"),
        ("A1,,", ""),
        ("A1,nobody,", ""),
    ],
)
def test_who_sealed_it_and_how(cells: str, sealed: str) -> None:
    assert one(more=",seals,sealed_by,seal_kind", rest=f",{cells}").sealed == sealed


@pytest.mark.parametrize(
    ("cell", "dangerous"),
    [
        ("3/1263", ("3/1263",)), ("3 UN1263", ("3/1263",)), ("3 UN 1263; 8", ("3/1263", "8/")),
        ("UN1263", ("/1263",)), ("1263", ("/1263",)),
        ("1.4S/0012 2.1", ("1.4S/0012", "2.1/")), ("3/1263 3/1263", ("3/1263",)),
    ],
)  # fmt: skip
def test_dangerous_goods(cell: str, dangerous: tuple[str, ...]) -> None:
    assert one(more=",dangerous", rest=f",{cell}").cargo == Cargo(dangerous=dangerous)


@pytest.mark.parametrize(
    ("cell", "why"), [("", ""), ("no", ""), ("paint, flammable", "dangerous 'paint, flammable' is no class and no UN number")]
)
def test_a_word_is_no_class(cell: str, why: str) -> None:
    record = one(more=",dangerous", rest=f',"{cell}"')
    assert (record.cargo, record.why) == (None, why)


def test_a_phrase_for_who_sealed_it() -> None:
    columns = {"equipment": "Box", "gate_in": "In", "seals": "Seal", "sealed_by": {"column": "By", "map": {"Hai quan": "customs"}}}
    (record,) = of(got("gate_csv", b"Box;In;Seal;By\nZZDU4839211;2026-03-01 08:00;C1;HAI QUAN\n", {"columns": columns}), BoxRecord)
    assert record.sealed == "customs"


def test_columns_that_nothing_takes_are_listed_even_when_empty() -> None:
    raw = b"equipment,gate_in,Shift,,Shift,Empty,Value\nZZDU4839211,2026-03-01,A,x,B,,\nZZDU4839211,2026-03-01,,,C,,\n"
    assert [(i.name, i.count, i.example) for i in of(got("gate_csv", raw), Leftover)] == [
        ("Shift (column 3)", 1, "A"),
        ("(column 4)", 1, "x"),
        ("Shift (column 5)", 2, "B"),
        ("Empty", 0, ""),
        ("Value", 0, ""),
    ]


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"columns": {"container": "A"}}, "no field is called 'container'"),
        ({"columns": {"equipment": {"colum": "A"}}}, "colum"),
        ({"columns": {"equipment": {"column": "A", "value": "B"}}}, "one of column, columns, value"),
        ({"columns": {"equipment": None}}, "equipment"),
        ({"columns": {"equipment": {"columns": []}}}, "names no column"),
        ({"columns": ["equipment"]}, "columns is not a mapping"),
        ({"columns": {"event": {"column": "A", "map": {"IN": "gatein"}}}}, "nearest: 'gate_in'"),
        ({"columns": {"event": {"column": "A", "map": "IN"}}}, "not a mapping"),
        ({"timezone": "Asia/Hanoi"}, "Asia/Hanoi"),
        ({"timezone": "../x"}, "time zone"),
        ({"time_format": "%H:%M"}, "year, month and day"),
        ({"time_format": "%d.%m.%Y %Q"}, "%Q"),
        ({"time_format": "%d.%m.%Y %Z"}, "%Z"),
        ({"encoding": "utf-9"}, "utf-9"),
        ({"encoding": "base64"}, "base64"),
        ({"encoding": "idna"}, "idna"),
        ({"delimiter": "::"}, "::"),
        ({"delimiter": '"'}, "delimiter"),
        ({"decimal": "'"}, "decimal"),
    ],
)
def test_options_that_cannot_be_used_are_named(options: dict[str, object], part: str) -> None:
    (item,) = got("gate_csv", b"equipment,gate_in\nZZDU4839211,2026-03-01\n", options)
    assert (item.reason, item.scope, item.position) == ("bad_options", "file", "options")
    assert part in item.detail
    assert complaint(options, PORT.zone, SHAPE) == item.detail


def test_options_are_judged_before_any_file_comes() -> None:
    assert complaint({}, PORT.zone, SHAPE) == ""
    assert complaint({"columns": {"equipment": "A", "gate_in": "B"}, "delimiter": "tab", "_name": "x"}, PORT.zone, SHAPE) == ""
    assert complaint({"columns": {"equipment": "A"}}, PORT.zone, SHAPE) == "columns: event is not mapped"
    assert complaint({"time_fromat": "%d"}, PORT.zone, SHAPE) == "no option is called 'time_fromat' (nearest: 'time_format')"


@pytest.mark.parametrize(
    ("header", "lacks"),
    [
        ("event,occurred_at", "equipment"),
        ("equipment,occurred_at", "event"),
        ("equipment,event", "occurred_at"),
        ("equipment", "event"),
        ("Equipment,Gate_In", "equipment (nearest: 'Equipment')"),
    ],
)
def test_a_file_that_lacks_what_a_report_needs(header: str, lacks: str) -> None:
    (item,) = got("gate_csv", f"{header}\n1,2\n".encode())
    assert (item.reason, item.detail, item.scope) == ("no_column", lacks, "file")
