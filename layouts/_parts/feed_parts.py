"""One source in the reader's words: what was rejected, how late it tells, its numbering, its columns, what nobody knows, who agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.agreement import Agreement, whole
from data.queries.health import Late, Layouts, Numbering, Rejected, Row, Unknown
from layouts._figures import feed as draw
from layouts._parts import feed_acts as acts
from layouts._parts.alert import at_place, place_name, zone_of
from layouts._parts.alert_proof import message_path
from layouts._parts.callback import can
from layouts._parts.chart import chart
from layouts._parts.here import language, path, t
from layouts._parts.marks import figure, figures, note, state
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._text import forms, word
from layouts._text.reasons import why
from zones.place import Feed
from zones.sequence import Gap, Series

GAPS = 60  # shown
LEDGERS = ("epcis", "ledger_csv")  # formats of which only lines of ledgers come


def lead(feed: Feed) -> list[Any]:
    """What it is: place, publisher, format, what it speaks for."""
    kinds = ", ".join(word("kind", kind, language()) for kind in sorted(feed.speaks_for)) or t("sources.witness")
    return [dcc.Link(place_name(feed.place), href=path(f"/place/{feed.place}")), f" · {feed.publisher} · {feed.format} · {kinds}"]


# ---------------------------------------------------------------- rejected


def rejected(found: Rejected, feed: Feed) -> list[Any]:
    """Three figures; the stop that lasts with its form; the stops before."""
    records, wrong = found.today
    share = found.rejected / found.records if found.records else None
    tiles = figures(
        figure(None if share is None else _percent(share), t("health.share"), note=_of(found)),
        figure(found.in_a_row, t("health.in_a_row")),
        figure(None if not records else _percent(wrong / records), t("health.today"), note=t("health.of_records", n=records)),
        figure(found.waiting, t("health.waiting"), mark="cannot_see" if found.waiting and found.stops else ""),
    )
    limits = found.limits
    by_share = t("health.limit_share", share=limits.share, n=limits.records) if limits.share else t("health.limit_none")
    by_row = t("health.limit_row", n=limits.in_a_row) if limits.in_a_row else ""
    parts: list[Any] = [tiles, html.P(" ".join(filter(None, (by_share, by_row))), className="muted")]
    if found.open:
        parts.insert(0, html.Div([state("cannot_see"), *_stop(found.open, feed, "health.stopped_now")], className="row"))
        parts.append(
            acts.form("read_on", {"read_on": found.open["number"]}, hint=t("health.read_on_hint"))
            if can("read_on")
            else html.P(t("health.read_on_only"), className="muted")
        )
    elif found.catching_up:
        parts.insert(0, note(t("health.catching_up", n=found.waiting), "warn"))
    over = [stop for stop in found.stops if stop["closed_at"]]
    if over:
        parts += [html.H3(t("health.stops")), html.Ul([html.Li(_over(stop, feed)) for stop in over], className="steps muted")]
    return parts


def _of(found: Rejected) -> str:
    return t("health.counted_anew") if found.stops and not found.records else t("health.of_records", n=found.records)


def _stop(stop: Row, feed: Feed, key: str) -> list[Any]:
    reason = t(f"health.why_{stop['why']}", rejected=stop["rejected"], n=stop["records"])
    before, _, after = t(key, at="\0", why=reason).partition("\0")
    last = [" ", dcc.Link(t("health.last_read"), href=message_path(stop["message_id"], ""))] if can("see_raw") else []
    return [html.Span([before, at_place(stop["opened_at"], feed.place), after, *last])]


def _over(stop: Row, feed: Feed) -> list[Any]:
    before, _, after = t("health.went_on", at="\0", name=stop["closed_by"], reason=stop["closed_reason"]).partition("\0")
    return [*_stop(stop, feed, "health.stopped_then"), " ", before, at_place(stop["closed_at"], feed.place), after]


def _percent(share: float) -> str:
    return forms.percent(share, language(), 0 if share in (0, 1) or share > 0.1 else 1)


# ---------------------------------------------------------------- lag


def lag(found: Late, feed: Feed) -> list[Any] | Component:
    """What the lags say of the sender's clock; their distribution."""
    if not found.long.n:
        said = "health.lag_ledger" if feed.format in LEDGERS else "health.lag_none"
        return no_data(said, f"{said}_next")
    columns = [
        Column("share", t("health.lag_share")),
        Column("short", t("health.lag_short"), "node"),
        Column("long", t("health.lag_long"), "node"),
    ]
    rows = []
    for q in draw.SHARES:
        short, long = found.short.seconds(q), found.long.seconds(q)
        cells = {"short": draw.length(short, language()), "short_text": _seconds(short)}
        cells |= {"long": draw.length(long, language()), "long_text": _seconds(long)}
        rows.append({"share": forms.percent(q, language()), **cells})
    drawn = chart(
        draw.lags(found.short, found.long, language()),
        columns=columns,
        rows=rows,
        title=t("health.lag"),
        definition="health.lag_definition",
        n=found.long.n,
        as_of=found.heard_at,
        zone=zone_of(feed.place),
        csv="lag",
        height=290,
        note=t("health.lag_n", short=found.short.n, long=found.long.n),
    )
    return [*clocks(found), drawn]


def clocks(found: Late) -> list[Component]:
    """What the lags say of the sender's clock: a jump by whole hours, a clock that is ahead, statements about the future."""
    said: list[Component] = []
    if found.shift:
        words = {"hours": abs(found.shift.hours), "since": forms.date(found.shift.since, language())}
        was, now = draw.length(found.shift.before, language()), draw.length(found.shift.after, language())
        key = "health.shift_later" if found.shift.hours > 0 else "health.shift_sooner"
        cause = t("health.shift_dst" if abs(found.shift.hours) == 1 else "health.shift_zone")
        said.append(note(" ".join((t(key, **words, was=was, now=now), cause)), "alert"))
    ahead = found.short.clock_ahead
    if ahead is not None:
        share = _percent(found.short.ahead / found.short.n)
        said.append(note(t("health.clock_ahead", by=draw.length(ahead, language()), share=share, n=found.short.n), "warn"))
    elif found.short.ahead:
        said.append(html.P(t("health.some_ahead", n=found.short.ahead, of=found.short.n), className="muted"))
    return said


def _seconds(value: float | None) -> str:
    return "" if value is None else str(round(value))


# ---------------------------------------------------------------- numbering


def numbering(found: Numbering, feed: Feed) -> list[Any] | Component:
    """Each sender's numbering in a sentence, then the gaps."""
    if not found.looked_at:
        return no_data()
    if not found.series:
        return empty("health.no_numbers", "health.no_numbers_next")
    told = [html.Li(_series(one)) for one in found.series[:10]]
    parts: list[Any] = [html.Ul(told, className="steps")]
    gaps = [(one, gap) for one in found.series for gap in one.gaps]
    if gaps:
        columns = [
            Column("missing", t("health.missing")),
            Column("n", t("health.how_many"), "number"),
            Column("since", t("health.since"), "instant"),
            *([Column("before", t("health.before"), "link"), Column("after", t("health.after"), "link")] if can("see_raw") else []),
        ]
        rows = [_gap(one, gap) for one, gap in gaps[:GAPS]]
        parts.append(table(columns, rows, caption=t("health.numbering"), csv="gaps", zone=zone_of(feed.place), max_height=300))
    if found.unnumbered:
        parts.append(html.P(t("health.unnumbered", n=found.unnumbered, of=found.looked_at), className="muted"))
    return parts


def _series(one: Series) -> str:
    who = " → ".join(filter(None, (one.sender, one.recipient))) + (f" · {one.prefix}…" if one.prefix else "")
    if not one.counts:
        return t("health.does_not_count", who=who, n=one.n)
    said = (
        t("health.gaps", who=who, n=sum(gap.missing for gap in one.gaps), of=one.n) if one.gaps else t("health.no_gaps", who=who, n=one.n)
    )
    return said + (" " + t("health.began_anew", n=one.rounds - 1) if one.rounds > 1 else "")


def _gap(one: Series, gap: Gap) -> dict[str, Any]:
    digits = len(gap.before.reference) - len(one.prefix)
    first, last = (f"{one.prefix}{number:0{digits}}" for number in (gap.first, gap.last))
    return {
        "missing": first if gap.first == gap.last else f"{first} – {last}",
        "n": gap.missing,
        "since": gap.since,
        "before": (gap.before.reference, message_path(gap.before.message_id, "")),
        "after": (gap.after.reference, message_path(gap.after.message_id, "")),
    }


# ---------------------------------------------------------------- columns, codes


def layouts(found: Layouts | None, feed: Feed) -> list[Any] | Component:
    """What differs between the columns now and those before."""
    if found is None:
        return empty("health.no_columns", "health.no_columns_next")
    drift = found.drift
    now_at = at_place(found.since, feed.place)
    if drift is None:
        return [html.P(_around("health.columns_same", at_place(found.known_since, feed.place))), _columns(found)]
    if found.mixed:
        return [html.P(t("health.columns_mixed")), *_drift(found), _columns(found)]
    return [note(_around("health.columns_changed", now_at), "warn"), *_drift(found), _columns(found)]


def _drift(found: Layouts) -> list[Component]:
    drift = found.drift
    if drift is None:
        return []
    lines = [t("health.column_new", name=name) for name in drift.new]
    lines += [t("health.column_missing", name=name) for name in drift.missing]
    lines += [t("health.column_renamed", name=before, now=after) for before, after in drift.renamed]
    lines += [t("health.columns_moved")] if drift.moved else []
    links = []
    if can("see_raw"):
        links = [dcc.Link(t("health.first_message"), href=message_path(found.message_id, "")), " · "]
        links.append(dcc.Link(t("health.message_before"), href=message_path(found.before_message, "")))
    return [html.Ul([html.Li(line) for line in lines], className="steps"), html.Div(links)]


def _columns(found: Layouts) -> Component:
    names = html.P([html.Code(", ".join(found.columns))])
    return html.Details([html.Summary(t("health.columns", n=len(found.columns))), names], className="twin")


def unknown(found: Unknown) -> list[Any] | Component:
    """Reasons why reports are unclassified, and what readers left over."""
    if not found.reasons and not found.fields:
        return empty("health.nothing_unknown", "health.nothing_unknown_next")
    parts: list[Any] = []
    if found.reasons:
        columns = [Column("why", t("health.code"), wide=True), Column("n", t("health.how_many"), "number")]
        rows = [{"why": why(reason, language()) if can("see_raw") else "–", "n": n} for reason, n in found.reasons]
        parts += [html.H3(t("health.codes", n=found.reports)), table(columns, rows, caption=t("health.unknown"), csv="unknown-codes")]
    if found.fields:
        columns = [
            Column("name", t("health.field")),
            Column("n", t("health.how_many"), "number"),
            Column("example", t("health.example"), wide=True),
        ]
        rows = [{"name": name, "n": n, "example": example} for name, n, example in found.fields]
        told = table(columns, rows, caption=t("health.fields", n=found.messages), csv="left-over", max_height=260)
        parts += [html.H3(t("health.fields", n=found.messages)), told]
    return parts


# ---------------------------------------------------------------- agreement


def agreement(rows: Sequence[Agreement]) -> Component:
    """A row an event: told by one, by several that agree, that differ."""
    if not rows:
        return no_data("health.no_movements", "health.no_movements_next")
    columns = [
        Column("event", t("health.event")),
        Column("n", t("health.movements"), "number"),
        Column("confirmed", t("health.confirmed"), "percent"),
        Column("one", t("health.told_one"), "number"),
        Column("agree", t("health.told_agree"), "number"),
        Column("differ", t("health.told_differ"), "number"),
        *([Column("hand", t("health.told_hand"), "number")] if any(row.hand for row in rows) else []),
    ]
    listed = [_agreement(row, word("event", row.event, language())) for row in rows]
    if len(rows) > 1:
        listed.append(_agreement(whole(rows), t("health.together")))
    told = table(columns, listed, caption=t("health.agreement"), csv="agreement", sort=False)
    return html.Div([told, html.P(t("health.agreement_definition"), className="chart-below")])


def _agreement(row: Agreement, name: str) -> dict[str, Any]:
    counts = {"one": row.one, "agree": row.agree, "differ": row.differ, "hand": row.hand}
    return {"event": name, "n": row.n, "confirmed": row.confirmed, **counts}


def _around(key: str, inner: Component) -> list[Any]:
    before, _, after = t(key, at="\0").partition("\0")
    return [before, inner, after]
