"""By hand: what people write down from paper while systems are down, who reads it a second time, and what became of it since."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import by_hand as ask
from data.queries import sources as ask_sources
from layouts._parts import hand_batches as batches
from layouts._parts import hand_form as form
from layouts._parts.alert import own_zone
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import asked
from layouts._parts.filters import filters, switch
from layouts._parts.here import actor, now, path, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.view import View

dash.register_page(__name__, path="/by-hand", title=title("hand.title"))


def layout(**url: Any) -> Component:
    """The place stands in the address, and the page of the list."""
    view = View.from_url(url)
    return page(
        t("hand.title"),
        filters(view, "place"),
        panel("hand-form", t("hand.form"), *form.form(view), hint=t("hand.form_hint"), wide=True),
        html.Div(id="hand-said", role="status", className="span-12"),
        form.list_panel(view),
        panel("hand-batches", t("hand.batches"), hint=t("hand.batches_hint"), wide=True, lines=6),
        panel("hand-share", t("hand.share_title"), hint=t("hand.share_hint"), wide=True),
        dcc.Store(id="hand-rows", storage_type="session"),
        dcc.Store(id="hand-done", data=0),
        dcc.Download(id="hand-file"),
        view=view,
        lead=t("hand.lead"),
        tools=dcc.Link(t("hand.sources"), href=path("/sources")),
        name="hand",
    )


@callback(Output("hand-row", "children"), Input(form.typed_id(ALL), "value"), State("view", "data"), prevent_initial_call=True, may="see")
def typed(_values: list[Any], data: dict[str, Any]) -> Any:
    """What would become of the row that is being typed."""
    return form.preview(form.place_of(View(**data)), _typed(ctx.inputs_list[0]))


@callback(Output("hand-list", "children"), Input("hand-rows", "data"), Input("view", "data"), may="see")
def listed(rows: Any, data: dict[str, Any]) -> Any:
    """The rows that wait to be given to a second reader."""
    place = form.place_of(View(**data))
    return form.listing(place, _rows(rows, _own(place)))


@callback(
    Output("hand-rows", "data"),
    Output(form.typed_id(ALL), "value"),
    Output("hand-said", "children"),
    Output("hand-done", "data"),
    Input("hand-add", "n_clicks"),
    Input("hand-paste-add", "n_clicks"),
    Input("hand-upload", "contents"),
    Input(form.row_id(ALL, ALL), "n_clicks"),
    State(form.typed_id(ALL), "value"),
    State("hand-rows", "data"),
    State("hand-done", "data"),
    State("view", "data"),
    prevent_initial_call=True,
    may="see",  # who may record is asked by data.actions, which also puts a refusal on record
)
def change(*given: Any) -> tuple[Any, list[Any], Any, Any]:
    """Add what was typed, pasted or uploaded; take a row back into the fields, or away; give the list to a second reader."""
    contents, done, data = given[2], given[-2], given[-1]
    kept = given[-3] if isinstance(given[-3], dict) else {}
    fields = ctx.states_list[0]
    same = [no_update] * len(fields)
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, same, no_update, no_update
    place = form.place_of(View(**data))
    before = _rows(kept, _own(place))
    rows, values, said = form.changed(ctx.triggered_id, before, _typed(fields), contents or "")
    if rows is None:
        said, taken = form.give(place, before)
        return ({**kept, _own(place): []} if taken else no_update), same, said, done + 1 if taken else no_update
    put = same if values is None else [values.get(each["id"]["name"], "") for each in fields]
    return {**kept, _own(place): rows}, put, said, no_update


@callback(Output("hand-file", "data"), Input("hand-template", "n_clicks"), prevent_initial_call=True, may="record_by_hand")
def template(clicks: int | None) -> Any:
    """The table to be filled in."""
    return {"content": form.template(), "filename": "by-hand.csv", "type": "text/csv"} if clicks else no_update


@callback(Output("hand-batches", "children"), Input("view", "data"), Input("live", "data"), Input("hand-done", "data"), may="see")
def recorded(data: dict[str, Any], _live: str, _done: int) -> Any:
    """What waits for a second reader, and what became of the rest."""
    view = View(**data)
    number = int(view.get("page", "1")) if view.get("page", "1").isdecimal() and len(view.get("page", "1")) < 6 else 1
    age = asked(now(), ask_sources.received_to(store(), actor(), world(), place=view.place), own_zone(view), stamp_id="hand-batches-age")
    found, more = ask.batches(store(), actor(), world(), now(), place=view.place, page=number)
    pages = {str(n): t("hand.page", n=n) for n in range(1, number + 1 + more)}
    return [age, *batches.batches(found), *([switch("page", pages, view, "1")] if len(pages) > 1 else [])]


@callback(Output("hand-share", "children"), Input("view", "data"), Input("live", "data"), Input("hand-done", "data"), may="see")
def share(data: dict[str, Any], _live: str, _done: int) -> Any:
    """How much of each place rests on paper."""
    view = View(**data)
    age = asked(now(), ask_sources.received_to(store(), actor(), world(), place=view.place), own_zone(view), stamp_id="hand-share-age")
    places = view.places(actor(), world()) or ("-",)
    return [age, batches.shares(ask.shares(store(), actor(), world(), now(), places=places))]


@callback(
    Output("hand-said", "children", allow_duplicate=True),
    Output("hand-done", "data", allow_duplicate=True),
    Input(batches.do_id(ALL, ALL, ALL, ALL), "n_clicks"),
    State(batches.why_id(ALL), "value"),
    State("hand-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may do what is asked by data.actions, which also puts a refusal on record
)
def do(_clicks: list[int | None], _values: list[Any], done: int) -> tuple[Any, Any]:
    """Accept, refuse, take back."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    pressed = ctx.triggered_id or {}
    batch = str(pressed.get("batch", ""))
    reasons = {each["id"]["batch"]: str(each.get("value") or "") for each in ctx.states_list[0]}
    place = str(pressed.get("place", ""))
    said, changed = batches.do(str(pressed.get("act", "")), batch, int(pressed.get("n", 0)), place, reasons.get(batch, ""))
    return said, done + 1 if changed else no_update


def _typed(fields: list[dict[str, Any]]) -> dict[str, str]:
    return {each["id"]["name"]: str(each.get("value") or "") for each in fields}


def _own(place: str) -> str:
    """Whose rows and for which place: the next who signs in at this window does not give what another wrote."""
    return f"{actor().name} {place}"


def _rows(kept: Any, own: str) -> list[dict[str, Any]]:
    """Somebody's rows for a place; what a browser sends is never believed to be rows."""
    rows = kept.get(own) if isinstance(kept, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
