"""Whatever may come in a CSV: never an exception, never a row unaccounted for, and every reason has its sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from inspect import getsource
from string import Formatter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import (
    BoxRecord,
    Leftover,
    ListRecord,
    _columns,
    _csv,
    _lines,
    _table,
    _xlsx,
    _xlsx_book,
    customs_csv,
    device_csv,
    gate_csv,
    ledger_csv,
    yard_csv,
)
from tests.pure.csv_samples import FORMATS, REASONS, got, of, reasons, samples, sound, statements

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _cuts(format_: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for path, told in samples(format_):
        raw = path.read_bytes()
        for end in range(len(raw)):
            yield raw[:end], told


@pytest.mark.parametrize("format_", FORMATS)
def test_cut_at_every_byte(format_: str) -> None:
    for raw, told in _cuts(format_):
        items = got(format_, raw, told["options"])
        sound(items)
        kept = [i for i in told["records"] if i["type"] in ("BoxRecord", "FactRecord")]
        whole = len(re.findall(rb"\r\n|\n|\r", raw)) - 1
        if kept and whole > 0 and b"\n" in raw:  # every record whose line is whole is there
            due = {i["position"] for i in kept if int(re.findall(r"\d+", i["position"])[0]) + 2 <= whole}
            assert due <= {i.position for i in items if not isinstance(i, Leftover)}


@pytest.mark.parametrize("format_", FORMATS)
@given(raw=st.binary(max_size=300), options=st.sampled_from([{}, {"encoding": "gb18030"}, {"encoding": "utf-16"}, {"delimiter": ";"}]))
@FEW
def test_random_bytes(format_: str, raw: bytes, options: dict[str, object]) -> None:
    items = got(format_, raw, {"as_of": "2026-03-01 18:00", **options})
    sound(items)
    assert items or not raw.strip()


@pytest.mark.parametrize("format_", FORMATS)
@given(data=st.data())
@FEW
def test_mutated_samples(format_: str, data: st.DataObject) -> None:
    path, told = data.draw(st.sampled_from(list(samples(format_))))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(
            st.sampled_from([b"", b'"', b"\n", b",", b";", b"\0", b"\xff", b"\xc3", b"9", b"Z", b"\r"])
        )
    sound(got(format_, bytes(raw), told["options"]))


WORDS = st.sampled_from(["equipment", "gate_in", "remark", "event", "occurred_at", "A", "B", "", "hold", "as_of", "bill"])
ENTRY = st.one_of(
    WORDS,
    st.none(),
    st.integers(),
    st.dictionaries(
        st.sampled_from(["column", "columns", "map", "value", "x"]),
        st.one_of(WORDS, st.none(), st.lists(WORDS, max_size=3), st.dictionaries(WORDS, WORDS, max_size=3)),
        max_size=3,
    ),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "columns": st.one_of(st.none(), WORDS, st.dictionaries(WORDS, ENTRY, max_size=5)),
        "delimiter": st.one_of(st.none(), st.text(max_size=2)),
        "encoding": st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["latin-1", "gbk"])),
        "decimal": st.one_of(st.none(), st.text(max_size=1)),
        "timezone": st.one_of(st.none(), st.text(max_size=12), st.just("Asia/Tokyo")),
        "time_format": st.one_of(st.none(), st.text(alphabet="%YmdHMSfzypjI. :-Q\\([", max_size=20), st.just("%d.%m.%Y %H:%M")),
        "as_of": st.one_of(st.none(), st.text(max_size=20), st.just("2026-03-01")),
        "_name": st.text(max_size=20),
        "as_of_name": st.one_of(st.none(), st.text(alphabet="%YmdHM_([.", max_size=12)),
    },
)


@pytest.mark.parametrize("format_", FORMATS)
@given(options=OPTIONS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_options(format_: str, options: dict[str, object]) -> None:
    items = got(format_, b"equipment,gate_in,remark,A,B,event,hold\nZZDU4839211,2026-03-01,a,b,c,hold,2026-03-01\n", options)
    sound(items)
    assert statements(items)


CELL = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.sampled_from(["ZZDU4839211", "2026-03-01 08:15", "2026-03-01", "gate_in", "hold", "", '"', "\n", "IN", "24,5"]),
)
READERS = (gate_csv, customs_csv, yard_csv, device_csv, ledger_csv)
COLUMNS = {
    "gate_csv": ["equipment", "event", "occurred_at", "full_empty", "gross_kg", "remark"],
    "customs_csv": ["equipment", "bill", "event", "effective_at", "issued_at", "remark"],
    "device_csv": ["equipment", "device", "event", "occurred_at", "lat", "lon"],
    "ledger_csv": ["equipment", "act", "occurred_at", "lot", "quantity", "uom"],
    "yard_csv": ["equipment", "as_of", "entered_at", "holds", "terminal", "remark"],
}


@pytest.mark.parametrize("format_", FORMATS)
@given(
    rows=st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=8), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_in_are_records_and_unreadables(format_: str, rows: list[list[str]], encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS[format_], *rows])
    items = got(format_, text.getvalue().encode(encoding), {"encoding": encoding})
    sound(items)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled and format_ == "yard_csv":
        assert reasons(items) == [("line 1", "no_as_of")]
        return
    empty = sum(i.count for i in of(items, Leftover) if i.name == "(rows without a value)")
    assert empty == len(rows) - len(filled)
    assert len(statements(items)) == len(filled)
    if format_ == "yard_csv":
        assert sum(i.lines for i in of(items, ListRecord)) == len(of(items, BoxRecord))


def test_the_same_bytes_and_options_give_the_same_items() -> None:
    for format_ in FORMATS:
        for path, told in samples(format_):
            assert got(format_, path.read_bytes(), told["options"]) == got(format_, path.read_bytes(), told["options"])


def test_every_reason_is_a_sentence_with_no_other_value_than_its_detail() -> None:
    for reason, sentence in REASONS.items():
        assert re.fullmatch(r"[a-z0-9_]+", reason)
        assert sentence[0].isupper()
        assert sentence[-1] == "."
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= {"detail"}


def test_every_reason_given_has_its_sentence() -> None:
    text = "".join(getsource(module) for module in (_table, _csv, _xlsx, _xlsx_book, _lines, _columns, *READERS))
    for reason in REASONS:
        assert text.count(f'"{reason}"') > 1, f"nobody gives {reason}"
