"""Colours of figures, light and dark; those of everything else are CSS variables of the same names in assets/zonewatch.css.

After ISA-101: a grey base, and saturated colour for what is abnormal only. Series are told apart by lightness and dash first.
"""

from __future__ import annotations

from dataclasses import dataclass

from plotly import graph_objects as go

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", '
    '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif'
)


@dataclass(frozen=True, slots=True)
class Palette:
    """One light. `ramp` runs from little to much; `series` from the most to the least important."""

    text: str
    muted: str
    line: str
    grid: str
    panel: str
    water: str
    land: str
    area: str
    unknown: str
    act_now: str
    today: str
    queue: str
    cannot_see: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]


PALETTES = {
    "light": Palette(
        text="#1b2127", muted="#55606b", line="#98a2ac", grid="#dde1e5", panel="#fbfcfc", water="#e4e8eb", land="#f6f5f1", area="#7b8791",
        unknown="#cbc8c2", act_now="#b3141d", today="#c47a00", queue="#4d6480", cannot_see="#5f4691",
        series=("#33495f", "#8496a8", "#5d7f86", "#a9a08f", "#6b6f8a"),
        ramp=("#e4ecf4", "#bfd0e0", "#94afc8", "#668baf", "#416790", "#234a74"),
    ),
    "dark": Palette(
        text="#dfe5ea", muted="#9ca8b3", line="#5d6873", grid="#2e363e", panel="#1d2329", water="#171c21", land="#262d33", area="#76838f",
        unknown="#55524d", act_now="#ff6f66", today="#f0aa2d", queue="#8ea6c4", cannot_see="#b59be6",
        series=("#a9bfd4", "#6d8194", "#7fa5ab", "#8f887a", "#8b8fae"),
        ramp=("#26323f", "#34495f", "#486685", "#6385ab", "#8aabcd", "#bcd5ee"),
    ),
}  # fmt: skip


def palette(theme: str) -> Palette:
    """The colours of a light."""
    return PALETTES["dark" if theme == "dark" else "light"]


def template(theme: str) -> go.layout.Template:
    """The Plotly template of a light: transparent paper, quiet axes, no title (the panel has one)."""
    colours = palette(theme)
    axis = {
        "gridcolor": colours.grid, "linecolor": colours.line, "zerolinecolor": colours.line, "tickcolor": colours.line, "ticks": "outside",
        "ticklen": 4, "automargin": True,
        "title": {"standoff": 8, "font": {"size": 12, "color": colours.muted}}, "tickfont": {"color": colours.muted},
    }  # fmt: skip
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": colours.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(colours.series),
            "colorscale": {"sequential": [[i / (len(colours.ramp) - 1), colour] for i, colour in enumerate(colours.ramp)]},
            "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
            "xaxis": {**axis, "showgrid": False, "showline": True},
            "yaxis": {**axis, "showline": False, "rangemode": "tozero"},
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": colours.panel, "bordercolor": colours.line, "font": {"color": colours.text}},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}, "font": {"color": colours.text}},
            "bargap": 0.18,
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.muted, "activecolor": colours.text},
        },
        data={
            "bar": [go.Bar(marker={"line": {"width": 0}, "pattern": {"fillmode": "overlay", "size": 6, "solidity": 0.35}})],
            "scatter": [go.Scatter(line={"width": 2})],
        },
    )
