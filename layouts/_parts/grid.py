"""AG Grid for long lists; up to some three hundred rows a plain `table` is better. In the house's light and the reader's language.

Never `dangerously_allow_code`; rows have an id of their own (text), so that a refresh keeps focus and selection. What a browser sends
back as sort or filter model names columns: map it through an allow-list before it comes near SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from layouts._parts.here import language
from layouts._text import catalogue

# The colours are those of zonewatch.css, so the grid follows the light by itself.
_PARAMS = {
    "backgroundColor": "var(--panel)",
    "foregroundColor": "var(--text)",
    "headerBackgroundColor": "var(--sunk)",
    "headerTextColor": "var(--muted)",
    "borderColor": "var(--line)",
    "oddRowBackgroundColor": "var(--panel)",
    "rowHoverColor": "var(--hover)",
    "selectedRowBackgroundColor": "var(--chosen)",
    "accentColor": "var(--link)",
    "chromeBackgroundColor": "var(--sunk)",
    "textColor": "var(--text)",
    "fontFamily": "inherit",
    "fontSize": "13px",
    "spacing": "6px",
    "wrapperBorderRadius": "0px",
    "borderRadius": "2px",
    "cellHorizontalPadding": "10px",
}
THEME = {"function": "themeQuartz.withParams({" + ", ".join(f"{name}: '{value}'" for name, value in _PARAMS.items()) + "})"}


def grid(
    grid_id: str,
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]] | None = None,
    *,
    label: str,
    infinite: bool = False,
    row_id: str = "id",
    height: int = 480,
    select: str = "",
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Component:
    """A grid. `columns` are AG Grid columnDefs; `rows` for the client-side model; `infinite` asks by getRowsRequest/getRowsResponse.

    `select`: "", "single" or "multiple". `options` are further grid options; `more` further props of the component.
    """
    chosen = {"rowSelection": {"mode": "multiRow" if select == "multiple" else "singleRow"}} if select else {}
    settings = {
        "theme": THEME,
        "localeText": _words(),
        "animateRows": False,
        "ensureDomOrder": True,
        "suppressCellFocus": False,
        "enableCellTextSelection": True,
        "rowHeight": 34,
        "headerHeight": 34,
        **chosen,
        **({"cacheBlockSize": 100, "maxBlocksInCache": 10, "rowBuffer": 20} if infinite else {}),
        **(options or {}),
    }
    own = {"rowModelType": "infinite"} if infinite else {"rowData": list(rows or [])}
    drawn = dag.AgGrid(
        id=grid_id,
        columnDefs=list(columns),
        defaultColDef={"resizable": True, "sortable": True, "filter": False, "minWidth": 70},
        dashGridOptions=settings,
        getRowId=f"params.data.{row_id}",
        className="grid",
        style={"height": f"{height}px"},
        **own,
        **more,
    )
    return html.Div(drawn, role="region", **{"aria-label": label}, className="grid-frame")


def _words() -> dict[str, str]:
    group = "grid."
    return {key.removeprefix(group): text for key, text in catalogue(language()).items() if key.startswith(group) and isinstance(text, str)}
