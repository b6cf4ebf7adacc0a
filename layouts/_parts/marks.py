"""The small words of the screens: severities and states by word, shape and colour; numbers, facts, boxes, times, buttons.

Shapes are drawn by CSS (assets/zonewatch.css, `.mark-*`): octagon Act now, diamond Today and Watch, circle Queue, ring Normal,
hatched square Cannot see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.here import box_path, language, now, t
from layouts._text import forms, word
from zones.by_hand import BY_HAND, paper_of
from zones.codes import spaced


def severity(code: str, *, short: bool = False, count: int | None = None) -> Component:
    """Act now, Today or Queue; `count` in front of the word, `short` for the shape with its word read aloud only."""
    return _mark("severity", code, short, count)


def state(code: str, *, short: bool = False) -> Component:
    """A place's state: act_now, watch, normal, cannot_see, closed."""
    return _mark("state", code, short, None)


def _mark(kind: str, code: str, short: bool, count: int | None) -> Component:
    said = word(kind, code, language())
    label = html.Span(said, className="hidden" if short else "mark-word")
    number = [] if count is None else [html.Span(forms.number(count, language()), className="mark-count")]
    return html.Span(
        [html.Span(className="mark-shape", **{"aria-hidden": "true"}), *number, label],
        className=f"mark mark-{code}",
        title=said if short else None,
    )


def figure(value: Any, label: str, *, unit: str = "", note: Any = None, mark: str = "", href: str = "") -> Component:
    """A big number with its name. None is a dash: unknown, never 0. `mark`: act_now, today, queue, cannot_see, where it is abnormal."""
    said = forms.number(value, language()) if isinstance(value, int | float) else forms.MISSING if value is None else value
    number: list[Any] = (
        [html.Span(said, className="figure-value"), html.Span(unit, className="figure-unit")]
        if unit
        else [html.Span(said, className="figure-value")]
    )
    body = [
        html.Span(label, className="figure-label"),
        html.Div(number, className="figure-number"),
        html.Span(note, className="figure-note") if note else None,
    ]
    inner = [part for part in body if part is not None]
    name = "figure-tile" + (f" figure-{mark}" if mark else "")
    return dcc.Link(inner, href=href, className=name) if href else html.Div(inner, className=name)


def figures(*tiles: Component) -> Component:
    """Big numbers side by side."""
    return html.Div(list(tiles), className="figures")


def facts(pairs: Iterable[tuple[Any, Any]]) -> Component:
    """Terms and what they are; None is a dash."""
    rows = [html.Div([html.Dt(term), html.Dd(forms.MISSING if value is None else value)]) for term, value in pairs]
    return html.Dl(rows, className="facts")


def box(number: str) -> Component:
    """A container number as painted on the box, leading to its page."""
    return dcc.Link(spaced(number), href=box_path(number), className="box-number")


def time(at: datetime | None, zone: str) -> Component:
    """A moment in the place's time, with its date where that is not today; the whole of it with the zone on pointing at it."""
    if at is None:
        return html.Span(forms.MISSING)
    return html.Time(forms.instant(at, zone, language(), now()), dateTime=at.isoformat(), title=forms.full(at, zone, language()))


def ago(at: datetime | None) -> Component:
    """How long ago, going on by itself in the browser even when the server is gone."""
    if at is None:
        return html.Span(forms.MISSING)
    return html.Time(age(at), dateTime=at.isoformat(), className="ago", **{"data-ago": at.isoformat()})


def age(at: datetime) -> str:
    """How long ago, in words; the same words as assets/live.js."""
    minutes = max(int((now() - at).total_seconds() // 60), 0)
    days, rest = divmod(minutes, 1440)
    hours, mins = divmod(rest, 60)
    if days:
        return t("shell.age_d", d=days, h=hours)
    if hours:
        return t("shell.age_h", h=hours, m=mins)
    return t("shell.age_m", m=mins) if mins else t("shell.age_now")


def tag(text: Any, kind: str = "") -> Component:
    """A word in a quiet frame. `kind`: "" or act_now, today, queue, cannot_see for what is abnormal."""
    return html.Span(text, className=f"tag tag-{kind}" if kind else "tag")


def publisher(name: str) -> str:
    """Who tells something; what was recorded by hand in the reader's language."""
    return t("hand.mark") if name == BY_HAND else name


def by_hand(row: Mapping[str, Any]) -> Component | str:
    """By hand, with its paper and its two readers, where a statement (a row of a report or a customs fact) was recorded so; else ""."""
    paper = paper_of(str(row.get("publisher") or ""), str(row.get("remark") or ""))
    if paper is None:
        return ""
    said = t("hand.paper", reference=paper.reference, recorded_by=paper.recorded_by, second_reader=paper.second_reader)
    return html.Span([tag(t("hand.mark"), "queue"), " ", html.Span(said, className="muted")], className="by-hand")


def note(text: Any, kind: str = "info") -> Component:
    """A remark. `kind`: info, warn, alert."""
    return html.Div(text, className=f"note note-{kind}", role="alert" if kind == "alert" else None)


def button(text: Any, button_id: Any, kind: str = "plain", **more: Any) -> Component:
    """A button; press once, Dash counts `n_clicks`. `kind`: plain, primary, danger."""
    return html.Button(text, id=button_id, className=f"button button-{kind}", type="button", **more)


def choice(choice_id: Any, options: Mapping[str, str], value: str | None = None) -> Component:
    """One of a few, as radio buttons: Input(id, "value")."""
    return dcc.RadioItems(
        id=choice_id, options=[{"label": label, "value": key} for key, label in options.items()], value=value, className="choice"
    )


def field(label: str, control: Component) -> Component:
    """A control with its label."""
    return html.Label([html.Span(label), control], className="field")
