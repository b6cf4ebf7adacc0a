"""Rows of the queue's grid, as plain values: an alert a row, or a group of alerts a row. The cells draw them (assets/queue_cells.js).

What a cell stands for (ISO times, codes) is beside what it shows, under the same key with `_v`: the CSV is made of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from data.queries.groups import FLOOD, REST, Group
from data.queries.queue import Shown
from data.queries.response import Response
from layouts._parts.alert import address, first_line, place_and_zone, place_name, working, zone_of
from layouts._parts.filters import here
from layouts._parts.here import language, now, t
from layouts._parts.view import View
from layouts._text import forms, word

Row = dict[str, Any]


def rows(view: View, shown: Shown, zone: str) -> list[Row]:
    """Groups, then single alerts; `zone` is the one in which the page writes its own times."""
    return [*(group_row(view, group, zone) for group in shown.groups), *alert_rows(shown.rows, shown.clocks, zone)]


def alert_rows(found: Iterable[Mapping[str, Any]], clocks: Mapping[str, Response], zone: str) -> list[Row]:
    """One row an alert. `version` is what an act on it is sent back with."""
    return [_alert(alert, zone) | _clock(clocks.get(alert["alert_id"]), alert["place"]) for alert in found]


def _clock(clock: Response | None, place: str) -> Row:
    """How much of the time to answer is used up, where half of it is, or all."""
    if clock is None or clock.reading.stage == "ok":
        return {"clock": ""}
    reading = clock.reading
    said = t(f"response.{reading.stage}_{reading.clock}", at=forms.instant(reading.full_at, zone_of(place), language(), now()))
    return {"clock": reading.stage, "clock_said": t(f"queue.clock_{reading.stage}"), "clock_full": said}


def _alert(alert: Mapping[str, Any], zone: str) -> Row:
    place, level = alert["place"], alert["severity"]
    row = {
        "id": alert["alert_id"],
        "version": alert["version"],
        "href": address(alert["alert_id"]),
        "level": level,
        "level_said": word("severity", level, language()),
        "what": first_line(alert),
        "place": place_and_zone(place, zone),
        "place_v": place,
        "standing": _standing(alert),
        "standing_v": alert["condition"],
        "doubt": alert["condition"] == "unverified",
        "work": working(alert),
        "reason": alert["shelf_reason"],
        "outcome": word("outcome", alert["outcome"], language()) if alert["outcome"] else "",
        "closed_by": alert["closed_by"],
    }
    for name, at in (("since", alert["began_at"]), ("back_at", alert["shelved_until"]), ("closed_at", alert["closed_at"])):
        row |= _time(name, at, zone_of(place))
    return row


def _standing(alert: Mapping[str, Any]) -> str:
    if alert["condition"] == "cleared" and alert["ended_at"]:
        return t("alerts.over_since", at=forms.instant(alert["ended_at"], zone_of(alert["place"]), language(), now()))
    return word("condition", alert["condition"], language())


def _time(name: str, at: datetime | None, zone: str) -> Row:
    if at is None:
        return {name: "", f"{name}_v": ""}
    said = forms.instant(at, zone, language(), now())
    return {name: said, f"{name}_v": at.isoformat(), f"{name}_full": forms.full(at, zone, language())}


def group_row(view: View, group: Group, zone: str) -> Row:
    """How many, the worst, from when to when, and how long the oldest waits; opening it leads to its members."""
    place = group.key.partition("@")[2] if group.kind == FLOOD else group.key if group.kind == "place" and group.key != REST else ""
    own = zone_of(place) if place else zone
    first, last, oldest = (forms.instant(at, own, language(), now()) for at in (group.first, group.last, group.oldest))
    return {
        "id": f"group {group.id}",
        "n": group.n,
        "href": here(view.set(inside=group.id).without("page")),
        "level": group.severity,
        "level_said": word("severity", group.severity, language()),
        "what": _said(group),
        "place": place_and_zone(place, zone) if place and group.kind == FLOOD else "",
        "place_v": place,
        "since": first if first == last else f"{first} – {last}",
        "since_v": group.first.isoformat(),
        "standing": t("queue.oldest", at=oldest),
        "standing_v": group.oldest.isoformat(),
        "work": "",
    }


def _said(group: Group) -> str:
    said = str(t("queue.group", what=name(group), n=group.n))
    if not 0 < group.act_now < group.n:
        return said
    return said + t("queue.group_act_now", n=group.act_now, severity=word("severity", "act_now", language()))


def name(group: Group) -> str:
    """What the alerts of a group have in common, in words."""
    if group.key == REST:
        return t("queue.others", n=group.others)
    return name_of(f"rule:{group.key.partition('@')[0]}" if group.kind == FLOOD else group.id)  # its place stands beside it


def name_of(inside: str) -> str:
    """The words for a group as it stands in an address."""
    kind, _, key = inside.partition(":")
    if key == REST:
        return t("queue.others_all")
    match kind:
        case "rule":
            return word("rule", key, language())
        case "place":
            return place_name(key)
        case "flood":
            rule, _, place = key.partition("@")
            said = word("rule", rule, language())
            return f"{said}, {place_name(place)}" if place else said
        case "call":
            return key.removesuffix(" / ") or t("queue.no_call")
        case "operator":
            return key or t("queue.no_operator")
        case _:
            return key
