"""The numbers, lists and facts of one place's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.queries.overview import PlaceNow
from data.queries.place import PAGE, Areas, Listed, PlaceHead
from data.queries.yard import MOST, Only, YardCount
from layouts._figures import standing
from layouts._figures.place import area_rows, unknown_words
from layouts._figures.standing import two
from layouts._parts.chart import stamp
from layouts._parts.filters import here
from layouts._parts.here import box_path, language, now, t
from layouts._parts.marks import ago, facts, figure, figures, note, tag, time
from layouts._parts.states import empty, no_data
from layouts._parts.table import Column, table
from layouts._parts.view import View
from layouts._text import word
from layouts._text.forms import MISSING, duration, instant, number, percent
from zones.codes import spaced
from zones.place import Place


def head(found: PlaceHead) -> Component:
    """State, inside, share of the capacity, trend, held, oldest, data age; beneath, how today's books add up."""
    place = found.now
    zone = standing.declared(place).timezone
    level = standing.level(place)
    oldest, blind = place.oldest, place.state if place.state in ("act_now", "cannot_see") else ""
    tiles = figures(
        figure(html.Span(standing.marks(place), className="state-big"), t("overview.state"), mark=blind),
        figure(place.boxes, t("overview.inside"), unit=t("shell.unit_boxes"), note=standing.stock(place)),
        figure(percent(place.share, language()) if place.share is not None else None, t("overview.share"), note=_capacity(place)),
        figure(standing.trend(place.change), t("overview.change"), note=[level] if level is not None else None),
        figure(place.held, t("place.held_short"), href=here(View(more={"held": "yes"})), note=t("place.show_them")),
        figure(standing.age(oldest) if oldest else None, t("overview.oldest"), note=_box(oldest.equipment) if oldest else None),
        figure(
            instant(place.data_to, zone, language(), now()),
            t("overview.data_to"),
            note=_heard(place),
            mark="cannot_see" if place.blind else "",
        ),
    )
    why = [html.Div(note(said, "warn")) for said in standing.reasons(place)]
    return html.Div([tiles, *why, _identity(found, zone)], className="stack")


def _capacity(place: PlaceNow) -> str:
    if unopened := standing.unopened(place):
        return unopened
    if not place.capacity_teu:
        return t("place.no_capacity")
    return t("place.teu_of", teu=number(place.teu / 100, language()), capacity=place.capacity_teu)


def _heard(place: PlaceNow) -> list[Any] | None:
    feed = place.heard_to
    return None if feed is None else [feed.feed, " · ", ago(feed.at)]


def _box(equipment: str) -> Component:
    return dcc.Link(spaced(equipment), href=box_path(equipment))


def _identity(found: PlaceHead, zone: str) -> Component:
    """Since 00:00: 45 + 16 in - 6 out + 0 corrected = 55 inside; and since when the books are known."""
    sums = found.identity
    key = "place.identity_opening" if sums.opening else "place.identity"
    said = t(
        key, at=instant(sums.since, zone, language(), now()), start=sums.start, opening=sums.opening, came=sums.came, went=sums.went,
        corrected=sums.corrected, inside=sums.inside,
    )  # fmt: skip
    opened = found.now.books.opened_at
    more = [t("place.opened", at=instant(opened, zone, language(), now())) if opened else standing.unopened(found.now)]
    if found.held_at:
        more.append(t("place.identity_held", at=instant(found.held_at, zone, language(), now())))
    return html.P([html.Span(said, className="identity"), " ", *(f"{one} " for one in more)], className="muted")


def feeds(found: PlaceHead) -> Component:
    """When each source was last heard, and what is expected of it."""
    zone = standing.declared(found.now).timezone
    if not found.feeds:
        return no_data("overview.no_source")
    columns = [Column("feed", t("shell.filter_feed"), "node", wide=True), Column("heard", t("place.last_heard"), "node")]
    told = []
    for feed in found.feeds:
        kinds = ", ".join(word("kind", kind, language()) for kind in sorted(feed.kinds)) or t("place.witness")
        allowed = t("place.allowed", length=duration(feed.allowed, language())) if feed.allowed else ""
        why = "health.stopped" if feed.stopped else "place.silent" if feed.at else "shell.never_heard"
        late = html.Span(t(why), className="why-blind") if feed.blind else ""
        when = time(feed.at, zone) if feed.at else late
        since = html.Span([ago(feed.at), f" · {allowed}" if allowed else ""]) if feed.at else ""
        told.append(
            {
                "feed": two(html.Strong(feed.feed), " · ".join((feed.publisher, kinds))),
                "feed_text": feed.feed,
                "heard": two(when, since, late if feed.at and feed.blind else ""),
                "heard_text": feed.at.isoformat() if feed.at else "",
                "class": "row-cannot_see" if feed.blind and feed.kinds and not found.now.closure else "",
            }
        )
    listed = table(columns, told, caption=t("place.feeds"), zone=zone, row_class=lambda row: str(row["class"]))
    return html.Div([stamp(found.now.data_to, None, zone), listed])


def areas(place: Place, found: Areas) -> Component:
    """The areas in numbers; what has no position is counted, never spread over them."""
    if not found.total.boxes:
        return html.Div([stamp(found.as_of, None, place.timezone), empty("place.nothing_inside")])
    told = [{**row, "class": "row-unknown" if row["share"] is None else ""} for row in area_rows(place, found)]
    columns = [
        Column("area", t("shell.filter_area"), wide=True),
        Column("boxes", t("overview.boxes"), "number"),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("share", t("place.full"), "percent"),
        Column("age", t("place.median_age")),
        Column("known", t("place.known"), "percent"),
    ]
    listed = table(columns, told, caption=t("place.areas"), csv=f"areas-list-{place.id}", max_height=420)
    said = html.P(html.Strong(unknown_words(found)))
    return html.Div([stamp(found.as_of, None, place.timezone), said, listed, html.P(t("place.grey"), className="chart-below")])


def inside(place: Place, found: Listed, view: View, as_of: datetime | None) -> Component:
    """One page of the boxes inside, with how many fit."""
    head_ = html.P([html.Strong(t("place.n_of", n=found.n, total=found.total)), " · ", t("place.oldest_first")])
    if not found.rows:
        return html.Div([stamp(as_of, None, place.timezone), empty() if found.total else empty("place.nothing_inside")])
    columns = [
        Column("equipment", t("place.box"), "box"),
        Column("age", t("place.age"), "minutes"),
        Column("since", t("place.since"), "node"),
        Column("held", t("place.held_short"), "node"),
        Column("area", t("shell.filter_area"), wide=True),
        Column("direction", t("shell.filter_direction")),
        Column("full_empty", t("shell.filter_full_empty")),
        Column("size_type", t("place.size")),
        Column("teu", t("shell.unit_teu"), "teu"),
        Column("line", t("shell.filter_line")),
        Column("bill", t("place.bill")),
    ]
    told = [_box_row(place, row) for row in found.rows]
    listed = table(columns, told, caption=t("place.inside"), zone=place.timezone, csv=f"inside-{place.id}", max_height=560)
    defined = html.P(t("place.definition_age"), className="chart-below")
    return html.Div([stamp(as_of, None, place.timezone), head_, listed, _pages(found, view), defined])


def _pages(found: Listed, view: View) -> Component | None:
    """Back and on, where there is more than one page."""
    if found.pages == 1:
        return None
    links = [
        dcc.Link(t(f"place.page_{name}"), href=here(view.set(page="" if n == 1 else str(n)))) if 1 <= n <= found.pages else html.Span()
        for name, n in (("before", found.page - 1), ("after", found.page + 1))
    ]
    first = (found.page - 1) * PAGE
    said = t("place.page_of", first=first + 1, last=first + len(found.rows), n=found.n)
    return html.Nav([links[0], html.Span(said, className="muted"), links[1]], className="row", **{"aria-label": t("place.pages")})


def _box_row(place: Place, row: Mapping[str, Any]) -> dict[str, Any]:
    lang, opened = language(), row["opened_at"]
    at = time(opened, place.timezone)
    held = row["held"].replace(",", ", ")
    source = "" if row["direction_from"] in ("declared", "") else f" ({word('directionfrom', row['direction_from'], lang)})"
    return {
        **row,
        "age": int((now() - opened).total_seconds() // 60),
        "since": at if row["entered_at"] else html.Span([t("place.not_after"), " ", at]),
        "since_text": opened.isoformat(),
        "area": " · ".join(filter(None, (_named(place, row["area"]) or t("place.no_position"), _named(place, row["terminal"])))),
        "direction": word("direction", row["direction"], lang) + source,
        "full_empty": word("fullempty", row["full_empty"], lang),
        "teu": row["teu"] or None,
        "size_type": row["size_type"] or None,
        "line": row["line"] or None,
        "bill": row["bill"] or None,
        "held": tag(held, "act_now") if held else MISSING,
        "held_text": held,
    }


def _named(place: Place, area: str) -> str:
    known = place.area(area) if area else None
    return str(known.title(language())) if known else area


def held(place: Place, found: Listed, as_of: datetime | None) -> Component:
    """The boxes held inside, held for longest first, and how many by each agency."""
    zone = place.timezone
    elsewhere = None if place.spoken_for("customs") else note(t("place.no_customs"), "warn")
    if not found.rows:
        return html.Div([stamp(as_of, None, zone), elsewhere, empty("place.nobody_held", "place.nobody_held_next")])
    tally = [tag(f"{word('agency', agency, language())}: {number(n, language())}") for agency, n in sorted(found.tally.items())]
    columns = [
        Column("equipment", t("place.box"), "box"),
        Column("held", t("place.held_by")),
        Column("held_since", t("place.held_since"), "instant"),
        Column("held_for", t("place.held_for"), "minutes"),
        Column("area", t("shell.filter_area")),
        Column("direction", t("shell.filter_direction")),
        Column("bill", t("place.bill")),
    ]
    told = [_held_row(place, row) for row in found.rows]
    listed = table(columns, told, caption=t("place.held"), zone=zone, csv=f"held-{place.id}", max_height=360)
    said = html.Div([html.Strong(t("place.n_held", n=found.n)), *tally], className="row")
    cut = html.P(t("place.cut", n=len(found.rows), total=found.n), className="muted") if found.n > len(found.rows) else None
    return html.Div([stamp(as_of, None, zone), elsewhere, said, listed, cut, html.P(t("place.definition_held"), className="chart-below")])


def _held_row(place: Place, row: Mapping[str, Any]) -> dict[str, Any]:
    since = row["held_since"]
    agencies = ", ".join(word("agency", agency, language()) for agency in row["held"].split(","))
    length = int((now() - since).total_seconds() // 60) if since else None
    return {**_box_row(place, row), "held": agencies, "held_since": since, "held_for": length}


def yard_counts(place: Place, found: Sequence[YardCount]) -> Component:
    """Each source's latest list against our own book: three numbers, and who is on one side only."""
    if not found:
        return no_data("place.no_list", "place.no_list_next")
    return html.Div([_count(place, one) for one in found], className="stack")


def _count(place: Place, one: YardCount) -> Component:
    zone, lang = place.timezone, language()
    opened = t("place.list_opened", source=one.feed, n=one.opening, at=instant(one.opened_at, zone, lang, now()))
    if one.listed_at is None:
        return html.Div([stamp(one.opened_at, None, zone), html.P(opened), html.P(t("place.list_none_later"), className="muted")])
    of = ", ".join(_named(place, terminal) for terminal in one.terminals) or place.title(lang)
    tiles = figures(
        figure(one.both, t("place.in_both"), unit=t("shell.unit_boxes")),
        figure(one.ours, t("place.only_ours"), mark="today" if one.ours else ""),
        figure(one.theirs, t("place.only_theirs"), mark="today" if one.theirs else ""),
    )
    how = t("place.how_counted", source=one.feed, publisher=one.publisher, at=instant(one.listed_at, zone, lang, now()), of=of)
    sides = (("ours", one.only_ours, one.ours), ("theirs", one.only_theirs, one.theirs))
    lists = [_only(place, name, boxes, n) for name, boxes, n in sides if n]
    said = [html.P(how, className="muted"), *lists, html.P(opened, className="muted")]
    return html.Div([stamp(one.listed_at, one.received_at, zone), tiles, *said], className="stack")


def _only(place: Place, side: str, boxes: Sequence[Only], n: int) -> Component:
    columns = [
        Column("equipment", t("place.box"), "box"),
        Column("area", t("shell.filter_area")),
        Column("book", t("place.our_book"), wide=True),
    ]
    told = []
    for box in boxes:
        at = instant(box.at, place.timezone, language(), now())
        said = t(f"place.book_{box.book}", at=at)
        told.append({"equipment": box.equipment, "area": _named(place, box.area) or None, "book": said})
    caption = t(f"place.only_{side}")
    cut = html.P(t("place.cut", n=MOST, total=n), className="muted") if n > MOST else None
    listed = table(columns, told, caption=caption, csv=f"only-{side}-{place.id}", max_height=280)
    return html.Details([html.Summary(f"{caption}: {number(n, language())}"), listed, cut], className="twin", open=n <= 12)


def about(place: Place) -> Component:
    """Whom to call, who is on duty, when it is closed, what was declared."""
    lang = language()
    shift = place.shift_at(now())
    shifts = ", ".join(f"{s.name} {s.from_:%H:%M}–{s.to:%H:%M}" for s in place.shifts)
    closures = [c for c in place.closures if c.to is None or c.to > now()]
    closed = "; ".join(
        t("place.closure", name=c.name, since=instant(c.from_, place.zone, lang, now()), until=instant(c.to, place.zone, lang, now()))
        for c in closures
    )
    told = place.capacity_teu
    capacity = t("place.capacity_of", n=told.value, source=told.source) if told else t("place.no_capacity")
    schematic = any(area.accuracy != "surveyed" for area in place.areas)
    pairs = [
        *((word("kind", name, lang) if name != "edi" else "EDI", said) for name, said in place.contacts.items()),
        (t("place.on_duty"), shift.name if shift else None),
        (t("place.shifts"), shifts or None),
        (t("place.closures"), closed or t("shell.none")),
        (t("overview.share"), capacity),
        (t("place.supervised_from"), time(place.supervised_from, place.timezone)),
        (t("place.codes"), ", ".join(place.codes) or None),
        (t("place.geometry"), t("shell.schematic") if schematic else t("place.surveyed")),
    ]
    return facts(pairs)
