"""A reference that was used more than once, on the screen: the messages side by side, what differs, the decision and who may make it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible
from data.queries.reference import Difference, Rival, Used
from layouts._parts.alert import at_place, place_name, zone_of
from layouts._parts.alert_proof import message_path
from layouts._parts.callback import can
from layouts._parts.here import actor, language, now, settings, store, t, world
from layouts._parts.marks import button, choice, note, tag
from layouts._parts.table import Column, table
from layouts._text import forms, has, word

FORM = "message-reference"
Row = Mapping[str, Any]


def typed_id(name: str) -> dict[str, str]:
    """The id of something typed or chosen."""
    return {"type": "reference-typed", "name": name}


def told(used: Used) -> Component:
    """All of it, for the page of one of the messages."""
    main = next(rival for rival in used.rivals if rival.stands)
    sent = main.message
    who = " → ".join(filter(None, (sent["sender"], sent["recipient"])))
    key = "reference.lead_decided" if used.decisions else "reference.lead"
    parts: list[Any] = [html.P(t(key, n=len(used.rivals), who=who, reference=sent["reference"])), _side_by_side(used)]
    parts += [html.P(t("reference.more"), className="muted")] if used.more else []
    shown = [used.own] if not used.own.stands else [rival for rival in used.rivals if rival is not main]
    for rival in shown:
        if rival.differences:
            parts += [html.H3(t("reference.differ")), *_differences(rival, used.place)]
    if used.decisions:
        made = [html.Li(_decision(row, used.place)) for row in used.decisions]
        parts += [html.H3(t("reference.decided")), html.Ul(made, className="steps")]
    return html.Div([*parts, html.H3(t("reference.decide")), *_decide(used)], className="stack")


def _side_by_side(used: Used) -> Component:
    columns = [Column("what", t("reference.row"))]
    rows: dict[str, dict[str, Any]] = {name: {"what": t(f"reference.row_{name}")} for name in _LINES}
    for number, rival in enumerate(used.rivals):
        own = rival.message["message_id"] == used.asked
        columns.append(Column(f"m{number}", _name(rival) + (f" ({t('reference.this_one')})" if own else ""), "node", wide=True))
        for name, cell in _cells(rival, used).items():
            rows[name] |= {f"m{number}": cell[0], f"m{number}_text": cell[1]}
    return table(columns, rows.values(), caption=t("reference.caption"), csv="messages-of-a-reference", sort=False)


_LINES = ("state", "received", "prepared", "bytes", "records", "differing")


def _cells(rival: Rival, used: Used) -> dict[str, tuple[Any, str]]:
    row = rival.message
    state = t("reference.stands") if rival.stands else t("reference.outdone")
    seen = row["message_id"] == used.asked or not can("see_raw")
    shown = state if seen else dcc.Link(state, href=message_path(row["message_id"], ""))
    return {
        "state": (tag(shown, "" if rival.stands else "cannot_see"), state),
        "received": (at_place(row["received_at"], used.place), row["received_at"].isoformat()),
        "prepared": (
            at_place(row["prepared_at"], used.place) if row["prepared_at"] else None,
            row["prepared_at"].isoformat() if row["prepared_at"] else "",
        ),
        "bytes": _twice(t("container.size_bytes", n=row["bytes"])),
        "records": _twice(t("reference.not_read") if rival.records is None else forms.number(rival.records, language())),
        "differing": _twice(_differing(rival)),
    }


def _twice(text: str) -> tuple[str, str]:
    return text, text


def _differing(rival: Rival) -> str:
    if rival.differing is None:
        return forms.MISSING if rival.stands else t("reference.not_read")
    return t("reference.differing", n=rival.differing) if rival.differing else t("reference.same")


def _name(rival: Rival) -> str:
    return str(rival.message["name"] or rival.message["message_id"][:12])


def _differences(rival: Rival, place: str) -> list[Any]:
    found = rival.differences or ()
    columns = [
        Column("about", t("reference.about")),
        Column("what", t("reference.what")),
        Column("field", t("reference.field")),
        Column("stands", t("reference.says_stands"), wide=True),
        Column("other", f"{t('reference.says_other')} ({_name(rival)})", wide=True),
    ]
    drawn = table(columns, [_difference(one, place) for one in found], caption=t("reference.differ"), max_height=420)
    cut = (rival.differing or 0) > len(found)
    return [drawn, html.P(t("reference.differ_first", n=len(found), all=rival.differing), className="muted")] if cut else [drawn]


def _difference(one: Difference, place: str) -> dict[str, str]:
    key = f"reference.field_{one.field}"
    values = {"stands": one.stands, "other": one.other}
    if one.field:
        name, said = (t(key) if has(key) else one.field), {side: _value(one.field, value, place) for side, value in values.items()}
    else:
        name = t("reference.whole")
        said = {side: _whole(value, place) for side, value in values.items()}
    return {"about": one.about, "what": _what(one.what), "field": name, **said}


def _whole(value: Any, place: str) -> str:
    if value is None:
        return t("reference.not_told")
    return ", ".join(filter(None, (t("reference.told"), _value("", value, place) if isinstance(value, datetime) else "")))


def _value(field: str, value: Any, place: str) -> str:
    if isinstance(value, datetime):
        return forms.instant(value, zone_of(place), language(), now())
    if isinstance(value, tuple):
        return ", ".join(value) or forms.MISSING
    if isinstance(value, int):
        return forms.number(value, language())
    kind = {"full_empty": "fullempty"}.get(field, field)
    return word(kind, str(value), language()) if value else forms.MISSING


def _what(code: str) -> str:
    key = f"reference.what_{code}"
    said = word("event", code, language())
    return t(key) if has(key) else said if said != code else word("fact", code, language())


def _decision(row: Row, place: str) -> str:
    at = forms.instant(row["decided_at"], zone_of(place), language(), now())
    return t(f"reference.decided_{row['choice']}", name=row["decided_by"], at=at, reason=row["reason"])


# ---------------------------------------------------------------- deciding


def _decide(used: Used) -> list[Any]:
    """The form; or why there is none, and who may."""
    if not used.may:
        return who_may(used)
    if used.own.stands and used.alone:
        links = [dcc.Link(_name(rival), href=message_path(rival.message["message_id"], "")) for rival in used.rivals if not rival.stands]
        return [html.P(t("reference.stands_now")), html.Ul([html.Li(link) for link in links])]
    options = {"instead": t("reference.alone")} if used.own.stands else {"instead": t("reference.instead"), "both": t("reference.both")}
    radio = html.Div(choice(typed_id("choice"), options), role="radiogroup", **{"aria-label": t("reference.choice")})
    field = dcc.Textarea(id=typed_id("reason"), maxLength=actions.LONGEST_TEXT, className="act-text")
    press = button(t("reference.act"), {"type": "reference-decide", "seen": len(used.decisions)}, "primary")
    text = html.Label([html.Span(t("alerts.text")), field], className="field")
    hint = html.P(t("reference.act_hint"), className="muted")
    return [html.Div([radio, text, html.Div(press, className="row"), hint], className="stack")]


def who_may(used: Used) -> list[Any]:
    """Who may decide, for somebody who may not."""
    roles = ", ".join(word("role", role, language()) for role in used.roles)
    lines = [html.P(t("reference.only", roles=roles), className="muted")]
    if can("see_raw"):
        names = ", ".join(used.people) or t("reference.nobody")
        lines.append(html.P(t("reference.people", place=place_name(used.place), names=names), className="muted"))
    return lines


def decide(message_id: str, seen: int, typed: Mapping[str, Any], zone: str) -> tuple[Component, bool]:
    """Do what the form says; gives what to say of it, and whether anything may look otherwise now."""
    try:
        done = actions.settle_reference(
            store(), world(), settings(), actor(), now(), message_id,
            choice=str(typed.get("choice") or ""), reason=str(typed.get("reason") or ""), seen=seen,
        )  # fmt: skip
    except Conflict as error:
        at = forms.instant(error.at, zone, language(), now())
        return note(t("reference.conflict", name=error.by, at=at) if error.by else t("reference.changed"), "alert"), False
    except NotPossible as error:
        return note(t(f"reference.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("reference.not_permitted"), "alert"), False
    return note(t("reference.done") if done.changed else t("reference.unchanged")), True


# ---------------------------------------------------------------- the row among the data sources


def in_row(used: Used) -> Component:
    """The message and the one that stands, in two lines, and the way to decide."""
    main = next(rival for rival in used.rivals if rival.stands)
    lines: list[Any] = [_line(t("reference.stands"), main, used.place), _line(t("reference.outdone"), used.own, used.place)]
    if can("see_raw"):
        key = "reference.compare" if used.may else "reference.compare_only"
        lines.append(html.Div([_differing(used.own), " · ", dcc.Link(t(key), href=message_path(used.asked, ""))]))
    return html.Div([*lines, *([] if used.may else who_may(used))], className="fault")


def _line(label: str, rival: Rival, place: str) -> Component:
    counted = t("reference.records_unknown") if rival.records is None else t("reference.records", n=rival.records)
    size = t("container.size_bytes", n=rival.message["bytes"])
    before, _, after = t("reference.in_row", name=_name(rival), at="\0", bytes=size, records=counted).partition("\0")
    return html.Div([html.Strong(f"{label}: "), before, at_place(rival.message["received_at"], place), after])
