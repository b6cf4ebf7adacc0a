"""What a person does with a rule: tries it under other limits, proposes, accepts or refuses, switches it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible, rules
from data.queries import rules as ask
from layouts._parts import rule_parts as parts
from layouts._parts.alert import own_zone, place_name, zone_of
from layouts._parts.callback import can
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import button, field, note
from layouts._parts.view import View, day_of
from layouts._text import forms, word
from zones.backtest import limits_at

Row = Mapping[str, Any]
TRIED = timedelta(days=30)  # what the form proposes


def typed_id(name: Any) -> dict[str, Any]:
    """The id of something typed."""
    return {"type": "rule-typed", "name": name}


def do_id(act: str, on: str = "", seen: int = 0) -> dict[str, Any]:
    """The id of a button; `on`: the place, `seen`: the number of the proposal."""
    return {"type": "rule-do", "act": act, "on": on, "seen": seen}


def period(view: View) -> tuple[datetime, datetime]:
    """[since, until) of the filters in the time of the first place; else the last 90 days."""
    since, until = view.between(own_zone(view))
    until = min(until or now(), now())
    return (since if since and since < until else until - timedelta(days=ask.DAYS)), until


def period_said(since: datetime, until: datetime, zone: str) -> str:
    """Of alerts known from ... to ..."""
    first, last = (forms.instant(at, zone, language(), now()) for at in (since, until))
    return t("rules.period_said", since=first, until=last, zone=zone)


def test_form(rule: str, view: View) -> Component:
    """Places, period, another value for each limit."""
    if not can("backtest"):
        return html.P(t("rules.try_only"), className="muted")
    module = ask.known(rule)
    today = now().astimezone(ZoneInfo(own_zone(view))).date()
    chosen = view.places(actor(), world())
    where = t("rules.try_at", places=", ".join(place_name(place) for place in chosen))
    days = [
        field(t(f"shell.filter_{name}"), dcc.Input(id=typed_id(name), type="date", value=day.isoformat()))  # type: ignore[arg-type]
        for name, day in (("since", today - TRIED), ("until", today))
    ]
    limits = [
        field(word("limit", name, language()), dcc.Input(id=typed_id(f"limit:{name}"), placeholder=_today(name, chosen), maxLength=12))
        for name in (limits_at(module, *(world().law(place) for place in chosen)) if module else ())
    ]
    hint = html.P(t("rules.try_form_hint"), className="muted")
    inner = [html.P(where), html.Div(days, className="row"), html.Div(limits, className="row") if limits else None, hint]
    return html.Div([*(part for part in inner if part), button(t("rules.try_go"), do_id("test"), "primary")], className="stack")


def _today(name: str, places: Sequence[str]) -> str:
    """The values in force, as they are typed: 5d."""
    found = {str(limit.value) for place in places if (limit := world().law(place).at(name, now()))}
    return " / ".join(sorted(found))


def waiting(change: Row) -> Component:
    """A proposal, and the decision of a second person."""
    own = change["proposed_by"] == actor().name
    at = forms.instant(change["proposed_at"], zone_of(change["place"]), language(), now())
    lines: list[Any] = [
        html.P([html.Strong(f"{place_name(change['place'])}: {parts.what(change)}"), f" · {change['proposed_by']}, {at}"]),
        html.P(change["reason"]),
    ]
    if change["to_at"]:
        lines.append(html.P(t("rules.asked_until", at=forms.instant(change["to_at"], zone_of(change["place"]), language(), now()))))
    if change["backtest_id"]:
        lines.append(dcc.Link(t("rules.test_read"), href=path(f"/backtest/{change['backtest_id']}")))
    if can("approve_limit"):
        name = f"decide:{change['place']}"
        acts = [button(t("rules.act_accept"), do_id("accept", change["place"], change["number"]), "primary")] if not own else []
        says = t("rules.act_take_back" if own else "rules.act_refuse")
        acts.append(button(says, do_id("refuse", change["place"], change["number"]), "plain"))
        text = dcc.Textarea(id=typed_id(name), maxLength=actions.LONGEST_TEXT, className="act-text")
        lines += [field(t("alerts.reason"), text), html.Div(acts, className="row")]
        lines += [html.P(t("rules.second_hint"), className="muted")] if own else []
    else:
        lines.append(html.P(t("rules.decide_only"), className="muted"))
    return html.Div(lines, className="stack act")


def off_forms(places: Sequence[str]) -> list[Component]:
    """Proposing to switch the rule off, at each place where it is on."""
    return [_off_form(place) for place in places] if can("change_limit") else []


def _off_form(place: str) -> Component:
    until = field(t("rules.off_last_day"), dcc.Input(id=typed_id(f"off_until:{place}"), type="date"))  # type: ignore[arg-type]
    text = dcc.Textarea(id=typed_id(f"off:{place}"), maxLength=actions.LONGEST_TEXT, className="act-text")
    press = html.Div(button(t("rules.act_off"), do_id("off", place)), className="row")
    body = [until, field(t("alerts.reason"), text), press, html.P(t("rules.off_form_hint"), className="muted")]
    head = html.Summary(t("rules.off_form", place=place_name(place)))
    return html.Details([head, html.Div(body, className="stack")], className="twin act")


def do(view: View, asked: Mapping[str, Any], typed: Mapping[str, Any]) -> tuple[Any, bool]:
    """Do it; gives what to say of it, and whether anything may look otherwise now."""
    rule = view.get("rule_id")
    act, place, seen = str(asked.get("act", "")), str(asked.get("on", "")), int(asked.get("seen", 0))
    match act:
        case "test":
            return said(lambda: _test(rule, view, typed), place)
        case "off":
            return said(lambda: _off(rule, place, typed), place)
        case "accept" | "refuse":
            reason = str(typed.get(f"decide:{place}") or "")
            return said(lambda: _decide(place, seen, act, reason), place)
        case _:
            return note(t("rules.not_possible"), "warn"), False


def said(act: Callable[[], Any], place: str) -> tuple[Any, bool]:
    """What came of an act, in words."""
    try:
        return note(act()), True
    except Conflict as error:
        at = forms.instant(error.at, zone_of(place), language(), now())
        return note(t("rules.conflict", name=error.by or "–", at=at), "alert"), True
    except NotPossible as error:
        return note(t(f"rules.{error.reason}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("rules.not_permitted"), "alert"), False


def _test(rule: str, view: View, typed: Mapping[str, Any]) -> Any:
    places = view.places(actor(), world())
    if not places:
        raise NotPossible("no_places")
    zone = ZoneInfo(zone_of(places[0]))
    first, last = day_of(str(typed.get("since") or "")), day_of(str(typed.get("until") or ""))
    if first is None or last is None:
        raise NotPossible("no_period")
    since = datetime.combine(first, time(), zone).astimezone(UTC)
    until = min(datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC), now())
    names = [name for name in typed if name.startswith("limit:") and str(typed[name] or "").strip()]
    limits = {name.removeprefix("limit:"): str(typed[name]).strip() for name in names}
    made = rules.ask_backtest(store(), world(), actor(), now(), rule, places=places, since=since, until=until, limits=limits)
    return html.Span([t("rules.done_test"), " ", dcc.Link(t("rules.test_link"), href=path(f"/backtest/{made}"))])


def _off(rule: str, place: str, typed: Mapping[str, Any]) -> str:
    last = day_of(str(typed.get(f"off_until:{place}") or ""))
    until = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone_of(place))).astimezone(UTC) if last else None
    rules.propose_off(store(), world(), actor(), now(), rule, place, reason=str(typed.get(f"off:{place}") or ""), until=until)
    return t("rules.done_off")


def _decide(place: str, number: int, act: str, reason: str) -> str:
    rules.decide(store(), world(), actor(), now(), place, number=number, accept=act == "accept", reason=reason)
    return t(f"rules.done_{act}")
