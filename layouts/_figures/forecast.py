"""What passes a limit, by day, by part, and one by one: boxes, lots and operators of ledgers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component
from plotly import graph_objects as go

from data.queries.forecast import DAYS, Forecast, Pass, sums
from layouts._figures.book_words import lot_link, operator_name
from layouts._parts.alert import at_place, place_and_zone, place_name, zone_of
from layouts._parts.chart import chart
from layouts._parts.here import language, t
from layouts._parts.marks import box
from layouts._parts.rule_parts import rule_link
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms, word
from zones.episode import SEVERITIES

SPLITS = ("place", "rule", "limit", "line", "value")
LISTED = 200


def by_day(found: Forecast, zone: str) -> Component:
    """By the day of the place on which the limit is passed, severities stacked."""
    first = found.at.astimezone(ZoneInfo(zone)).date()
    days = [first + timedelta(days=n) for n in range(max(DAYS) + 1)]
    counted: Counter[Any] = Counter((one.at.astimezone(ZoneInfo(zone_of(one.place))).date(), one.severity) for one in found.passes)
    labels = [forms.date(day, language(), year=False) for day in days]
    figure = go.Figure()
    for severity in SEVERITIES:
        y = [counted[day, severity] for day in days]
        figure.add_bar(x=labels, y=y, name=word("severity", severity, language()), hovertemplate="%{y:,}", showlegend=any(y))
    figure.update_layout(
        barmode="stack",
        xaxis={"type": "category", "tickmode": "array", "tickvals": labels[::5], "tickangle": 0},
        yaxis={"title": {"text": t("forecast.passes")}, "tickformat": ",d", "rangemode": "tozero"},
    )
    few = {"dtick": 1} if max(Counter(day for day, _ in counted.elements()).values(), default=0) <= 10 else {}
    figure.update_yaxes(**few)
    told = [{"day": day, **{severity: counted[day, severity] for severity in SEVERITIES}} for day in days]
    columns = [Column("day", t("rules.day"), "date"), *(Column(s, word("severity", s, language()), "number") for s in SEVERITIES)]
    return _chart(figure, columns, told, t("forecast.by_day"), "forecast-days", found, zone)


def parts(found: Forecast, by: str, zone: str) -> Component:
    """Each part with how many pass within 1, 7 and 30 days; the 15 largest are drawn."""
    groups: dict[str, list[Pass]] = defaultdict(list)
    for one in found.passes:
        groups[_part(one, by)].append(one)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    told = [{"part": name, **_counts(found, own)} for name, own in ordered]
    drawn = told[:15]
    figure = go.Figure()
    for days in DAYS:
        figure.add_bar(
            y=[row["part"] for row in drawn], x=[row[f"d{days}"] for row in drawn], orientation="h", name=t("forecast.within", n=days)
        )
    figure.update_layout(
        barmode="group",
        yaxis={"type": "category", "autorange": "reversed"},
        xaxis={"rangemode": "tozero", "tickformat": ",d", "showgrid": True, "title": {"text": t("forecast.passes")}},
        legend={"traceorder": "normal"},
    )
    figure.update_xaxes(**({"dtick": 1} if max((len(own) for _, own in ordered), default=0) <= 10 else {}))
    columns = [
        Column("part", t(f"forecast.by_{by}")),
        *(Column(f"d{days}", t("forecast.within", n=days), "number") for days in DAYS),
        Column("boxes", t("forecast.boxes"), "number"),
        Column("lots", t("forecast.lots"), "number"),
        Column("teu", "TEU", "teu"),
        Column("value", t("forecast.value")),
    ]
    return _chart(figure, columns, told, t("forecast.parts"), f"forecast-by-{by}", found, zone)


def listed(found: Forecast, zone: str) -> list[Any]:
    """The next ones to pass."""
    rows = [
        {
            "equipment": _what(one),
            "equipment_text": one.equipment or _named(one),
            "place": place_and_zone(one.place, zone),
            "rule": rule_link(one.rule),
            "rule_text": one.rule,
            "limit": _limit(one),
            "at": at_place(one.at, one.place),
            "at_text": one.at.isoformat(),
            "severity": one.severity,
            "entered": at_place(one.entered_at, one.place),
            "entered_text": one.entered_at.isoformat() if one.entered_at else "",
            "line": one.line or one.owner or None,
            "teu": one.teu or None,
            "value": worth([one]),
        }
        for one in found.passes[:LISTED]
    ]
    kinds = {"equipment": "node", "rule": "node", "at": "node", "severity": "severity", "entered": "node", "teu": "teu"}
    names = ("equipment", "place", "rule", "limit", "at", "severity", "entered", "line", "teu", "value")
    narrow = ("equipment", "severity", "teu")
    columns = [Column(name, t(f"forecast.l_{name}"), kinds.get(name, "text"), wide=name not in narrow) for name in names]
    more = [html.P(t("forecast.first", n=LISTED, of=len(found.passes)), className="muted")] if len(found.passes) > LISTED else []
    return [*more, table(columns, rows, caption=t("forecast.list"), zone=zone, csv="forecast", max_height=520)]


def worth(passes: Iterable[Pass]) -> str:
    """What their goods are worth, in each currency, and of how many of the boxes and lots that is told."""
    own = [one for one in passes if not one.unit.startswith("operator:")]
    boxes, told = {one.subject for one in own}, {one.subject for one in own if one.worth}
    if not told:
        return str(t("forecast.not_told"))
    said = ", ".join(_sum(hundredths, currency) for currency, hundredths in sums(one.worth for one in own).items())
    return said if len(boxes) == 1 else str(t("forecast.worth_of", worth=said, n=len(told), of=len(boxes)))


def _sum(hundredths: int, currency: str) -> str:
    return f"{forms.number(hundredths // 100, language())} {currency}"


def _band(one: Pass) -> str:
    """Its tenfold: what is worth 12,500 USD is among 10,000 to 100,000."""
    if one.worth is None:
        return str(t("forecast.not_told"))
    least = 10 ** max(len(str(one.worth.hundredths // 100)) - 1, 0)
    return str(t("forecast.band", least=forms.number(least, language()), most=_sum(least * 1000, one.worth.currency)))


def _part(one: Pass, by: str) -> str:
    match by:
        case "rule":
            return word("rule", one.rule, language())
        case "limit":
            return _limit(one)
        case "line":
            return one.line or one.owner or t("forecast.no_owner" if one.unit else "forecast.no_line")
        case "value":
            return _band(one)
        case _:
            return place_name(one.place)


def _limit(one: Pass) -> str:
    if not one.limit:
        return t("alerts.step_always")
    return f"{word('limit', one.limit, language())}, {forms.limit(one.value, language())}"


def _counts(found: Forecast, own: Iterable[Pass]) -> dict[str, Any]:
    own = list(own)
    told: dict[str, Any] = {f"d{days}": sum(one.at <= found.at + timedelta(days=days) for one in own) for days in DAYS}
    boxes = {one.equipment: one.teu for one in own if one.equipment}
    return {**told, "boxes": len(boxes), "lots": len(lots(own)), "teu": sum(boxes.values()), "value": worth(own)}


def lots(passes: Iterable[Pass]) -> set[str]:
    """The lots among what passes."""
    return {one.unit for one in passes if one.unit.startswith("lot:")}


def _what(one: Pass) -> Component:
    """The box or lot that passes, leading to its page; an operator to his reconciliation."""
    if not one.unit:
        return box(one.equipment)
    kind, _, rest = one.unit.partition(":")
    place, operator, *lot = rest.split("/", 2)
    if kind == "lot":
        return lot_link(place, operator, lot[0])
    return dcc.Link(operator_name(place, operator), href=View(place=place).href("/reconciliation"))


def _named(one: Pass) -> str:
    """What is no box as plain text: the lot, or the operator's name."""
    kind, _, rest = one.unit.partition(":")
    place, operator, *lot = rest.split("/", 2)
    return lot[0] if kind == "lot" else operator_name(place, operator)


def _chart(figure: go.Figure, columns: list[Column], told: Any, title: str, csv: str, found: Forecast, zone: str) -> Component:
    return chart(
        figure,
        columns=columns,
        rows=told,
        title=title,
        definition="forecast.definition",
        n=len(found.passes),
        as_of=found.at,
        zone=zone,
        csv=csv,
        height=300,
    )
