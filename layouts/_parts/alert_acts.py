"""What a person may do with an alert: the forms of its page, and the acts behind their buttons.

Forms are laid out once and only shown or hidden afterwards, so that what somebody is typing survives a refresh and a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, Done, NotPermitted, NotPossible
from data.queries.alert import Dossier
from layouts._parts.alert import at_place, zone_of
from layouts._parts.alert_proof import did
from layouts._parts.alert_response import clock, duty
from layouts._parts.callback import can
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button, choice, note
from layouts._text import forms, has, word
from zones import work as axis

SPANS = {"1h": timedelta(hours=1), "2h": timedelta(hours=2), "4h": timedelta(hours=4), "12h": timedelta(hours=12),
         "1d": timedelta(days=1), "3d": timedelta(days=3), "7d": timedelta(days=7), "30d": timedelta(days=30)}  # fmt: skip
TO_SHIFT_END = "shift"
BLOCKS = ("acknowledge", "agree_shelf", "refuse_shelf", "start", "outcome", "close", "assign", "shelve", "unshelve", "reopen", "note")
FOLDED = ("assign", "shelve", "refuse_shelf", "reopen", "note")
PLAIN = ("acknowledge", "agree_shelf", "start", "close", "unshelve")
_OUTCOME = ("outcome-text", "outcome-heard", "outcome-not-heard")
# What an act has taken from what was typed.
TAKEN = {"outcome": _OUTCOME, "outcome_close": _OUTCOME, "reopen": ("reopen-text",), "shelve": ("shelve-text",), "note": ("note-text",),
         "refuse_shelf": ("refuse-text",)}  # fmt: skip
Typed = Mapping[str, Any]
Row = Mapping[str, Any]


def do(act: str) -> dict[str, str]:
    """The id of a button."""
    return {"type": "alert-do", "act": act}


def block_id(name: str) -> dict[str, str]:
    """The id of a form."""
    return {"type": "alert-form", "block": name}


def typed_id(name: str) -> dict[str, str]:
    """The id of something typed or chosen."""
    return {"type": "alert-typed", "name": name}


def forms_of(dossier: Dossier) -> list[Component]:
    """All forms that the reader's role has, hidden where the alert's state does not offer them."""
    hide = dict(zip(BLOCKS, hidden(dossier), strict=True))
    level = dossier.alert["severity"]
    two = level in axis.TAKES_TWO
    outcomes = {code: word("outcome", code, language()) for code in axis.OUTCOMES}
    bodies: dict[str, list[Any]] = {
        "acknowledge": [button(t("alerts.act_acknowledge"), do("acknowledge"), "primary"), _hint("acknowledge")],
        "start": [button(t("alerts.act_start"), do("start")), _hint("start")],
        "assign": [_choice("to", {name: name for name in dossier.people}, "assign"), button(t("alerts.act_assign"), do("assign"))],
        "outcome": [
            _choice("outcome", outcomes, "outcome"),
            _text("outcome-text"),
            _text("outcome-heard", "heard"),
            _text("outcome-not-heard", "not_heard"),
            html.Div(
                [button(t("alerts.act_outcome"), do("outcome"), "primary")]
                + ([] if two else [button(t("alerts.act_outcome_close"), do("outcome_close"))]),
                className="row",
            ),
            html.P(t("alerts.second_person_next" if two else "alerts.second_person_rule_next"), className="muted"),
        ],
        "close": [button(t("alerts.act_close"), do("close"), "primary")],
        "reopen": [_text("reopen-text"), button(t("alerts.act_reopen"), do("reopen"))],
        "shelve": [
            _choice("span", _spans(dossier), "shelve"),
            _text("shelve-text"),
            button(t("alerts.act_ask_shelf" if two else "alerts.act_shelve"), do("shelve")),
            html.P(t("alerts.shelf_most_act_now"), className="muted") if two else None,
        ],
        "agree_shelf": [button(t("alerts.act_agree_shelf"), do("agree_shelf"), "primary"), _hint("agree_shelf")],
        "refuse_shelf": [_text("refuse-text"), button(t("alerts.act_refuse_shelf"), do("refuse_shelf"))],
        "unshelve": [button(t("alerts.act_unshelve"), do("unshelve"))],
        "note": [_text("note-text"), button(t("alerts.act_note"), do("note"))],
    }
    return [_block(name, bodies[name], hide[name]) for name in BLOCKS if can(_right(name))]


def _spans(dossier: Dossier) -> dict[str, str]:
    """For how long it may be shelved, as things stand now: no longer than is possible, and for Act now to the end of the shift."""
    place, moment = dossier.alert["place"], now()
    latest = _latest(dossier.alert["severity"], place)
    found = {name: t(f"alerts.for_{name}") for name, span in SPANS.items() if moment + span <= latest}
    if dossier.alert["severity"] in axis.TAKES_TWO:
        found[TO_SHIFT_END] = t("alerts.for_shift", at=forms.instant(latest, zone_of(place), language(), moment))
    return found


def _latest(severity: str, place: str) -> datetime:
    places = world().places
    return axis.latest_shelf(severity, now(), places[place].shift_ends(now()) if place in places else None)


def _right(block: str) -> str:
    return "shelve" if block == "unshelve" else block


def _block(name: str, body: list[Any], hide: bool) -> Component:
    if name in PLAIN:
        return html.Div(body, id=block_id(name), hidden=hide, className="act row")
    head = t(f"alerts.act_{name}_hint")
    if name in FOLDED:
        inner = [html.Summary(t(f"alerts.act_{name}")), html.Div([html.Span(head, className="muted"), *body], className="stack")]
        return html.Div(html.Details(inner, className="twin act-fold"), id=block_id(name), hidden=hide, className="act")
    return html.Div([html.H3(head), *body], id=block_id(name), hidden=hide, className="act stack")


def _hint(act: str) -> Component:
    return html.Span(t(f"alerts.act_{act}_hint"), className="muted")


def _choice(name: str, options: Mapping[str, str], act: str) -> Component:
    return html.Div(choice(typed_id(name), options), role="radiogroup", **{"aria-label": t(f"alerts.act_{act}_hint")})


def _text(name: str, label: str = "text") -> Component:
    field = dcc.Textarea(
        id=typed_id(name), maxLength=actions.LONGEST_TEXT, className="act-text" if label == "text" else "act-text act-brief"
    )
    return html.Label([html.Span(t(f"alerts.{label}")), field], className="field")


def hidden(dossier: Dossier) -> list[bool]:
    """For each of BLOCKS whether it is hidden, as the alert stands now."""
    work = dossier.work
    shelved = axis.is_shelved(work["shelved_until"], now())
    asked = axis.is_shelved(work["asked_until"], now())
    offered = axis.offered(work["work"], shelved=shelved, asked=asked)
    found = {name: name not in offered for name in BLOCKS}
    if axis.needs_second(dossier.alert["severity"], work["outcome"], actor().name, work["outcome_by"]):
        found["close"] = True
    if work["asked_by"] == actor().name:
        found["agree_shelf"] = True
    if work["work"] == "in_progress" and work["assignee"] == actor().name:
        found["start"] = True
    return [found[name] for name in BLOCKS]


def standing_of_work(dossier: Dossier) -> list[Any]:
    """How the work stands: state, with whom, outcome, shelf; and why something is not offered."""
    work, place, level = dossier.work, dossier.alert["place"], dossier.alert["severity"]
    whose = f" · {work['assignee'] or t('alerts.nobody')}"
    lines: list[Any] = [html.P([html.Strong(word("work", work["work"], language())), whose], className="work-now"), *clock(dossier)]
    if axis.is_shelved(work["shelved_until"], now()):
        names = " · ".join(filter(None, (work["shelved_by"], work["shelf_agreed_by"])))
        said = t("alerts.shelved_now", at="\0", name=names, reason=work["shelf_reason"])
        lines.append(note(_with(said, at_place(work["shelved_until"], place)), "warn"))
    if axis.is_shelved(work["asked_until"], now()):
        said = t("alerts.asked_now", at="\0", name=work["asked_by"], reason=work["asked_reason"])
        lines.append(note(_with(said, at_place(work["asked_until"], place)), "warn"))
    if work["outcome"]:
        came = word("outcome", work["outcome"], language())
        said = t("alerts.outcome_now", outcome=came, name=work["outcome_by"], at="\0", text=work["outcome_text"])
        lines.append(note(_with(said, at_place(work["outcome_at"], place))))
        lines += [html.P(t(f"alerts.{name}_now", text=work[name]), className="muted") for name in ("heard", "not_heard") if work[name]]
    if dossier.alert["latching"] and work["work"] == "new":
        lines.append(html.P(t("alerts.latching"), className="muted"))
    if not can("acknowledge"):
        lines.append(html.P(t("alerts.only_look", role=word("role", actor().role, language())), className="muted"))
    elif work["work"] == "confirmed" and axis.needs_second(level, work["outcome"], actor().name, work["outcome_by"]):
        lines.append(note(t("alerts.second_person" if level in axis.TAKES_TWO else "alerts.second_person_rule"), "warn"))
    return [*lines, *duty(dossier)]


def _with(text: str, inner: Component) -> list[Any]:
    before, _, after = text.partition("\0")
    return [before, inner, after]


# ---------------------------------------------------------------- doing it


def act_on(alert: Row | None, alert_id: str, act: str, seen: int, typed: Typed) -> Done:
    """Do what a button says; `alert` None: it is not within reach. Errors: as data.actions."""
    moment, who, house = now(), actor(), store()

    def text(name: str) -> str:
        return str(typed.get(name) or "")

    table: dict[str, Callable[[], Done]] = {
        "acknowledge": lambda: actions.acknowledge(house, who, alert_id, moment, seen=seen),
        "start": lambda: actions.start(house, who, alert_id, moment, seen=seen),
        "assign": lambda: actions.assign(house, who, alert_id, moment, to=_chosen(typed, "to", "no_person"), seen=seen),
        "outcome": lambda: actions.outcome(
            house,
            who,
            alert_id,
            moment,
            outcome=text("outcome"),
            text=text("outcome-text"),
            heard=text("outcome-heard"),
            not_heard=text("outcome-not-heard"),
            seen=seen,
        ),
        "close": lambda: actions.close(house, who, alert_id, moment, seen=seen),
        "reopen": lambda: actions.reopen(house, who, alert_id, moment, reason=text("reopen-text"), seen=seen),
        "shelve": lambda: _shelve(alert, alert_id, typed, seen),
        "agree_shelf": lambda: actions.agree_shelf(house, who, alert_id, moment, world=world(), seen=seen),
        "refuse_shelf": lambda: actions.refuse_shelf(house, who, alert_id, moment, reason=text("refuse-text"), seen=seen),
        "unshelve": lambda: actions.unshelve(house, who, alert_id, moment, seen=seen),
        "sign_on": lambda: _duty(alert, alert_id, actions.sign_on),
        "sign_off": lambda: _duty(alert, alert_id, actions.sign_off),
        "note": lambda: actions.note(house, who, alert_id, moment, text=text("note-text")),
    }
    if act == "outcome_close":
        table["outcome"]()
        return actions.close(house, who, alert_id, moment)
    if act not in table:
        raise NotPossible("not_now", work="?")
    return table[act]()


def said_of(asked: str, came: Done) -> Component:
    """What to say of an act that was done; `asked`: what the button says."""
    act = came.act if came.act in axis.ASKS.values() else asked
    key = f"response.act_{act}" if act in ("sign_on", "sign_off") else f"alerts.act_{act}"
    return note(t("alerts.done", act=t(key)) if came.changed and has(key) else t("alerts.unchanged"))


def _chosen(typed: Typed, name: str, missing: str) -> str:
    value = str(typed.get(name) or "")
    if not value or (name == "span" and value not in (*SPANS, TO_SHIFT_END)):
        raise NotPossible(missing)
    return value


def _duty(alert: Row | None, alert_id: str, act: Callable[..., Any]) -> Done:
    act(store(), world(), actor(), alert["place"] if alert else "", now())
    return Done(alert_id, "", 0)


def _shelve(alert: Row | None, alert_id: str, typed: Typed, seen: int) -> Done:
    span, said = _chosen(typed, "span", "no_time"), str(typed.get("shelve-text") or "")
    until = _latest(alert["severity"], alert["place"]) if span == TO_SHIFT_END and alert else now() + SPANS.get(span, axis.SHIFT)
    return actions.shelve(store(), actor(), alert_id, now(), world=world(), until=until, reason=said, seen=seen)


def told(error: Exception, place: str) -> Component:
    """What to say of an act that was not done."""
    zone = zone_of(place)
    if isinstance(error, Conflict):
        at = forms.instant(error.at, zone, language(), now())
        key = "alerts.conflict" if error.by else "alerts.conflict_system"
        return note(t(key, name=error.by, act=did(error.act), at=at, work=word("work", error.work, language())), "alert")
    if isinstance(error, NotPossible):
        values = dict(error.values)
        if "latest" in values:
            values["latest"] = forms.full(values["latest"], zone, language())
        if "work" in values:
            values["work"] = word("work", values["work"], language())
        return note(t(f"alerts.{error.reason}", **values), "warn")
    if isinstance(error, NotPermitted):
        return note(t("alerts.not_permitted"), "alert")
    raise error
