"""Rules in rows: what is on where, what is off, versions of limits, proposals, how a rule did, its tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.rules import Card, Standing, set_by
from layouts._parts.alert import address, at_place, first_line, place_and_zone, place_name, zone_of
from layouts._parts.here import language, now, path, t
from layouts._parts.marks import tag
from layouts._parts.table import Column, table
from layouts._text import forms, word
from zones.catalogue import BY_RULE, CATALOGUE
from zones.limits import Limit
from zones.precision import FALSE, TRUE
from zones.switch import Off

Row = Mapping[str, Any]


def rule_link(rule: str) -> Component:
    """A rule by its name, leading to its card."""
    return dcc.Link(word("rule", rule, language()), href=path(f"/rules/{rule}"))


def number(rule: str) -> str | None:
    """A rule's number in the catalogue, if it has one."""
    entry = BY_RULE.get(rule)
    return entry.number if entry else None


def not_built() -> Component:
    """The rules of the catalogue that are not built, each with what it needs first."""
    rows = [
        {"number": entry.number, "rule": word("rule", entry.rule, language()), "needs": word("needs", entry.needs, language())}
        for entry in CATALOGUE
        if entry.needs
    ]
    columns = [Column("number", t("rules.number")), *(Column(name, t(f"rules.{name}"), wide=True) for name in ("rule", "needs"))]
    return table(columns, rows, caption=t("rules.not_built"), csv="rules-not-built", max_height=360)


def off_table(found: Iterable[tuple[str, Off]], zone: str) -> Component:
    """What is off now."""
    rows = [
        {
            "rule": rule_link(off.rule),
            "rule_text": off.rule,
            "place": place_and_zone(place, zone),
            **_moment("since", off.since, place),
            **_moment("until", off.until, place, t("rules.until_further")),
            "by": " → ".join(off.by) or t("rules.declared"),
            "why": off.reason,
        }
        for place, off in found
    ]
    columns = [
        Column("rule", t("rules.rule"), "node"),
        Column("place", t("alerts.place")),
        Column("since", t("rules.off_since"), "node"),
        Column("until", t("rules.off_until"), "node"),
        Column("by", t("rules.off_by")),
        Column("why", t("alerts.reason"), wide=True),
    ]
    return table(columns, rows, caption=t("rules.off_now"), zone=zone, csv="rules-off")


def standing_table(found: Iterable[Standing], zone: str) -> Component:
    """A row a rule and place."""
    rows = [
        {
            "number": number(one.rule),
            "rule": rule_link(one.rule),
            "rule_text": one.rule,
            "place": place_name(one.place),
            "state": state(one),
            "state_text": one.state,
            "limits": html.Ul([_limit_item(one, name) for name in one.limits], className="steps") if one.limits else t("rules.no_limits"),
            "limits_text": "; ".join(f"{name} {limit.value if limit else ''}".strip() for name, limit in one.limits.items()),
            "open": one.open,
            "waits": _waits(one.waits) if one.waits else None,
        }
        for one in sorted(found, key=lambda one: number(one.rule) or "~")
    ]
    columns = [
        Column("number", t("rules.number")),
        Column("rule", t("rules.rule"), "node"),
        Column("place", t("alerts.place"), wide=True),
        Column("state", t("rules.state"), "node"),
        Column("limits", t("rules.limits"), "node", wide=True),
        Column("open", t("rules.open"), "number"),
        Column("waits", t("rules.waits"), wide=True),
    ]
    return table(columns, rows, caption=t("rules.all"), zone=zone, csv="rules")


def _limit_item(one: Standing, name: str) -> Component:
    limit = one.limits[name]
    source = [html.Div(_source(limit, one.by.get(name)), className="muted")] if limit else []
    return html.Li([*limit_line(name, limit), *source])


def state(one: Standing) -> Component:
    """On; off, or off from a time on; or nothing to go by."""
    if one.off is not None:
        return tag(t("rules.state_off"), "cannot_see")
    return tag(t("rules.state_no_limit"), "cannot_see") if one.state == "no_limit" else tag(t("rules.state_on"))


def limit_line(name: str, limit: Limit | None) -> list[Any]:
    """Warning limit: 5 days; with a mark where nobody confirmed it; "step off" where none is declared."""
    said = word("limit", name, language())
    if limit is None:
        return [f"{said}: ", html.Span(t("rules.step_off"), className="muted")]
    told: list[Any] = [f"{said}: {forms.limit(str(limit.value), language())}"]
    return told if limit.citation_status == "confirmed" else [*told, " ", tag(t("alerts.limit_unconfirmed"), "cannot_see")]


def _source(limit: Limit, change: Row | None) -> str:
    said = f"{limit.citation or t('shell.none')} ({t(f'alerts.limit_origin_{limit.origin}')})"
    return f"{said}; {_who(change)}" if change else said


def _who(change: Row) -> str:
    return t("rules.by_two", proposed=change["proposed_by"], decided=change["decided_by"])


def _waits(change: Row) -> str:
    return t("rules.waits_for", what=what(change), name=change["proposed_by"])


def what(change: Row) -> str:
    """What a change is about, in words."""
    if change["kind"] == "limits":
        each = (f"{word('limit', name, language())} {forms.limit(value, language())}" for name, value in change["limits"].items())
        return ", ".join(each)
    return t(f"rules.kind_{change['kind']}")


def history_table(found: Iterable[tuple[str, Limit]], changes: Sequence[Row], zone: str) -> Component:
    """Every version of every limit, with who set it."""
    rows = []
    for place, limit in found:
        change = set_by(changes, place, limit)
        who = f"{_who(change)}, {_said(change['decided_at'], place)}" if change else t("rules.declared")
        unsure = [" ", tag(t("alerts.limit_unconfirmed"), "cannot_see")] if limit.citation_status != "confirmed" else []
        rows.append(
            {
                "place": place_and_zone(place, zone),
                "limit": word("limit", limit.limit, language()),
                "value": forms.limit(str(limit.value), language()),
                **_moment("since", limit.valid_from if limit.valid_from.year > 1 else None, place, t("rules.always")),
                **_moment("until", limit.valid_to, place, t("rules.until_further")),
                "citation": html.Span([limit.citation or t("shell.none"), *unsure]),
                "citation_text": f"{limit.citation} ({limit.citation_status})",
                "who": f"{t(f'alerts.limit_origin_{limit.origin}')}; {who}",
            }
        )
    nodes = {"since", "until", "citation"}
    names = ("place", "limit", "value", "since", "until", "citation", "who")
    columns = [
        Column(name, t(f"rules.h_{name}"), "node" if name in nodes else "text", wide=name not in ("value", "since")) for name in names
    ]
    return table(columns, rows, caption=t("rules.history"), zone=zone, csv="rule-limits")


def changes_table(found: Sequence[Row], zone: str) -> Component:
    """What was proposed and decided, newest first."""
    rows = [
        {
            "place": place_and_zone(row["place"], zone),
            "what": what(row),
            "reason": row["reason"],
            "proposed": f"{row['proposed_by']}, {_said(row['proposed_at'], row['place'])}",
            "decision": t(f"rules.decision_{row['decision'] or 'waits'}"),
            "decided": f"{row['decided_by']}, {_said(row['decided_at'], row['place'])}" if row["decided_at"] else None,
            "answer": row["decision_reason"] or None,
            "test": dcc.Link(t("rules.test_link"), href=path(f"/backtest/{row['backtest_id']}")) if row["backtest_id"] else forms.MISSING,
            "test_text": row["backtest_id"],
        }
        for row in found
    ]
    names = ("place", "what", "reason", "proposed", "decision", "decided", "answer", "test")
    columns = [Column(name, t(f"rules.c_{name}"), "node" if name == "test" else "text", wide=name != "place") for name in names]
    return table(columns, rows, caption=t("rules.changes"), zone=zone, csv="rule-changes")


def card_table(found: Sequence[Card], zone: str) -> Component:
    """How a rule did, a row a place."""
    rows = [
        {
            "place": place_and_zone(card.place, zone),
            "alerts": card.alerts,
            "true": card.precision.true,
            "false": card.precision.false,
            "unknown": card.precision.unknown,
            "without": card.without,
            "precision": interval(card),
            "ack": spread(card.acknowledge),
            "decide": spread(card.decide),
            "last": _hit(card),
            "last_text": card.last_hit["alert_id"] if card.last_hit else "",
        }
        for card in found
    ]
    numbers = ("alerts", "true", "false", "unknown", "without")
    columns = [
        Column("place", t("alerts.place"), wide=True),
        *(Column(name, t(f"rules.k_{name}"), "number", wide=True) for name in numbers),
        *(Column(name, t(f"rules.k_{name}"), wide=True) for name in ("precision", "ack", "decide")),
        Column("last", t("rules.k_last"), "node", wide=True),
    ]
    return table(columns, rows, caption=t("rules.card"), zone=zone, csv="rule-card")


def interval(card: Card) -> str:
    """83% (64% to 93%), n = 18; or that nothing is decided."""
    own = card.precision
    if own.share is None or own.low is None or own.high is None:
        return t("rules.undecided")
    share, low, high = (forms.percent(value, language()) for value in (own.share, own.low, own.high))
    return t("rules.interval", share=share, low=low, high=high, n=own.n)


def spread(times: tuple[int, int | None, int | None]) -> str:
    """Median and 90th percentile of some minutes, with n."""
    n, median, most = times
    if median is None or most is None:
        return t("rules.nobody_yet")
    return t("rules.spread", median=forms.duration(median, language()), most=forms.duration(most, language()), n=n)


def outcome_words() -> str:
    """Which outcomes say that it was so, and which that it was not."""
    true, false = (", ".join(word("outcome", name, language()) for name in names) for names in (TRUE, FALSE))
    return t("rules.precision_hint", true=true, false=false, unknown=word("outcome", "unknown", language()))


def tests_table(found: Sequence[Row], zone: str) -> Component:
    """The latest tests of a rule."""
    rows = [
        {
            "asked": dcc.Link(
                _said(row["asked_at"], row["places"][0] if row["places"] else ""), href=path(f"/backtest/{row['backtest_id']}")
            ),
            "asked_text": row["asked_at"].isoformat(),
            "who": row["asked_by"],
            "places": ", ".join(place_name(place) for place in row["places"]),
            "period": period(row),
            "limits": limits_said(row["limits"]),
            "state": t(f"rules.test_{row['state']}"),
        }
        for row in found
    ]
    names = ("asked", "who", "places", "period", "limits", "state")
    columns = [Column(name, t(f"rules.t_{name}"), "node" if name == "asked" else "text", wide=name != "who") for name in names]
    return table(columns, rows, caption=t("rules.tests"), zone=zone, csv="backtests")


def limits_said(limits: Mapping[str, str]) -> str:
    """The limits of a test; or that they are today's."""
    each = (f"{word('limit', name, language())} {forms.limit(value, language())}" for name, value in limits.items())
    return ", ".join(each) or t("rules.as_today")


def period(row: Row) -> str:
    """From when to when a test goes, in the time of its first place."""
    own = row["places"][0] if row["places"] else ""
    return f"{_said(row['from_at'], own)} – {_said(row['to_at'], own)}"


def _hit(card: Card) -> Component | str:
    if card.last_hit is None:
        return t("rules.no_hit")
    return html.Span(
        [
            at_place(card.last_hit["outcome_at"], card.place),
            ": ",
            dcc.Link(_sentence(card.last_hit), href=address(card.last_hit["alert_id"])),
        ]
    )


def _sentence(hit: Row) -> str:
    return first_line({**hit, "condition": "cleared" if hit["ended_at"] else "active"})


def _moment(key: str, at: datetime | None, place: str, without: str = "") -> dict[str, Any]:
    return {key: at_place(at, place) if at else without, f"{key}_text": at.isoformat() if at else ""}


def _said(at: datetime, place: str) -> str:

    return forms.instant(at, zone_of(place), language(), now())
