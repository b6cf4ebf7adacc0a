"""A back-test by day: what both laws have, what is gained, what is lost (below the line)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash.development.base_component import Component
from plotly import graph_objects as go

from layouts._parts.alert import place_name
from layouts._parts.chart import chart
from layouts._parts.here import language, t
from layouts._parts.table import Column
from layouts._text import forms

STATES = ("same", "gained", "lost")
TICKS = 12


def days(row: Mapping[str, Any], place: str, zone: str) -> Component | None:
    """One place, day by day of the place; nothing where neither law finds anything."""
    if not any(row["result"]["places"][place][name] for name in STATES):
        return None
    own, at = row["result"]["places"][place], datetime.fromisoformat(row["result"]["at"])
    told = [{**day, "day": date.fromisoformat(day["day"])} for day in own["days"]]
    labels = [forms.date(day["day"], language(), year=False) for day in told]
    figure = go.Figure()
    for name, pattern in zip(STATES, ("", "/", "x"), strict=True):
        sign = -1 if name == "lost" else 1
        figure.add_bar(
            x=labels,
            y=[sign * day[name] for day in told],
            customdata=[day[name] for day in told],
            name=t(f"rules.{name}"),
            marker={"pattern": {"shape": pattern}},
            hovertemplate="%{customdata:,}",
            width=None if len(labels) > 3 else 0.35,
        )
    few = {"dtick": 1} if max((day["same"] + day["gained"] for day in told), default=0) <= 10 else {}
    step = max(-(-len(labels) // TICKS), 1)
    figure.update_layout(
        barmode="relative",
        xaxis={"type": "category", "tickmode": "array", "tickvals": labels[::step], "tickangle": 0},
        yaxis={"title": {"text": t("rules.r_spells")}, "tickformat": ",d", **few},
        showlegend=True,
    )
    columns = [Column("day", t("rules.day"), "date"), *(Column(name, t(f"rules.{name}"), "number") for name in STATES)]
    return chart(
        figure,
        columns=columns,
        rows=told,
        title=t("rules.by_day", place=place_name(place)),
        definition="rules.by_day_definition",
        n=own["spells"],
        as_of=at,
        zone=zone,
        csv=f"backtest-days-{place}",
        height=280,
    )
