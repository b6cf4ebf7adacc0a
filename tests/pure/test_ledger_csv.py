"""ledger_csv: lines of a goods ledger, by mapping; figures exactly, or not at all."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import LedgerRecord, Leftover, Unreadable, _table, ledger_csv
from data.feeds._columns import Native
from data.feeds._figures import EXACT, figures_of, kept, plain
from layouts._text.reasons import why
from tests.pure import csv_samples, xlsx_made
from tests.pure.csv_samples import PORT, got, of, reasons, records, samples
from zones.entry import ACTS, SIDES

HEADER = "act,occurred_at,lot,quantity,uom"
SAMPLES = (*samples("ledger_csv"), *csv_samples._samples("ledger_csv", "*.xlsx"))


def lines(*rows: str, header: str = HEADER, **options: Any) -> list[Any]:
    return got("ledger_csv", "\n".join([header, *rows, ""]).encode(), options)


def only(*rows: str, header: str = HEADER, **options: Any) -> LedgerRecord:
    (found,) = lines(*rows, header=header, **options)
    assert isinstance(found, LedgerRecord), found
    return found


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in SAMPLES])
def test_sample(path: Any, told: Any) -> None:
    assert records("ledger_csv", path, told) == told["records"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("side", SIDES)
def test_every_act_and_side_is_told_by_its_own_name(act: str, side: str) -> None:
    found = only(f"{act},2026-03-01,L1,1,KGM,{side}", header=f"{HEADER},side")
    assert (found.act, found.side, found.given, found.why) == (act, side, "live", "")


# ---------------------------------------------------------------- figures

PLAIN: dict[str, Any] = {}
POINT: dict[str, Any] = {"decimal": "."}
GROUPED = {"decimal": ",", "thousands": "."}


@pytest.mark.parametrize(
    ("text", "options", "exact"),
    [
        ("1", PLAIN, "1"), ("-1.5", PLAIN, "-1.5"), ("+2", PLAIN, "2"), ("\u22123", PLAIN, "-3"), (".5", PLAIN, "0.5"),
        ("0.125", PLAIN, "0.125"),
        ("1234.567", PLAIN, "1234.567"), ("1.2345", PLAIN, "1.2345"), ("1.234", PLAIN, None), ("-1.234", PLAIN, None),
        ("1,234", PLAIN, None),
        ("1,5", PLAIN, None), ("1.234", POINT, "1.234"), ("1,234", POINT, None), ("1,234", {"decimal": ","}, "1.234"),
        ("1.234", {"decimal": ","}, None), ("1.234,5", GROUPED, "1234.5"), ("1.234", GROUPED, "1234"), ("1234,5", GROUPED, "1234.5"),
        ("1.23", GROUPED, None), ("1.2345", GROUPED, None), ("12.34.567", GROUPED, None), ("1,234,567.5", {"thousands": ","}, "1234567.5"),
        ("1 234,5", {"decimal": ",", "thousands": " "}, "1234.5"), ("1\u00a0234", {"thousands": " "}, "1234"),
        ("1'234.5", {"thousands": "'"}, "1234.5"),
        ("1\u2019234", {"thousands": "'"}, "1234"), ("1 234", PLAIN, None), ("1e3", PLAIN, None), ("", PLAIN, None), (".", PLAIN, None),
        ("-", PLAIN, None), ("(5)", PLAIN, None), ("5 kg", PLAIN, None), ("\u0663", PLAIN, None), ("nan", PLAIN, None), ("5%", PLAIN, None),
        (Native("1.234"), GROUPED, "1.234"), (Native("1.234"), PLAIN, "1.234"), (Native("5%"), PLAIN, None),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_declared_or_not_at_all(text: str, options: dict[str, Any], exact: str | None) -> None:
    found = figures_of(options).read(text)
    assert (None if found is None else Decimal(plain(found))) == (None if exact is None else Decimal(exact))


FIGURE = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)


@given(st.decimals(min_value=-(10**11), max_value=10**11, allow_nan=False, allow_infinity=False, places=9), st.integers(0, 9))
def test_what_is_kept_is_the_nearest_and_of_two_the_even_one(figure: Decimal, places: int) -> None:
    exact = int(figure.scaleb(EXACT))
    found = kept(exact, places)
    if found is not None:
        assert found[0] == int(figure.quantize(Decimal(1).scaleb(-places)).scaleb(places))
        assert found[1] == (figure != figure.quantize(Decimal(1).scaleb(-places)))
    assert Decimal(plain(exact)) == figure


def grouped(figure: Decimal) -> str:
    """As written where the comma is the decimal mark and a point stands between thousands."""
    return f"{figure:,f}".translate(str.maketrans(",.", ".,"))


@given(st.lists(FIGURE, max_size=20), st.sampled_from(["point", "groups"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_sum_of_what_is_read_is_the_sum_of_what_was_written(figures: list[Decimal], how: str) -> None:
    text = io.StringIO()
    rows = [["admission", "2026-03-01", "L1", grouped(f) if how == "groups" else f"{f:f}", "KGM", f"{f:f}"] for f in figures]
    total = ["TOTAL", "", "", grouped(sum(figures, Decimal(0))) if how == "groups" else f"{sum(figures, Decimal(0)):f}", "", ""]
    csv.writer(text).writerows([[*HEADER.split(","), "remark"], *rows, total])
    options = GROUPED if how == "groups" else POINT
    items = got("ledger_csv", text.getvalue().encode(), {**options, "total": {"column": "act", "value": "TOTAL"}})
    assert not of(items, Unreadable)
    found = of(items, LedgerRecord)
    assert sum(record.quantity for record in found) == sum(figures, Decimal(0)) * 10**6
    assert all(Decimal(record.quantity) == Decimal(record.remark) * 10**6 for record in found)


@given(st.lists(st.tuples(st.sampled_from(["KGM", "LTR"]), st.integers(-(10**6), 10**6)), min_size=1, max_size=8), st.integers(-3, 3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_total_is_said_to_differ_exactly_where_it_does(told: list[tuple[str, int]], off: int) -> None:
    rows = [f"admission,2026-03-01,L1,{n},{unit}" for unit, n in told]
    unit = told[0][0]
    said = sum(n for each, n in told if each == unit) + off
    items = lines(*rows, f"TOTAL,,,{said},{unit}", total={"column": "act", "value": "TOTAL"})
    assert [(item.reason, item.scope) for item in of(items, Unreadable)] == ([("totals_differ", "envelope")] if off else [])
    assert len(of(items, LedgerRecord)) == len(told)


def test_totals_are_of_the_rows_since_the_last_one() -> None:
    rows = ["admission,2026-03-01,L1,1,KGM", "SUM,,,1,KGM", "admission,2026-03-01,L1,2,KGM", "sum,,,3,KGM", "SUM,,,0,"]
    items = lines(*rows, total={"column": "act", "value": ["Sum"]})
    assert [(i.position, i.reason, i.detail) for i in of(items, Unreadable)] == [("line 5", "totals_differ", "says 3 KGM, has 2 KGM")]


def test_a_column_that_only_says_what_is_a_total_is_not_left_over() -> None:
    items = lines(
        "admission,2026-03-01,L1,1,KGM,", "admission,2026-03-01,L1,1,KGM,T", header=f"{HEADER},K", total={"column": "K", "value": "T"}
    )
    assert not of(items, Leftover)
    assert len(of(items, LedgerRecord)) == 1


def test_a_total_in_a_column_that_is_not_there_leaves_the_file_unread() -> None:
    (item,) = lines("admission,2026-03-01,L1,1,KGM", total={"column": "Typ", "value": "T"})
    assert (item.reason, item.scope, item.detail) == ("missing_column", "file", "'Typ'")


def test_doubles_of_a_workbook_are_taken_as_their_shortest_decimal() -> None:
    def row(act: str, quantity: str) -> str:
        named = [xlsx_made.text(act), xlsx_made.text("2026-03-01"), xlsx_made.text("L1")]
        return xlsx_made.line(*named, f"<c><v>{quantity}</v></c>", xlsx_made.text("KGM"))

    head = xlsx_made.line(*(xlsx_made.text(name) for name in HEADER.split(",")))
    raw = xlsx_made.package(head + row("admission", "0.1") + row("admission", "0.30000000000000004") + row("TOTAL", "0.4000000000000001"))
    items = got("ledger_csv", raw, {**GROUPED, "total": {"column": "act", "value": "TOTAL"}})
    assert [record.quantity for record in of(items, LedgerRecord)] == [100_000, 300_000]
    assert of(items, LedgerRecord)[1].why == "quantity '0.30000000000000004' has more than 6 decimal places: rounded"
    assert not of(items, Unreadable)


# ---------------------------------------------------------------- what a line says


def test_weights_are_milligrams_and_values_ten_thousandths() -> None:
    found = only("admission,2026-03-01,L1,2.5,TNE,2510.000001,2500,19.9999,usd", header=f"{HEADER},gross_kg,net_kg,value,currency")
    assert (found.quantity, found.gross_mg, found.net_mg, found.value) == (2_500_000, 2_510_000_001, 2_500_000_000, 199_999)
    assert found.currency == "USD"


@pytest.mark.parametrize(
    ("told", "code", "said"), [("kgs", "KGM", "uom 'kgs' taken as KGM"), ("kgm", "KGM", ""), ("thùng", "thùng", ""), ("", "", "")]
)
def test_a_unit_becomes_its_code_and_the_word_is_kept(told: str, code: str, said: str) -> None:
    found = only(f"admission,2026-03-01,L1,1,{told}")
    assert (found.uom, found.why) == (code, said)


def test_the_map_of_units_comes_first() -> None:
    columns = {name: name for name in HEADER.split(",")} | {"uom": {"column": "uom", "map": {"thùng": "XCT"}}}
    assert only("admission,2026-03-01,L1,1,thùng", columns=columns).uom == "XCT"
    assert [only(f"admission,2026-03-01,L1,1,{unit}", columns=columns).why for unit in ("KGM", "hòm")] == [
        "",
        "uom 'hòm' is not in the mapping",
    ]


@pytest.mark.parametrize(("column", "word"), [("act", "bought"), ("act", ""), ("side", "out"), ("book", "ours"), ("function", "undo")])
def test_what_decides_a_line_and_is_not_known_leaves_it_unclassified(column: str, word: str) -> None:
    told = {"act": "admission", "occurred_at": "2026-03-01", "lot": "L1", "quantity": "1", "uom": "KGM", column: word}
    found = only(",".join(told.values()), header=",".join(told))
    assert found.given == "unclassified"
    assert (found.side, found.book, found.function) == ("", "operator", "original")
    assert why(found.why, "vi") != why(found.why, "en")


def test_a_side_may_be_told_by_the_word_of_the_act() -> None:
    act = {"column": "act", "map": {"IN": "manufacture", "ADM": "admission"}}
    columns = {name: name for name in HEADER.split(",")} | {"act": act, "side": {"column": "act", "map": {"IN": "input", "ADM": ""}}}
    found = lines("IN,2026-03-01,L1,1,KGM", "ADM,2026-03-01,L1,1,KGM", columns=columns)
    assert [(one.act, one.side, one.given) for one in found] == [("manufacture", "input", "live"), ("admission", "", "live")]


def test_a_bad_box_is_said_and_costs_nothing() -> None:
    found = only("admission,2026-03-01,L1,1,KGM,loose cargo", header=f"{HEADER},equipment")
    assert (found.equipment, found.given, found.why) == ("", "live", "bad_box: LOOSECARGO")
    assert only("admission,2026-03-01,L1,1,KGM,zzdu 483921-1", header=f"{HEADER},equipment").equipment == "ZZDU4839211"


def test_options_say_what_the_lines_do_not() -> None:
    header, options = f"{HEADER},operator,owner,book", {"operator": "OP", "owner": "OWN", "book": "customs"}
    found = lines("admission,2026-03-01,L1,1,KGM,,,", "admission,2026-03-01,L1,1,KGM,X,Y,operator", header=header, **options)
    assert [(one.operator, one.owner, one.book) for one in found] == [("OP", "OWN", "customs"), ("X", "Y", "operator")]


def test_a_line_that_is_dated_by_the_day_begins_with_the_local_day() -> None:
    found = only("admission,2026-03-01,L1,1,KGM")
    assert (found.precision, found.occurred_at.isoformat()) == ("day", "2026-02-28T17:00:00+00:00")


def test_tariff_codes_lose_their_separators_and_nothing_else() -> None:
    told = [only(f"admission,2026-03-01,L1,1,KGM,{hs}", header=f"{HEADER},hs").hs for hs in ("0101.21.00", "8534 00-90", "85x", "")]
    assert told == ["01012100", "85340090", "85x", ""]


@pytest.mark.parametrize(
    ("header", "missing"), [("occurred_at,lot", "act"), ("act,lot", "occurred_at"), ("act,occurred_at,quantity", "lot")]
)
def test_what_a_ledger_cannot_do_without(header: str, missing: str) -> None:
    (item,) = lines("1,2,3"[: 2 * len(header.split(",")) - 1], header=header)
    assert (item.reason, item.detail.partition(" ")[0]) == ("no_column", missing)


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"book": "ours"}, "book 'ours' is none of operator, customs"),
        ({"decimal": ",", "thousands": ","}, "thousands and decimal are both ','"),
        ({"thousands": "x"}, "thousands 'x' is none of"), ({"total": "TOTAL"}, "total needs a column"),
        ({"operator": 5}, "operator 5 is not a text"),
        ({"total": {"column": "act", "value": []}}, "total: the value is no word"),
        ({"totals": {}}, "no option is called 'totals' (nearest: 'total')"),
        ({"owner": None, "total": {"column": "act", "value": "T"}, "thousands": " "}, ""),
    ],
)  # fmt: skip
def test_options_that_cannot_be_used_are_said_before_any_file_comes(options: dict[str, Any], wrong: str) -> None:
    said = _table.complaint(options, PORT.zone, ledger_csv.SHAPE)
    assert said.startswith(wrong) if wrong else said == ""
    if wrong and "nearest" not in wrong:
        assert reasons(lines("admission,2026-03-01,L1,1,KGM", **options)) == [("options", "bad_options")]


VALUES = st.one_of(st.none(), st.sampled_from(["act", "TOTAL", ""]), st.lists(st.text(max_size=2), max_size=2))
OPTION = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.integers(),
    st.sampled_from([",", ".", " ", "customs"]),
    st.dictionaries(st.sampled_from(["column", "value"]), VALUES),
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys((*ledger_csv.SHAPE.options, "decimal"), OPTION)),
    st.text("0123456789.,- '", max_size=12),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_options_and_the_figure_the_row_is_answered(options: dict[str, Any], figure: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER.split(","), ["admission", "2026-03-01", "L1", figure, "KGM"]])
    items = got("ledger_csv", text.getvalue().encode(), options)
    csv_samples.sound(items)
    assert len(items) == 1
