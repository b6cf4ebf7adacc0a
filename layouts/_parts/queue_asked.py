"""What the address of the queue asks for; and what stands above it: how many are open, how many a filter hides."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from data.queries import queue as ask
from data.queries.overview import blind_places
from data.queries.queue import Asked, Shown
from data.queries.response import nobody_there
from layouts._parts.filters import here
from layouts._parts.here import actor, language, now, path, store, t, world
from layouts._parts.marks import note, severity
from layouts._parts.view import NAMES, View
from layouts._text import word
from layouts._text.forms import percent
from zones.episode import SEVERITIES
from zones.response import LADDER, PHONES
from zones.rules import rules

OWN = ("rule", "severity", "q")
KEPT = ("place", *OWN)  # the filters of this page


def asked_by(view: View) -> Asked:
    """What the address asks for. A text finds the rules and places that it names in the reader's language, too."""
    number, text = view.get("page", "1"), view.get("q")
    which = view.get("list", "mine" if view.get("whose") == "mine" else "open")
    near = text.casefold()
    mine = view.places(actor(), world()) if actor().places is not None or view.place else ()
    return Asked(
        list=which if which in ask.LISTS else "open",
        place=view.place,
        rule=view.get("rule"),
        severity=view.get("severity"),
        own=mine,
        text=text,
        rules=tuple(rule for rule in rules() if near in word("rule", rule, language()).casefold()) if near else (),
        places=tuple(id_ for id_, place in world().places.items() if near in place.title(language()).casefold()) if near else (),
        by=view.get("by"),
        inside=view.get("inside"),
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )


def lead(view: View, found: Shown) -> list[Any]:
    """ "28 alerts are open", and how many of each severity, each leading to these."""
    n = sum(found.tally.values())  # of the place that is chosen, as the severities beside it are
    there = {"place": world().place(view.place).title(language())} if view.place in world().places else {}
    if not n:
        return [t("alerts.lead_none_at", **there) if there else t("alerts.lead_none"), blind(view), nobody_on_duty(view.place)]
    said: list[Any] = [t("alerts.lead_at", n=n, **there) if there else t("alerts.lead", n=n), ":"]
    for code in SEVERITIES:
        n = sum(count for (level, _), count in found.tally.items() if level == code)
        if n:
            only = view.set(severity=code).without("page", "list", "inside")
            said.append(dcc.Link(severity(code, count=n), href=here(only), className="lead-link"))
    return [html.Div(said, className="row"), blind(view), nobody_on_duty(view.place)]


def blind(view: View) -> Any:
    """ "Not all can be seen: Second Port 44% blind": without it, no alert would pass for nothing wrong."""
    found = blind_places(store(), actor(), world(), now(), view.place if view.place in world().places else "")
    if not found:
        return ""
    parts: list[Any] = [t("queue.blind"), t("overview.colon")]
    for n, (place, seen) in enumerate(found.items()):
        share = t("overview.blind_share", share=percent(seen.share, language()))
        link = dcc.Link(world().place(place).title(language()), href=path(f"/place/{place}"))
        parts += [t("overview.comma") if n else "", link, f" {share}"]
    return html.Div(parts, className="muted")


def nobody_on_duty(place: str = "") -> Any:
    """ "Nobody is on duty: Second Port (officer, 3 alerts)": who waits there for an answer waits for nobody."""
    found = nobody_there(store(), actor(), world(), now(), place if place in world().places else "")
    if not found:
        return ""
    parts: list[Any] = [html.Strong(t("queue.nobody")), t("overview.colon")]
    for n, (where, roles) in enumerate(sorted(found.items())):
        waits = t("overview.semicolon").join(_waits(role, count) for role, count in sorted(roles.items()))
        link = dcc.Link(world().place(where).title(language()), href=path(f"/place/{where}"))
        parts += [t("overview.comma") if n else "", link, f" ({waits})"]
    return note(parts, "warn")


def _waits(role: str, count: int) -> str:
    if role in LADDER:
        return str(t("queue.nobody_of", role=word("role", role, language()), n=count))
    return str(t("queue.nobody_phones" if role == PHONES else "queue.nobody_at_all", n=count))


def hides(view: View, asked: Asked, found: Shown) -> Any:
    """ "This filter hides 3 open alerts. Show them": of the list that is looked at."""
    hidden = found.every[asked.list] - (found.total or 0) if asked.list in ask.OPEN and not asked.inside else 0
    if hidden <= 0:
        return ""
    show = dcc.Link(t("shell.filter_show"), href=here(view.without(*NAMES, *OWN, "page")))
    return html.Span([t("shell.filter_hides", n=hidden), " ", show], className="hides")
