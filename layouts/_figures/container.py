"""One box through time: a lane for each place it was at and for each agency that held it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from plotly import graph_objects as go

WIDTH = 16
DAY = {"en": "%-d %b", "vi": "%d/%m", "zh": "%-m月%-d日"}  # as the house writes a day


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasted: in which lane, from when to when (None: still), what it is (inside or held), in words."""

    lane: str
    start: datetime
    end: datetime | None
    kind: str
    text: str


def life(stretches: Sequence[Stretch], zone: str, now: datetime, names: dict[str, str], lang: str) -> go.Figure:
    """Lanes from top to bottom as they first occur. `names`: kind -> its word. Times in `zone`; what goes on ends in an arrow at `now`."""
    figure, at = go.Figure(), ZoneInfo(zone)
    lanes = list(dict.fromkeys(one.lane for one in stretches))
    for kind in dict.fromkeys(one.kind for one in stretches):
        own = [one for one in stretches if one.kind == kind]
        x: list[datetime | None] = []
        y: list[str | None] = []
        said: list[str | None] = []
        for one in own:
            x += [_local(one.start, at), _local(one.end or now, at), None]
            y += [one.lane, one.lane, None]
            said += [one.text, one.text, None]
        width = WIDTH if kind == "inside" else WIDTH / 2
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"width": width}, name=names[kind], text=said, hovertemplate="%{text}<extra></extra>"
        )
    going = [one for one in stretches if one.end is None]
    if going:
        figure.add_scatter(
            x=[_local(now, at)] * len(going),
            y=[one.lane for one in going],
            mode="markers",
            marker={"symbol": "triangle-right", "size": 15},
            name=names["still"],
            hoverinfo="skip",
        )
    figure.update_layout(
        hovermode="closest",
        yaxis={"type": "category", "categoryarray": lanes[::-1], "categoryorder": "array", "title": {"text": ""}},
        xaxis={"type": "date", "title": {"text": zone}, "showgrid": True, "nticks": 6, "tickangle": 0, "tickformatstops": ticks(lang)},
    )
    return figure


def ticks(lang: str) -> list[dict[str, object]]:
    """Hours where a tick is less than a day, else days; the year beneath where Plotly begins one."""
    of_day = 24 * 3600 * 1000
    return [
        {"dtickrange": [None, of_day - 1], "value": f"%H:%M\n{DAY[lang]}"},
        {"dtickrange": [of_day, "M1"], "value": f"{DAY[lang]}\n%Y"},
        {"dtickrange": ["M1", None], "value": "%m/%Y"},
    ]


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
