"""Try a file, what is chosen: the file, its place, and what its columns and codes say. Native controls, each with `data-try`:
assets/try.js gathers all of them into the Store `try-asked` whenever one is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries import sources
from data.queries import try_file as ask
from layouts._parts.chart import asked as stamp
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import field, note
from layouts._parts.shell import panel
from layouts._text import forms, has, word
from zones.codes import EVENTS

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
WORDED = {"event": "event", "full_empty": "fullempty", "direction": "direction", "mode": "mode", "classifier": "classifier"}
WORDED |= {name: name for name in ("act", "side", "book", "counted")}
FACTS = ("hold", "release", "selected", "inspected", "permit")


def places() -> dict[str, str]:
    """The places within reach: id -> name."""
    return {id_: place.title(language()) for id_, place in world().places.items() if actor().sees(id_)}


def choose(place: str) -> Component:
    """The place, and where to drop the file."""
    known = places()
    if not known:
        return note(t("try.no_place"), "warn")
    drop = dcc.Upload(
        html.Div(
            [
                html.Button(t("try.choose"), type="button", className="button button-primary"),
                html.Span(t("try.drop", mb=ask.LARGEST >> 20)),
            ],
            className="try-drop-in",
        ),
        id="try-upload",
        max_size=ask.LARGEST,
        className="try-drop",
        className_active="try-drop try-drop-over",
    )
    chosen = place if place in known else next(iter(known))
    hint = html.P(t("try.forgotten"), className="muted")
    heard = sources.received_to(store(), actor(), world())
    age = stamp(now(), heard, world().places[chosen].timezone, stamp_id="try-age")
    where = html.Div([_select("place", t("try.place"), known, chosen)], className="try-selects")
    return html.Div([where, html.Div(drop, **{"data-upload": t("try.choose")}), hint, age], className="stack")


def columns(tried: ask.Tried) -> Component | str:
    """How the file is cut and what its columns are: a table is mapped here; any other format has nothing to choose but itself."""
    formats = {"": t("try.format_unknown")} if not tried.format else {}
    cut = [_select("format", t("try.what_format"), {**formats, **{name: name for name in ask.every_format()}}, tried.format)]
    said = tried.options
    if tried.fields:
        if any(found.what == "encoding" for found in tried.findings):
            encodings = _with({name: name for name in ask.ENCODINGS}, said.get("encoding") or "utf-8")
            cut.append(_select("encoding", t("try.what_encoding"), encodings, str(said.get("encoding") or "utf-8")))
            marks = _with({mark: t(f"try.mark_{name}") for mark, name in DELIMITERS.items()}, said.get("delimiter") or ",")
            cut.append(_select("delimiter", t("try.what_delimiter"), marks, str(said.get("delimiter") or ",")))
        times = {pattern: pattern or t("try.iso") for pattern in ("", *tried.forms)}
        cut.append(
            _select("time_format", t("try.what_time_format"), _with(times, said.get("time_format")), str(said.get("time_format") or ""))
        )
        decimals = {"": t("try.decimal_none"), ".": t("try.mark_point"), ",": t("try.mark_comma")}
        cut.append(_select("decimal", t("try.what_decimal"), decimals, str(said.get("decimal") or "")))
        if "quantity" in tried.fields:
            groups = {"": "thousands_none", ".": "mark_point", ",": "mark_comma", " ": "mark_blank", "'": "mark_apostrophe"}
            offered = {mark: t(f"try.{name}") for mark, name in groups.items()}
            cut.append(_select("thousands", t("try.what_thousands"), offered, str(said.get("thousands") or "")))
    if tried.format in ask.ZONED:
        zones = {"": t("try.zone_of_place", zone=tried.timezone), **{name: name for name in ask.ZONES}}
        cut.append(_select("timezone", t("try.what_timezone"), _with(zones, said.get("timezone")), str(said.get("timezone") or "")))
    body: list[Any] = [html.Div(cut, className="try-selects")]
    if tried.columns:
        body.append(_mapping(tried))
    named = ("try.columns", "try.columns_hint") if tried.columns else ("try.read_as", "try.read_as_hint")
    return panel("try-columns", t(named[0]), *body, hint=t(named[1]), wide=True)


def _mapping(tried: ask.Tried) -> Component:
    offered = {"": t("try.ignored"), **{name: field_and_id(name) for name in tried.fields}}
    heads = ("column", "filled", "examples", "field")
    rows = [
        html.Tr(
            [
                html.Th(column.name or "–", scope="row"),
                html.Td(forms.percent(column.filled / column.rows if column.rows else None, language()), className="td-number"),
                html.Td([html.Code(text, className="try-cell") for text in column.examples]),
                html.Td(_bare("column", t("try.field_of", name=column.name), offered, column.field, **{"data-name": column.name})),
            ]
        )
        for column in tried.columns
    ]
    head = html.Tr([html.Th(t(f"try.col_{name}"), scope="col", className="th-number" if name == "filled" else None) for name in heads])
    grid = html.Table(
        [html.Caption(t("try.columns"), className="hidden"), html.Thead(head), html.Tbody(rows)], className="table try-columns"
    )
    return html.Div(grid, className="table-scroll", tabIndex="0", role="region", **{"aria-label": t("try.columns")})


def codes(tried: ask.Tried) -> Component | str:
    """The words of closed vocabularies, each with what it means; those that nothing is known of first."""
    blocks = [_words(tried.format, column) for column in tried.columns if column.codes]
    if not blocks:
        return ""
    return panel("try-words", t("try.codes"), html.Div(blocks, className="try-codes"), hint=t("try.codes_hint"), wide=True)


def _words(format: str, column: ask.Column) -> Component:
    kind = WORDED.get(column.field, "")
    listed = ask.words_of(format, column.field)
    offered = {"": t("try.unknown_word"), **{name: _ours(kind, name) for name in listed if name}}
    rows = []
    for code in column.codes:
        more = {"data-name": column.name, "data-text": code.text}
        near = t("try.nearest", word=_ours(kind, code.nearest)) if code.nearest else ""
        rows.append(
            html.Div(
                [
                    html.Code(code.text, className="try-cell"),
                    html.Span(t("try.times_n", n=code.count), className="muted"),
                    _bare("code", t("try.word_of", name=code.text), offered, code.ours, **more),
                    html.Span(near, className="muted"),
                ],
                className="try-code" if code.ours else "try-code try-code-unknown",
            )
        )
    return html.Div([html.H3(f"{column.name} → {field_name(column.field)}"), *rows], className="try-words")


def _ours(kind: str, name: str) -> str:
    said = word(kind, name, language()) if kind else name
    if kind == "event" and name not in EVENTS:
        return word("fact" if name in FACTS else "signal", name, language())
    return said


def piece() -> Component:
    """The piece of place.yaml with a name for the feed; laid out once, so that what is typed stays."""
    asked = [
        field(t("try.feed_id"), dcc.Input(id="try-feed", value=ask.NEW_FEED, maxLength=64, autoComplete="off")),
        field(t("try.publisher"), dcc.Input(id="try-publisher", value=ask.PUBLISHER, maxLength=64, autoComplete="off")),
    ]
    copy = html.Button(
        t("try.copy"), type="button", className="button", **{"data-copy": "try-yaml", "data-copied": t("try.copied"), "aria-live": "polite"}
    )
    text = html.Pre("", id="try-yaml", className="raw", tabIndex="0", **{"aria-label": t("try.piece")})
    return panel(
        "try-fragment", t("try.piece"), html.Div(asked, className="try-selects"), text, hint=t("try.piece_hint"), tools=copy, wide=True
    )


def options(asked: Mapping[str, Any], with_columns: bool) -> dict[str, Any]:
    """The options that the controls say. What a browser sends is never believed: texts only, and the reader refuses what it cannot use."""
    said = {name: str(asked.get(name) or "")[:80] for name in ("encoding", "delimiter", "time_format", "timezone", "decimal", "thousands")}
    if said["encoding"] == "utf-8":
        said["encoding"] = ""
    if not with_columns:
        return {name: said[name] for name in ("encoding", "delimiter") if said[name]}
    found: dict[str, Any] = {name: value for name, value in said.items() if value}
    named: dict[str, list[str]] = {}
    for column in _listed(asked.get("columns")):
        if column.get("field") and column.get("name"):
            named.setdefault(str(column["field"])[:40], []).append(str(column["name"])[:200])
    known: dict[str, dict[str, str]] = {}
    for code in _listed(asked.get("codes")):
        if code.get("ours") and code.get("ours") != code.get("text"):
            known.setdefault(str(code.get("name")), {})[str(code.get("text"))] = str(code["ours"])[:40]
    columns_: dict[str, Any] = {}
    for name, headers in named.items():
        words = known.get(headers[0], {}) if name in WORDED else {}
        entry: dict[str, Any] = {"column": headers[0]} if len(headers) == 1 else {"columns": headers}
        columns_[name] = {**entry, "map": words} if words else headers[0] if len(headers) == 1 else entry
    return {**found, "columns": columns_} if asked.get("columns") else found


def field_name(name: str) -> str:
    """What a field of ours is called on a screen."""
    if has(f"try.field_{name}"):
        return t(f"try.field_{name}")
    kind = "event" if name in EVENTS else "fact" if name in FACTS else ""
    return t("try.time_of", what=word(kind, name, language())) if kind else name


def field_and_id(name: str) -> str:
    """The same with the name that stands in a mapping."""
    said = field_name(name)
    return said if said == name else f"{said} ({name})"


def _listed(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value[:1000] if isinstance(each, dict)] if isinstance(value, list) else []


def _with(options_: dict[str, str], value: Any) -> dict[str, str]:
    return options_ if not value or str(value) in options_ else {**options_, str(value): str(value)}


def _select(name: str, label: str, options_: Mapping[str, str], chosen: str) -> Component:
    return field(label, _bare(name, "", options_, chosen))


def _bare(name: str, label: str, options_: Mapping[str, str], chosen: str, **more: str) -> Component:
    entries = [html.Option(said, value=value, selected=value == chosen) for value, said in options_.items()]
    named = {"aria-label": label} if label else {}
    return html.Select(entries, **{"data-try": name, "data-chosen": chosen, **named, **more})
