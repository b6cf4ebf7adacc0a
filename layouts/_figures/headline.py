"""The overview's sentence: which places need action and since when, which cannot be seen, which are nearly full and filling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from data.queries.overview import ACT_NOW, WATCH, PlaceNow
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import state
from layouts._text.forms import duration, percent

NAMED = 3  # places named in the sentence; of more, the number
FULL = 0.8


def headline(places: Sequence[PlaceNow]) -> list[Any]:
    """Clauses, the worst first. Where nothing is wrong it says so, and that it can see."""
    acting = [place for place in places if place.state == ACT_NOW]
    blind = [place for place in places if place.blind and not place.closure]
    watched = [place for place in places if place.state == WATCH]
    filling = [place for place in places if (place.change or 0) > 0 and (place.share or 0) >= FULL]
    clauses: list[Any] = []
    if acting:
        clauses += [
            html.Span(state(ACT_NOW, short=True), className="lead-mark"),
            _clause(t("overview.needs_action", n=len(acting)), acting, True),
        ]
    else:
        clauses.append(html.Span(t("overview.no_action")))
    if blind:
        clauses += [
            html.Span(state("cannot_see", short=True), className="lead-mark"),
            _clause(t("overview.not_seen", n=len(blind)), blind, False),
        ]
    partly = [place for place in places if place.blindness.blind and place not in blind]
    if partly:
        clauses.append(_clause(t("overview.partly_seen", n=len(partly)), partly, False))
    elif places and not blind:
        clauses.append(html.Span(t("overview.all_seen")))
    if watched and not acting:
        clauses.append(_clause(t("overview.watched", n=len(watched)), watched, False))
    clauses += [html.Span(_filling(place)) for place in filling[:NAMED]]
    return [part for clause in clauses for part in (clause, " ")]


def _clause(said: str, places: Sequence[PlaceNow], counted: bool) -> html.Span:
    """1 place needs action: Demo Port, 2 alerts, oldest 14 min."""
    parts: list[Any] = [html.Strong(said), t("overview.colon")]
    for n, place in enumerate(places[:NAMED]):
        parts += [t("overview.semicolon") if n else "", _link(place)]
        if counted:
            found = place.alerts[ACT_NOW]
            age = duration(now() - found.since, language()) if found.since else ""
            parts.append(t("overview.counted", alerts=t("overview.n_alerts", n=found.n), age=age))
    if len(places) > NAMED:
        parts.append(t("overview.and_more", n=len(places) - NAMED))
    return html.Span([*parts, t("overview.stop")])


def _link(place: PlaceNow) -> dcc.Link:
    return dcc.Link(world().place(place.place).title(language()), href=path(f"/place/{place.place}"))


def _filling(place: PlaceNow) -> str:
    name = world().place(place.place).title(language())
    return t("overview.filling", place=name, share=percent(place.share, language()), n=place.change or 0)
