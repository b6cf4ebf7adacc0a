"""One owner of goods: what he has and where, its dates ahead, what moved of it in the last month, what is open about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import inventory as kept
from data.queries import owner as ask
from data.queries.owner import Owned
from layouts._figures import goods_owner as rows
from layouts._figures.open_alerts import open_alerts
from layouts._parts.callback import Input, Output, callback, can
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.moment import moment_bar, moment_of
from layouts._parts.shell import page, panel
from layouts._parts.states import no_data
from layouts._parts.view import View


def _title(owner: str = "", **_: Any) -> str:
    return f"{unquote(owner)[:200] or t('goods.owner_title')} · {t('shell.product')}"


dash.register_page(__name__, path_template="/owner/<owner>", title=_title)


def layout(owner: str = "", **url: Any) -> Component:
    """An owner by his name as the ledgers write it; place and moment stand in the address."""
    name, view = unquote(owner)[:200], View.from_url(url)
    places = kept.places(store(), actor(), world())
    options = {"place": {one: world().place(one).title(language()) for one in places}}
    return page(
        name or t("goods.owner_title"),
        moment_bar(view, _zone(view)),
        *([filters(view, "place", options=options)] if len(places) > 1 else []),
        html.Div(id="owner-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        dcc.Store(id="owner-name", data=name),
        view=view,
        lead=t("goods.owner_lead"),
        tools=[
            dcc.Link(t("goods.title"), href=View(place=view.place, more={"owner": name}).href("/inventory"), className="button"),
            dcc.Link(t("statement.open"), href=View(place=view.place, more={"owner": name}).href("/statement"), className="button"),
        ],
        name="goods",
    )


def _zone(view: View) -> str:
    """Of the place that is looked at, else of the first within reach that keeps goods."""
    seen = [one for one in kept.places(store(), actor(), world()) if view.place in ("", one)]
    return world().place(seen[0]).timezone if seen else "UTC"


@callback(Output("owner-body", "children"), Input("view", "data"), Input("live", "data"), Input("owner-name", "data"), may="see")
def body(data: dict[str, Any], _live: str, name: str) -> Any:
    """All of the page from one question."""
    view = View(**data)
    zone = _zone(view)
    at, known_at = (moment_of(view.get(one), zone) for one in ("at", "known"))
    found = ask.owned(store(), actor(), world(), now(), name, place=view.place, at=at, known_at=known_at)
    if not found.known:
        said = no_data("goods.owner_unknown", "goods.owner_unknown_next", owner=name)
        return [panel("owner-none", name, rows.aged(found, zone, said), wide=True)]
    return [
        panel("owner-head", t("goods.head"), rows.head(found, zone), wide=True),
        panel("owner-where", t("goods.where"), rows.where(found, zone, view), span=7),
        panel("owner-ages", t("goods.by_age"), rows.ages(found, zone, view), span=5),
        panel("owner-alerts", t("goods.alerts"), _alerts(found, zone), wide=True),
        panel("owner-dates", t("goods.ahead"), rows.dates(found, zone, view), wide=True),
        panel("owner-lots", t("goods.table"), *rows.lots(found, view), wide=True),
        panel("owner-moved", t("goods.moved", days=ask.DAYS), rows.moved(found, zone, view, can("see_raw")), wide=True),
    ]


def _alerts(found: Owned, zone: str) -> Component:
    return open_alerts(found.alerts, ask.ALERTS, zone=zone)
