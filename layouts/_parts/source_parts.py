"""The data sources in the reader's words: a row a feed, faults with reason and position, the identities, the worker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data import clock
from data.queries import by_hand
from data.queries.reference import Used
from data.queries.sources import Books, Problems, Row, Source, Worker
from layouts._parts import reference
from layouts._parts.alert import at_place, own_zone, place_and_zone, zone_of
from layouts._parts.alert_proof import message_path
from layouts._parts.callback import can
from layouts._parts.filters import here
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import button, note, state, tag, time
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import forms, has, word
from layouts._text.reasons import reason, where, why
from zones.place import Feed

REUSED = "reference_reused"
NAMED = 6  # sources that cannot be heard, named in the sentence; the table has them all


def real() -> datetime:
    """Real time, by which the worker's lease goes also where the time of the house is simulated."""
    return clock.real_now()


def feeds_of(view: View) -> list[Feed]:
    """The feeds of the places looked at and within reach."""
    places = view.places(actor(), world())
    return [feed for feed in world().feeds if feed.place in places]


def tools() -> list[Component]:
    """Ways on: recording by hand, with how much waits for the reader to look at; trying a file."""
    n = by_hand.waiting(store(), actor(), world())
    said = t("hand.link_waits", n=n) if n else t("hand.link")
    own = dcc.Link(said, href=path("/by-hand"), className="button button-primary" if n else "button")
    return [own, *([dcc.Link(t("try.link"), href=path("/sources/try"), className="button")] if can("try_file") else [])]


def feed_path(feed: str) -> str:
    """The address of a source's own page."""
    return path(f"/sources/feed/{quote(feed, safe='')}")


def lead(found: Sequence[Source]) -> Component:
    """Which sources cannot be heard, and since when."""
    blind = [source for source in found if source.heard.blind]
    if not blind:
        return html.Span(t("sources.lead_all"))
    names: list[Any] = []
    for source in blind[:NAMED]:
        since = "health.lead_stopped" if source.heard.stopped else "sources.lead_since"
        text = t(since if source.heard.at else "sources.lead_never", feed=source.feed.id, at="\0")
        before, _, after = text.partition("\0")
        names += [*([", "] if names else []), before, *([at_place(source.heard.at, source.feed.place)] if source.heard.at else []), after]
    if len(blind) > NAMED:
        names.append(t("sources.lead_more", n=len(blind) - NAMED))
    before, _, after = t("sources.lead_blind", n=len(blind), names="\0").partition("\0")
    return html.Div([state("cannot_see"), html.Span([before, *names, after])], className="row")


# ---------------------------------------------------------------- feeds


def feed_table(found: Sequence[Source], zone: str) -> Component:
    """One row a feed; those we cannot hear first."""
    columns = [
        Column("state", t("sources.state"), "state"),
        Column("source", t("sources.source"), "node"),
        Column("place", t("sources.place"), wide=True),
        Column("heard", t("sources.heard"), "node"),
        Column("data_to", t("sources.data_to"), "node"),
        Column("lag", t("sources.lag"), "minutes"),
        Column("due", t("sources.due"), "node"),
        Column("run", t("sources.run"), "node"),
        Column("today", t("sources.today")),
        Column("waiting", t("sources.waiting"), "node"),
    ]
    rows = [_feed_row(source, zone) for source in found]
    return table(columns, rows, caption=t("sources.caption"), csv="sources", row_class=lambda row: f"row-{row['state']}")


def _feed_row(source: Source, zone: str) -> dict[str, Any]:
    feed, place = source.feed, source.feed.place
    kinds = ", ".join(word("kind", kind, language()) for kind in sorted(source.heard.kinds)) or t("sources.witness")
    counts = [source.today.get(name, 0) for name in ("read", "partly", "unreadable")]
    waiting = sum(source.waiting.values())
    wrong = [f"{name}={n}" for name, n in source.counts.items() if n]
    numbers = " / ".join(forms.number(n, language()) for n in counts)
    what = f"{t('sources.speaks')} · {t('sources.publisher')}"
    row: dict[str, Any] = {
        "state": "cannot_see" if source.heard.blind else "normal",
        "source": [
            dcc.Link(html.Strong(feed.id), href=feed_path(feed.id)),
            html.Br(),
            html.Span(f"{kinds} · {feed.publisher}", className="muted", title=what),
        ],
        "source_text": f"{feed.id} · {kinds} · {feed.publisher}",
        "place": place_and_zone(place, zone),
        "lag": source.lag.total_seconds() / 60 if source.lag is not None else None,
        "run": _run(source),
        "run_text": " ".join(filter(None, [source.run["state"] if source.run else "", *wrong])),
        "today": numbers,
        "waiting": dcc.Link(forms.number(waiting, language()), href=f"?feed={feed.id}") if waiting else "0",
        "waiting_text": str(waiting),
    }
    heard = source.heard.at
    row["heard"] = at_place(heard, place) if heard else tag(t("shell.never_heard"), "cannot_see")
    if source.heard.stopped:
        row["heard"] = [row["heard"], html.Br(), tag(t("health.stopped"), "cannot_see")]
    row["heard_text"] = heard.isoformat() if heard else ""
    for name, at in (("data_to", source.data_to), ("due", source.due_at)):
        row |= {name: at_place(at, place) if at else None, f"{name}_text": at.isoformat() if at else ""}
    return row


def _run(source: Source) -> Component | list[Any] | str:
    """When the last run was and how it went, with what went wrong so far."""
    run = source.run
    if run is None:
        return t("sources.run_never")
    took = ""
    if run["ended_at"]:
        took = t("sources.seconds", n=forms.number((run["ended_at"] - run["started_at"]).total_seconds(), language(), 1))
    said = t(f"sources.run_{run['state']}")
    at = forms.instant(run["started_at"], zone_of(source.feed.place), language(), now())
    text = " · ".join(filter(None, (said, took, *(t(f"sources.runs_{name}", n=n) for name, n in source.counts.items() if n))))
    return [at, html.Br(), tag(text, "cannot_see") if run["state"] == "failed" else html.Span(text, className="muted")]


def failures(found: Sequence[Source]) -> list[Component]:
    """Why the last runs failed, of feeds that have not run well since."""
    said = []
    for source in found:
        if source.failed:
            error = source.failed["error"] if can("see_raw") else t("sources.run_hidden")
            said.append(note([html.Strong(source.feed.id), ": ", t("sources.run_error", error=error)], "warn"))
    return said


# ---------------------------------------------------------------- books, worker


def books(identities: Sequence[Row], counted: Sequence[Books], zone: str) -> list[Any]:
    """The identities as one line with the time they last held, then each; since when each place is counted."""
    if not identities:
        said: list[Any] = [html.P(t("sources.never_checked"), className="muted")]
    else:
        broken = [row for row in identities if row["held_at"] != row["checked_at"]]
        checked = min(row["checked_at"] for row in identities)
        if broken:
            said = [note(t("sources.holds_not", names=", ".join(_identity(row) for row in broken)), "alert")]
        else:
            before, _, after = t("sources.holds", at="\0").partition("\0")
            said = [html.P([html.Strong([before, time(checked, zone), after]), _zoned(zone)])]
        said.append(html.Ul([_held(row, zone) for row in identities], className="steps"))
    return [*said, html.Ul([html.Li(_counted(place, zone)) for place in counted], className="steps muted")]


def _zoned(zone: str) -> Component:
    return html.Span(f" {t('shell.in_zone', zone=zone)}", className="muted")


def _identity(row: Row) -> str:
    key = f"sources.identity_{row['name']}"
    return t(key) if has(key) else str(row["name"])


def _held(row: Row, zone: str) -> Component:
    holds = row["held_at"] == row["checked_at"]
    key, at = ("sources.held", row["held_at"]) if holds or row["held_at"] else ("sources.held_never", None)
    before, _, after = t(key, at="\0").partition("\0")
    tail: list[Any] = [" · ", before, time(at, zone) if at else "", after]
    difference = [tag(row["difference"][:300], "cannot_see")] if row["difference"] and not holds else []
    return html.Li([_identity(row), html.Span(tail, className="muted"), " ", *difference])


def _counted(place: Books, zone: str) -> list[Any]:
    key = "nothing" if place.since is None else "unknown" if place.opened_at is None else "since"
    text = t(f"sources.counted_{key}", place=place_and_zone(place.place, zone), since="\0since\0", opened="\0opened\0")
    moments = {"since": place.since, "opened": place.opened_at}
    return [at_place(moments[part], place.place) if part in moments else part for part in text.split("\0")]


def worker(found: Worker, zone: str) -> list[Any]:
    """Who works and since when; jobs that went wrong; when nobody looked."""
    if found.silent_for is None:
        said: list[Any] = [note(t("sources.worker_never"), "warn")]
    else:
        text = t("sources.worker_works" if found.alive else "sources.worker_gone", holder=found.holder, ago=_since(found.silent_for))
        said = [html.P(text) if found.alive else note(text, "warn")]
    if found.judged_at:
        before, _, after = t("sources.judged_to", at="\0").partition("\0")
        said.append(html.P([before, time(found.judged_at, zone), after, _zoned(zone)]))
    for row in found.jobs:
        if row["missed"] or row["overlapped"] or row["failed"]:
            said.append(html.P(t("sources.job", **{**row, "job": _job(row["job"])}), className="muted"))
    if found.not_looking:
        said += [html.H3(t("sources.gaps")), html.Ul([html.Li(_gap(row, zone)) for row in found.not_looking], className="steps")]
    return said


def _job(name: str) -> str:
    return t(f"sources.job_{name}") if has(f"sources.job_{name}") else name


def _since(length: timedelta) -> str:
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 60:
        return t("shell.age_now")
    hours, minutes = divmod(seconds // 60, 60)
    return t("shell.age_h", h=hours, m=minutes) if hours else t("shell.age_m", m=minutes)


def _gap(row: Row, zone: str) -> str:
    kind, _, rest = row["reason"].partition(" ")
    said = t(f"sources.gap_{kind}") if has(f"sources.gap_{kind}") else kind
    began, ended = (forms.full(row[name], zone, language()) for name in ("from_at", "to_at"))
    return t("sources.gap", began=began, ended=ended, reason=f"{said} {rest}".strip())


# ---------------------------------------------------------------- what was not read


def reused(found: Problems) -> list[str]:
    """The messages that do not stand, since another has their reference."""
    return [row["message_id"] for row in found.messages if row["reason"] == REUSED]


def problems(found: Problems, used: Mapping[str, Used], view: View, number: int) -> list[Any]:
    """The counts by reason as filters, then each message with its faults; `used`: beside which other messages one stands."""
    if not found.by_reason and not view.get("reason"):
        return [empty("sources.problems_none", "sources.problems_none_next")]
    chosen = view.get("reason")
    links = [_facet(t("sources.all"), sum(found.by_reason.values()), "", view, chosen)]
    for name, n in found.by_reason.items():
        label = re.split(r"[.。]\s?", reason(name, "", language()))[0] if name else word("read", "pending", language())
        links.append(_facet(label, n, name, view, chosen))
    columns = [
        Column("received", t("sources.received"), "node"),
        Column("message", t("sources.message"), "node"),
        Column("state", t("sources.read_state"), "node"),
        Column("why", t("sources.why"), "node", wide=True),
        *([Column("act", t("sources.reread"), "node")] if can("reread") else []),
    ]
    rows = [_problem(row, found.faults.get(row["message_id"], ()), used.get(row["message_id"]), own_zone(view)) for row in found.messages]
    drawn = table(columns, rows, caption=t("sources.problems"), csv="messages-not-read", sort=False)
    hint = html.P(t("sources.reread_hint"), className="muted") if can("reread") else None
    return [html.Div(links, className="facets"), hint, drawn, _pages(found, view, number)]


def _facet(label: str, n: int, value: str, view: View, chosen: str) -> Component:
    said = t("sources.reason_n", reason=label, n=n)
    return dcc.Link(said, href=here(view.set(reason=value).without("page")), className="facet facet-on" if value == chosen else "facet")


def _place_of(feed: str) -> str:
    return next((known.place for known in world().feeds if known.id == feed), "")


def _feed_and_zone(feed: str, own: str) -> str:
    zone = zone_of(_place_of(feed))
    return feed + (f" ({zone})" if zone != own else "")


def _problem(row: Row, faults: Sequence[Row], used: Used | None, zone: str) -> dict[str, Any]:
    label = row["name"] or row["message_id"][:12]
    named = dcc.Link(label, href=message_path(row["message_id"], "")) if can("see_raw") else label
    act: Any = None
    if can("reread") and row["reason"] != REUSED:
        act = button(t("sources.reread"), {"type": "sources-reread", "message": row["message_id"]}, "small")
    told = [_fault(fault) for fault in faults] or [reason(row["reason"], "", language())]
    n = row["reports"] + row["facts"] + row["signals"] + row["entries"]
    taken = t("sources.taken", reports=n, rejected=row["rejected"])
    return {
        "received": at_place(row["received_at"], _place_of(row["feed"])),
        "received_text": row["received_at"].isoformat(),
        "message": [named, html.Br(), html.Span(_feed_and_zone(row["feed"], zone), className="muted")],
        "message_text": label,
        "state": [word("read", row["state"], language()), html.Br(), taken],
        "state_text": row["state"],
        "why": [*told, reference.in_row(used)] if used else told,
        "why_text": "; ".join(map(_told, faults)),
        "act": act,
    }


def _fault(fault: Row) -> Component:
    words = [html.Code(fault["excerpt"])] if fault["excerpt"] else []
    return html.Div([_told(fault), *words], className="fault")


def _told(fault: Row) -> str:
    stands = f"{where(fault['position'], language())}: " if fault["position"] else ""
    return stands + reason(fault["reason"], fault["detail"], language())


def _pages(found: Problems, view: View, number: int) -> Component | None:
    newer = dcc.Link(t("sources.newer"), href=here(view.set(page=str(number - 1)))) if number > 1 else None
    older = dcc.Link(t("sources.older"), href=here(view.set(page=str(number + 1)))) if found.more else None
    links = [link for link in (newer, older) if link]
    return html.Nav(links, className="row pages", **{"aria-label": t("sources.pages")}) if links else None


def unclassified(rows: Sequence[Row], zone: str) -> Component:
    """Reports that count nowhere, newest first; `zone`: in which the page writes its own times."""
    if not rows:
        return empty("sources.unclassified_none", "sources.unclassified_none_next")
    columns = [
        Column("received", t("sources.received"), "node"),
        Column("box", t("sources.box"), "box"),
        Column("source", t("sources.source")),
        Column("at", t("sources.at"), "node"),
        Column("why", t("sources.why"), wide=True),
        *([Column("message", t("sources.message"), "link")] if can("see_raw") else []),
    ]
    told = [_unclassified(row, zone) for row in rows]
    return table(columns, told, caption=t("sources.unclassified_caption"), csv="unclassified", sort=False)


def _unclassified(row: Row, zone: str) -> dict[str, Any]:
    return {
        "received": at_place(row["received_at"], row["place"]),
        "received_text": row["received_at"].isoformat(),
        "box": row["equipment"],
        "source": _feed_and_zone(row["feed"], zone),
        "at": at_place(row["occurred_at"], row["place"]) if row["occurred_at"] else None,
        "at_text": row["occurred_at"].isoformat() if row["occurred_at"] else "",
        "why": why(row["why"], language()) if can("see_raw") else "",
        "message": (where(row["position"], language()) or t("sources.message"), message_path(row["message_id"], row["position"])),
    }
