"""The top of an alert's page: its three lines, and the facts about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.alert import Dossier
from layouts._parts.alert import at_place, first_line, place_name, second_line, standing, third_line, zone_of
from layouts._parts.alert_near import margin, near
from layouts._parts.alert_place import checks
from layouts._parts.chart import stamp
from layouts._parts.here import language, now, path, t
from layouts._parts.marks import box, facts, note, severity
from layouts._text import word
from layouts._text.forms import date, instant
from layouts._text.forms import limit as written_limit
from zones.by_hand import BY_HAND, paper_of
from zones.muting import CLOSED


def lines(found: Dossier) -> list[Any]:
    """What happened, how sure we are, what to do now; how old that is."""
    alert = found.alert
    told = [severity(alert["severity"]), standing(alert), html.Span(place_name(alert["place"]), className="muted")]
    return [
        html.Div(told, className="row alert-marks"),
        html.P(first_line(alert), className="alert-sentence"),
        html.P(second_line(alert, found.sources), className="alert-sure"),
        *_by_hand(found),
        html.P([html.Strong(t("alerts.do_now") + ": "), third_line(alert)], className="alert-do"),
        html.P(t("alerts.lowered"), className="muted") if alert["lowered"] else None,
        stamp(found.judged_at, zone=zone_of(alert["place"])),
    ]


def _by_hand(found: Dossier) -> list[Component]:
    """Where it rests on what was recorded by hand: from which paper, and that no source tells it so far."""
    rows = [proof.row for proof in found.proofs if proof.counts and proof.row.get("publisher") == BY_HAND]
    told = {proof.row.get("movement_id") for proof in found.proofs if proof.row.get("publisher") != BY_HAND} - {None, ""}
    alone = [row for row in rows if row.get("movement_id") not in told]
    papers = dict.fromkeys(paper.reference for row in alone if (paper := paper_of(BY_HAND, row["remark"])))
    return [note(t("hand.rests", papers=", ".join(papers)), "warn")] if papers else []


def about(found: Dossier) -> Component:
    """Where, when, by which limit, resting on which sources."""
    alert, place = found.alert, found.alert["place"]
    told: list[tuple[str, Any]] = [(t("alerts.place"), dcc.Link(place_name(place), href=path(f"/place/{place}")))]
    if alert["equipment"]:
        told.insert(0, (t("alerts.box"), box(alert["equipment"])))
    if alert["unit"].startswith("lot:"):
        told.insert(0, (t("alerts.lot"), lot_link(alert["unit"])))
    told += checks(alert)
    told += [(t("alerts.since"), at_place(alert["began_at"], place))]
    told += [(t("alerts.ended"), at_place(alert["ended_at"], place) if alert["ended_at"] else t("alerts.goes_on"))]
    told += [(t("alerts.known"), at_place(alert["known_at"], place)), (t("alerts.recorded"), at_place(alert["recorded_at"], place))]
    if len(alert["spells"]) > 1:
        told.append((t("alerts.spells"), html.Ul([html.Li(_spell(*spell, place)) for spell in alert["spells"]], className="steps")))
    if alert["muted_by"]:
        muter = t("alerts.muted_closure") if alert["muted_by"] == CLOSED else word("rule", alert["muted_by"], language())
        told.append((t("alerts.muted_by"), muter))
    if over := margin(found):
        told.append((t("alerts.margin"), over))
    if len(alert["steps"]) > 1 or alert["limit"]:
        told.append((t("alerts.steps"), html.Ul([_step(step, place) for step in alert["steps"]], className="steps")))
    if alert["limit"]:
        told += _limit(found)
    rests = [f"{h.feed} ({', '.join(word('kind', kind, language()) for kind in sorted(h.kinds))})" for h in found.sources]
    told += [(t("alerts.rests_on"), ", ".join(rests))] if rests else []
    rule = dcc.Link(word("rule", alert["rule"], language()), href=path(f"/rules/{alert['rule']}"))
    told.append((t("alerts.rule_version"), html.Span([rule, f", {alert['rule_version']}"])))
    return html.Div([facts(told), near(found)])


def lot_link(unit: str) -> Component:
    """A lot, by its unit of judging, as a link to its page."""
    place, operator, lot = unit.removeprefix("lot:").split("/", 2)
    return dcc.Link(lot, href=path(f"/lot/{place}/{quote(operator, safe='')}/{quote(lot, safe='')}"), className="number")


def _spell(began: str, ended: str | None, place: str) -> str:
    zone = zone_of(place)
    first, last = (instant(datetime.fromisoformat(at), zone, language(), now()) if at else "" for at in (began, ended))
    return t("alerts.spell", began=first, ended=last) if ended else t("alerts.spell_open", began=first)


def _step(step: dict[str, Any], place: str) -> Component:
    name = word("limit", step["name"], language()) if step["name"] != "always" else t("alerts.step_always")
    value = f" {written_limit(step['limit'], language())}" if step.get("limit") else ""
    unsure = f" ({t('alerts.step_uncertain')})" if not step.get("certain", True) else ""
    return html.Li([severity(step["severity"]), f" {name}{value}{unsure}, ", at_place(datetime.fromisoformat(step["at"]), place)])


def _limit(found: Dossier) -> list[tuple[str, Any]]:
    alert, limit = found.alert, found.limit
    name = word("limit", alert["limit"], language())
    if limit is None:
        return [(t("alerts.limit"), f"{name}: {t('alerts.limit_gone', version=alert['limit_version'])}")]
    version = t("alerts.limit_always", version=limit.version)
    if limit.valid_from.year > 1:
        since = date(limit.valid_from.astimezone(ZoneInfo(zone_of(alert["place"]))), language())
        version = t("alerts.limit_version", version=limit.version, since=since)
    source = f"{limit.citation} ({t(f'alerts.limit_{limit.citation_status}')}; {t(f'alerts.limit_origin_{limit.origin}')})"
    said = html.Div([f"{name}: {written_limit(str(limit.value), language())}", html.Div(version, className="muted")])
    return [(t("alerts.limit"), said), (t("alerts.limit_source"), source)]
