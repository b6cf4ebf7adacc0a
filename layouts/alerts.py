"""Alerts: the queue, worst first; what is shelved, ended, closed or history one click away."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import alerts as ask
from data.queries.alerts import Asked, Queue
from layouts._parts.alert_list import rows
from layouts._parts.callback import Input, Output, callback
from layouts._parts.filters import filters, here, switch
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import severity
from layouts._parts.shell import page, panel, title
from layouts._parts.view import NAMES, View
from layouts._text import word
from zones.episode import SEVERITIES
from zones.rules import rules

dash.register_page(__name__, path="/alerts", title=title("alerts.title"))

OWN = ("rule", "severity", "whose")
KEPT = ("place", *OWN)  # the filters of this page


def layout(**url: Any) -> Component:
    """Filters and lists stand in the address."""
    view = View.from_url(url)
    options = {
        "rule": {rule: word("rule", rule, language()) for rule in rules()},
        "severity": {code: word("severity", code, language()) for code in SEVERITIES},
    }
    return page(
        t("alerts.title"),
        filters(view, "place", "rule", "severity", options=options, slot="alerts-hides"),
        panel("alerts-list", html.Span(id="alerts-name"), wide=True, lines=10, tools=html.Div("–", id="alerts-lists", className="row")),
        view=view,
        lead=html.Div(id="alerts-lead"),
        name="alerts",
    )


@callback(Output("alerts-list", "children"), Input("view", "data"), Input("live", "data"), may="see")
def listed(data: dict[str, Any], _live: str) -> Any:
    """The list itself; refreshed in place, so that focus and scroll stay where they are."""
    view = View(**data)
    asked = _asked(view)
    return rows(view, asked, ask.queue(store(), actor(), now(), asked), any(view.get(name) for name in KEPT))


@callback(
    Output("alerts-lead", "children"),
    Output("alerts-lists", "children"),
    Output("alerts-name", "children"),
    Output("alerts-hides", "children"),
    Input("view", "data"),
    Input("live", "data"),
    may="see",
)
def counted(data: dict[str, Any], _live: str) -> tuple[Any, ...]:
    """How many are open, of what severity, in which list; what the filters hide."""
    view = View(**data)
    asked = _asked(view)
    found = ask.queue(store(), actor(), now(), asked)
    return _lead(view, found), _lists(view, found), t(f"alerts.list_{asked.list}"), _hides(view, asked, found)


def _asked(view: View) -> Asked:
    page_number = view.get("page", "1")
    which = view.get("list", "open")
    return Asked(
        list=which if which in ask.LISTS else "open",
        place=view.place,
        rule=view.get("rule"),
        severity=view.get("severity"),
        mine=view.get("whose") == "mine",
        page=int(page_number) if page_number.isdecimal() and len(page_number) < 6 else 1,
    )


def _lead(view: View, found: Queue) -> list[Any]:
    """ "28 alerts are open", and how many of each severity, each leading to these."""
    n = sum(found.tally.values())  # of the place that is chosen, as the severities beside it are
    there = {"place": world().place(view.place).title(language())} if view.place in world().places else {}
    if not n:
        return [t("alerts.lead_none_at", **there) if there else t("alerts.lead_none")]
    said: list[Any] = [t("alerts.lead_at", n=n, **there) if there else t("alerts.lead", n=n), ":"]
    for code in SEVERITIES:
        n = sum(count for (level, _), count in found.tally.items() if level == code)
        if n:
            only = view.set(severity=code).without("page", "list")
            said.append(dcc.Link(severity(code, count=n), href=here(only), className="lead-link"))
    return [html.Div(said, className="row")]


def _lists(view: View, found: Queue) -> list[Component]:
    bare = view.without("page")
    names = {name: t(f"alerts.list_{name}") for name in ask.LISTS}
    for name, every in (("open", found.open), ("shelved", found.shelved)):
        n = found.fitting.get(name, every)
        names[name] = t("alerts.list_n" if n == every else "alerts.list_n_of", list=names[name], n=n, all=every)
    whose = {"": t("alerts.mine_all"), "mine": t("alerts.list_n", list=t("alerts.mine"), n=found.mine)}
    return [switch("whose", whose, bare), switch("list", names, bare, default="open")]


def _hides(view: View, asked: Asked, found: Queue) -> Any:
    if not found.hidden or asked.list != "open":
        return ""
    return html.Span(
        [t("shell.filter_hides", n=found.hidden), " ", dcc.Link(t("shell.filter_show"), href=here(view.without(*NAMES, *OWN, "page")))],
        className="hides",
    )
