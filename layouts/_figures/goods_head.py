"""The goods inside in figures, and by what they have in common."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from data.queries._stock import Sums
from data.queries.inventory import Inventory
from layouts._figures import goods as draw
from layouts._figures import goods_rows as rows
from layouts._figures import goods_words as words
from layouts._figures.remarks import labelled, remarks
from layouts._parts.chart import chart, stamp
from layouts._parts.filters import here
from layouts._parts.here import t, world
from layouts._parts.marks import figure, figures, time
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View

CURRENCIES = 4  # offered as the length of the bars
LOTS, WEIGHT = "lots", "weight"


def head(found: Inventory, view: View) -> Component:
    """Lots, owners, weight, value by currency, below zero, with faults: of what fits, and of how much that is."""
    zone, sums, blank = world().place(found.place).timezone, found.fitting, not found.whole.lots
    if blank and not found.sight.as_of:
        return html.Div([stamp(None), no_data("goods.no_book", "goods.no_book_next")])
    of_all = t("goods.of_all", n=found.whole.lots) if sums.lots != found.whole.lots else ""
    below, wrong = sums.below, found.faulty
    tiles = figures(
        figure(sums.lots, t("goods.lots"), note=of_all),
        figure(sums.owners, t("goods.owners")),
        *weighed(sums),
        figure(
            below,
            t("goods.lots_below"),
            mark="act_now" if below else "",
            href=here(view.without("page").set(only="below")) if below else "",
            note=t("goods.show_them") if below else "",
        ),
        figure(
            wrong,
            t("goods.lots_faulty"),
            mark="today" if wrong else "",
            href=here(view.without("page").set(only="faults")) if wrong else "",
            note=t("goods.show_them") if wrong else "",
        ),
    )
    said = html.P([t("goods.moment"), " ", time(found.at, zone), f" ({zone}). ", t(f"goods.book_is_{view.get('book', 'operator')}")])
    more = remarks((), found.sight, zone)[1:]
    return html.Div([stamp(found.sight.as_of, None, zone), said, tiles, *more, html.P(t("goods.definition"), className="chart-below")])


def weighed(sums: Sums) -> list[Component]:
    """The tiles of weight and of value, a line a currency."""
    values = words.values(sums.value)
    shown = html.Span([html.Span(one, className="value-line") for one in values], className="values") if values else None
    net = t("goods.net_is", weight=words.weight(sums.net_mg)) if sums.net_mg else ""
    return [figure(words.weight(sums.gross_mg), t("goods.gross"), note=net), figure(shown, t("goods.value"))]


def groups(found: Inventory, view: View) -> Component:
    """The groups as bars and as a table."""
    zone = world().place(found.place).timezone
    if not found.groups:
        return html.Div([stamp(found.sight.as_of, None, zone), empty("goods.none", "goods.none_next")])
    by, measures = view.get("by", "owner"), _measures(found)
    measure = view.get("measure", LOTS)
    measure = measure if measure in measures else LOTS
    title = t(f"goods.by_{by}")
    drawn = draw.bars(_bars(found, by, measure), measures[measure])
    columns = rows.group_columns(title)
    told = rows.groups(found.place, by, found.groups, view)
    plain = [{**row, **{key: row[f"{key}_text"] for key in ("name", "gross", "net", "value")}} for row in told]
    note = [t("goods.split_note")] if sum(group.sums.lots for group in found.groups) > found.fitting.lots else []
    picture = chart(
        drawn,
        columns=columns,
        rows=plain,
        title=title,
        definition=t(f"goods.definition_{by}"),
        n=found.fitting.lots,
        as_of=found.sight.as_of,
        zone=zone,
        note=" ".join(note),
        csv=f"goods-by-{by}-{found.place}",
        height=max(200, 60 + 26 * min(len(found.groups), draw.BARS + 1)),
        key=f"{by}{measure}{found.place}",
    )
    listed = table(columns, told, caption=title, csv=f"goods-groups-{by}-{found.place}", max_height=460)
    switch = labelled(t("goods.measure"), "measure", measures, view, LOTS)
    return html.Div([html.Div(switch, className="row"), html.Div([picture, listed], className="halves")], className="stack")


def _measures(found: Inventory) -> dict[str, str]:
    """By what bars are long: lots, weight, or the value in one currency."""
    value = found.fitting.value
    most = sorted(value, key=lambda currency: -abs(value[currency]))[:CURRENCIES]
    named = {f"value-{currency}": t("goods.value_in", currency=currency or t("goods.no_currency")) for currency in sorted(most)}
    return {LOTS: t("goods.lots_axis"), WEIGHT: t("goods.gross_tonnes"), **named}


def _bars(found: Inventory, by: str, measure: str) -> list[tuple[str, float, str]]:
    ordered = by in ("age", "value")
    groups_ = found.groups if ordered else sorted(found.groups, key=lambda group: (-_much(group.sums, measure), group.key))
    named = [(words.group_name(found.place, by, group), group) for group in groups_]
    shown = named if ordered else named[: draw.BARS]
    told = [(name, _much(group.sums, measure), f"{name}: {_written(group.sums, measure)}") for name, group in shown]
    rest = [group for _, group in named[len(shown) :]]
    if rest:
        name = t("goods.others", n=len(rest))
        told.append((name, sum(_much(group.sums, measure) for group in rest), name))
    return told


def _much(sums: Sums, measure: str) -> float:
    if measure == LOTS:
        return sums.lots
    return sums.gross_mg / 10**9 if measure == WEIGHT else sums.value.get(measure.removeprefix("value-"), 0) / 10_000


def _written(sums: Sums, measure: str) -> str:
    if measure == LOTS:
        return t("goods.n_lots", n=sums.lots)
    if measure == WEIGHT:
        return words.weight(sums.gross_mg)
    currency = measure.removeprefix("value-")
    return words.money(sums.value.get(currency, 0), currency)
