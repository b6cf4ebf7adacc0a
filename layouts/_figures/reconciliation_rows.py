"""The reconciliation of books in tables: the lots that are apart, who answers, counts by day, differences one by one."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.count_runs import Difference, Run
from data.queries.reconciliation import Apart, Keeper, Reconciled
from layouts._figures import book_words as say
from layouts._figures.lot_parts import found_word, share_of
from layouts._figures.reconciliation import named
from layouts._figures.remarks import place_name
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import figure, figures, tag
from layouts._parts.table import Column, table
from layouts._text import forms
from zones.entry import Entry

OFFERED = 200


def head(found: Reconciled) -> Component:
    """How many lots are apart, what counts found, what share was counted within a year, and what is overdue."""
    lang = language()
    there, counted = sum(one.there for one in found.keepers), sum(one.counted for one in found.keepers)
    short, over = sum(run.short for run in found.runs), sum(run.over for run in found.runs)
    late = [one for one in found.keepers if overdue(one)]
    sure = [one for one in found.apart if one.pending is None]
    waiting = len(found.apart) - len(sure)
    looked = t("books.looked", n=found.looked) + (f"; {t('books.waiting', n=waiting)}" if waiting else "")
    tiles = [
        figure(
            len(sure) if found.own_book else None,
            t("books.lots_apart"),
            mark="today" if sure else "",
            note=looked if found.own_book else t("books.no_own_book_short"),
        ),
        figure(short, t("books.counted_short"), note=t("books.in_period")),
        figure(over, t("books.counted_over"), note=t("books.in_period")),
        figure(
            forms.percent(counted / there, lang) if there else None,
            t("books.coverage"),
            note=t("books.coverage_of", n=counted, of=there) if there else None,
        ),
        figure(len(late), t("books.overdue_report"), mark="today" if late else "", note=_whose(late)),
    ]
    return figures(*tiles)


def _whose(late: list[Keeper]) -> str | None:
    return ", ".join(say.operator_name(one.place, one.operator) for one in late[:3]) or None


def overdue(one: Keeper) -> bool:
    """Whether the reconciliation of an ended year was to be reported by now and is not."""
    return one.report_due is not None and one.report_due <= now()


def apart_columns() -> list[Column]:
    """Those of the lots that are apart."""
    return [
        Column("lot", t("books.lot"), "node"),
        Column("goods", t("books.goods"), wide=True),
        Column("since", t("books.apart_since"), "instant"),
        Column("age", t("books.for"), "minutes"),
        Column("first", t("books.first_line"), "node", wide=True),
        Column("difference", t("books.more_declared"), "node"),
        Column("operator", t("books.answers"), "node"),
    ]


def apart(found: Reconciled) -> list[dict[str, Any]]:
    """A lot a row, the one that parted last first."""
    return [_apart(one) for one in found.apart]


def _apart(one: Apart) -> dict[str, Any]:
    facts, parting = one.facts, one.parting
    told = say.what_it_is(facts)
    goods = (
        " · ".join(part for part in (told.description, say.hs(told.hs, told.hs_edition) if told.hs else "", told.owner) if part)
        if told
        else ""
    )
    words = first_line(parting.first, parting.other, parting.kind, parting.of)
    if one.pending is not None:
        zone = world().place(one.place).timezone
        words.append(t("books.pending", at=forms.instant(one.pending, zone, language(), now())))
    more = [say.amount(quantity.n, quantity.uom, signed=True) for quantity in parting.difference] or [t("books.not_in_quantity")]
    name = say.operator_name(one.place, one.operator)
    return {
        "lot": say.lot_link(one.place, one.operator, facts.pool),
        "lot_text": facts.pool,
        "goods": goods or forms.MISSING,
        "since": parting.at,
        "age": int((now() - parting.at).total_seconds() // 60),
        "first": say.stacked(words),
        "first_text": "; ".join(words),
        "difference": say.stacked(more),
        "difference_text": "; ".join(more),
        "operator": say.stacked([name, say.contact(one.place, one.operator)]),
        "operator_text": name,
        "class": "row-later" if one.pending is not None else "",
    }


def first_line(first: Entry, other: Entry | None, kind: str, of: str) -> list[str]:
    """The line at which the books part, in words; what the other book has instead."""
    zone = world().place(first.place).timezone

    def told(line: Entry) -> str:
        papers = say.documents(line)
        at = forms.instant(line.at, zone, language(), now())
        return " · ".join([say.act(line), say.effect(line), at, *papers])

    said = [t(f"books.parted_{kind}"), f"{say.book(of)}: {told(first)}"]
    if other is not None:
        said.append(f"{say.book(other.book)}: {told(other)}")
    return said


def keepers(found: Reconciled) -> Component:
    """Who answers: an operator a row, with what he owes beside each lot."""
    columns = [
        Column("operator", t("books.operator"), "node"),
        Column("apart", t("books.lots_apart"), "number"),
        Column("coverage", t("books.coverage"), "node"),
        Column("full", t("books.last_full"), "instant"),
        Column("cycle", t("books.last_cycle"), "instant"),
        Column("due", t("books.count_due"), "instant"),
        Column("reconciled", t("books.last_report"), "instant"),
        Column("year", t("books.year_ends"), "date"),
        Column("report", t("books.report_due"), "node"),
    ]
    rows = [_keeper(one) for one in found.keepers]
    told = table(
        columns, rows, caption=t("books.who_answers"), csv=f"reconciliation-operators-{found.place}", zone=found.zone, row_class=_class
    )
    duty = ", ".join(found.answers) or t("books.nobody_on_duty")
    lines = [t("books.answers_role", role=say.role("supervisor"), names=duty)]
    lines += [t("books.phones", phones="; ".join(found.phones))] if found.phones else []
    return html.Div([told, *(html.P(line, className="muted") for line in lines)])


def _keeper(one: Keeper) -> dict[str, Any]:
    name, contact = say.operator_name(one.place, one.operator), one.declared.contact if one.declared else ""
    share = forms.percent(one.counted / one.there, language()) if one.there else forms.MISSING
    late = overdue(one)
    zone = world().place(one.place).timezone
    due = forms.instant(one.report_due, zone, language(), now())
    counted_late = one.count_due is not None and one.count_due <= now()
    return {
        "operator": say.stacked([html.Strong(name), html.Span(one.operator, className="muted") if one.operator != name else "", contact]),
        "operator_text": f"{name}; {contact}" if contact else name,
        "apart": one.apart,
        "coverage": html.Span([share, html.Span(f" ({t('books.coverage_of', n=one.counted, of=one.there)})", className="muted")]),
        "coverage_text": share,
        "full": one.last_full,
        "cycle": one.last_cycle,
        "due": one.count_due,
        "reconciled": one.reconciled,
        "year": one.year,
        "report": html.Span([due, " ", tag(t("books.overdue"), "today")]) if late else due,
        "report_text": one.report_due.isoformat() if one.report_due else "",
        "class": "row-faulty" if late or counted_late else "",
    }


def run_columns() -> list[Column]:
    """Those of the counts by day."""
    return [
        Column("day", t("books.day"), "date"),
        Column("operator", t("books.operator")),
        Column("kind", t("books.what")),
        Column("counted", t("books.lots_counted"), "number"),
        Column("short", t("books.counted_short"), "number"),
        Column("over", t("books.counted_over"), "number"),
        Column("share", t("books.share_off"), "percent"),
        Column("value_short", t("books.value_short"), "node"),
        Column("value_over", t("books.value_over"), "node"),
        Column("net", t("books.net_off"), "node"),
        Column("above", t("books.above"), "number"),
    ]


def runs(found: Reconciled) -> list[dict[str, Any]]:
    """A day and operator a row, latest first."""
    return [_run(one) for one in found.runs[:OFFERED]]


def _run(one: Run) -> dict[str, Any]:
    kinds = [t(f"books.counted_{kind}") for kind in ("full", "cycle") if getattr(one, kind)]
    sides = {n: [say.money(pair[n], currency) for currency, pair in sorted(one.values.items()) if pair[n]] for n in (0, 1)}
    net = [say.weight(mg, signed=True) for mg in one.net_mg if mg]
    missing = one.short + one.over > one.valued
    partly = [t("books.partly", n=one.valued, of=one.short + one.over)] if missing else []
    told = {"value_short": sides[0], "value_over": sides[1], "net": [*net, *partly]}
    cells: dict[str, Any] = {}
    for name, parts in told.items():
        cells[name] = say.stacked(parts) if parts else forms.MISSING
        cells[f"{name}_text"] = "; ".join(parts)
    return {
        "day": one.day,
        "operator": say.operator_name(one.place, one.operator),
        "kind": ", ".join(kinds) or t("books.act_count"),
        "counted": one.counted,
        "short": one.short,
        "over": one.over,
        "share": one.share,
        "above": one.above,
        **cells,
        "class": "row-faulty" if one.above else "",
    }


def difference_columns() -> list[Column]:
    """Those of the differences one by one."""
    return [
        Column("at", t("books.at_time"), "instant"),
        Column("lot", t("books.lot"), "node"),
        Column("operator", t("books.operator")),
        Column("found", t("books.found")),
        Column("expected", t("books.expected")),
        Column("difference", t("books.difference")),
        Column("share", t("books.share")),
        Column("value", t("books.value")),
        Column("own", t("books.difference_own")),
        Column("limit", t("books.above_limit"), "node"),
    ]


def differences(found: Reconciled) -> list[dict[str, Any]]:
    """A count that found another quantity a row, latest first."""
    return [_difference(one) for one in found.differences]


def _difference(one: Difference) -> dict[str, Any]:
    told, uom = one.counted, one.counted.entry.uom
    over = dcc.Link(t("books.see_alert"), href=path(f"/alerts/{one.alert_id}")) if one.alert_id else forms.MISSING
    return {
        "at": told.entry.at,
        "lot": say.lot_link(one.place, one.operator, one.pool),
        "lot_text": one.pool,
        "operator": say.operator_name(one.place, one.operator),
        "found": say.amount(told.entry.quantity, uom),
        "expected": say.amount(told.expected, uom),
        "difference": found_word(told.difference, uom),
        "share": share_of(told.difference, told.expected),
        "value": say.money(told.value, told.currency, signed=True),
        "own": found_word(told.own_difference, uom),
        "limit": over,
        "limit_text": t("books.see_alert") if one.alert_id else "",
        "class": "row-faulty" if one.alert_id else "",
    }


def slots(found: Reconciled, kind: str) -> list[dict[str, Any]]:
    """The chart as a table."""
    return [
        {
            "slot": named(slot.bin, kind, language()),
            "apart": slot.apart if found.own_book else None,
            "counted": slot.counted,
            "short": slot.short,
            "over": slot.over,
        }
        for slot in found.slots
    ]


def slot_columns(kind: str) -> list[Column]:
    """Those of the chart's table."""
    return [
        Column("slot", t(f"books.bin_{kind}")),
        Column("apart", t("books.lots_apart"), "number"),
        Column("counted", t("books.lots_counted"), "number"),
        Column("short", t("books.counted_short"), "number"),
        Column("over", t("books.counted_over"), "number"),
    ]


def looked(found: Reconciled) -> str:
    """How many lots differ in quantity and how many were looked at one by one."""
    said = t("books.looked_of", place=place_name(found.place), looked=found.looked, n=found.differing)
    return said + (f" {t('books.looked_cut')}" if found.differing > found.looked else "")


def _class(row: Any) -> str:
    return str(row.get("class", ""))
