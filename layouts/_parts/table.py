"""Tables: accessible, sortable by their headers (assets/table.js), the same rows as CSV (assets/csv.js).

Each cell carries what it stands for in `data-v` (ISO times, plain numbers): the CSV is made of these and so is the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.here import actor, box_path, language, now, t
from layouts._parts.marks import box, severity, state, time
from layouts._parts.refresh import live
from layouts._text import forms, word
from zones.codes import spaced

NUMERIC = {"number", "decimal", "percent", "minutes", "teu", "figure"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in a row, its header, and what its values are.

    kind: text, number, decimal, percent (share of 1), minutes, teu (hundredths), instant, date, box, severity, state,
    figure (value = (text, exact number for other programs)), link (value = (text, href)),
    node (any component; the CSV takes the row's `<key>_text`).
    """

    key: str
    title: str
    kind: str = "text"
    wide: bool = False  # may break over lines; others stay on one


@dataclass(frozen=True, slots=True)
class _Cell:
    shown: Any
    plain: Any


def table(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    caption: str,
    zone: str = "UTC",
    csv: str = "",
    sort: bool = True,
    show_caption: bool = False,
    max_height: int | None = None,
    table_id: str | None = None,
    row_class: Callable[[Mapping[str, Any]], str] | None = None,
) -> Component:
    """A table. `csv` is the file name without ending; with it a CSV button stands above. Instants are shown in `zone`.

    With `csv` or `table_id` (unlike any other on the page) the rows are refreshed in place.
    """
    body = []
    for row in records(rows):
        cells = [_td(column, _cell(column, row, zone)) for column in columns]
        body.append(html.Tr(cells, className=row_class(row) if row_class else None))
    heads = [_th(column, sort) for column in columns]
    table_id = table_id or (f"t-{csv}" if csv else None)
    named = {"id": table_id} if table_id else {}
    filled = live(html.Tbody(body, id=f"{table_id}-rows"), "children") if table_id else html.Tbody(body)
    grid = html.Table(
        [html.Caption(caption, className="" if show_caption else "hidden"), html.Thead(html.Tr(heads)), filled],
        className="table",
        **{"data-sortable": "1" if sort else "0", "data-title": caption, "data-zone": zone},
        **named,
    )
    scroll = html.Div(
        grid,
        className="table-scroll",
        style={"maxHeight": f"{max_height}px"} if max_height else None,
        tabIndex="0",
        role="region",
        **{"aria-label": caption},
    )
    if not csv:
        return scroll
    return html.Div(
        [
            html.Div(
                [
                    live(html.Span(t("shell.rows_shown", n=len(body)), id=f"{table_id}-n", className="muted"), "children"),
                    csv_button(csv, caption),
                ],
                className="table-head",
            ),
            scroll,
        ],
        className="csv-of",
    )


def folded(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, caption: str, zone: str, table_id: str) -> Component:
    """A table that the browser builds when it is opened, or saved (assets/twin.js): of the figures on a page, few of whose tables anybody
    opens. Building all of them took more time than anything else on a page (measured).
    """
    heads = [[column.title, "th-number" if column.kind in NUMERIC else "", t("shell.sort_by", title=column.title)] for column in columns]
    told = [[_told(column, row, zone) for column in columns] for row in records(rows)]
    said = orjson.dumps({"caption": caption, "zone": zone, "heads": heads, "rows": told}, default=str).decode()
    return live(html.Div(id=table_id, className="twin-table", **{"data-twin": said}), "data-twin")


def _told(column: Column, row: Mapping[str, Any], zone: str) -> list[Any]:
    """[text, machine value, address or nothing] of a cell."""
    value = row.get(column.key)
    if value is None or value != value:
        return [forms.MISSING, ""]
    match column.kind:
        case "instant" if isinstance(value, datetime):
            return [forms.instant(value, zone, language(), now()), value.isoformat()]
        case "box":
            return [spaced(value), value, box_path(value)]
        case "severity" | "state":
            return [word(column.kind, value, language()), value]
        case "link":
            return [value[0], value[0], value[1]]
        case "node":
            return [row.get(f"{column.key}_text", ""), row.get(f"{column.key}_text", "")]
        case _:
            cell = _cell(column, row, zone)
            return [cell.shown, "" if cell.plain is None else str(cell.plain)]


def csv_button(name: str, title: str) -> Component:
    """The button that saves the table nearest to it (inside the same `.csv-of`), with who, when and the filters in its first lines."""
    made_by = getattr(actor(), "name", "")
    return html.Button(
        t("shell.csv"),
        className="button button-small",
        type="button",
        title=t("shell.csv_of", title=title),
        **{"data-csv": name, "data-csv-title": title, "data-csv-by": made_by, "aria-label": t("shell.csv_of", title=title)},
    )


def records(rows: Any) -> list[Mapping[str, Any]]:
    """Rows as mappings: a list of them, or anything with `to_dict("records")` (a data frame)."""
    return list(rows.to_dict("records")) if hasattr(rows, "to_dict") else list(rows)


def _th(column: Column, sort: bool) -> Component:
    kind = "th-number" if column.kind in NUMERIC else "th-wide" if column.wide else None
    if not sort:
        return html.Th(column.title, scope="col", className=kind)
    press = html.Button(
        [column.title, html.Span(className="sort-sign", **{"aria-hidden": "true"})],
        type="button",
        className="sort",
        title=t("shell.sort_by", title=column.title),
    )
    return html.Th(press, scope="col", className=kind)


def _td(column: Column, cell: _Cell) -> Component:
    name = "td-number" if column.kind in NUMERIC else "td-wide" if column.wide else None
    return html.Td(cell.shown, className=name, **{"data-v": "" if cell.plain is None else str(cell.plain)})


def _cell(column: Column, row: Mapping[str, Any], zone: str) -> _Cell:
    value = row.get(column.key)
    lang = language()
    if value is None or value != value:  # None, or a frame's NaN
        return _Cell(forms.MISSING, None)
    match column.kind:
        case "number":
            return _Cell(forms.number(value, lang), value)
        case "decimal":
            return _Cell(forms.decimal(value, lang), value)
        case "percent":
            return _Cell(forms.percent(value, lang), value)
        case "minutes":
            return _Cell(forms.duration(value, lang), value)
        case "teu":
            return _Cell(forms.number(value / 100, lang, 0 if value % 100 == 0 else 2), value / 100)
        case "instant" if isinstance(value, datetime):
            return _Cell(time(value, zone), value.isoformat())
        case "date" if isinstance(value, date):
            return _Cell(forms.date(value, lang, year=value.year != now().year), value.isoformat())
        case "box":
            return _Cell(box(value), value)
        case "severity":
            return _Cell(severity(value), value)
        case "state":
            return _Cell(state(value), value)
        case "figure":
            return _Cell(value[0], value[1])
        case "link":
            return _Cell(dcc.Link(value[0], href=value[1]), value[0])
        case "node":
            return _Cell(value, row.get(f"{column.key}_text", ""))
        case _:
            return _Cell(str(value), value)
