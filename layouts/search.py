"""Finding containers: what was typed into the search, or up to 200 numbers pasted at once; one row each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import container as ask
from data.queries import search
from data.queries._boxes import CANNOT_TELL, HELD, NO_HOLD, UNKNOWN, BoxState
from data.queries._heard import Sight
from layouts._figures import box_state
from layouts._figures.goods_found import found_goods
from layouts._parts.callback import Input, Output, PreventUpdate, State, callback
from layouts._parts.chart import stamp
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import button, field, figure, figures, note, time
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text.forms import duration
from zones import codes

dash.register_page(__name__, path="/container", title=title("container.search_title"))

_MARKS = {HELD: "act_now", CANNOT_TELL: "cannot_see"}


def layout(**url: Any) -> Component:
    """The question stands in the address as `q`: words for a search, or numbers."""
    view = View.from_url(url)
    asked = view.get("q")
    listed = search.numbers(asked)
    paste = [
        field(
            t("container.paste_label"),
            dcc.Textarea(id="search-text", value="\n".join(map(codes.spaced, listed)) if len(listed) > 1 else "", rows=8),
        ),
        html.Div(
            [button(t("container.paste_ask"), "search-ask", "primary"), html.Span(t("container.paste_hint"), className="muted")],
            className="row",
        ),
        dcc.Location(id="search-go", refresh="callback-nav"),
    ]
    found = [panel("search-found", t("container.found"), span=9)] if asked else []
    return page(
        t("container.search_title"),
        *found,
        panel("search-paste", t("container.paste"), html.Div(paste, className="stack"), span=3 if asked else 6),
        *([] if asked else [panel("search-how", t("container.how"), _how())]),
        view=view,
        name="search",
    )


@callback(Output("search-go", "href"), Input("search-ask", "n_clicks"), State("search-text", "value"), may="see", prevent_initial_call=True)
def ask_for(clicks: int | None, text: str | None) -> str:
    """The pasted numbers go into the address, so that the list can be sent on."""
    numbers = search.numbers(text or "")
    said = ",".join(numbers[: ask.LISTED]) if numbers else " ".join((text or "").split())[: search.LONGEST]
    if not clicks or not said:
        raise PreventUpdate
    beyond = {"given": len(numbers)} if len(numbers) > ask.LISTED else {}  # an address has its limits, and what it leaves out is said
    return path("/container") + "?" + urlencode({"q": said, **beyond})


@callback(Output("search-found", "children"), Input("view", "data"), Input("live", "data"), may="see")
def found(data: dict[str, Any], _live: str) -> Component:
    """Numbers one by one, or what a text may mean."""
    view = View(**data)
    asked, given = view.get("q"), view.get("given")
    numbers = search.numbers(asked)
    every = max(len(numbers), int(given) if re.fullmatch("[0-9]{1,6}", given) else 0)
    return _listed(numbers, every) if len(numbers) > 1 else _searched(asked)


def _listed(numbers: list[str], every: int) -> Component:
    told = ask.listed(store(), actor(), world(), numbers, now())
    boxes = told.boxes
    counted = Counter(one.state for one in boxes)
    tiles = figures(
        *(
            figure(counted[state], t(f"container.state_{state}"), mark=_MARKS.get(state, "") if counted[state] else "")
            for state in (HELD, CANNOT_TELL, NO_HOLD, UNKNOWN)
        )
    )
    beyond = [note(t("container.too_many", n=every, most=ask.LISTED), "warn")] if every > ask.LISTED else []
    return html.Div(
        [_stamp(told.sight), *beyond, tiles, _rows(boxes), html.P(t("container.no_permit"), className="chart-below")], className="stack"
    )


def _searched(asked: str) -> Component:
    told = search.find(store(), actor(), world(), asked, now())
    parts: list[Component] = [_stamp(told.sight)]
    if told.asked and not codes.is_valid(told.asked):
        parts.append(note([html.Strong(t("container.invalid")), " ", t("container.invalid_asked")], "warn"))
    if told.offers:
        parts += [html.P(t("container.did_you_mean")), _rows(told.offers)]
    elif not told.hits and not told.goods:
        parts.append(empty("container.nothing", "container.nothing_next", text=asked))
    elif told.hits:
        by = {hit.box.number: ", ".join(t(f"container.by_{one}") for one in hit.by) for hit in told.hits}
        parts.append(_rows([hit.box for hit in told.hits], by))
        if told.more:
            parts.append(note(t("container.more", n=search.MOST)))
        parts.append(html.P(t("container.no_permit"), className="chart-below"))
    if told.goods:
        parts.append(found_goods(told.goods))
    return html.Div(parts, className="stack")


def _stamp(sight: Sight) -> Component:
    latest = max((heard for heard in sight.feeds if heard.at), key=lambda heard: heard.at, default=None)
    return stamp(latest.at, None, world().place(latest.place).timezone) if latest else stamp(None)


def _rows(boxes: Sequence[BoxState], by: dict[str, str] | None = None) -> Component:
    columns = [
        Column("number", t("container.col_number"), "box"),
        Column("state", t("container.col_state"), "node"),
        Column("why", t("container.col_why"), wide=True),
        Column("where", t("container.col_where"), "node", wide=True),
        Column("age", t("container.col_age"), "minutes"),
        Column("heard", t("container.col_heard"), "node"),
        *([Column("by", t("container.col_by"))] if by else []),
    ]
    return table(columns, [_row(one, by or {}) for one in boxes], caption=t("container.found"), csv="containers")


def _row(one: BoxState, by: dict[str, str]) -> dict[str, Any]:
    stay = one.stay
    zone = world().place(stay.place).timezone if stay else "UTC"
    held = f"{box_state.holds_text(one)} · {duration(now() - one.since, language())}" if one.since else ""
    return {
        "number": one.number,
        "state": html.Span(
            [box_state.mark(one), *([] if one.valid else [html.Span(t("container.invalid_short"), className="tag tag-today")])],
            className="row",
        ),
        "state_text": one.state,
        "why": held or ("" if one.state == NO_HOLD else box_state.reason(one)),
        "where": box_state.where(one, short=True) if one.known else None,
        "where_text": "" if stay is None else f"{'inside' if stay.left_at is None else 'left'} {stay.place}",
        "age": int((now() - stay.opened_at).total_seconds() // 60) if stay and stay.left_at is None else None,
        "heard": time(one.heard_at, zone) if one.heard_at else None,
        "heard_text": one.heard_at.isoformat() if one.heard_at else "",
        "by": by.get(one.number, ""),
    }


def _how() -> Component:
    return html.Ul([html.Li(t(f"container.how_{n}")) for n in range(1, 7)], className="how")
