"""One message as it came: its bytes, what was read of it, what could not be read and why."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import message as ask
from data.queries import reference as ask_reference
from data.queries.message import MessageSeen
from layouts._figures import raw_text
from layouts._figures.message_records import lines, records
from layouts._figures.remarks import place_name
from layouts._parts import reference
from layouts._parts.alert import own_zone
from layouts._parts.callback import ALL, Input, Output, State, callback, ctx, no_update
from layouts._parts.chart import stamp
from layouts._parts.filters import switch
from layouts._parts.here import actor, language, settings, store, t, world
from layouts._parts.marks import facts, note, time
from layouts._parts.shell import page, panel, title
from layouts._parts.states import refused
from layouts._parts.view import View
from layouts._text import word
from layouts._text.reasons import reason

ARCHIVES = 5  # archives that are named; a message is in more than one where it was sent again

dash.register_page(__name__, path_template="/message/<message_id>", title=title("container.message"))


def layout(message_id: str = "", **url: Any) -> Component:
    """`at` names a record (its position in the message), `as` text or hex, `from` the first byte shown."""
    view = View.from_url(url)
    view = view.set(message=message_id[:64])
    return page(
        t("container.message"),
        html.Div(id="message-said", role="status"),
        html.Div(id="message-body", className="page-grid charts"),
        dcc.Store(id="message-done", data=0),
        view=view,
        name="message",
    )


@callback(Output("message-body", "children"), Input("view", "data"), Input("message-done", "data"), may="see_raw")
def body(data: dict[str, Any], _done: int) -> Any:
    """The row, the other messages under its reference, the bytes, the records, the rejects."""
    view = View(**data)
    begin = int(view.get("from")) if view.get("from").isdigit() else 0
    seen = ask.seen(store(), actor(), world(), view.get("message"), settings().home, begin)
    if seen is None:
        return panel("message-none", t("container.message"), refused("container.no_message"), wide=True)
    used = ask_reference.used(store(), actor(), world(), settings().home, [seen.message["message_id"]]).values()
    return [
        panel("message-about", seen.message["name"] or t("container.message"), _about(seen), wide=True),
        *(panel(reference.FORM, t("reference.title"), reference.told(one), wide=True) for one in used),
        panel("message-bytes", t("container.bytes"), _bytes(seen, view), span=7, tools=_as(view)),
        panel("message-records", t("container.records"), records(seen), span=5),
        *([panel("message-lines", t("statement.lines"), lines(seen), wide=True)] if seen.entries else []),
    ]


@callback(
    Output("message-said", "children"),
    Output("message-done", "data"),
    Input({"type": "reference-decide", "seen": ALL}, "n_clicks"),
    State(reference.typed_id(ALL), "value"),
    State("view", "data"),
    State("message-done", "data"),
    prevent_initial_call=True,
    may="see",  # who may decide is asked by data.actions, which also puts a refusal on record
)
def decide(_clicks: list[int | None], _values: list[Any], data: dict[str, Any], done: int) -> tuple[Any, Any]:
    """Which message stands; what was typed stays unless it was taken."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return no_update, no_update
    typed = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
    view, seen = View(**data), int((ctx.triggered_id or {}).get("seen", 0))
    said, changed = reference.decide(view.get("message"), seen, typed, own_zone(view))
    return said, done + 1 if changed else no_update


def _about(seen: MessageSeen) -> Component:
    row, zone = seen.message, world().place(seen.place).timezone
    state = word("read", row["state"], language())
    told = [
        ("place", place_name(seen.place)),
        ("feed", row["feed"]),
        ("state", state),
        ("why", reason(row["reason"], "", language()) or None),
        ("received", time(row["received_at"], zone)),
        ("stored", time(row["stored_at"], zone)),
        ("prepared", time(row["prepared_at"], zone)),
        ("sender", " → ".join(filter(None, (row["sender"], row["recipient"]))) or None),
        ("reference", row["reference"] or None),
        ("size", t("container.size_bytes", n=row["bytes"])),
        ("deliveries", str(len(seen.receipts))),
        *(
            ("archive", t("container.member_of", n=one["number"], name=one["name"], archive=one["archive"]))
            for one in seen.archives[:ARCHIVES]
        ),
        ("sha256", row["sha256"]),
        (
            "counted",
            t(
                "container.counted_records",
                reports=row["reports"],
                facts=row["facts"],
                signals=row["signals"],
                entries=row["entries"],
                rejected=row["rejected"],
                duplicate=row["duplicate"],
            ),
        ),
    ]
    test = [note(t("container.test_message"), "warn")] if row["test"] else []
    return html.Div(
        [stamp(seen.as_of, row["received_at"], zone), *test, facts((t(f"container.msg_{name}"), value) for name, value in told)]
    )


def _bytes(seen: MessageSeen, view: View) -> Component:
    if seen.missing:
        return note(t("container.bytes_missing"), "alert")
    if seen.sheets and view.get("as") != "hex":
        return raw_text.workbook(seen.sheets, view.get("at"))
    shown = raw_text.hexed(seen.shown, seen.offset) if view.get("as") == "hex" else raw_text.told(seen.shown, seen.offset, view.get("at"))
    total, end = seen.message["bytes"], seen.offset + len(seen.shown)
    turn = []
    if total > len(seen.shown):
        turn.append(html.Span(t("container.part_of", first=seen.offset, last=end, total=total), className="muted"))
        if seen.offset:
            turn.append(dcc.Link(t("container.back"), href=_turned(view, max(seen.offset - ask.SHOWN, 0))))
        if end < total:
            turn.append(dcc.Link(t("container.on"), href=_turned(view, end)))
    return html.Div([html.P(t("container.escaped"), className="muted"), shown, html.Div(turn, className="row")])


def _turned(view: View, offset: int) -> str:
    return view.without("message").set(**{"from": str(offset)}).query()


def _as(view: View) -> Component:
    return switch("as", {"text": t("container.as_text"), "hex": t("container.as_hex")}, view.without("message"), default="text")
