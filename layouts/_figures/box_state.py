"""How a box stands, in words large enough for two metres: held, no hold known, cannot tell; where it is; how old the data are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data.queries._boxes import HELD, BoxState, HeldBy
from data.queries.container import BoxHistory, Row
from layouts._figures.box_lines import dangerous, named
from layouts._figures.container import Stretch
from layouts._figures.remarks import place_name
from layouts._parts.callback import can
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import ago, facts, tag, time
from layouts._text import word
from layouts._text.forms import MISSING, decimal, duration, instant
from zones.by_hand import BY_HAND
from zones.report import Cargo
from zones.stay import Mark, Stay


def band(found: BoxHistory) -> Component:
    """The top of the page."""
    box = found.box
    return html.Section(
        [
            html.Div([html.P(_word(box), className="state-word"), html.Div(_why(box), className="state-why")], className="state-main"),
            html.Div([html.P(where(box), className="state-where"), *_beside(box), *_released(found)], className="state-place"),
            html.Div([*_ages(box), html.P(t("container.no_permit"), className="state-permit")], className="state-age"),
        ],
        className=f"state-band state-{box.state}",
        role="status",
    )


def mark(box: BoxState) -> Component:
    """The same in a row of a list."""
    return html.Span(
        [html.Span(className="mark-shape", **{"aria-hidden": "true"}), html.Span(_word(box))], className=f"mark mark-box-{box.state}"
    )


def _word(box: BoxState) -> str:
    return t(f"container.state_{box.state}")


def _why(box: BoxState) -> list[Component]:
    """By whom, what for, since when; or which source keeps us from telling."""
    if box.state == HELD:
        return [html.P(_hold(hold, box), className="state-hold") for hold in box.held_by]
    return [html.P(reason(box))]


def reason(box: BoxState) -> str:
    """Why we cannot tell, in a sentence; what no hold known leans on."""
    place = place_name(box.stay.place) if box.stay else t("container.anywhere")
    if not box.known:
        return t("container.unknown")
    if not box.why:
        return t("container.leans", sources=", ".join(heard.feed for heard in box.customs.feeds)) if not box.held_by else ""
    if box.why == "undeclared":
        return t("container.undeclared", place=place)
    return " ".join(
        t(
            "health.stopped_since" if heard.stopped else "container.silent",
            source=heard.feed,
            at=instant(heard.at, _zone(box), language(), now()),
        )
        if heard.at
        else t("container.never", source=heard.feed)
        for heard in box.blind
    )


def holds_text(box: BoxState) -> str:
    """CUS (inspection), QUA: since the first of them."""
    return "; ".join(_by(hold) for hold in box.held_by)


def _by(hold: HeldBy) -> str:
    said = word("agency", hold.agency, language())
    what = word("hold", hold.reason, language()) if hold.reason else word("fact", hold.kind, language()).lower()
    return f"{said} ({what}, {t('hand.mark')})" if hold.publisher == BY_HAND else f"{said} ({what})"


def _hold(hold: HeldBy, box: BoxState) -> list[Any]:
    zone = _zone(box)
    said: list[Any] = [
        t("container.by", who=_by(hold)),
        " ",
        t("container.since"),
        " ",
        time(hold.since, zone),
        " · ",
        duration(now() - hold.since, language()),
    ]
    if hold.about != "equipment":
        said += [" · ", t(f"container.{hold.about}", value=hold.reference)]
    if hold.hold_ref:
        said += [" · ", hold.hold_ref]
    return [*said, *message_link(hold.message_id, hold.position)]


def where(box: BoxState, *, short: bool = False) -> list[Any]:
    """Inside Demo Port, block A4, 2 days 3 h; or left it when and how. `short`: without how long."""
    stay = box.stay
    if stay is None:
        return [t("container.nowhere")]
    zone, length = _zone(box), now() - stay.opened_at
    if stay.left_at is None:
        about = t("container.inside_for" if stay.entered else "container.inside_at_least", length=duration(length, language()))
        inside = [html.Strong(t("container.inside", place=_place(stay))), *([] if short and stay.entered else [" ", about])]
        return [*inside, *_by_hand(stay.opening)]
    how = word("event", stay.left_by, language()).lower()
    left = [html.Strong(t("container.left", place=_place(stay), how=how)), " ", time(stay.left_at, zone)]
    if stay.dwell_minutes is not None and not short:
        left += [" · ", t("container.after", length=duration(stay.dwell_minutes, language()))]
    return [*left, *_by_hand(stay.exit)]


def _by_hand(end: Mark | None) -> list[Any]:
    """Where nobody but whoever recorded it by hand tells of how it came or went."""
    return [" ", tag(t("hand.mark"), "queue")] if end is not None and end.publisher == BY_HAND else []


def _beside(box: BoxState) -> list[Component]:
    """How it came, how it went; and where else it is said to be."""
    stay = box.stay
    if stay is None:
        return []
    zone = _zone(box)
    came = word("event", stay.opening.event, language()).lower()
    said: list[Any] = [t("container.entered" if stay.entered else "container.not_after", how=came), " ", time(stay.opened_at, zone)]
    gone = stay.exit
    if gone and (gone.gate or gone.vehicle):
        told = (("gate", gone.gate), ("lane", gone.lane), ("vehicle", gone.vehicle))
        said += [" · ", ", ".join(named(name, value) for name, value in told if value)]
    also = [html.P(t("container.also", place=_place(other)), className="state-also") for other in box.others]
    return [html.P(said, className="muted"), *also]


def _released(found: BoxHistory) -> list[Component]:
    """The last release, with the message that says so; never the word without it."""
    last: Row | None = max(found.releases, key=lambda row: row["effective_at"], default=None)
    if last is None or found.box.held_by:
        return []
    zone = _zone(found.box)
    link = message_link(last["message_id"], last["position"])
    if not link:
        return []
    who = word("agency", last["agency"], language())
    return [html.P([t("container.last_release", who=who), " ", time(last["effective_at"], zone), *link], className="muted")]


def _ages(box: BoxState) -> list[Component]:
    zone = _zone(box)
    spoken: list[Any] = [t("container.spoken"), " ", time(box.heard_at, zone), " · ", ago(box.heard_at)] if box.heard_at else [MISSING]
    told = [html.P(spoken)]
    for heard in box.customs.feeds:
        at: list[Any] = [time(heard.at, zone), " · ", ago(heard.at)] if heard.at else [t("shell.never_heard")]
        told.append(html.P([t("container.source_heard", source=heard.feed), " ", *at], className="state-blind" if heard.blind else ""))
    return [*told, html.P(t("throughput.in_zone", zone=zone), className="muted")]


def message_link(message_id: str, position: str) -> list[Any]:
    """· message, where the reader may open it."""
    if not message_id or not can("see_raw"):
        return []
    return [" · ", dcc.Link(t("container.open_raw"), href=path(f"/message/{message_id}") + f"?at={quote(position, safe='')}")]


def about(found: BoxHistory) -> Component:
    """What is known of the box and of the visit that counts."""
    stay, lang = found.box.stay, language()
    if stay is None:
        return html.Div([html.P(t("container.nowhere"), className="muted"), facts(_told(found))])
    direction = word("direction", stay.direction, lang)
    if stay.direction_from:
        direction = f"{direction} ({word('directionfrom', stay.direction_from, lang)})"
    cargo, booking = _contents(_said(found, stay))
    pairs = [
        ("direction", direction),
        ("full_empty", word("fullempty", stay.full_empty, lang)),
        ("size", stay.size_type or None),
        ("line", stay.line or None),
        ("bill_no", stay.bill or None),
        ("booking_no", booking),
        ("declaration_no", stay.declaration or None),
        ("seals_no", stay.seals or None),
        *_cargo(cargo),
        ("visits", str(len(found.stays))),
        ("movements", str(sum(one.movements for one in found.stays))),
    ]
    return facts((t(f"container.fact_{name}"), value) for name, value in pairs)


def _told(found: BoxHistory) -> list[tuple[str, str]]:
    """What was told of a box that was never seen: by orders, plans and manifests, the latest word of each."""
    said, lang = _said(found, None), language()
    cargo, booking = _contents(said)

    def last(name: str) -> str:
        return next((row[name] for row in said if row[name] and row[name] != "unknown"), "")

    full_empty = last("full_empty")
    pairs = [
        ("full_empty", word("fullempty", full_empty, lang) if full_empty else ""),
        ("size", last("size_type")),
        ("line", last("line")),
        ("bill_no", last("bill")),
        ("booking_no", booking or ""),
        ("declaration_no", last("declaration")),
        *_cargo(cargo),
    ]
    return [(t(f"container.fact_{name}"), value) for name, value in pairs if value]


def _cargo(cargo: Cargo) -> list[tuple[str, str]]:
    goods = [("dangerous", "; ".join(map(dangerous, cargo.dangerous)))] if cargo.dangerous else []
    return goods + ([("set_temp", f"{decimal(cargo.set_temp / 10, language())} °C")] if cargo.set_temp is not None else [])


def _said(found: BoxHistory, stay: Stay | None) -> list[Row]:
    """What was told of it since the visit before this one, by plans and statuses too; the latest first."""
    before = max((one.left_at for one in found.stays if stay and one.left_at and one.left_at <= stay.opened_at), default=None)
    said = [row for line in found.lines if line.kind in ("movement", "report") for row in line.told or (line.row,)]
    said = [row for row in said if row.get("status") in ("live", "status_only") and (before is None or row["received_at"] > before)]
    return sorted(said, key=lambda row: row["received_at"], reverse=True)


def _contents(said: list[Row]) -> tuple[Cargo, str | None]:
    """What was told last of the contents and the booking."""
    temperature = next((row["cargo"].set_temp for row in said if row["cargo"] and row["cargo"].set_temp is not None), None)
    goods = next((row["cargo"].dangerous for row in said if row["cargo"] and row["cargo"].dangerous), ())
    return Cargo(dangerous=goods, set_temp=temperature), next((row["booking"] for row in said if row["booking"]), None)


def stretches(found: BoxHistory) -> list[Stretch]:
    """Visits by place and holds by agency, for the time line."""
    lang, told = language(), []
    for stay in sorted(found.stays, key=lambda s: s.opened_at):
        length = duration((stay.left_at or now()) - stay.opened_at, lang)
        told.append(Stretch(place_name(stay.place), stay.opened_at, stay.left_at, "inside", f"{place_name(stay.place)}: {length}"))
    for hold in found.holds:
        name = t("container.held_lane", who=word("agency", hold.agency, lang))
        told.append(
            Stretch(
                name, hold.since, hold.until or hold.applies_until, "held", f"{name}: {duration((hold.until or now()) - hold.since, lang)}"
            )
        )
    return told


def _place(stay: Stay) -> str:
    area = world().place(stay.place).area(stay.area or stay.terminal)
    name = place_name(stay.place)
    return f"{name}, {area.title(language())}" if area and stay.left_at is None else name


def _zone(box: BoxState) -> str:
    places = world().places
    known = places.get(box.stay.place) if box.stay else next(iter(places.values()), None)
    return str(known.timezone) if known else "UTC"
