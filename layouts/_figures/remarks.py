"""What to know before believing a figure: whose time it is, what is not complete, which source is silent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries._heard import Heard, Sight
from layouts._parts.filters import switch
from layouts._parts.here import language, now, t, world
from layouts._parts.marks import note
from layouts._parts.view import View
from layouts._text.forms import instant


def remarks(said: Iterable[str], sight: Sight, zone: str) -> list[Any]:
    """Sentences, and a warning for each source that leaves us without sight."""
    return [" ".join(said), *(html.Div(note(silence(heard, zone), "warn")) for heard in sight.blind)]


def silence(heard: Heard, zone: str) -> str:
    """Source dt1-gate is silent since 08:10 ..."""
    if heard.at is None:
        return t("throughput.never_heard", source=heard.feed)
    if heard.stopped:
        return t("health.stopped_since", source=heard.feed, at=instant(heard.at, zone, language(), now()))
    return t("throughput.silent", source=heard.feed, at=instant(heard.at, zone, language(), now()))


def place_name(place: str) -> str:
    """A place's name in the reader's language."""
    return str(world().place(place).title(language()))


def part_name(place: str, kind: str, part: str, words: dict[str, str]) -> str:
    """What a part of a split is called: `words` for codes, the place's own names for terminals."""
    if kind != "terminal":
        return words.get(part, part)
    area = world().place(place).area(part) if part else None
    return str(area.title(language())) if area else part or t("throughput.no_terminal")


def labelled(label: str, name: str, choices: dict[str, str], view: View, default: str) -> Component:
    """A switch with its label."""
    return html.Div([html.Span(label, className="muted"), switch(name, choices, view, default=default)], className="row")
