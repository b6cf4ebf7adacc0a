"""What a person does with a source: lets one that was stopped go on, proposes how often it is expected, accepts or refuses that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible, feeds
from data.queries import rhythm as ask_rhythm
from layouts._parts.alert import zone_of
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button, note
from layouts._text import forms

LABEL = {"read_on": "primary", "propose": "primary", "accept": "primary", "refuse": "plain"}


def typed_id(name: Any) -> dict[str, Any]:
    """The id of something typed."""
    return {"type": "feed-typed", "name": name}


def form(name: str, acts: Mapping[str, int], *, hint: str = "", own: bool = False) -> Component:
    """A reason and a button for each act; `acts`: what each act was shown for (the number of the stop, or of the proposal). `own`: whoever
    refuses what he proposed himself takes it back."""
    field = dcc.Textarea(id=typed_id(name), maxLength=actions.LONGEST_TEXT, className="act-text")
    says = {act: t("health.act_take_back" if own else f"health.act_{act}") for act in acts}
    buttons = [button(says[act], {"type": "feed-do", "act": act, "seen": seen}, LABEL[act]) for act, seen in acts.items()]
    text = html.Label([html.Span(t("health.reason")), field], className="field")
    return html.Div([text, html.Div(buttons, className="row"), html.P(hint, className="muted") if hint else None], className="stack act")


def do(feed: str, act: str, seen: int, typed: Mapping[str, str]) -> tuple[Component, bool]:
    """Do it; gives what to say of it, and whether anything may look otherwise now."""
    ours = store(), world(), actor(), now(), feed
    try:
        match act:
            case "read_on":
                feeds.read_on(*ours, reason=typed.get("read_on", ""), seen=seen)
            case "propose":
                _propose(feed, typed.get("expect", ""))
            case "accept" | "refuse":
                feeds.decide(*ours, number=seen, accept=act == "accept", reason=typed.get("decide", ""))
            case _:
                return note(t("health.not_possible"), "warn"), False
    except Conflict as error:
        at = forms.instant(error.at, _zone(feed), language(), now())
        return note(t("health.conflict", name=error.by or "–", at=at), "alert"), True
    except NotPossible as error:
        return note(t(f"health.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("health.not_permitted"), "alert"), False
    return note(t(f"health.done_{act}")), True


def _propose(feed: str, reason: str) -> None:
    """What the page reckoned, reckoned again: nothing that a browser sends is believed."""
    found = ask_rhythm.rhythm(store(), actor(), world(), feed, now())
    if found is not None and found.proposal is None:
        raise NotPossible("no_proposal")
    reckoned: dict[str, Any] = {}
    expect: list[dict[str, Any]] = []
    if found is not None and found.proposal is not None:
        own = found.proposal
        expect = ask_rhythm.written(own.expect)
        reckoned = {
            "since": own.since.isoformat(),
            "until": own.until.isoformat(),
            "receipts": own.receipts,
            "by_hour": [int(length.total_seconds()) for length in own.by_hour],
        }
    feeds.propose(store(), world(), actor(), now(), feed, expect=expect, reckoned=reckoned, reason=reason)


def _zone(feed: str) -> str:
    return next((zone_of(own.place) for own in world().feeds if own.id == feed), "UTC")
