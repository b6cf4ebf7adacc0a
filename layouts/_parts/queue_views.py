"""Views of the queue that a person keeps: a list of links, the name for this one, new names, taking away. The link is what is shared."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.actions import NotPermitted, NotPossible, views
from data.queries.views import View as Kept
from layouts._parts.here import actor, now, path, store, t
from layouts._parts.marks import button, note


def fold(kept: tuple[Kept, ...]) -> Component:
    """Where they are found."""
    field = dcc.Input(id="view-name", type="text", maxLength=views.LONGEST_NAME, autoComplete="off", placeholder=t("queue.view_name"))
    save = html.Div(
        [
            html.Label([html.Span(t("queue.view_name"), className="hidden"), field], className="field"),
            button(t("queue.view_save"), {"type": "view-do", "act": "save", "name": ""}),
        ],
        className="row",
    )
    body = html.Div([html.Div(listed(kept), id="views-list"), save, html.Div(id="views-said", role="status")], className="fold")
    return html.Details([html.Summary(t("queue.views")), body], className="twin views", id="views")


def listed(kept: tuple[Kept, ...]) -> Any:
    """Each with its link; its name can be changed to the one typed below, or it is taken away."""
    if not kept:
        return html.P(t("queue.views_none"), className="muted")
    return html.Ul([html.Li(_one(view), className="row") for view in kept], className="views-list")


def _one(view: Kept) -> list[Component]:
    def press(act: str) -> Component:
        said = t(f"queue.view_{act}_of", name=view.name)
        own = {"type": "view-do", "act": act, "name": view.name}
        more = {"title": said, "aria-label": said}
        return html.Button(t(f"queue.view_{act}"), id=own, type="button", className="button button-small", **more)

    return [dcc.Link(view.name, href=path("/alerts") + view.address), press("rename"), press("delete")]


def act(asked: str, name: str, typed: str, address: str) -> tuple[Any, bool]:
    """Do what a button says: (what to say, whether what was typed was taken)."""
    try:
        if asked == "save":
            return t("queue.view_saved", name=views.save(store(), actor(), now(), name=typed, address=address)), True
        if asked == "rename":
            return t("queue.view_renamed", name=views.rename(store(), actor(), now(), name=name, to=typed)), True
        views.delete(store(), actor(), now(), name=name)
        return t("queue.view_deleted", name=name), False
    except NotPossible as error:
        key = "queue.view_no_name" if error.reason == "no_text" else f"queue.{error.reason}"
        return note(t(key, **error.values), "warn"), False
    except NotPermitted:
        return note(t("alerts.not_permitted"), "alert"), False
