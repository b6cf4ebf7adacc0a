"""One source: is it heard as it should be, how late does it tell, is its clock right, what is missing or rejected, who confirms it."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import agreement as ask_agreement
from data.queries import health as ask
from data.queries import rhythm as ask_rhythm
from data.queries import sources as ask_sources
from layouts._parts import feed_acts as acts
from layouts._parts import feed_parts as parts
from layouts._parts import feed_week as week
from layouts._parts.alert import zone_of
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import asked
from layouts._parts.here import actor, now, path, store, t, world
from layouts._parts.shell import page, panel, title
from layouts._parts.states import refused
from layouts._parts.view import View

dash.register_page(__name__, path_template="/sources/feed/<feed_id>", title=title("health.title"))


def layout(feed_id: str = "", **url: Any) -> Component:
    """Nothing of what is shown stands in the address but the source."""
    view = View.from_url(url).set(feed_id=feed_id[:64])
    own = ask.own_feed(actor(), world(), view.get("feed_id"))
    if own is None:
        return page(t("health.title"), panel("feed-none", t("health.title"), refused("health.no_feed"), wide=True), view=view, name="feed")
    return page(
        own.id,
        html.Div(id="feed-said", role="status", tabIndex=-1),
        panel("feed-rejected", t("health.rejected"), wide=True, lines=3),
        panel("feed-lag", t("health.lag"), hint=t("health.lag_hint"), height=380),
        panel("feed-week", t("health.week"), hint=t("health.week_hint"), height=380),
        panel("feed-expect", t("health.expect"), wide=True, hint=t("health.expect_hint")),
        panel("feed-numbering", t("health.numbering"), hint=t("health.numbering_hint")),
        panel("feed-layouts", t("health.layouts"), hint=t("health.layouts_hint")),
        panel("feed-unknown", t("health.unknown"), hint=t("health.unknown_hint"), wide=True),
        panel("feed-agreement", t("health.agreement"), hint=t("health.agreement_hint"), wide=True),
        dcc.Store(id="feed-done", data=0),
        view=view,
        lead=html.Div([*parts.lead(own), f" · {t('shell.in_zone', zone=zone_of(own.place))}"]),
        tools=dcc.Link(t("health.all_sources"), href=path("/sources")),
        name="feed",
    )


@callback(Output("feed-rejected", "children"), Input("view", "data"), Input("feed-done", "data"), may="see")
def rejected(data: dict[str, Any], _done: int) -> Any:
    """What was rejected lately; whether the source is stopped, and letting it go on."""
    feed = View(**data).get("feed_id")
    found = ask.rejected(store(), actor(), world(), feed, now())
    return refused("health.no_feed") if found is None else _aged(feed, "rejected", parts.rejected(found, world().feed(feed)))


@callback(Output("feed-lag", "children"), Input("view", "data"), Input("live", "data"), may="see")
def lag(data: dict[str, Any], _live: str) -> Any:
    """The distribution of the lags, and what they say of the sender's clock."""
    feed = View(**data).get("feed_id")
    found = ask.late(store(), actor(), world(), feed, now())
    return refused("health.no_feed") if found is None else parts.lag(found, world().feed(feed))


@callback(Output("feed-week", "children"), Output("feed-expect", "children"), Input("view", "data"), Input("feed-done", "data"), may="see")
def rhythm(data: dict[str, Any], _done: int) -> tuple[Any, Any]:
    """When it is heard against what is expected; what could be expected, and agreeing on that. Of whole days: it need not be refreshed."""
    feed = View(**data).get("feed_id")
    found = ask_rhythm.rhythm(store(), actor(), world(), feed, now())
    agreed = ask_rhythm.agreed(store(), actor(), world(), feed)
    if found is None or agreed is None:
        return refused("health.no_feed"), refused("health.no_feed")
    own = world().feed(feed)
    return week.hours(found, own), week.expect(found, agreed, own)


@callback(Output("feed-numbering", "children"), Input("view", "data"), Input("live", "data"), may="see")
def numbering(data: dict[str, Any], _live: str) -> Any:
    """Gaps in the numbers under which it sends."""
    feed = View(**data).get("feed_id")
    found = ask.numbering(store(), actor(), world(), feed, now())
    return refused("health.no_feed") if found is None else _aged(feed, "numbering", parts.numbering(found, world().feed(feed)))


@callback(Output("feed-layouts", "children"), Input("view", "data"), Input("live", "data"), may="see")
def layouts(data: dict[str, Any], _live: str) -> Any:
    """Whether its columns are those they were."""
    feed = View(**data).get("feed_id")
    own = ask.own_feed(actor(), world(), feed)
    if own is None:
        return refused("health.no_feed")
    return _aged(feed, "layouts", parts.layouts(ask.layouts(store(), actor(), world(), feed), own))


@callback(Output("feed-unknown", "children"), Input("view", "data"), Input("live", "data"), may="see")
def unknown(data: dict[str, Any], _live: str) -> Any:
    """Codes and fields that nobody knows."""
    feed = View(**data).get("feed_id")
    found = ask.unknown(store(), actor(), world(), feed)
    return refused("health.no_feed") if found is None else _aged(feed, "unknown", parts.unknown(found))


@callback(Output("feed-agreement", "children"), Input("view", "data"), Input("live", "data"), may="see")
def agreement(data: dict[str, Any], _live: str) -> Any:
    """Whether the publishers of its place agree."""
    own = ask.own_feed(actor(), world(), View(**data).get("feed_id"))
    if own is None:
        return refused("health.no_feed")
    received_to = ask_sources.received_to(store(), actor(), world(), place=own.place)
    age = asked(now(), received_to, zone_of(own.place), stamp_id="feed-agreement-age")
    return [age, parts.agreement(ask_agreement.agreement(store(), actor(), world(), now(), places=(own.place,)))]


def _aged(feed: str, panel_name: str, told: Any) -> list[Any]:
    """What a panel tells, under how old it is."""
    received_to = ask_sources.received_to(store(), actor(), world(), feed=feed)
    age = asked(now(), received_to, zone_of(world().feed(feed).place), stamp_id=f"feed-{panel_name}-age")
    return [age, *(told if isinstance(told, list) else [told])]


@callback(
    Output("feed-said", "children"),
    Output("feed-done", "data"),
    Input({"type": "feed-do", "act": ALL, "seen": ALL}, "n_clicks"),
    State(acts.typed_id(ALL), "value"),
    State("view", "data"),
    State("feed-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may do what is asked by data.actions, which also puts a refusal on record
)
def do(_clicks: list[int | None], _values: list[Any], data: dict[str, Any], done: int) -> tuple[Any, Any]:
    """Let it go on; propose, accept, refuse what is expected. What was typed stays unless it was taken."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    typed = {each["id"]["name"]: str(each.get("value") or "") for each in ctx.states_list[0]}
    asked = ctx.triggered_id or {}
    said, changed = acts.do(View(**data).get("feed_id"), str(asked.get("act", "")), int(asked.get("seen", 0)), typed)
    return said, done + 1 if changed else no_update
