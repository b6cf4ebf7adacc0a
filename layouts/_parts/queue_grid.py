"""The queue's grid: its columns, and what stands above it. All rows that are shown are in the browser, each with an id of its own, so that
what has the focus or is chosen stays so whatever arrives (assets/triage.js holds on to the row, where the grid holds on to its number)."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.queue import GROUPED, OPEN, PAGE, PLAIN, Asked, Shown
from layouts._parts.chart import stamp
from layouts._parts.filters import here, switch
from layouts._parts.grid import grid
from layouts._parts.here import language, t
from layouts._parts.queue_rows import name_of
from layouts._parts.states import empty, no_data
from layouts._parts.table import csv_button
from layouts._parts.view import View
from layouts._text import forms

ID = "queue-grid"
BY = ("", PLAIN, "rule", "place", "call", "operator")


def drawn(which: str) -> Component:
    """The grid of a list, without rows yet."""
    options = {
        "rowSelection": {
            "mode": "multiRow",
            "checkboxes": True,
            "headerCheckbox": True,
            "enableClickSelection": False,
            "isRowSelectable": {"function": "params.data && !params.data.n"},
            "hideDisabledCheckboxes": True,
        },
        "selectionColumnDef": {"width": 44, "minWidth": 44, "maxWidth": 44, "resizable": False},
        "getRowHeight": {"function": "rowHeight(params)"},
        "rowClassRules": {
            "row-level-act_now": "params.data.level == 'act_now'",
            "row-group": "params.data.n",
        },
    }
    return grid(ID, _columns(which), label=t("alerts.caption", list=t(f"queue.list_{which}")), options=options)


def _columns(which: str) -> list[dict[str, Any]]:
    level = {"field": "level", "headerName": t("alerts.severity"), "cellRenderer": "QueueLevel", "width": 128, "minWidth": 50}
    what = {"field": "what", "headerName": t("alerts.what"), "cellRenderer": "QueueWhat", "flex": 1, "minWidth": 220}
    place = {"field": "place", "headerName": t("alerts.place"), "width": 150}
    since = {"field": "since", "headerName": t("alerts.since"), "cellRenderer": "QueueTime", "width": 136}
    standing = {"field": "standing", "headerName": t("alerts.condition"), "cellRenderer": "QueueStanding", "width": 140}
    work = {"field": "work", "headerName": t("alerts.work"), "cellRenderer": "QueueWork", "width": 170}
    back = {"field": "back_at", "headerName": t("alerts.back_at"), "cellRenderer": "QueueTime", "width": 130}
    reason = {"field": "reason", "headerName": t("alerts.reason"), "width": 240}
    outcome = {"field": "outcome", "headerName": t("alerts.outcome"), "width": 150}
    by = {"field": "closed_by", "headerName": t("alerts.closed_by"), "width": 120}
    closed = {"field": "closed_at", "headerName": t("alerts.closed_at"), "cellRenderer": "QueueTime", "width": 130}
    last = {"shelved": [back, reason], "closed": [outcome, by, closed]}.get(which, [standing, work])
    return [{**column, "sortable": False} for column in (level, what, place, since, *last)]


def head(view: View, asked: Asked, shown: Shown, zone: str) -> list[Any]:
    """How old it is, in which order, why in groups; the way back out of a group; and the CSV."""
    said: list[Any] = [stamp(shown.judged_at, zone=zone)]
    if asked.inside:
        out = dcc.Link(t("queue.out"), href=here(view.without("inside", "page")), className="button button-small")
        said.append(html.Span([html.Strong(t("queue.inside", what=name_of(asked.inside), n=shown.total or 0)), " ", out]))
    elif shown.floods:
        plain = dcc.Link(t("queue.show_plain"), href=here(view.set(by=PLAIN)))
        said.append(html.Span([html.Strong(t("queue.floods")), " ", plain]))
    else:
        key = "hint_grouped" if shown.groups else f"hint_{asked.list}"
        said.append(html.Span(t(f"queue.{key}"), className="muted"))
    said.append(csv_button(f"alerts-{asked.list}", t("alerts.caption", list=t(f"queue.list_{asked.list}"))))
    return said


def nothing(asked: Asked, shown: Shown, filtered: bool) -> Any:
    """Why there are no rows, where there are none."""
    if shown.rows or shown.groups:
        return None
    if shown.judged_at is None:
        return no_data("alerts.never_judged", "alerts.never_judged_next")
    if asked.list == "own" and not asked.own:
        return empty("queue.no_place", "queue.no_place_next")
    if filtered or asked.inside:
        return empty("alerts.empty_filtered")
    if asked.list == "open":
        return empty("alerts.empty_open", "alerts.empty_open_next")
    return empty("alerts.empty_list", f"queue.hint_{asked.list}")


def lists(view: View, shown: Shown) -> list[Component]:
    """The lists, each with how many are in it."""
    bare = view.without("page", "inside", "whose")
    names = {}
    for name in OPEN:
        names[name] = _counted(name, shown)
    rest = {name: t(f"queue.list_{name}") for name in ("ended", "closed", "history")}
    kept = {name: _counted(name, shown) for name in ("shelved", "muted")}
    return [switch("list", {**names, **kept, **rest}, bare, default="open")]


def _counted(name: str, shown: Shown) -> str:
    n, every = shown.counts[name], shown.every[name]
    said = {"list": t(f"queue.list_{name}"), "n": forms.number(n, language()), "all": forms.number(every, language())}
    return t("alerts.list_n" if n == every else "alerts.list_n_of", **said)


def grouping(view: View, asked: Asked) -> Component | None:
    """By what the alerts are put together."""
    if asked.list not in GROUPED:
        return None
    choices = {by: t(f"queue.by_{by or 'self'}") for by in BY}
    links = switch("by", choices, view.without("page", "inside"))
    return html.Div([html.Span(t("queue.by"), className="muted"), links], className="row", role="group", **{"aria-label": t("queue.by")})


def pages(view: View, asked: Asked, shown: Shown) -> Any:
    """Which rows these are of how many; before and after."""
    first = (asked.page - 1) * PAGE + 1
    if not shown.rows or (first == 1 and not shown.more):
        return None
    span = {"first": forms.number(first, language()), "last": forms.number(first + len(shown.rows) - 1, language())}
    n = shown.single
    said = t("alerts.page_of_total", **span, n=forms.number(n, language())) if n is not None else t("alerts.page_of", **span)
    before = dcc.Link(t("alerts.page_before"), href=here(view.set(page=str(asked.page - 1)))) if first > 1 else None
    after = dcc.Link(t("alerts.page_next"), href=here(view.set(page=str(asked.page + 1)))) if shown.more else None
    return html.Nav([part for part in (before, html.Span(said), after) if part], className="row pages", **{"aria-label": t("alerts.pages")})
