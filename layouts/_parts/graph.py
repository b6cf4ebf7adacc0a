"""The only dcc.Graph of the house.

A bare one would carry a "Share chart" button that posts the figure to somebody else's server, and would fetch maps and fonts from
the network. Here: no sending, no address to send to, no outside assets, no gl traces (they need `unsafe-eval`, which our CSP
refuses), the reader's language and light. A contract test forbids dcc.Graph anywhere else.
"""

from __future__ import annotations

from typing import Any

from dash import dcc
from plotly import graph_objects as go

from layouts._parts.here import language, theme
from layouts._parts.refresh import live
from layouts._parts.theme import template

LOCALE = {"en": "en", "vi": "vi", "zh": "zh-CN"}
_SEPARATORS = {"en": ".,", "vi": ",.", "zh": ".,"}
_GL = ("scattergl", "scatter3d", "heatmapgl", "parcoords", "pointcloud")


def config(**more: Any) -> dict[str, Any]:
    """The config of every graph."""
    return {
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
        "responsive": True,
        "locale": LOCALE[language()],
        "toImageButtonOptions": {"format": "png", "scale": 2},
        **more,
    }


def graph(figure: go.Figure, graph_id: str | dict[str, str] | None = None, *, height: int = 320, key: str = "", **more: Any) -> dcc.Graph:
    """A figure as a component. `key` names what is looked at: while it stays, a refresh moves neither zoom nor selection."""
    gl = [trace.type for trace in figure.data if trace.type in _GL]
    if gl:
        raise ValueError(f"{', '.join(gl)}: gl traces do not draw under our content security policy")
    figure.update_layout(
        template=template(theme()), separators=_SEPARATORS[language()], uirevision=key or "same", height=None, autosize=True
    )
    named = {} if graph_id is None else {"id": graph_id}
    drawn = dcc.Graph(figure=figure, config=config(**more), style={"height": f"{height}px"}, className="graph", **named)
    return drawn if graph_id is None else live(drawn, "figure")
