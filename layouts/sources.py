"""Data sources: what was heard when, what ran, what could not be read and why, whether the books add up."""

from __future__ import annotations

from typing import Any

import dash
from dash import html
from dash.development.base_component import Component

from data import actions
from data.actions import NotPermitted
from data.queries import agreement as ask_agreement
from data.queries import reference as ask_reference
from data.queries import sources as ask
from layouts._parts import feed_parts
from layouts._parts import source_parts as parts
from layouts._parts.alert import own_zone
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import asked, stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, now, settings, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty
from layouts._parts.view import View

dash.register_page(__name__, path="/sources", title=title("sources.title"))


def layout(**url: Any) -> Component:
    """The filters stand in the address: place, feed, reason, page."""
    view = View.from_url(url)
    return page(
        t("sources.title"),
        filters(view, "place", "feed", options={"feed": {feed.id: feed.id for feed in parts.feeds_of(view)}}),
        panel("sources-feeds", t("sources.feeds"), hint=f"{t('sources.lag_hint')} {t('sources.today_hint')}", wide=True, lines=10),
        panel("sources-agreement", t("health.agreement"), hint=t("health.agreement_hint"), wide=True),
        panel("sources-books", t("sources.books"), span=6),
        panel("sources-worker", t("sources.worker"), span=6),
        html.Div(id="sources-said", role="status"),
        panel("sources-problems", t("sources.problems"), hint=t("sources.problems_hint"), wide=True, lines=8),
        panel("sources-unclassified", t("sources.unclassified"), hint=t("sources.unclassified_hint"), wide=True),
        dash.dcc.Store(id="sources-done", data=0),
        view=view,
        lead=html.Div("–", id="sources-lead"),
        tools=parts.tools(),
        name="sources",
    )


@callback(Output("sources-feeds", "children"), Output("sources-lead", "children"), Input("view", "data"), Input("live", "data"), may="see")
def feeds(data: dict[str, Any], _live: str) -> tuple[Any, Any]:
    """Every feed with its state, runs and counts; above them what cannot be heard."""
    view = View(**data)
    shown = {feed.id for feed in parts.feeds_of(view)}
    every = ask.sources(store(), actor(), world(), now())
    found = [source for source in every if source.feed.id in shown and view.get("feed") in ("", source.feed.id)]
    if not found:
        return empty("sources.none", "sources.none_next"), ""
    heard = [source.heard.at for source in found if source.heard.at]
    told = [source.data_to for source in found if source.data_to]
    age = stamp(max(told, default=max(heard, default=None)), max(heard, default=None), own_zone(view))
    return [age, parts.feed_table(found, own_zone(view)), *parts.failures(found)], parts.lead(found)


@callback(Output("sources-agreement", "children"), Input("view", "data"), Input("live", "data"), may="see")
def agreement(data: dict[str, Any], _live: str) -> Any:
    """Whether the publishers agree, by event."""
    view = View(**data)
    age = asked(now(), _received_to(view.without("feed")), own_zone(view), stamp_id="sources-agreement-age")
    places = view.places(actor(), world()) or ("-",)
    return [age, feed_parts.agreement(ask_agreement.agreement(store(), actor(), world(), now(), places=places))]


@callback(Output("sources-books", "children"), Input("view", "data"), Input("live", "data"), may="see")
def books(data: dict[str, Any], _live: str) -> Any:
    """The identities as one line, then each; since when each place is counted."""
    view = View(**data)
    places = view.places(actor(), world())
    return parts.books(
        ask.identities(store(), actor()), [b for b in ask.books(store(), actor(), world()) if b.place in places], own_zone(view)
    )


@callback(Output("sources-worker", "children"), Input("view", "data"), Input("live", "data"), may="see")
def worker(data: dict[str, Any], _live: str) -> Any:
    """Who works, since when, what went wrong, when nobody looked."""
    return parts.worker(ask.worker(store(), actor(), parts.real()), own_zone(View(**data)))


@callback(Output("sources-problems", "children"), Input("view", "data"), Input("live", "data"), Input("sources-done", "data"), may="see")
def problems(data: dict[str, Any], _live: str, _done: int) -> Any:
    """Messages that were not read whole: reason, position, words."""
    view = View(**data)
    number = int(view.get("page", "1")) if view.get("page", "1").isdecimal() and len(view.get("page", "1")) < 6 else 1
    age = asked(now(), _received_to(view), own_zone(view), stamp_id="sources-problems-age")
    found = ask.problems(store(), actor(), world(), place=view.place, feed=view.get("feed"), reason=view.get("reason"), page=number)
    used = ask_reference.used(store(), actor(), world(), settings().home, parts.reused(found))
    return [age, *parts.problems(found, used, view, number)]


@callback(Output("sources-unclassified", "children"), Input("view", "data"), Input("live", "data"), may="see")
def unclassified(data: dict[str, Any], _live: str) -> Any:
    """Reports that count nowhere because nobody knows what they say."""
    view = View(**data)
    age = asked(now(), _received_to(view), own_zone(view), stamp_id="sources-unclassified-age")
    rows = ask.unclassified(store(), actor(), world(), place=view.place, feed=view.get("feed"))
    return [age, parts.unclassified(rows, own_zone(view))]


def _received_to(view: View) -> Any:
    """Asked for before the list itself: what came in between is there already, never missing."""
    return ask.received_to(store(), actor(), world(), place=view.place, feed=view.get("feed"))


@callback(
    Output("sources-said", "children"),
    Output("sources-done", "data"),
    Input({"type": "sources-reread", "message": ALL}, "n_clicks"),
    State("sources-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may is asked by data.actions, which also puts a refusal on record
)
def reread(_clicks: list[int | None], done: int) -> tuple[Any, Any]:
    """Read one message again; what follows for alerts is judged with the next judging."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    message = str((ctx.triggered_id or {}).get("message", ""))
    try:
        said = actions.read_again(store(), world(), settings(), actor(), now(), message)
    except NotPermitted:
        return note(t("sources.reread_refused"), "alert"), no_update
    return note(t("sources.reread_said", n=said["messages"], changed=said["changed"])), done + 1
