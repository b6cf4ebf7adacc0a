"""Recording from paper: the fields of one row with what becomes of it as it is typed, rows pasted or uploaded, and the list of them all.

The list is kept by the browser until it is given to a second reader. What a row would become is asked of the real reader each time.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.actions import NotPermitted, NotPossible
from data.actions import by_hand as acts
from data.queries import by_hand as ask
from layouts._parts.alert import at_place, place_name, zone_of
from layouts._parts.callback import can
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import box, button, choice, field, note, tag
from layouts._parts.shell import panel
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms, word
from layouts._text.reasons import reason
from zones import codes

Row = Mapping[str, Any]
STAYS = ("event", "gate", "agency", "paper_ref")  # of one sheet of paper: kept for the next row
CHOSEN = ("event", "full_empty")
PASTE = "pasted"


def typed_id(name: Any) -> dict[str, Any]:
    """The id of a field."""
    return {"type": "hand-typed", "name": name}


def row_id(act: Any, number: Any) -> dict[str, Any]:
    """The id of what can be done with a row of the list."""
    return {"type": "hand-row-do", "act": act, "n": number}


def place_of(view: View) -> str:
    """The place that is recorded for: the one chosen, or the only one; "" where it must be chosen."""
    known = view.places(actor(), world())
    return known[0] if len(known) == 1 else ""


def form(view: View) -> list[Any]:
    """Everything that one writes with; whoever may not, or must choose a place, sees that instead."""
    becomes = html.Div(id="hand-row", role="status")
    if not can("record_by_hand"):
        return [note(t("hand.only_supervisor", role=word("role", actor().role, language()))), becomes]
    place = place_of(view)
    if not place:
        return [note(t("hand.choose_place"), "warn"), becomes]
    known = html.Datalist([html.Option(value=name) for name in ask.agencies(store(), actor(), world(), place)], id="hand-agencies")
    return [
        html.P([html.Strong(place_name(place)), " · ", t("hand.times_in", zone=zone_of(place))]),
        html.Div(_event(), role="radiogroup", **{"aria-label": field_name("event")}),
        html.Div([_field(name) for name in ask.TYPED if name != "event"], className="hand-fields"),
        known,
        becomes,
        html.Div([button(t("hand.add"), "hand-add", "primary"), html.Span(t("hand.add_hint"), className="muted")], className="row"),
        html.Details([html.Summary(t("hand.several")), html.Div(_several(), className="stack")], className="twin"),
    ]


def _event() -> Component:
    words = {name: word("event", name, language()) for name in ask.EVENTS} | {name: word("fact", name, language()) for name in ask.FACTS}
    return choice(typed_id("event"), words)


def _field(name: str) -> Component:
    if name == "full_empty":
        words = {"": t("hand.not_said")} | {code: word("fullempty", code, language()) for code in ("full", "empty")}
        group = html.Div(choice(typed_id(name), words, ""), role="radiogroup", **{"aria-label": field_name(name)})
        return html.Div([html.Span(field_name(name), **{"aria-hidden": "true"}), group], className="field hand-choice")
    more: dict[str, Any] = {"list": "hand-agencies"} if name == "agency" else {}
    shown = t("hand.time_like") if name == "occurred_at" else ""
    # No debounce: Dash would lose what was typed in the moment before a button is pressed (measured).
    more |= {"type": "text", "maxLength": 200, "autoComplete": "off", "placeholder": shown}
    return field(field_name(name), dcc.Input(id=typed_id(name), **more))


def field_name(name: str) -> str:
    """What a column is called on the screen."""
    return t(f"hand.field_{name}")


def _several() -> list[Any]:
    area = dcc.Textarea(id=typed_id(PASTE), className="act-text hand-paste", maxLength=200_000)
    pick = html.Div([html.Button(t("hand.choose"), type="button", className="button"), html.Span(t("hand.drop"))], className="try-drop-in")
    drop = dcc.Upload(pick, id="hand-upload", max_size=500_000, className="try-drop", className_active="try-drop try-drop-over")
    return [
        html.P(t("hand.paste_hint", columns=", ".join(ask.TYPED)), className="muted"),
        field(t("hand.paste"), area),
        html.Div([button(t("hand.paste_add"), "hand-paste-add"), button(t("hand.template"), "hand-template")], className="row"),
        html.Div(drop, **{"data-upload": t("hand.choose")}),
    ]


def template() -> str:
    """The table to be filled in: names of columns, what they mean, and an example. Lines that begin with # are not read."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(ask.TYPED)
    means = [field_name(name) for name in ask.TYPED]
    sheet.writerow([f"# {means[0]}: {', '.join((*ask.EVENTS, *ask.FACTS))}", *means[1:]])
    example = {"event": "# gate_in", "equipment": "ZZDU4839211", "occurred_at": "2026-01-31 14:05", "gate": "Gate 3"}
    example |= {"vehicle": "15C-123.45", "seals": "S001 S002", "full_empty": "full", "size_type": "45G1", "paper_ref": "G3-0017"}
    sheet.writerow([example.get(name, "") for name in ask.TYPED])
    return "\ufeff" + out.getvalue()


def uploaded(contents: str) -> str:
    """The text of an uploaded file. Errors: ValueError where it is none."""
    try:
        return ask.decoded(base64.b64decode(contents.partition(",")[2], validate=True))
    except binascii.Error as error:
        raise ValueError(str(error)) from error


# ---------------------------------------------------------------- what becomes of it


def preview(place: str, row: Row) -> Any:
    """What would become of the row that is being typed; nothing while there is nothing to say."""
    if not (row.get("equipment") or row.get("bill")) or not can("record_by_hand"):
        return ""
    (found,) = ask.previews(store(), actor(), world(), place, [row]) or (None,)
    return "" if found is None else html.Div(said(found, place, typing=True), className="stack")


def said(found: ask.Preview, place: str, *, typing: bool = False) -> list[Any]:
    """A row in words: as it will be taken, or why it cannot be; what is odd about it; what is known of the box besides."""
    typed, lines = found.read.typed, list[Any]()
    if not found.read.sound:
        lines.append(note(reason(*found.read.amiss, language()), "info" if typing else "alert"))
    for odd in found.read.odd:
        near = codes.nearest_valid(typed["equipment"]) if odd == "check_digit" else None
        lines.append(note([t(f"hand.odd_{odd}"), f" {t('hand.perhaps', number=codes.spaced(near))}" if near else ""], "warn"))
    if found.held:
        who = ", ".join(word("agency", agency, language()) for agency in found.held)
        lines.append(note(t("hand.held", agencies=who), "alert"))
    if found.agencies:
        lines.append(note(t("hand.other_agency", names=", ".join(found.agencies)), "warn"))
    if found.read.sound and not found.known:
        lines.append(note(t("hand.not_known")))
    for other in found.near:
        at = other.get("occurred_at") or other.get("effective_at")
        who = t("hand.mark") if other["publisher"] == ask.BY_HAND else other["publisher"]
        lines.append(note([t("hand.told_already", who=who), " ", at_place(at, place)]))
    if typing and found.read.sound:
        lines.insert(0, html.P(_taken(found, place)))
    return lines or [tag(t("hand.sound"))]


def _taken(found: ask.Preview, place: str) -> str:
    """Gate-in, ZZDU 483921 1, 22 Nov 2026 14:05 (Asia/Ho_Chi_Minh): as the reader takes what is typed."""
    read, typed = found.read, found.read.typed
    cells = row_cells(0, typed)
    about = codes.spaced(typed["equipment"]) if typed["equipment"] else typed["bill"]
    at = (
        forms.date(read.at.astimezone(ZoneInfo(zone_of(place))), language())
        if read.day
        else forms.full(read.at, zone_of(place), language())
    )
    return t("hand.reads", what=cells["what"], number=about, at=at)


def list_panel(view: View) -> Component:
    """Where the list stands, for whoever writes one."""
    if can("record_by_hand") and place_of(view):
        return panel("hand-list", t("hand.list"), wide=True, lines=2)
    return html.Div(id="hand-list", hidden=True)


def listing(place: str, rows: Sequence[Row]) -> list[Any]:
    """Every row that waits to be given to a second reader, with what would become of it."""
    if not place or not can("record_by_hand"):
        return []
    if not rows:
        return [html.P(t("hand.list_empty"), className="muted")]
    found = ask.previews(store(), actor(), world(), place, rows)
    columns = [
        *row_columns(Column("becomes", t("hand.becomes"), "node", wide=True)),
        Column("acts", t("hand.acts"), "node"),
    ]
    told = []
    for number, each in enumerate(found):
        pressed = [button(t(f"hand.row_{act}"), row_id(act, number), "plain") for act in ("edit", "remove")]
        becomes = {"becomes": html.Div(said(each, place), className="stack"), "becomes_text": "", "acts_text": ""}
        told.append({**row_cells(number + 1, each.read.typed), **becomes, "acts": html.Div(pressed, className="row")})
    unsound = sum(not each.read.sound for each in found)
    press = button(t("hand.give", n=len(found)), row_id("give", 0), "primary")
    give = html.Div([press, html.Span(t("hand.give_hint"), className="muted")], className="row")
    return [table(columns, told, caption=t("hand.list"), sort=False), note(t("hand.unsound", n=unsound), "warn") if unsound else give]


def row_columns(*own: Column) -> list[Column]:
    """The columns that tell what a row says; `own`: what becomes of it, which must be in sight on a tablet."""
    return [
        Column("n", t("hand.number"), "number"),
        Column("what", t("hand.what")),
        Column("box", t("hand.about"), "node"),
        Column("at", t("hand.field_occurred_at")),
        *own,
        Column("details", t("hand.details"), wide=True),
        Column("paper", t("hand.field_paper_ref"), wide=True),
    ]


def row_cells(number: int, typed: Row) -> dict[str, Any]:
    """What a row says, for those columns: as it was typed."""
    event = typed.get("event", "")
    what = word("event" if event in ask.EVENTS else "fact", event, language())
    if typed.get("takes_back"):
        what = t("hand.takes_back", what=what)
    kept = ("gate", "vehicle", "seals", "full_empty", "size_type", "agency", "hold_ref", "reason", "remark")
    details = [f"{field_name(name)}: {_cell(name, typed[name])}" for name in kept if typed.get(name)]
    about = typed.get("equipment") or typed.get("bill") or ""
    return {
        "n": number,
        "what": what,
        "box": box(about) if typed.get("equipment") else about,
        "box_text": about,
        "at": typed.get("occurred_at", ""),
        "details": "; ".join(details),
        "paper": typed.get("paper_ref", ""),
    }


def _cell(name: str, value: str) -> str:
    return word("fullempty", value, language()) if name == "full_empty" else value


# ---------------------------------------------------------------- changing it, giving it


def changed(
    pressed: Any, rows: list[dict[str, Any]], typed: dict[str, str], contents: str
) -> tuple[list[dict[str, Any]] | None, dict[str, str] | None, Any]:
    """(rows, what the fields hold then, what to say) after a button or an upload; rows None: the list is to be given to a second reader,
    fields None: they stay as they are."""
    own = {name: value for name, value in typed.items() if name != PASTE and value}
    match pressed:
        case "hand-add" if len(rows) >= acts.MOST:
            return rows, None, note(t("hand.too_many", most=acts.MOST), "warn")
        case "hand-add" if own.get("equipment") or own.get("bill"):
            return [*rows, own], {name: own[name] for name in STAYS if name in own}, ""
        case "hand-add":
            return rows, None, note(t("hand.no_row"), "warn")
        case "hand-paste-add":
            found = ask.pasted(typed.get(PASTE, ""))
            return [*rows, *found.rows][: acts.MOST], {**own, PASTE: ""}, _came(found, rows)
        case "hand-upload":
            try:
                found = ask.pasted(uploaded(contents))
            except ValueError:
                return rows, None, note(t("hand.unusable"), "alert")
            return [*rows, *found.rows][: acts.MOST], None, _came(found, rows)
        case {"act": "give"}:
            return None, None, ""
        case {"act": "remove" | "edit" as act, "n": int(number)} if 0 <= number < len(rows):
            fields = {name: str(value) for name, value in rows[number].items()} if act == "edit" else None
            return [*rows[:number], *rows[number + 1 :]], fields, ""
    return rows, None, ""


def _came(found: ask.Pasted, before: Sequence[Any]) -> Any:
    if not found.rows:
        return note(t("hand.no_row"), "warn")
    if len(before) + len(found.rows) > acts.MOST:
        return note(t("hand.too_many", most=acts.MOST), "warn")
    left = t("hand.left", names=", ".join(found.left)) if found.left else ""
    return note(f"{t('hand.came', n=len(found.rows))} {left}".strip())


def give(place: str, rows: Sequence[Row]) -> tuple[Any, bool]:
    """Give the list to a second reader; what to say of it, and whether it was taken."""
    try:
        acts.record(store(), world(), actor(), now(), place, rows)
    except NotPossible as error:
        return note(t(f"hand.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("hand.not_permitted"), "alert"), False
    return note(t("hand.given", n=len(rows))), True


def decided_at(at: Any, place: str) -> str:
    """A moment in words, for texts."""
    return forms.instant(at, zone_of(place), language(), now())
