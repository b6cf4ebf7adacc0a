"""When a source is heard, hour by hour of the week, against what is expected; what its past would let one expect, and agreeing on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from data.queries.rhythm import DAYS, HOURS, Agreed, Rhythm, Row, read
from layouts._figures import feed as draw
from layouts._parts import feed_acts as acts
from layouts._parts.alert import at_place, zone_of
from layouts._parts.callback import can
from layouts._parts.chart import chart
from layouts._parts.here import actor, language, now, t
from layouts._parts.marks import note
from layouts._parts.states import no_data
from layouts._parts.table import Column, table
from layouts._text import forms
from zones.place import Expect, Feed
from zones.usual import FEWEST, Proposal


def hours(found: Rhythm, feed: Feed) -> Component:
    """Receipts an hour of the week: the mean of four weeks, the last one, the least that is expected."""
    if found.first is None:
        return no_data("health.never_heard", "health.never_heard_next")
    columns = [
        Column("hour", t("health.hour")),
        Column("mean", t("health.mean"), "decimal"),
        Column("fewest", t("health.fewest"), "number"),
        Column("last", t("health.last_week"), "number"),
        Column("expected", t("health.expected"), "decimal"),
    ]
    rows = [
        {
            "hour": draw.hour_of_week(n, language()),
            "mean": found.four_weeks[n] / 4,
            "fewest": found.fewest[n],
            "last": found.last_week[n],
            "expected": found.expected[n],
        }
        for n in range(HOURS)
    ]
    zone = zone_of(feed.place)
    last = forms.date((found.until - timedelta(hours=1)).astimezone(ZoneInfo(zone)), language())
    said = t("health.week_days", first=forms.date(found.since.astimezone(ZoneInfo(zone)), language()), last=last, zone=zone)
    if found.first > found.since:
        said += " " + t("health.heard_since", at=forms.instant(found.first, zone, language(), now()))
    return chart(
        draw.week(found, language()),
        columns=columns,
        rows=rows,
        title=t("health.week"),
        definition="health.week_definition",
        n=found.receipts,
        as_of=found.heard_at,
        zone=zone,
        csv="receipts-by-hour-of-week",
        height=290,
        note=said,
    )


def expect(found: Rhythm, agreed: Agreed, feed: Feed) -> list[Any]:
    """What is in force, what waits for a second person, what its past would let one expect."""
    origin = t("health.agreed") if agreed.stands else t("health.declared")
    in_force = told(found.in_force) or t("health.nothing_expected")
    calls = t("health.called", n=found.calls[0]) if found.proposal and found.in_force else ""
    parts: list[Any] = [html.P([html.Strong(t("health.in_force")), " ", t("health.expect_as", expect=in_force, origin=origin), " ", calls])]
    if agreed.waits:
        parts += _waits(agreed.waits, feed)
    else:
        parts += _proposed(found)
    if agreed.stands:
        row = next((row for row in agreed.decided if row["number"] == agreed.stands), None)
        if row:
            parts += [html.P(t("health.take_over"), className="muted"), _yaml(read(row["expect"]))]
    if agreed.decided:
        parts += [html.H3(t("health.decided")), html.Ul([html.Li(_decided(row, feed)) for row in agreed.decided], className="steps muted")]
    return parts


def _waits(row: Row, feed: Feed) -> list[Any]:
    words = {"name": row["proposed_by"], "expect": told(read(row["expect"])), "reason": row["reason"]}
    before, _, after = t("health.waits", at="\0", **words).partition("\0")
    said = note([before, at_place(row["proposed_at"], feed.place), after])
    if not can("decide_expect"):
        return [said, html.P(t("health.expect_only"), className="muted")]
    if row["proposed_by"] == actor().name:
        return [said, acts.form("decide", {"refuse": row["number"]}, hint=t("health.second_person"), own=True)]
    return [said, acts.form("decide", {"accept": row["number"], "refuse": row["number"]}, hint=t("health.accept_hint"))]


def _proposed(found: Rhythm) -> list[Any]:
    own = found.proposal
    if own is None:
        key = "health.too_short" if found.first is None or found.first > found.since else "health.too_few"
        return [html.P(t(key, days=DAYS, n=FEWEST), className="muted")]
    if found.in_force == own.expect:
        return [html.P(t("health.as_proposed"), className="muted"), _reckoned(own)]
    calls = t("health.would_call", n=found.calls[1])
    said = html.P([html.Strong(t("health.proposed")), " ", t("health.expect_own", expect=told(own.expect)), " ", calls])
    parts = [said, _reckoned(own), _yaml(own.expect)]
    hint = t("health.propose_hint")
    return [
        *parts,
        acts.form("expect", {"propose": 0}, hint=hint) if can("propose_expect") else html.P(t("health.expect_only"), className="muted"),
    ]


def _reckoned(own: Proposal) -> Component:
    columns = [
        Column("hour", t("health.hour")),
        Column("longest", t("health.longest"), "minutes"),
        Column("allowed", t("health.allowed"), "minutes"),
    ]
    rows = []
    for hour, length in enumerate(own.by_hour):
        allowed = min(each.within for each in own.expect if each.covers(time(hour)))
        rows.append({"hour": f"{hour:02}:00", "longest": length.total_seconds() / 60, "allowed": allowed.total_seconds() / 60})
    how = html.P(t("health.how_reckoned", n=own.receipts), className="muted")
    listed = table(columns, rows, caption=t("health.how"), csv="usual-silence", max_height=300)
    return html.Details([html.Summary(t("health.how")), how, listed], className="twin")


def _yaml(expect: Iterable[Expect]) -> Component:
    return html.Pre(html.Code(yaml(expect)), className="raw")


def yaml(expect: Iterable[Expect]) -> str:
    """As it stands in place.yaml."""
    lines = [f"{{within: {_short(each.within)}" + (f', hours: "{_hours(each)}"' if each.hours else "") + "}" for each in expect]
    return f"expect: [{', '.join(lines)}]"


def told(expect: Iterable[Expect]) -> str:
    """In words: 06:00-22:00 up to 15 min of silence; at other times up to 18 h."""
    said: list[str] = []
    for each in expect:
        key = "health.within_hours" if each.hours else "health.within_else" if said else "health.within"
        said.append(t(key, within=forms.duration(each.within, language()), hours=_hours(each)))
    return t("health.then").join(said)


def _hours(each: Expect) -> str:
    return "-".join(f"{at:%H:%M}" for at in each.hours or ())


def _short(within: timedelta) -> str:
    minutes = int(within.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _decided(row: Row, feed: Feed) -> list[Any]:
    words = {"expect": told(read(row["expect"])), "by": row["proposed_by"], "name": row["decided_by"], "reason": row["decision_reason"]}
    before, _, after = t(f"health.{row['decision']}", at="\0", **words).partition("\0")
    return [before, at_place(row["decided_at"], feed.place), after]
