"""Try a file, what came out: what it is and why, the first records, what was refused, its times, what is known of its boxes, alerts."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries import try_file as ask
from layouts._parts.feed_parts import LEDGERS
from layouts._parts.here import language, now, t, world
from layouts._parts.marks import box, figure, figures, note, time
from layouts._parts.shell import panel
from layouts._parts.table import Column, table
from layouts._parts.try_form import DELIMITERS, FACTS, WORDED, field_and_id, field_name
from layouts._text import forms, word
from layouts._text.reasons import reason, where, why
from layouts._text.sentence import sentence
from zones.codes import EVENTS, spaced
from zones.entry import ACTS


def findings(tried: ask.Tried) -> Component:
    """What the file is, each with the reason."""
    rows = [
        {
            "what": t(f"try.what_{found.what}"),
            "value": html.Strong(_value(found)),
            "value_text": found.value,
            "how": t(f"try.how_{found.how}"),
            "why": t(f"try.because_{found.because}", **found.values),
        }
        for found in tried.findings
    ]
    columns = [
        Column("what", t("try.col_what")), Column("value", t("try.col_value"), "node"), Column("how", t("try.col_how")),
        Column("why", t("try.col_why"), wide=True),
    ]  # fmt: skip
    lacks = [note(t("try.lacks", field=field_and_id(tried.lacks)), "alert")] if tried.lacks else []
    shifted = [note(t(f"try.because_{f.because}", **f.values), "warn") for f in tried.findings if f.what == "shift"]
    caption = t("try.found", name=tried.name)
    drawn = table(columns, rows, caption=caption, sort=False, table_id="try-found")
    return panel("try-found-in", caption, *shifted, *lacks, drawn, hint=t("try.size", n=tried.size), wide=True)


def _value(found: ask.Finding) -> str:
    if found.value in DELIMITERS and found.what in ("delimiter", "decimal"):
        return t(f"try.mark_{DELIMITERS[found.value]}")
    return t("try.mark_point") if found.what == "decimal" and found.value == "." else found.value


def panels(tried: ask.Tried) -> Any:
    """Everything below the choices."""
    if not tried.format:
        return html.Div(_refused(tried), className="page-grid") if tried.rejects else ""
    shown = [
        panel("try-counts", t("try.read"), *_counts(tried), wide=True),
        panel("try-first", t("try.first"), *_first(tried), hint=t("try.first_hint", zone=tried.timezone), wide=True)
        if tried.previews
        else None,
        _refused(tried) if tried.rejects else None,
        panel("try-ignored", t("try.left"), *_left(tried), wide=True) if tried.ignored or tried.remarks or tried.misnumbers else None,
        panel("try-boxes", t("try.boxes"), *_boxes(tried), span=6, wide=True),
        panel("try-alerts", t("try.alerts"), *_alerts(tried), hint=t("try.alerts_hint"), wide=True),
    ]
    return html.Div([part for part in shown if part is not None], className="page-grid")


def _refused(tried: ask.Tried) -> Any:
    return panel("try-rejects", t("try.rejects"), _rejects(tried), hint=t("try.rejects_hint"), wide=True)


def _counts(tried: ask.Tried) -> list[Any]:
    ignored = sum(1 for each in tried.ignored if each.count)
    tiles = [
        figure(
            tried.read,
            t("try.n_read"),
            note=", ".join(f"{word('status', name, language())} {n}" for name, n in sorted(tried.given.items())),
        ),
        figure(tried.rejected, t("try.n_rejected"), mark="today" if tried.rejected else ""),
        figure(ignored, t("try.n_ignored"), note=t("try.n_ignored_note")),
        figure(tried.misnumbered, t("try.n_misnumbered"), mark="queue" if tried.misnumbered else ""),
    ]
    said: list[Any] = [figures(*tiles)]
    if tried.faults:
        said.append(note(t("try.faults", n=tried.faults), "warn"))
    span = tried.span
    if span.earliest:
        line = t(
            "try.times",
            since=forms.full(span.earliest, tried.timezone, language()),
            until=forms.full(span.latest, tried.timezone, language()),
        )
        said.append(html.P(line))
    if span.future or span.old:
        at = ", ".join(where(position, language()) for position in span.examples)
        said.append(note(t("try.odd_times", future=span.future, old=span.old, where=at), "warn"))
    return said


def _first(tried: ask.Tried) -> list[Any]:
    columns = [
        Column("position", t("try.col_position")),
        Column("source", t("try.col_source"), "node", wide=True),
        Column("event", t("try.col_event")),
        Column("box", t("try.col_box")),
        Column("local", t("try.col_local")),
        Column("utc", "UTC"),
        Column("more", t("try.col_more"), wide=True),
    ]  # fmt: skip
    drawn = table(
        columns, [_record(tried, preview) for preview in tried.previews], caption=t("try.first"), sort=False, table_id="try-records"
    )
    by_line = {preview.source: preview for preview in tried.previews if preview.cells}
    cells = [_cells(preview) for preview in list(by_line.values())[:3]]
    return [drawn, *cells]


def _record(tried: ask.Tried, preview: ask.Preview) -> dict[str, Any]:
    zone = world().place(tried.place).zone
    values = "; ".join(
        f"{field_name(name)}: {word(WORDED[name], value, language()) if name in WORDED else value}" for name, value in preview.values
    )
    odd = why(preview.why, language()) if preview.why else ""
    return {
        "position": where(preview.position, language()),
        "source": html.Code(preview.source or preview.text, className="try-source"),
        "source_text": preview.source,
        "event": word(_sort(preview.event), preview.event, language()),
        "box": spaced(preview.equipment),
        "local": f"{preview.at.astimezone(zone):%Y-%m-%d %H:%M}" if preview.at else None,
        "utc": f"{preview.at:%Y-%m-%d %H:%M}" if preview.at else None,
        "more": " · ".join(filter(None, (values, odd))),
    }


def _sort(event: str) -> str:
    return "event" if event in EVENTS else "fact" if event in FACTS else "act" if event in ACTS else "signal"


def _cells(preview: ask.Preview) -> Component:
    """One row cell by cell: their column, their text, our field."""
    rows = [
        {"column": name, "text": text, "field": field_and_id(field) if field else t("try.ignored")} for name, text, field in preview.cells
    ]
    columns = [Column("column", t("try.col_column")), Column("text", t("try.col_text"), wide=True), Column("field", t("try.col_field"))]
    said = t("try.cell_by_cell", at=where(preview.position, language()))
    return html.Details([html.Summary(said), table(columns, rows, caption=said, sort=False)], className="twin")


def _rejects(tried: ask.Tried) -> Component:
    rows = [
        {
            "position": where(each.position, language()),
            "why": reason(each.reason, each.detail, language()),
            "bytes": html.Code(each.excerpt, className="try-source"),
            "bytes_text": each.excerpt,
        }
        for each in tried.rejects
    ]
    columns = [
        Column("position", t("try.col_position")),
        Column("why", t("try.col_why"), wide=True),
        Column("bytes", t("try.col_bytes"), "node", wide=True),
    ]
    return table(columns, rows, caption=t("try.rejects"), sort=False, csv="rejected", max_height=420)


def _left(tried: ask.Tried) -> list[Any]:
    said: list[Any] = []
    if tried.misnumbers:
        listed = [
            f"{spaced(each.equipment)} ({where(each.position, language())})" + (f" → {spaced(each.nearest)}?" if each.nearest else "")
            for each in tried.misnumbers
        ]
        said += [html.H3(t("try.misnumbered", n=tried.misnumbered)), html.P(", ".join(listed))]
    if tried.ignored:
        rows = [{"name": each.name, "n": each.count, "example": each.example} for each in tried.ignored]
        columns = [
            Column("name", t("try.col_column")),
            Column("n", t("try.col_count"), "number"),
            Column("example", t("try.col_examples"), wide=True),
        ]
        said += [html.H3(t("try.ignored_things")), table(columns, rows, caption=t("try.ignored_things"), sort=False, table_id="try-left")]
    if tried.remarks:
        rows = [{"n": n, "why": why(text, language())} for text, n in tried.remarks.items()]
        columns = [Column("n", t("try.col_count"), "number"), Column("why", t("try.remarks"), wide=True)]
        said += [html.H3(t("try.remarks")), table(columns, rows, caption=t("try.remarks"), sort=False, table_id="try-remarks")]
    return said


def _boxes(tried: ask.Tried) -> list[Any]:
    known = tried.standing
    if known is None:
        return [html.P(t("try.boxes_none"), className="muted")]
    lines: list[Any] = [html.P(t("try.boxes_told", n=known.boxes, told=known.told))]
    for kind in ("entered_inside", "left_outside", "left_unheard"):
        if n := getattr(known, kind):
            some = [part for number in known.examples.get(kind, ()) for part in (box(number), " ")]
            lines.append(html.P([t(f"try.boxes_{kind}", n=n), " ", *some]))
    return lines


def _alerts(tried: ask.Tried) -> list[Any]:
    found = tried.would
    if found is None:
        return [html.P(t("try.alerts_too_large"), className="muted")]
    of_goods = [html.P(t("try.alerts_of_goods"), className="muted")] if tried.format in LEDGERS else []
    if found.left_out:
        return [html.P(t(f"try.because_{found.left_out}"), className="muted"), *of_goods]
    said: list[Any] = [note(t("try.alerts_capped", n=found.boxes, total=found.of), "warn")] if found.boxes < found.of else []
    if not found.alerts:
        return [*said, html.P(t("try.alerts_none", n=found.boxes)), *of_goods]
    rows = [
        {
            "level": each.severity,
            "what": _sentence(each),
            "since": time(each.began_at, tried.timezone),
            "since_text": each.began_at.isoformat(),
            "ends": t("try.alert_ends") if each.ends else t("try.alert_new"),
        }
        for each in found.alerts
    ]
    columns = [
        Column("level", t("alerts.severity"), "severity"),
        Column("what", t("alerts.what"), wide=True),
        Column("since", t("alerts.since"), "node"),
        Column("ends", t("try.col_follows")),
    ]  # fmt: skip
    more = [html.P(t("try.alerts_more", n=found.more), className="muted")] if found.more else []
    return [*said, *of_goods, table(columns, rows, caption=t("try.alerts"), sort=False, csv="would-alerts"), *more]


def _sentence(alert: ask.Raised) -> str:
    places = world().places
    names = {id_: {code: place.title(code) for code in ("en", "vi", "zh")} for id_, place in places.items()}
    zone = places[alert.place].timezone if alert.place in places else "UTC"
    return sentence(alert.because_key, alert.because_values, language(), zone, now(), names)
