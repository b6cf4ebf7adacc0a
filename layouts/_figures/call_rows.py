"""Calls of ships in rows: times planned, estimated and real, boxes done of those announced; the boxes of one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.calls import Calls
from layouts._figures.remarks import place_name
from layouts._parts.chart import stamp
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import tag
from layouts._parts.table import Column
from layouts._parts.view import View
from layouts._text import word
from layouts._text.forms import MISSING, date, duration, instant, number
from zones.call import STATES, WORK, Call, Line, Times
from zones.codes import document

MARKED = {"late": "today", "never": "today", "short": "today"}
CALL = "call"  # the key under which the address says whose boxes are listed


def place_columns() -> list[Column]:
    return [
        Column("place", t("shell.filter_place"), "link"),
        *(Column(state, t(f"calls.state_{state}"), "number") for state in STATES),
        Column("told", t("calls.announced"), "node"),
        Column("age", t("calls.quay_age"), "node"),
    ]


def place(found: Calls, view: View) -> dict[str, Any]:
    """How many calls of a place stand how, how old the announcements are and how old what is told of the quay."""
    return {
        "place": (place_name(found.place), path("/calls") + view.without(CALL).set(place=found.place, terminal="").query()),
        **found.states(now()),
        "told": instant(found.told_at, found.zone, language(), now()) if found.told_at else None,
        "told_text": found.told_at.isoformat() if found.told_at else "",
        "age": stamp(found.sight.as_of, None, found.zone),
        "age_text": found.sight.as_of.isoformat() if found.sight.as_of else "",
    }


def columns(places: bool) -> list[Column]:
    return [
        Column("ship", t("calls.ship"), "node", wide=True),
        Column("where", t("container.where") if places else t("shell.filter_terminal"), wide=True),
        Column("state", t("shell.filter_state"), "node", wide=True),
        Column("arrive", t("calls.arrival"), "node"),
        Column("depart", t("calls.departure"), "node"),
        Column("work", t("calls.work"), "node"),
        *(Column(event, word("event", event, language()), "node") for event in WORK),
        Column("boxes", t("calls.not_done"), "node"),
    ]


def rows(found: Sequence[Calls], view: View) -> list[dict[str, Any]]:
    """A row a call, the earliest first."""
    every = sorted(((call, one) for one in found for call in one.calls), key=lambda pair: (pair[0].at, pair[1].place, pair[0].vessel))
    return [_row(call, one, view, len(found) > 1) for call, one in every]


def _row(call: Call, of: Calls, view: View, places: bool) -> dict[str, Any]:
    state = call.state(now())
    said, late = t(f"calls.state_{state}"), _late(call, state)
    href = path("/calls") + view.set(place=of.place, **{CALL: key(of.place, call)}).query()
    name = name_of(call)
    return {
        "ship": html.Strong(name),
        "ship_text": name,
        "where": " · ".join(filter(None, (place_name(of.place) if places else "", terminal(of.place, call)))) or None,
        "state": html.Div([tag(said, MARKED.get(state, "")), *([html.Div(late, className="cell-more")] if late else [])]),
        "state_text": said,
        **_times("arrive", call.arrive, of.zone),
        **_times("depart", call.depart, of.zone),
        "work": _lines((("first", call.first), ("last", call.last)), of.zone),
        "work_text": " ".join(at.isoformat() for at in (call.first, call.last) if at),
        **{name: value for event in WORK for name, value in _bar(event, *call.count(event)).items()},
        "boxes": dcc.Link(t("calls.boxes", n=len(call.waiting)), href=href) if call.lines else MISSING,
        "boxes_text": str(len(call.waiting)),
        "class": f"row-{state}",
    }


def name_of(call: Call) -> str:
    """Ship and voyage."""
    return " ".join(filter(None, (call.vessel, call.voyage)))


def terminal(place_id: str, call: Call) -> str | None:
    """The terminal in the reader's language."""
    area = world().place(place_id).area(call.terminal) if call.terminal else None
    return area.title(language()) if area else call.terminal or None


def key(place_id: str, call: Call) -> str:
    """A call in an address."""
    return "~".join((place_id, call.vessel, call.voyage, call.terminal))


def is_call(wanted: str, place_id: str, call: Call) -> bool:
    """Whether an address names this call, however its source writes ship and voyage."""
    place, vessel, voyage, at = [document(part) for part in (wanted.split("~") + [""] * 4)[:4]]
    own = [document(part) for part in (place_id, call.vessel, call.voyage, call.terminal)]
    return [place, vessel, voyage] == own[:3] and (at == own[3] or not at or not own[3])


def _late(call: Call, state: str) -> str:
    """How late it came, or is."""
    if call.delay is not None:
        if abs(call.delay) < 60:
            return ""
        return t("calls.came_late" if call.delay > 0 else "calls.came_early", by=duration(abs(call.delay), language()))
    due = call.due
    return t("calls.is_late", by=duration(int((now() - due).total_seconds()) // 60, language())) if state == "late" and due else ""


def _times(name: str, end: Times, zone: str) -> dict[str, Any]:
    every = (("planned", end.planned), ("estimated", end.estimated), ("actual", end.actual))
    return {
        name: _lines(every, zone, end.days),
        f"{name}_text": "; ".join(f"{t(f'calls.{kind}')} {at.isoformat()}" for kind, at in every if at),
    }


def _lines(every: Sequence[tuple[str, datetime | None]], zone: str, days: Sequence[str] = ()) -> Component | str:
    told = [html.Div([html.Span(t(f"calls.{kind}"), className="muted"), " ", _at(at, zone, kind in days)]) for kind, at in every if at]
    return html.Div(told, className="call-times") if told else MISSING


def _at(at: datetime, zone: str, day: bool) -> str:
    """When; of what is known by the day only the day."""
    return date(at.astimezone(ZoneInfo(zone)).date(), language(), year=False) if day else instant(at, zone, language(), now())


def _bar(event: str, planned: int, done: int, beside: int) -> dict[str, Any]:
    """Boxes done of those announced, as a bar with its numbers; those nobody announced beside."""
    lang = language()
    said = t("calls.done_of", done=done, planned=planned) if planned else t("calls.none_announced")
    more = t("calls.beside", n=beside) if beside else ""
    share = f"{100 * done / planned:.0f}%" if planned else "0%"
    bar = html.Div(html.Div(style={"width": share}), className="done-bar", **{"aria-hidden": "true"})
    drawn = [*([bar] if planned else []), html.Span(said), *([html.Div(more, className="cell-more")] if more else [])]
    return {
        event: html.Div(drawn, className="done") if planned or beside else MISSING,
        f"{event}_text": f"{number(done, lang)}/{number(planned, lang)}" + (f" +{beside}" if beside else ""),
    }


def line_columns() -> list[Column]:
    return [
        Column("box", t("calls.box"), "box"),
        Column("event", t("calls.event")),
        Column("planned", t("calls.announced_for"), "instant"),
        Column("done", t("calls.done_at"), "instant"),
    ]


def lines(of: Sequence[Line]) -> list[dict[str, Any]]:
    """A row a box of one call."""
    return [
        {"box": line.equipment, "event": word("event", line.event, language()), "planned": line.planned_at, "done": line.done_at}
        for line in of
    ]
