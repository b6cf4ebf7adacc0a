"""The line of time of an alert: what its evidence says happened, when each piece was received, and between them the moments of its rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.alert import Dossier, Proof
from layouts._parts.alert import at_place, zone_of
from layouts._parts.alert_proof import announced, counts_as, happened_at, message_path, place_of, what_of
from layouts._parts.here import language, t
from layouts._parts.marks import severity, tag
from layouts._text import forms, word
from layouts._text.forms import limit as written_limit

HAPPENED, RECEIVED, RULE = "happened", "received", "rule"  # kinds of entries; at one moment they stand in this order
Entry = tuple[datetime, int, str, Component, Any]  # when, the how manieth of its moment, its kind, the time as written, what is said


def line(found: Dossier) -> Component:
    """Oldest first. Exactly the statements in evidence: each when it happened and when it was received, linked to its message."""
    entries = [entry for proof in found.proofs for entry in _of(proof, found)] + list(_rule(found))
    entries.sort(key=lambda entry: entry[:2])
    return html.Ol([_drawn(entry) for entry in entries], className="timeline", **{"aria-label": t("alerts.timeline")})


def _drawn(entry: Entry) -> Component:
    _, _, kind, at, said = entry
    return html.Li([html.Span(at, className="timeline-at"), html.Div(said, className="timeline-said")], className=f"timeline-{kind}")


def _of(proof: Proof, found: Dossier) -> Iterator[Entry]:
    row, place = proof.row, place_of(proof, found.alert)
    happened = happened_at(proof)
    name = html.Strong(what_of(proof, found.alert))
    gone: list[Any] = []
    if not proof.counts:
        gone = [" ", tag(t("alerts.does_not_count", status=counts_as(proof)), "cannot_see")]
    if happened is not None:
        verb = t("alerts.time_effective" if proof.kind == "fact" else f"alerts.time_{'announced' if announced(row) else 'happened'}")
        yield happened, 0, HAPPENED, _when(row, happened, place), [html.Span(verb, className="muted"), " ", name, *gone]
    message = proof.message["message_id"] if proof.message else ""
    told = dcc.Link(t("alerts.time_message"), href=message_path(message, row.get("position", ""))) if message else None
    late = (row["received_at"] - happened).total_seconds() / 60 if happened else 0
    after = t("alerts.time_after", ago=forms.duration(late, language())) if late >= 1 and row.get("precision") != "day" else ""
    said = [html.Span(t("alerts.time_received"), className="muted"), " ", what_of(proof, found.alert), *([" · ", after] if after else [])]
    yield row["received_at"], 1, RECEIVED, at_place(row["received_at"], place), [*said, *([" · ", told] if told else [])]


def _when(row: Any, at: datetime, place: str) -> Component:
    """A day where only the day was told."""
    if row.get("precision") != "day":
        return at_place(at, place)
    local = at.astimezone(ZoneInfo(zone_of(place)))
    return html.Time(f"{forms.date(local, language())} ({t('alerts.day_only')})", dateTime=local.date().isoformat())


def _rule(found: Dossier) -> Iterator[Entry]:
    """When it began, each step with the limit that it passed, and when it ended."""
    alert, place = found.alert, found.alert["place"]
    for began, ended in alert["spells"]:
        yield _moment(began, 2, "alerts.time_began", place)
        if ended:
            yield _moment(ended, 4, "alerts.time_ended", place)
    for step in alert["steps"]:
        at = datetime.fromisoformat(step["at"])
        if step["name"] == "always" and any(began == step["at"] for began, _ in alert["spells"]):
            continue  # it says no more than that it began
        value = written_limit(step["limit"], language()) if step.get("limit") else ""
        name = word("limit", step["name"], language()) if step["name"] != "always" else ""
        passed = t("alerts.time_limit", limit=f"{name} {value}".strip()) if name else ""
        yield at, 3, RULE, at_place(at, place), [severity(step["severity"]), *([" ", passed] if passed else [])]


def _moment(at: str, order: int, key: str, place: str) -> Entry:
    moment = datetime.fromisoformat(at)
    return moment, order, RULE, at_place(moment, place), t(key)
