"""The hand-over's page: the sheet, the steps to promise and the signature, the lines to take, the latest hand-overs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.actions import Conflict, NotPermitted, NotPossible, handover
from data.queries import handover as ask
from data.queries.handover import Desk
from layouts._paper import Section
from layouts._paper.handover import Teller, sections, shift_name
from layouts._paper.handover import standing as stands
from layouts._parts.callback import can
from layouts._parts.chart import stamp
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button, note
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms, word
from zones.shift import ALL_DAY

WIDE = 20  # of the proportions of a column: narrower ones stay on one line


def teller(desk: Desk) -> Teller:
    """For the reader."""
    return Teller(desk, world(), language(), now())


def name(desk: Desk) -> str:
    """Which shift of which place, from when to when."""
    told, span = teller(desk), desk.span
    since, until = (forms.instant(at, told.zone, language(), now()) for at in (span.began, span.ended))
    shift = f"{told.place.title(language())}, {shift_name(told)}"
    return str(t("handover.of_shift", shift=shift, since=since, until=f"{until} ({told.zone})"))


def standing(desk: Desk) -> str:
    """Signed or not, by whom, accepted by whom."""
    return " · ".join(stands(teller(desk)))


def aged(desk: Desk) -> Component:
    """Up to when the place's sources were heard."""
    at = desk.content["data_to"]
    return stamp(datetime.fromisoformat(at) if at else None, None, teller(desk).zone)


def shifts(view: View, desk: Desk | None) -> list[Component]:
    """The shift that is on, and the one before it, each with its address."""
    if desk is None:
        return []
    links = []
    for n, span in enumerate(ask.spans(world().place(desk.place), now())):
        named = t("handover.all_day") if span.name == ALL_DAY else t("handover.shift", name=word("shift", span.name, language()))
        said = t("handover.before" if n else "handover.now_on", shift=named)
        chosen = "chip chip-on" if span.began == desk.span.began else "chip"
        href = view.set(place=desk.place, began=span.began.isoformat()).without("did").href("/handover")
        links.append(dcc.Link(said, href=href, className=chosen))
    return links


def drawn(desk: Desk) -> list[Component]:
    """Every section, as it is printed; where it is not signed yet, with fields for the next steps."""
    told = teller(desk)
    return [_section(n, section, desk) for n, section in enumerate(sections(told))]


def _section(n: int, section: Section, desk: Desk) -> Component:
    parts: list[Any] = [html.H3(section.heading), *(html.P(line) for line in section.lines)]
    if section.rows:
        keys = [f"c{i}" for i in range(len(section.columns))]
        heads = zip(keys, section.columns, section.widths, strict=True)
        columns = [Column(key, head, "node" if n == 0 else "text", wide=width >= WIDE) for key, head, width in heads]
        rows = [dict(zip(keys, row, strict=True)) for row in section.rows]
        if n == 0:
            rows = [row | {f"{key}_text": row[key] for key in keys} | _field(desk, alert) for row, alert in
                    zip(rows, desk.content["alerts"], strict=True)]  # fmt: skip
        parts.append(table(columns, rows, caption=section.heading, csv=f"handover-{desk.place}-{n}", sort=False, zone=teller(desk).zone))
    return html.Section(parts, className="sheet-section")


def _field(desk: Desk, alert: Mapping[str, Any]) -> dict[str, Any]:
    """Where the next step is typed, while it is not signed."""
    if desk.handed is not None or not can("hand_over"):
        return {}
    label = f"{t('handover.next_step')}: {alert['equipment'] or alert['alert_id'][:8]}"
    box = dcc.Input(id=typed(f"step:{alert['alert_id']}"), maxLength=handover.LONGEST_STEP, className="step-field", debounce=True)
    return {"c3": html.Label([html.Span(label, className="hidden"), box])}


def typed(which: str) -> dict[str, str]:
    """The id of something typed."""
    return {"type": "handover-typed", "name": which}


def _do(act: str, line: int = 0) -> dict[str, Any]:
    return {"type": "handover-do", "act": act, "line": line}


def to_do(desk: Desk) -> tuple[Any, ...]:
    """The heading and form of what the reader may do next; nothing where there is nothing."""
    if not can("hand_over"):
        return ()
    if desk.handed is None:
        field = dcc.Textarea(id=typed("note"), maxLength=4000, className="act-text")
        form = [
            html.Label([html.Span(t("handover.note_label")), field], className="field"),
            html.P(t("handover.sign_hint"), className="muted"),
            html.Div(button(t("handover.sign"), _do("sign"), "primary"), className="row"),
        ]
        return t("handover.sign"), html.Div(form, className="stack no-print")
    if desk.handed.row["accepted_at"] is not None:
        return ()
    if desk.handed.row["signed_by"] == actor().name:
        return t("handover.to_take"), note(t("handover.second_person"))
    lines = [_line(desk, line) for line in desk.handed.lines if not line["taken"]]
    whole = button(t("handover.accept_all"), _do("accept"), "primary") if not lines else None
    return t("handover.to_take"), html.Div([*lines, whole], className="stack no-print")


def _line(desk: Desk, line: Mapping[str, Any]) -> Component:
    """One line: what it is, a remark, and the two answers."""
    told = teller(desk)
    says = {one["alert_id"]: told.says(one) for one in (*desk.content["alerts"], *desk.content["shelved"])}
    what = says.get(line["ref"], line["ref"])
    if line["kind"] == "count":
        what = sections(told)[4].lines[0]
    elif line["kind"] == "note" and desk.handed:
        what = desk.handed.row["note"]
    step = f" → {line['step']}" if line["step"] else ""
    remark = dcc.Input(id=typed(f"remark:{line['line']}"), maxLength=400, placeholder=t("handover.remark"), className="step-field")
    answers = [
        button(t("handover.accept_line"), _do("accepted", line["line"]), "primary"),
        button(t("handover.question_line"), _do("questioned", line["line"]), "plain"),
    ]
    label = html.Span(t(f"handover.line_{line['kind']}"), className="muted")
    return html.Div([html.Div([label, html.Div(what + step)]), html.Div([remark, *answers], className="row")], className="handover-line")


def do(desk: Desk, act: str, line: int, given: Mapping[str, str]) -> tuple[Any, bool]:
    """Do it; gives what to say of it, and whether the page is another now."""
    moment, who, house = now(), actor(), store()
    which = desk.handed.row["handover_id"] if desk.handed else ""
    try:
        if act == "sign":
            steps = {key.partition(":")[2]: text for key, text in given.items() if key.startswith("step:")}
            handover.sign(house, world(), who, moment, desk.place, began_at=desk.span.began, steps=steps, note=given.get("note", ""))
        elif act in handover.TAKEN:
            handover.take(house, who, moment, which, line, taken=act, remark=given.get(f"remark:{line}", ""))
        elif act == "accept":
            handover.accept(house, who, moment, which)
        else:
            return no_such(), False
    except Conflict as error:
        at = forms.instant(error.at, teller(desk).zone, language(), moment)
        return note(t("handover.conflict", name=error.by, at=at), "alert"), False
    except NotPossible as error:
        return note(t(f"handover.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("handover.not_permitted"), "alert"), False
    return note(t("handover.done_take" if act in handover.TAKEN else f"handover.done_{act}")), True


def no_such() -> Component:
    """What was asked for is nothing that can be done."""
    return note(t("handover.not_now"), "warn")


def latest(desk: Desk) -> Component:
    """The latest hand-overs of the place, each with its address."""
    told = teller(desk)
    rows = [
        {
            "shift": (_named(row), View(place=desk.place, more={"began": row["began_at"].isoformat()}).href("/handover")),
            "began_at": row["began_at"],
            "signed_by": row["signed_by"],
            "signed_at": row["signed_at"],
            "accepted_by": row["accepted_by"],
            "accepted_at": row["accepted_at"],
        }
        for row in desk.latest
    ]
    columns = [
        Column("shift", t("handover.shift_column"), "link"),
        Column("began_at", t("handover.at"), "instant"),
        Column("signed_by", t("handover.signed_by")),
        Column("signed_at", t("handover.at"), "instant"),
        Column("accepted_by", t("handover.accepted_by")),
        Column("accepted_at", t("handover.at"), "instant"),
    ]
    if not rows:
        return html.P(t("handover.none"), className="muted")
    return table(columns, rows, caption=t("handover.latest"), csv=f"handovers-{desk.place}", zone=told.zone)


def _named(row: Mapping[str, Any]) -> str:
    return str(t("handover.all_day") if row["shift"] == ALL_DAY else t("handover.shift", name=word("shift", row["shift"], language())))
