"""What was recorded by hand: what waits for a second reader, with its acts; what became of each row; how much of a place rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible
from data.actions import by_hand as acts
from data.queries import by_hand as ask
from layouts._parts.alert import at_place, place_name
from layouts._parts.alert_proof import message_path
from layouts._parts.callback import can
from layouts._parts.hand_form import decided_at, field_name, row_cells, row_columns
from layouts._parts.here import actor, language, now, path, settings, store, t, world
from layouts._parts.marks import button, note, tag
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms

KIND = {"contradicted": "today", "not_confirmed": "cannot_see", "not_counted": "cannot_see", "pending": "queue", "draft": "queue"}


def do_id(act: Any, batch: Any, number: Any, place: Any) -> dict[str, Any]:
    """The id of a button."""
    return {"type": "hand-do", "act": act, "batch": batch, "n": number, "place": place}


def why_id(batch: Any) -> dict[str, Any]:
    """The id of a reason."""
    return {"type": "hand-why", "batch": batch}


def batches(found: Sequence[ask.Batch]) -> list[Any]:
    """Each batch: who recorded it where and when, its rows, and what can be done with it."""
    if not found:
        return [empty("hand.none", "hand.none_next")]
    return [_batch(batch) for batch in found]


def _batch(batch: ask.Batch) -> Component:
    row, place = batch.row, batch.row["place"]
    head: list[Any] = [
        tag(t(f"hand.state_{row['state']}"), "queue" if batch.waits else ""),
        html.H3(t("hand.batch", place=place_name(place), n=len(batch.entries))),
        html.Span(t("hand.recorded_by", name=row["recorded_by"]), className="muted"),
        at_place(row["recorded_at"], place),
    ]
    if not batch.waits:
        said = t(f"hand.by_{row['state']}", name=row["decided_by"], at=decided_at(row["decided_at"], place), reason=row["reason"])
        head.append(html.Span(said, className="muted"))
    own = row["recorded_by"] == actor().name
    body = [html.Div(head, className="row proof-head"), _rows(batch)]
    if batch.waits and can("read_by_hand"):
        body.append(_acts(row["batch_id"], place, own))
    elif row["state"] == "accepted" and can("record_by_hand"):
        body.append(html.Details([html.Summary(t("hand.take_back")), _take_back(batch)], className="twin"))
    return html.Article(body, className="proof hand-batch")


def _rows(batch: ask.Batch) -> Component:
    place = batch.row["place"]
    columns = [*row_columns(Column("state", t("hand.state"), "node", wide=True)), Column("raw", t("container.raw"), "node")]
    rows = []
    for entry in batch.entries:
        state = t(f"hand.entry_{entry.state}")
        href = message_path(batch.row["message_id"], f"line {entry.number + 1}") if entry.source is not None and can("see_raw") else ""
        more = [html.Div(line) for line in _differs(entry, place)]
        if entry.state == "not_confirmed" and entry.heard_to is not None:
            more.append(html.Div([t("hand.heard_to"), " ", at_place(entry.heard_to, place)], className="muted"))
        shown = {"state": [tag(state, KIND.get(entry.state, "")), *more], "state_text": entry.state}
        raw = {"raw": dcc.Link(t("container.open_raw"), href=href) if href else "", "raw_text": batch.row["message_id"]}
        rows.append({**row_cells(entry.number, entry.typed), **shown, **raw})
    return table(columns, rows, caption=t("hand.rows"), csv=f"by-hand-{batch.row['batch_id'][:8]}", sort=False)


def _differs(entry: ask.Entry, place: str) -> Iterable[str]:
    """Seals: on paper S1, S9 by DT1."""
    for name, (mine, theirs, who) in entry.differs.items():
        own, other = ((decided_at(datetime.fromisoformat(value), place) if name.endswith("_at") else value) for value in (mine, theirs))
        label = field_name("occurred_at" if name.endswith("_at") else name)
        yield t("hand.differs", what=label, mine=own, theirs=other, who=who)


def _acts(batch_id: str, place: str, own: bool) -> Component:
    """Reading it against the paper: accept, or refuse with a reason; who recorded it can only take it back."""
    accept = [] if own else [button(t("hand.accept"), do_id("accept", batch_id, 0, place), "primary")]
    refuse = button(t("hand.withdraw" if own else "hand.refuse"), do_id("refuse", batch_id, 0, place))
    hint = t("hand.own_hint" if own else "hand.accept_hint")
    return html.Div([html.P(hint, className="muted"), _why(batch_id), html.Div([*accept, refuse], className="row")], className="stack act")


def _why(batch_id: str) -> Component:
    kept = {"persistence": True, "persistence_type": "memory"}  # what is typed outlasts a refresh
    field = dcc.Textarea(id=why_id(batch_id), maxLength=actions.LONGEST_TEXT, className="act-text", **kept)
    return html.Label([html.Span(t("hand.why")), field], className="field")


def _take_back(batch: ask.Batch) -> Component:
    """A button a row that counts; the reason is one for all."""
    counts = [entry for entry in batch.entries if entry.state not in ("taken_back", "takes_back", "pending")]
    named = batch.row["batch_id"], batch.row["place"]
    buttons = [button(t("hand.take_back_n", n=entry.number), do_id("take_back", named[0], entry.number, named[1])) for entry in counts]
    hint = html.P(t("hand.take_back_hint"), className="muted")
    return html.Div([hint, _why(named[0]), html.Div(buttons, className="row")], className="stack act")


def do(act: str, batch_id: str, number: int, place: str, reason: str) -> tuple[Component, bool]:
    """Do it; gives what to say of it, and whether anything may look otherwise now."""
    ours = store(), world()
    try:
        match act:
            case "accept":
                act = "accept" if acts.accept(*ours, settings(), actor(), now(), batch_id).kept else "accept_later"
            case "refuse":
                act = acts.refuse(*ours, actor(), now(), batch_id, reason=reason)
            case "take_back":
                acts.take_back(*ours, actor(), now(), batch_id, number, reason=reason)
            case _:
                return note(t("hand.not_possible"), "warn"), False
    except Conflict as error:
        at = decided_at(error.at, place) if error.at else ""
        return note(t("hand.conflict", name=error.by, at=at, state=t(f"hand.state_{error.work}")), "alert"), True
    except NotPossible as error:
        return note(t(f"hand.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("hand.not_permitted"), "alert"), False
    return note(t(f"hand.done_{act}")), True


# ---------------------------------------------------------------- how much rests on it


def shares(found: Sequence[ask.Share]) -> Component:
    """A row a place: movements that no source tells of so far, statements by hand, of how many."""
    columns = [
        Column("place", t("shell.filter_place"), "link"),
        Column("movements", t("hand.movements"), "number"),
        Column("movements_by_hand", t("hand.movements_by_hand"), "number"),
        Column("share", t("hand.share"), "percent"),
        Column("statements", t("hand.statements"), "number"),
        Column("statements_by_hand", t("hand.statements_by_hand"), "number"),
    ]
    rows = [_share(each) for each in found]
    told = table(columns, rows, caption=t("hand.share_title"), csv="by-hand-share", sort=False)
    return html.Div([told, html.P(t("hand.share_definition"), className="chart-below")])


def _share(each: ask.Share) -> dict[str, Any]:
    counts = {name: getattr(each, name) for name in ("movements", "movements_by_hand", "share", "statements", "statements_by_hand")}
    return {"place": (place_name(each.place), path(f"/place/{each.place}")), **counts}


def share_of_place(each: ask.Share) -> Component:
    """How much of a place rests on paper, as a line that leads to what was recorded."""
    share = forms.percent(each.share, language()) if each.share is not None else forms.MISSING
    counts = {"n": each.movements_by_hand, "all": each.movements, "share": share}
    said = t("hand.share_place", **counts, told=each.statements_by_hand, every=each.statements)
    return html.P(dcc.Link(said, href=View(place=each.place).href("/by-hand")), className="chart-below", title=t("hand.share_definition"))


def share_line(each: ask.Share | None) -> str:
    """The share of one place as a line of a card; "" where nothing rests on paper."""
    if each is None or not each.movements_by_hand:
        return ""
    return t("hand.share_line", n=each.movements_by_hand, share=forms.percent(each.share, language()))
