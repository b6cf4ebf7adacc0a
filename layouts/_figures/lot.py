"""The balance of one lot as it went: a step for each line that changed it, of both books; what was found in counts as points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from plotly import graph_objects as go

from data.queries.lot import Chain
from layouts._figures.container import ticks
from layouts._text import say, word
from layouts._text.quantity import quantity, unit
from zones.chain import Step

WHOLE = 1_000_000
POINTS = 4000


def steps(found: Chain, zone: str, language: str, now: datetime) -> go.Figure:
    """One line a book and unit; the chosen moment as a line of its own where it is not now."""
    figure, at = go.Figure(), ZoneInfo(zone)
    units = list(dict.fromkeys(one.uom for one in (*found.course, *found.own_course)))
    for book, course in (("operator", found.course), ("customs", found.own_course)):
        for uom in dict.fromkeys(one.uom for one in course):
            own = [one for one in course if one.uom == uom][-POINTS:]
            name = word("book", book, language) + (f" ({unit(uom, language)})" if len(units) > 1 else "")
            _line(figure, own, at, now, name, language, "solid" if book == "operator" else "dot")
    told = [one for one in found.counts if one.entry.quantity is not None]
    if told:
        figure.add_scatter(
            x=[_local(one.entry.at, at) for one in told],
            y=[one.entry.quantity / WHOLE for one in told if one.entry.quantity is not None],
            text=[quantity(one.entry.quantity or 0, one.entry.uom, language) for one in told],
            mode="markers",
            marker={"symbol": "diamond", "size": 10},
            name=say("books.found", language),
            hovertemplate="%{text}",
        )
    if found.at < now:
        moment = _local(found.at, at)
        low = min((one.quantity for one in (*found.course, *found.own_course)), default=0)
        high = max((one.quantity for one in (*found.course, *found.own_course)), default=0)
        figure.add_scatter(
            x=[moment, moment],
            y=[min(low, 0) / WHOLE, high / WHOLE],
            mode="lines",
            line={"dash": "dash", "width": 1.5},
            name=say("books.chosen", language),
            hoverinfo="skip",
        )
    title = unit(units[0], language) if len(units) == 1 else say("books.quantity", language)
    figure.update_layout(
        xaxis={"type": "date", "title": {"text": zone}, "nticks": 8, "tickangle": 0, "tickformatstops": ticks(language)},
        yaxis={"title": {"text": title}, "rangemode": "tozero"},
        hovermode="closest",
        showlegend=True,
    )
    return figure


def _line(figure: go.Figure, own: Sequence[Step], zone: ZoneInfo, now: datetime, name: str, language: str, dash: str) -> None:
    figure.add_scatter(
        x=[*(_local(one.at, zone) for one in own), _local(now, zone)],
        y=[*(one.quantity / WHOLE for one in own), own[-1].quantity / WHOLE],
        text=[quantity(one.quantity, one.uom, language) for one in (*own, own[-1])],
        mode="lines+markers",
        marker={"size": [*(6 for _ in own), 0]},
        line={"shape": "hv", "dash": dash},
        name=name,
        hovertemplate="%{text}",
    )


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
