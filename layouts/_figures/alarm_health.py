"""Alarm health in rows: each figure with its target, its source, and whether it is met; floods; the rules that alerts come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component
from plotly import graph_objects as go

from data.queries.alarm_health import Health
from layouts._parts.alert import at_place, place_and_zone, place_name
from layouts._parts.chart import chart, stamp
from layouts._parts.here import language, now, t
from layouts._parts.marks import tag
from layouts._parts.rule_parts import rule_link
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._text import forms, word
from zones.alarm_load import FLOOD_SHARE, MIX, PEAK_HOUR, PER_SHIFT, PER_SPAN
from zones.episode import SEVERITIES

JUDGED_FROM = 20  # alerts: of fewer a share says little
EEMUA, VENDOR, OWN = "source_eemua", "source_flood", "source_own"
Line = tuple[str, str, str, str, bool | None]  # figure, value, target, source, met


def columns(found: Sequence[Health]) -> list[Column]:
    """A column a place between the figure and its target."""
    own = [Column(one.place, place_name(one.place), "node", wide=True) for one in found]
    return [
        Column("figure", t("load.figure"), wide=True),
        *own,
        *(Column(name, t(f"load.{name}"), wide=True) for name in ("target", "source")),
    ]


def rows(found: Sequence[Health]) -> list[dict[str, Any]]:
    """A row a figure, with what each place has."""
    every = [_lines(one) for one in found]
    told = []
    for lines in zip(*every, strict=True):
        figure, _, target, source, _ = lines[0]
        row: dict[str, Any] = {"figure": figure, "target": target or None, "source": source or None}
        for one, (_, value, _, _, met) in zip(found, lines, strict=True):
            row |= {one.place: _cell(value, met), f"{one.place}_text": value if met is not False else f"{value} ({t('load.met_no')})"}
        told.append(row)
    return told


def _lines(one: Health) -> list[Line]:
    """(figure, value, target, source, whether it is met: None where there is none, or too little to say)."""
    own, lang = one.load, language()
    eemua, vendor, ours, none = t(f"load.{EEMUA}"), t(f"load.{VENDOR}"), t(f"load.{OWN}"), t("load.no_target")

    def most(name: str, value: float | None, limit: float, source: str, decimals: int = 2) -> Line:
        said = forms.MISSING if value is None else forms.number(round(value, decimals), lang, decimals)
        target = t("load.at_most", n=forms.number(limit, lang, 0 if float(limit).is_integer() else 1))
        return t(f"load.f_{name}"), said, target, source, None if value is None else value <= limit

    def counted(value: float | None, n: int, key: str) -> str:
        return f"{forms.percent(value, lang, 1)} {t(key, n=n)}" if value is not None else forms.MISSING

    over, flood, empty_share = own.over_share, own.flood_share, own.unmanned / own.spans if own.by_duty else None
    mix: list[Line] = []
    for severity in SEVERITIES:
        share, aim = own.share(severity), MIX[severity]
        met = None if share is None or own.n < JUDGED_FROM else share <= aim if severity != "queue" else share >= aim
        wanted = t("load.about", share=forms.percent(aim, lang))
        mix.append((t("load.f_mix", severity=word("severity", severity, lang)), counted(share, own.n, "load.of_n"), wanted, eemua, met))
    stood = t("load.oldest", at=forms.instant(one.oldest, one.zone, lang, now())) if one.oldest else ""
    calm = t("load.under", share=forms.percent(FLOOD_SHARE, lang))
    return [
        (t("load.f_n"), forms.number(own.n, lang), "", "", None),
        (t("load.f_officers"), _officers(one), "", "", None),
        (t("load.f_unmanned"), counted(empty_share, own.unmanned, "load.of_spans"), "", "", None),
        (t("load.f_alone"), forms.number(own.alone, lang) if own.by_duty else forms.MISSING, "", "", None),
        most("per_span", own.per_span, PER_SPAN, eemua, 3),
        most("peak_span", own.peak_span, PER_SPAN, eemua),
        (t("load.f_over"), counted(over, own.spans, "load.of_spans"), forms.percent(0, lang), eemua, None if over is None else over == 0),
        most("peak_hour", own.peak_hour, PEAK_HOUR, eemua),
        (
            t("load.f_flood"),
            counted(flood, len(own.floods), "load.in_floods"),
            calm,
            vendor,
            None if flood is None else flood < FLOOD_SHARE,
        ),
        most("per_shift", own.per_shift, PER_SHIFT, ours),
        *mix,
        (t("load.f_standing"), f"{forms.number(one.standing, lang)} {stood}".strip(), "", none, None),
        (t("load.f_chattering"), forms.number(one.chattering, lang), "", none, None),
    ]


def _officers(one: Health) -> str:
    """How many were on duty on average, shift by shift; or that no duty was kept, and how many accounts stand in."""
    own = one.load
    if not own.by_duty:
        return str(t("load.accounts", n=own.officers // 100))
    by_shift = [f"{name} {_hundredths(n)}" for name, n in own.by_shift.items() if name]
    return _hundredths(own.officers) + (f" ({', '.join(by_shift)})" if by_shift else "")


def _hundredths(n: int) -> str:
    return str(forms.number(n / 100, language(), 2))


def _cell(value: str, met: bool | None) -> Component | str:
    return html.Span([value, tag(t("load.met_no"), "today")], className="load-cell") if met is False else value


def period(one: Health, zone: str) -> str:
    """From when to when."""
    since, until = (forms.instant(at, zone, language(), now()) for at in (one.load.since, one.load.until))
    return t("load.period", since=since, until=until, zone=zone)


def floods(found: Sequence[Health], zone: str) -> Any:
    """Every flood, longest first."""
    told = [
        {
            "place": place_and_zone(one.place, zone),
            "began": at_place(flood.began, one.place),
            "began_text": flood.began.isoformat(),
            "length": int((flood.ended - flood.began).total_seconds() // 60),
            "alerts": flood.n,
        }
        for one in found
        for flood in one.load.floods
    ]
    age = stamp(found[0].judged_at, zone=zone)
    if not told:
        return [age, empty("load.no_flood", "load.no_flood_next")]
    own = [
        Column("place", t("alerts.place")),
        Column("began", t("rules.s_began_at"), "node"),
        Column("length", t("load.length"), "minutes"),
        Column("alerts", t("rules.k_alerts"), "number"),
    ]
    ordered = sorted(told, key=lambda row: -int(str(row["alerts"])))
    return [age, table(own, ordered, caption=t("load.by_day"), zone=zone, csv="floods", max_height=300), html.P(t("load.flood_definition"))]


def by_rule(found: Sequence[Health], zone: str) -> Component:
    """How many of each rule, the most first."""
    counted: Counter[str] = Counter()
    for one in found:
        counted.update(one.by_rule)
    n = counted.total()
    told = [{"rule": rule_link(rule), "rule_text": rule, "alerts": k, "share": k / n} for rule, k in counted.most_common()]
    names = [word("rule", rule, language()) for rule, _ in counted.most_common(12)]
    figure = go.Figure()
    figure.add_bar(
        y=names, x=[k for _, k in counted.most_common(12)], orientation="h", hovertemplate="%{x:,}", width=None if len(names) > 3 else 0.35
    )
    few = {"dtick": 1} if max(counted.values(), default=0) <= 10 else {}
    figure.update_layout(
        yaxis={"type": "category", "autorange": "reversed"},
        xaxis={"rangemode": "tozero", "tickformat": ",d", "showgrid": True, **few},
        showlegend=False,
    )
    own = [
        Column("rule", t("rules.rule"), "node"),
        Column("alerts", t("rules.k_alerts"), "number"),
        Column("share", t("load.share"), "percent"),
    ]
    return chart(
        figure,
        columns=own,
        rows=told,
        title=t("load.by_rule"),
        definition="load.definition",
        n=n,
        as_of=found[0].judged_at,
        zone=zone,
        csv="alerts-by-rule",
        height=260,
    )
