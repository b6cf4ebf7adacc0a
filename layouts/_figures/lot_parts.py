"""One lot: how it stands, what it is, by when it must be gone, its counts, boxes, processes and transfers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.lot import Chain
from layouts._figures import book_words as say
from layouts._figures import box_state
from layouts._figures.remarks import place_name
from layouts._parts import pages
from layouts._parts.here import language, now, t, world
from layouts._parts.marks import facts, figure, figures, note, time
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms, has
from zones.entry import CUSTOMS, LIVE, OPERATOR, Entry
from zones.lot import Process

MANY = 6
HEIGHT = 420  # of a list of what may be told hundreds of times
PROCESSES = 20  # on a page


def head(found: Chain) -> Component:
    """What is there by both books, the difference, what it is worth and weighs, and the next date by which it must be gone."""
    zone, lang = zone_of(found), language()
    layers = [layer for layer in found.there.layers if layer.quantity]
    short = any(n < 0 for n in found.balance.values())
    tiles = [figure(say.amounts(found.balance), t("books.declared_now"), mark="act_now" if short else "", note=_gone(found))]
    if found.own_book:
        apart = found.balance != found.own_balance
        tiles.append(
            figure(
                say.amounts(found.own_balance),
                t("books.own_now"),
                mark="today" if apart else "",
                note=t("books.parted_by", amount=difference(found)) if apart else t("books.agree"),
            )
        )
    values: dict[str, int] = {}
    for layer in layers:
        values[layer.kind.currency] = values.get(layer.kind.currency, 0) + layer.value
    gross, net = (sum(getattr(layer, name) for layer in layers) for name in ("gross_mg", "net_mg"))
    tiles.append(figure(" + ".join(say.money(n, currency) for currency, n in sorted(values.items()) if n) or None, t("books.value")))
    tiles.append(
        figure(say.weight(gross) if gross else None, t("books.gross"), note=t("books.net_of", weight=say.weight(net)) if net else None)
    )
    if found.ends:
        first = found.ends[0]
        left = forms.duration(abs(first.at - found.at), lang)
        said = t("books.time_over" if first.at <= found.at else "books.time_left", length=left)
        mark = "act_now" if first.at <= found.at else ""
        tiles.append(
            figure(forms.date(first.at.astimezone(world().place(found.place).zone), lang), _limit(first.limit), note=said, mark=mark)
        )
    warn = [note(t("books.below_zero"), "alert")] if short else []
    return html.Div([*warn, figures(*tiles), html.P(t("throughput.in_zone", zone=zone), className="muted")])


def difference(found: Chain) -> str:
    """How much more the operator's book has than the supervisor's own, by unit."""
    units = sorted({*found.balance, *found.own_balance})
    by_uom = ((uom, found.balance.get(uom, 0) - found.own_balance.get(uom, 0)) for uom in units)
    return " ".join(say.amount(n, uom, signed=True) for uom, n in by_uom if n)


def _gone(found: Chain) -> Any:
    """Since when all of it is gone."""
    before = [one for one in found.course if one.at <= found.at]
    if found.balance or not before:
        return None
    return [t("books.gone_since"), " ", time(before[-1].at, zone_of(found))]


def about(found: Chain) -> Component:
    """What the goods are."""
    told, lang, place = say.what_it_is(found.facts), language(), world().place(found.place)
    layers = [layer for layer in found.there.layers if layer.quantity]
    kinds = [layer.kind for layer in layers]
    came = [line for line in found.facts.entries if line.effect > 0]
    declared = place.operator(found.operator)
    pairs = [
        ("description", told.description if told else None),
        ("item", told.item if told else None),
        ("hs", _several(say.hs(kind.hs, kind.hs_edition) for kind in kinds) or (say.hs(told.hs, told.hs_edition) if told else None)),
        ("origin", _several(kind.origin for kind in kinds) or (told.origin if told else None)),
        ("owner", _several(layer.owner for layer in layers) or (told.owner if told else None)),
        ("status", _several(say.status_name(found.place, layer.status) for layer in layers) or None),
        ("area", _several(say.area_name(found.place, layer.area) for layer in layers) or None),
        ("admitted", time(came[0].at, place.timezone) if came else None),
        ("declaration", _several(line.declaration for line in came) or None),
        ("permits", _several(line.permit for line in found.facts.entries) or None),
        ("operator", declared.title(lang) if declared else t("books.undeclared", name=found.operator)),
        ("method", t(f"books.method_{found.method}")),
        ("lines", _tally(found)),
    ]
    return facts((t(f"books.{name}"), value or None) for name, value in pairs)


def _tally(found: Chain) -> str:
    void = sum(line.counts != LIVE for line in found.lines)
    return t("books.lines_of", n=len(found.lines)) + (f", {t('books.lines_void', n=void)}" if void else "")


def _several(values: Iterable[str]) -> str:
    own = [value for value in dict.fromkeys(values) if value and value != forms.MISSING]
    return ", ".join(own[:MANY]) + (f" +{len(own) - MANY}" if len(own) > MANY else "")


def ends(found: Chain) -> Component:
    """By when what is there must be gone, soonest first; where nothing says so, whether that is for want of goods or of a limit."""
    if not found.ends:
        there = any(layer.quantity > 0 for layer in found.there.layers)
        return empty(*(("books.no_ends", "books.no_ends_next") if there else ("books.ends_gone", "books.ends_gone_next")))
    columns = [
        Column("at", t("books.by"), "instant"),
        Column("left", t("books.left")),
        Column("limit", t("books.limit"), wide=True),
        Column("quantity", t("books.quantity")),
        Column("status", t("books.status")),
        Column("since", t("books.since"), "instant"),
    ]
    rows = [
        {
            "at": one.at,
            "left": t(
                "books.time_over" if one.at <= found.at else "books.time_left", length=forms.duration(abs(one.at - found.at), language())
            ),
            "limit": _limit(one.limit) + ("" if one.confirmed else f" ({t('books.unconfirmed')})"),
            "quantity": say.amount(one.layer.quantity, one.layer.uom),
            "status": say.status_name(found.place, one.layer.status) or forms.MISSING,
            "since": one.since,
            "class": "row-act_now" if one.at <= found.at else "",
        }
        for one in found.ends[: MANY * 4]
    ]
    return table(columns, rows, caption=t("books.ends"), zone=zone_of(found), sort=False, row_class=_class)


def _limit(name: str) -> str:
    return t(f"books.limit_{name}")


def counts(found: Chain) -> Component:
    """Every count: what was found, what each book had, and the difference."""
    if not found.counts:
        return empty("books.no_counts", "books.no_counts_next")
    columns = [
        Column("at", t("books.at_time"), "instant"),
        Column("kind", t("books.what")),
        Column("found", t("books.found")),
        Column("expected", t("books.expected")),
        Column("difference", t("books.difference")),
        Column("share", t("books.share")),
        Column("value", t("books.value")),
        Column("own", t("books.expected_own")),
        Column("own_difference", t("books.difference_own")),
    ]
    rows = [
        {
            "at": one.entry.at,
            "kind": say.act(one.entry),
            "found": say.amount(one.entry.quantity, one.entry.uom),
            "expected": say.amount(one.expected, one.entry.uom),
            "difference": found_word(one.difference, one.entry.uom),
            "share": share_of(one.difference, one.expected),
            "value": say.money(one.value, one.currency, signed=True),
            "own": say.amount(one.own_expected, one.entry.uom),
            "own_difference": found_word(one.own_difference, one.entry.uom),
            "class": "row-faulty" if one.difference else "",
        }
        for one in found.counts
    ]
    return table(
        columns, rows, caption=t("books.counts"), zone=zone_of(found), sort=False, row_class=_class, csv="lot-counts", max_height=HEIGHT
    )


def found_word(difference: int | None, uom: str) -> str:
    """Short of 40 kg; 40 kg over; none."""
    if difference is None:
        return forms.MISSING
    if not difference:
        return t("books.none")
    return t("books.short" if difference < 0 else "books.over", amount=say.amount(abs(difference), uom))


def share_of(difference: int | None, expected: int | None) -> str:
    """What share of what was expected a difference is, to the tenth of a per cent."""
    return forms.percent(difference / expected, language(), 1) if difference and expected else forms.MISSING


def boxes(found: Chain) -> Component:
    """The boxes it came in, is in, was in, left in; how each stands now. What the supervisor's book says of boxes stands below."""
    if not found.packed and not found.boxed:
        return empty("books.no_boxes", "books.no_boxes_next")
    columns = [
        Column("equipment", t("books.box"), "box"),
        Column("quantity", t("books.quantity")),
        Column("how", t("books.box_from")),
        Column("since", t("books.since"), "instant"),
        Column("end", t("books.box_end")),
        Column("until", t("books.until"), "instant"),
        Column("state", t("books.box_now"), "node"),
        Column("book", t("books.book")),
    ]
    rows = [
        {
            "equipment": one.equipment,
            "quantity": say.amount(one.quantity or None, one.uom),
            "how": say.act(one.by),
            "since": one.since,
            "end": say.act(one.ended_by) if one.ended_by else t("books.still_in"),
            "until": one.until,
            **_stands(found, one.equipment),
            "book": say.book(OPERATOR),
            "class": "row-later" if one.since > found.at else "",
        }
        for one in found.packed
    ]
    rows += [
        {
            "equipment": one.equipment,
            "quantity": say.amount(one.entry.quantity, one.entry.uom),
            "how": t(f"books.box_{one.how}"),
            "since": one.entry.at,
            "end": forms.MISSING,
            "until": None,
            **_stands(found, one.equipment),
            "book": say.book(CUSTOMS),
        }
        for one in found.boxed
    ]
    caption = t("books.boxes")
    return table(columns, rows, caption=caption, zone=zone_of(found), sort=False, csv="lot-boxes", row_class=_class, max_height=HEIGHT)


def _stands(found: Chain, equipment: str) -> dict[str, Any]:
    """How a box stands now: held or not; what is out of reach or was never told of is not known."""
    state = found.boxes.get(equipment)
    if state is None or not state.known:
        return {"state": html.Span(t("books.box_unknown"), className="muted"), "state_text": t("books.box_unknown")}
    return {"state": box_state.mark(state), "state_text": t(f"container.state_{state.state}")}


def processes(found: Chain, view: View) -> Component:
    """What became of it in processes, and out of what it was made, latest first: each opens to its lines, which lead to their lots."""
    columns = [
        Column("side", t("books.what")),
        Column("lot", t("books.lot"), "node"),
        Column("goods", t("books.goods"), wide=True),
        Column("quantity", t("books.quantity")),
        Column("net", t("books.net")),
        Column("at", t("books.at_time"), "instant"),
    ]
    page, own = pages.of(sorted(found.facts.processes, key=_last, reverse=True), pages.asked(view, "made"), PROCESSES)
    told: list[Any] = []
    for process in own:
        lines = [line for side in ("input", "output", "scrap") for line in process.of(side)]
        weights = [(side, sum(line.net_mg or 0 for line in process.of(side))) for side in ("input", "output", "scrap")]
        summed = ", ".join(f"{t(f'books.side_{side}')} {say.exactly(mg)}" for side, mg in weights if mg)
        rows = [_of_process(line, found) for line in lines]
        caption = t("books.process_of", process=process.process)
        net = html.Span(t("books.process_net", weights=summed), className="muted") if summed else ""
        head = html.Summary([html.Strong(caption), " · ", time(_last(process)[0], zone_of(found)), " ", net])
        inner = table(columns, rows, caption=caption, zone=zone_of(found), sort=False, row_class=_class)
        told.append(html.Details([head, inner], className="process", open=len(found.facts.processes) < 3))
    bar = view.without("place", "operator", "lot")
    return html.Div([*told, pages.pages(bar, page, PROCESSES, len(found.facts.processes), t("books.processes_pages"), "made")])


def _last(process: Process) -> tuple[datetime, str]:
    return max(line.at for line in process.lines), process.process


def _of_process(line: Entry, found: Chain) -> dict[str, Any]:
    here = found.pool in (line.lot, line.item)
    return {
        "side": say.act(line),
        "lot": html.Span([say.lot_of(line), f" ({t('books.this_lot')})" if here else ""]),
        "lot_text": line.lot or line.item,
        "goods": " · ".join(
            part for part in (line.description, say.hs(line.hs, line.hs_edition) if line.hs else "", line.operation) if part
        ),
        "quantity": say.amount(line.quantity, line.uom),
        "net": say.exactly(line.net_mg),
        "at": line.at,
        "class": "row-own" if here else "",
    }


def transfers(found: Chain) -> Component:
    """Each line that sent goods elsewhere or received them, and what the other side told."""
    columns = [
        Column("at", t("books.at_time"), "instant"),
        Column("what", t("books.what")),
        Column("quantity", t("books.quantity")),
        Column("documents", t("books.documents"), wide=True),
        Column("other", t("books.other_half"), "node", wide=True),
    ]
    rows = []
    for line in found.facts.entries:
        if line.entry_id not in found.halves:
            continue
        halves = found.halves[line.entry_id]
        shown = [[*_half(half.entry, half.by), " ", say.lot_of(half.entry)] for half in halves]
        rows.append(
            {
                "at": line.at,
                "what": say.act(line),
                "quantity": say.amount(line.quantity, line.uom),
                "documents": "; ".join([*say.documents(line), *say.changes(line)]),
                "other": say.stacked(shown) if shown else html.Span(t("books.no_half"), className="muted"),
                "other_text": "; ".join("".join(_half(half.entry, half.by)) for half in halves) or t("books.no_half"),
                "class": "" if halves else "row-faulty",
            }
        )
    return table(
        columns,
        rows,
        caption=t("books.transfers"),
        zone=zone_of(found),
        sort=False,
        row_class=_class,
        csv="lot-transfers",
        max_height=HEIGHT,
    )


def _half(other: Entry, by: str) -> list[str]:
    place = world().place(other.place)
    told = (
        say.act(other),
        say.amount(other.quantity, other.uom),
        f"{place_name(other.place)}, {say.operator_name(other.place, other.operator)}",
        forms.instant(other.at, place.timezone, language(), now()),
        t("books.alike_by", what=t(f"books.{by}")) if has(f"books.{by}") else "",
    )
    return [" · ".join(part for part in told if part)]


def zone_of(found: Chain) -> str:
    """The name of the zone whose time the page shows."""
    return str(world().place(found.place).timezone)


def _class(row: Any) -> str:
    return str(row.get("class", ""))
