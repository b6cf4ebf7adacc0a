"""The statement of a period: what was there, what came, went and was put right, what is there, owner by owner; as CSV, XLSX and PDF."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import statement as ask
from data.queries._scope import allowed
from data.queries.statement import Told
from layouts._figures import statement as draw
from layouts._figures.remarks import remarks
from layouts._paper.pdf import pdf
from layouts._paper.statement import Teller, definitions, sheet
from layouts._parts.callback import ALL, Input, Output, State, callback, can, ctx, no_update
from layouts._parts.chart import stamp
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button, facts, note
from layouts._parts.period import asked_known, asked_period, period_bar
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data, refused
from layouts._parts.table import table
from layouts._parts.view import View

FILES = ("csv", "xlsx", "pdf")

dash.register_page(__name__, path="/statement", title=title("statement.title"))


def layout(**url: Any) -> Component:
    """One place, one period: the last whole month unless another is asked for; all of it stands in the address."""
    view = View.from_url(url)
    place = _place(view)
    tools = [button(t(f"statement.{fmt}"), {"type": "statement-file", "as": fmt}, "plain") for fmt in FILES] if can("export") else []
    found = _told(view) if place else None
    names = {"owner": found.owners, "operator": found.operators} if found else {}
    teller = Teller(found, world(), language()) if found else None
    said = {name: {one: teller.operator(one) if name == "operator" and teller else one for one in each} for name, each in names.items()}
    return page(
        t("statement.title"),
        filters(view.without("since", "until").set(place=place), "place", "owner", "operator", options=said),
        *([period_bar(view, world().place(place).zone)] if place else []),
        html.Div(id="statement-body", className="page-grid charts", children=html.Div(className="state-band state-loading")),
        dcc.Download(id="statement-saved"),
        view=view,
        lead=t("statement.lead"),
        tools=html.Div(tools, className="row") if tools and place else None,
        name="statement",
    )


@callback(Output("statement-body", "children"), Input("view", "data"), Input("live", "data"), may="see")
def body(data: dict[str, Any], _live: str) -> Any:
    """All of the page from one question."""
    view = View(**data)
    found = _told(view)
    if found is None:
        why = refused("goods.no_such_place") if view.place else no_data("statement.no_place")
        return panel("statement-none", t("statement.title"), why, wide=True)
    if found.since > now():
        return panel("statement-none", t("statement.title"), empty("statement.not_begun", "statement.not_begun_next"), wide=True)
    teller, zone = Teller(found, world(), language()), world().place(found.place).timezone
    aged = html.Div([stamp(found.sight.as_of, None, zone), *(html.Div(part) for part in remarks((), found.sight, zone)[1:])])
    changing = [] if found.over else [note(t("statement.goes_on"))]
    head = [aged, *changing, *(html.P(line) for line in teller.standing(now()))]
    if not found.rows:
        if not found.sight.feeds:
            said = no_data("statement.no_ledger", "statement.no_ledger_next")
            return panel("statement-about", teller.place.title(language()), stamp(None), said, wide=True)
        said = empty("statement.nothing", "statement.nothing_next") if found.sight.as_of else no_data()
        return panel("statement-about", teller.place.title(language()), *head, said, wide=True)
    main = table(
        draw.columns(),
        draw.rows(found.rows, teller),
        caption=t("statement.table"),
        sort=False,
        row_class=lambda row: row.get("class", ""),
        zone=zone,
    )
    kinds = table(draw.kind_columns(), draw.kinds(found.rows, teller), caption=t("statement.by_kind"), csv="statement-by-kind", sort=False)
    return [
        panel("statement-about", teller.place.title(language()), *head, wide=True),
        panel("statement-table", t("statement.table"), main, wide=True, hint=t("statement.rows", n=len(found.rows))),
        panel("statement-kinds", t("statement.by_kind"), kinds, wide=True),
        panel(
            "statement-meanings",
            t("statement.definitions"),
            facts(definitions(teller)),
            html.P(t("statement.note_taken"), className="muted"),
            html.P(t("statement.note_law"), className="muted"),
            wide=True,
        ),
    ]


@callback(
    Output("statement-saved", "data"),
    Input({"type": "statement-file", "as": ALL}, "n_clicks"),
    State("view", "data"),
    prevent_initial_call=True,
    may="export",
)
def file(_clicks: list[int | None], data: dict[str, Any]) -> Any:
    """The statement as a file, as the page has it."""
    found = _told(View(**data)) if ctx.triggered and ctx.triggered[0]["value"] else None
    fmt = (ctx.triggered_id or {}).get("as")
    if found is None or fmt not in FILES or found.since > now():
        return no_update
    if fmt == "pdf":
        made = pdf(sheet(found, world(), language(), now()), language(), t("statement.page_of", page="{page}"))
    else:
        made = ask.file_of(found, fmt)
    first, last = ask.days(found.since, found.until, world().place(found.place).zone)
    return dcc.send_bytes(made, f"statement-{found.place}-{first:%Y%m%d}-{last:%Y%m%d}.{fmt}")


def _place(view: View) -> str:
    """The place asked for, or the first within reach that keeps a ledger; "" where there is none."""
    places = allowed(actor(), world())
    keeping = ask.keeping(world(), places) or places
    return view.place if view.place in places else "" if view.place else keeping[0] if keeping else ""


def _told(view: View) -> Told | None:
    place = _place(view)
    if not place:
        return None
    zone = world().place(place).zone
    known = asked_known(view, zone, now())
    since, until = asked_period(view, zone, now())
    own = {name: view.get(name) for name in ("owner", "operator")}
    return ask.told(store(), actor(), world(), now(), place, since, until, known_at=known, **own)
