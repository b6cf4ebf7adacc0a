"""A page of every part there is, and a little one, to stand in the frame: what test_shell.py looks at."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import dash
from dash import html
from plotly import graph_objects as go

from data import clock
from layouts._parts.callback import Input, Output, callback
from layouts._parts.chart import chart
from layouts._parts.filters import filters, hides, switch
from layouts._parts.grid import grid
from layouts._parts.map import Area, Point, map_chart
from layouts._parts.marks import button, figure, figures, severity, state
from layouts._parts.shell import page as framed
from layouts._parts.shell import panel
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._parts.toast import toast
from layouts._parts.view import View

ZONE = "Asia/Ho_Chi_Minh"
NAMES = {"en": "Demo Port", "vi": "Cảng Mẫu", "zh": "示范港"}


def world() -> Any:
    terminal = SimpleNamespace(id="DT1", kind="terminal", title=lambda lang: "Terminal 1")
    place = SimpleNamespace(
        id="demo-port",
        timezone=ZONE,
        areas=(terminal,),
        title=lambda lang: NAMES[lang],
        day_of=lambda at: at.astimezone(ZoneInfo(ZONE)).date(),
    )
    places = {"demo-port": place}
    return SimpleNamespace(places=places, place=places.__getitem__)


def square(lon: float, lat: float, size: float = 0.004) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]]}


ROWS = [
    {"week": "W46", "median": 4200, "share": 0.12, "box": "ZZDU4839211", "name": "Đông"},
    {"week": "W47", "median": 900, "share": 0.345, "box": "ZZDU2107741", "name": "=1+1"},
    {"week": "W48", "median": None, "share": 0.5, "box": "ZZDU5503181", "name": "An"},
]
COLUMNS = [
    Column("week", "Week"),
    Column("median", "Median", "minutes"),
    Column("share", "Over", "percent"),
    Column("box", "Box", "box"),
    Column("name", "Name"),
]


def register() -> None:
    """A page of everything, and one of little, with their callbacks."""

    def little(**url: str) -> Any:
        view = View.from_url(url)
        return framed(
            "Little",
            filters(view, "place", "terminal", "mode", "direction", "full_empty", "period", slot="try-hides"),
            panel("try-chart", "By week", height=420),
            view=view,
            tools=switch("bin", {"hour": "Hour", "day": "Day"}, view, default="day"),
        )

    def layout(**url: str) -> Any:
        view = View.from_url(url)
        return framed(
            "Everything",
            filters(view, "place", "terminal", "mode", "direction", "full_empty", "period", slot="try-hides"),
            html.Div(figures(figure(2, "Act now", mark="act_now"), figure(1204, "Inside", unit="boxes"), figure(None, "Oldest"))),
            panel("try-chart", "By week", height=420),
            panel("try-map", "Where", height=420),
            panel("try-states", "Words", span=4),
            panel("try-bad", "Broken", span=4),
            panel("try-empty", "Empty", empty(), no_data(), span=4),
            panel(
                "try-grid",
                "Grid",
                grid(
                    "try-ag",
                    [{"field": "id"}, {"field": "name"}],
                    [{"id": str(i), "name": f"row {i}"} for i in range(300)],
                    label="Rows",
                    height=240,
                ),
                wide=True,
            ),
            view=view,
            lead="1 place needs action: Demo Port, 2 alerts, oldest 14 min.",
            tools=switch("bin", {"hour": "Hour", "day": "Day"}, view, default="day"),
        )

    dash.register_page("try_page", path="/try", title="Everything", layout=layout)
    dash.register_page("little_page", path="/little", title="Little", layout=little)

    @callback(Output("try-chart", "children"), Input("view", "data"), Input("live", "data"), may="see")
    def by_week(view: dict[str, Any], live: str) -> Any:
        now = clock.now()
        drawn = go.Figure(go.Bar(x=[r["week"] for r in ROWS], y=[r["median"] for r in ROWS], name="2026"))
        drawn.add_bar(x=[r["week"] for r in ROWS], y=[3000, 2000, 1000], name="before", marker={"pattern": {"shape": "/"}})
        drawn.update_layout(yaxis={"title": {"text": "minutes"}})
        return chart(
            drawn, columns=COLUMNS, rows=ROWS, title="By week", csv="by-week", n=1204, definition="Entry to exit, both known.",
            as_of=now - timedelta(minutes=4), received_at=now - timedelta(minutes=3), zone=ZONE, note=f"token {live} {View(**view).mode}",
        )  # fmt: skip

    @callback(Output("try-map", "children"), Input("view", "data"), may="see")
    def where(_: Any) -> Any:
        areas = [Area("b", "Boundary", square(106.7, 20.8, 0.02), kind="outline")]
        areas += [
            Area(f"A{i}", f"Block {i}", square(106.702 + i * 0.005, 20.803), value=v, text="83%") for i, v in enumerate((0.1, 0.83, None))
        ]
        points = [Point(106.71, 20.815, "Demo Port", "2 alerts", "act_now"), Point(106.705, 20.812, "Cảng Mẫu 示范港", "normal", "normal")]
        return map_chart(
            areas=areas,
            points=points,
            title="Where",
            columns=COLUMNS,
            rows=ROWS,
            csv="map",
            key="place:demo",
            as_of=clock.now(),
            zone=ZONE,
            height=320,
        )

    @callback(Output("try-states", "children"), Input("view", "data"), may="see")
    def words(_: Any) -> Any:
        marks = [severity(code) for code in ("act_now", "today", "queue")] + [
            state(code) for code in ("act_now", "watch", "normal", "cannot_see", "closed")
        ]
        return [
            html.Div(marks, className="stack"),
            button("Press", "try-press"),
            html.Div(id="try-pressed"),
            table(COLUMNS, ROWS, caption="Plain", csv="plain"),
        ]

    @callback(Output("try-bad", "children"), Input("view", "data"), may="see")
    def bad(_: Any) -> Any:
        raise ValueError("on purpose: secret 4711")

    @callback(Output("try-pressed", "title"), Input("try-press", "n_clicks"), may="acknowledge", prevent_initial_call=True)
    def pressed(_: Any) -> str:
        toast("shell.new_alerts", n=2)
        return "done"

    @callback(Output("try-hides", "children"), Input("view", "data"), may="see")
    def hiding(view: dict[str, Any]) -> Any:
        return hides(3 if view["mode"] else 0, View(**view))
