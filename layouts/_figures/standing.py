"""How a place stands, in the pieces that the overview and the place's own page show alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from data.queries._heard import Heard
from data.queries.overview import ACT_NOW, CLOSED, LEVELS, Oldest, Open, PlaceNow
from layouts._parts.here import language, now, path, t, theme, world
from layouts._parts.map import Point
from layouts._parts.marks import severity, state, time
from layouts._parts.theme import palette
from layouts._text import word
from layouts._text.forms import MISSING, date, duration, instant, number, percent
from zones.blind import Blindness
from zones.limits import ALWAYS
from zones.place import Place
from zones.switch import Off

WIDTH, HEIGHT = 84, 22
UNSEEN = 4  # rules that are blind, named in the sentence
NEAR = 0.06  # of what the map spans: closer together, two points and their names would cover one another


def marks(place: PlaceNow) -> list[Component]:
    """The state; and beside a worse one, that we cannot see, or that the place is closed."""
    shown = [place.state]
    if place.state == ACT_NOW and place.blind:
        shown.append("cannot_see")
    if place.closure and place.state != CLOSED:
        shown.append(CLOSED)
    badges = [html.Div(state(code)) for code in shown]
    if place.blindness.blind:
        badges.append(html.Div(t("overview.blind_share", share=percent(place.blindness.share, language())), className="why-blind"))
    return badges


def reasons(place: PlaceNow) -> list[str]:
    """Why we cannot see, and why the place is closed: a sentence each."""
    zone = world().place(place.place).timezone
    said = []
    if place.closure:
        until = place.closure.to
        ends = t("overview.closed_until", at=instant(until, zone, language(), now())) if until else ""
        said.append(t("overview.closed", name=place.closure.name, until=ends))
    if place.looks.never:
        said.append(t("overview.never_looked"))
    elif place.looks.since:
        said.append(t("overview.not_looking", at=instant(place.looks.since, zone, language(), now())))
    if not place.speaking:
        said.append(t("overview.no_source"))
    return said + [silence(feed, zone) for feed in place.silent] + unseen(place)


def unseen(place: PlaceNow) -> list[str]:
    """Not watched for 3 of 6, since 08:10: Gate-out on hold, Import overstay, Exit without permit. Nothing where all can be seen."""
    found = Blindness(place.blindness.watching, tuple(each for each in place.blindness.blind if each.off is None))
    zone = world().place(place.place).timezone
    off = [_off(each.off, zone) for each in place.blindness.blind if each.off is not None]
    if not found.blind:
        return off
    rules = t("overview.comma").join(word("rule", each.rule, language()) for each in found.blind[:UNSEEN])
    more = t("overview.and_more", n=len(found.blind) - UNSEEN) if len(found.blind) > UNSEEN else ""
    since = instant(found.since, zone, language(), now()) if found.since else ""
    key = "overview.unseen_since" if since else "overview.unseen"
    return [t(key, n=len(found.blind), all=found.watching, since=since, rules=rules + more), *off]


def _off(off: Off, zone: str) -> str:
    """Import overstay is switched off since 08:10: works on the road (chi, bao)."""
    by = t("overview.comma").join(off.by) or t("rules.declared")
    rule = word("rule", off.rule, language())
    if off.since <= ALWAYS:
        return t("overview.rule_off_always", rule=rule, reason=off.reason, by=by)
    return t("overview.rule_off", rule=rule, since=instant(off.since, zone, language(), now()), reason=off.reason, by=by)


def silence(feed: Heard, zone: str) -> str:
    """dt1-gate silent since 08:10 (3 h 5 min; 1 h 30 min is usual)."""
    if feed.at is None:
        return t("overview.never_heard", source=feed.feed)
    if feed.stopped:
        return t("health.stopped_since", source=feed.feed, at=instant(feed.at, zone, language(), now()))
    return t(
        "overview.silent",
        source=feed.feed,
        at=instant(feed.at, zone, language(), now()),
        length=duration(now() - feed.at, language()),
        allowed=duration(feed.allowed, language()),
    )


def two(first: Any, *more: Any) -> Component:
    """A cell of several lines: what counts, and beneath it, quieter, what it is of; narrow screens leave those out."""
    return html.Div([html.Div(first), *(html.Div(line, className="cell-more") for line in more if line is not None and line != "")])


def age(oldest: Oldest) -> str:
    """How long the oldest box is inside: at least so long, where nobody saw it come."""
    length = duration(now() - oldest.opened_at, language())
    return length if oldest.entered else t("overview.at_least", length=length)


def alerts(found: Open, code: str) -> Any:
    """How many are open: quiet where none is, by shape and colour where some are."""
    if not found.n:
        return html.Span("0", className="muted")
    return severity(code, short=True, count=found.n)


def stock(place: PlaceNow) -> str:
    """79 TEU · 53% of 150; or since when we count, where nobody knows what was inside before."""
    if place.boxes and not place.teu:
        return t("overview.teu_unknown")
    teu = f"{number(place.teu / 100, language(), 0 if place.teu % 100 == 0 else 2)} {t('shell.unit_teu')}"
    if place.share is not None:
        return f"{teu} · {percent(place.share, language())}"
    return teu


def unopened(place: PlaceNow) -> str:
    """Counted since 3 Nov, opening stock unknown; "" where a list has opened the books."""
    if place.books.opened_at is not None:
        return ""
    since = place.books.counted_since
    if since is None:
        return t("overview.nothing_counted")
    return t("overview.counted_since", date=date(since.astimezone(world().place(place.place).zone), language()))


def trend(change: int | None) -> str:
    """▲ +7, ▼ −2, ▬ 0: how many more boxes than a day ago."""
    if change is None:
        return MISSING
    sign, arrow = ("+", "▲") if change > 0 else ("−", "▼") if change < 0 else ("±", "▬")
    return f"{arrow} {sign}{number(abs(change), language())}"


def level(place: PlaceNow) -> Component | None:
    """A line of boxes inside over the last week, on a scale of its own; None where too little is known."""
    if len(place.levels) < 3:
        return None
    drawn = sparkline(place.levels, now() - LEVELS, now(), palette(theme()).muted)
    low, high = min(boxes for _, boxes in place.levels), max(boxes for _, boxes in place.levels)
    said = t("overview.level", low=low, high=high, boxes=place.boxes)
    return html.Img(src=drawn, alt=said, title=said, width=str(WIDTH), height=str(HEIGHT))


def sparkline(levels: Sequence[tuple[datetime, int]], since: datetime, until: datetime, colour: str) -> str:
    """Steps as an SVG picture in an address of its own (img-src data:), WIDTH by HEIGHT, with a dot where it is now."""
    low, high = min(boxes for _, boxes in levels), max(boxes for _, boxes in levels)
    span = (until - since) / timedelta(seconds=1)

    def x(at: datetime) -> float:
        return round(max((at - since) / timedelta(seconds=1), 0) / span * (WIDTH - 4) + 1, 1)

    def y(boxes: int) -> float:
        return round(HEIGHT - 3 - (boxes - low) / max(high - low, 1) * (HEIGHT - 6), 1)

    (first, at_first), last = levels[0], levels[-1][1]
    steps = "".join(f"H{x(at + timedelta(hours=1))}V{y(boxes)}" for at, boxes in levels[1:])
    path = f"M{x(first)},{y(at_first)}{steps}H{WIDTH - 3}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        f'<circle cx="{WIDTH - 3}" cy="{y(last)}" r="2.5" fill="{colour}"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def heard(place: PlaceNow) -> tuple[Any, str]:
    """Up to when we see, and which source it is that was heard least lately."""
    feed = place.heard_to
    if feed is None or feed.at is None:
        return html.Span(t("shell.never_heard"), className="why-blind"), feed.feed if feed else ""
    return time(feed.at, world().place(place.place).timezone), feed.feed


def points(places: Sequence[PlaceNow]) -> list[Point]:
    """A point a place, in the colour of its state; of those too close to be told apart the worst has a name. `places` come worst first."""
    located = nearer([(place, centre) for place in places if (centre := world().place(place.place).centre)])
    near = max((abs(a[axis] - b[axis]) for _, a in located for _, b in located for axis in (0, 1)), default=0) * NEAR
    groups: list[Located] = []
    for place, at in located:
        group = next((ones for ones in groups if all(abs(ones[0][1][axis] - at[axis]) < near for axis in (0, 1))), None)
        if group is None:
            groups.append([(place, at)])
        else:
            group.append((place, at))
    found = []
    for (worst, at), *others in groups:
        name = t("overview.and_others", name=name_of(worst), n=len(others)) if others else name_of(worst)
        found.append(Point(*at, name, word("state", worst.state, language()), worst.state, path(f"/place/{worst.place}")))
        for place, beside in others:
            said = f"{name_of(place)}{t('overview.colon')}{word('state', place.state, language())}"
            found.append(Point(*beside, "", said, place.state, path(f"/place/{place.place}")))
    return found[::-1]


Located = list[tuple[PlaceNow, tuple[float, float]]]


def nearer(located: Located) -> Located:
    """The same places; those of the western hemisphere a turn further on where all lie closer together so, across the Pacific."""
    turned = [(place, (lon + 360 if lon < 0 else lon, lat)) for place, (lon, lat) in located]
    spans = [max(lons) - min(lons) for ones in (located, turned) if (lons := [lon for _, (lon, _) in ones])]
    return turned if spans and spans[1] < spans[0] else located


def name_of(place: PlaceNow) -> str:
    """A place's name in the reader's language."""
    return str(world().place(place.place).title(language()))


def declared(place: PlaceNow) -> Place:
    """The place as declared."""
    found: Place = world().place(place.place)
    return found
