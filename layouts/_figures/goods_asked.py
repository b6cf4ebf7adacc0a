"""What the address of the inventory asks for, and the bar of filters that writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash.development.base_component import Component

from data.queries import inventory as ask
from data.queries._stock import AGES, BY, DIGITS, HS, NOT_TOLD, ORDERS, OWNER, Narrowed
from data.queries.inventory import Asked
from layouts._figures import book_words as say
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import note
from layouts._parts.moment import moment_of
from layouts._parts.view import View
from zones.entry import BOOKS

FILTERED = ("owner", "hs", "status", "area", "operator", "older", "only")


def settled(view: View, zone: str, at: datetime) -> tuple[View, list[str], list[str]]:
    """The address without what it says that cannot be; what that was, as it stands there; and which moments of it are yet to come."""
    offered = {"by": BY, "digits": DIGITS, "order": ORDERS, "book": BOOKS, "only": ("below", "faults")}
    wrong = [name for name, choices in offered.items() if view.get(name) and view.get(name) not in choices]
    wrong += [name for name in ("page", "older") if view.get(name) and not (view.get(name).isdecimal() and len(view.get(name)) < 6)]
    moments = {name: moment_of(view.get(name), zone) for name in ("at", "known")}
    wrong += [name for name, told in moments.items() if view.get(name) and told is None]
    ahead = [name for name, told in moments.items() if told is not None and told > at]
    return view.without(*wrong, *ahead), [f"{name}={view.get(name)[:40]}" for name in wrong], ahead


def passed_over(wrong: Sequence[str], ahead: Sequence[str]) -> list[Component]:
    """A sentence for what was left out of the address."""
    said = [t("goods.amiss", said=", ".join(wrong))] if wrong else []
    return [note(one, "warn") for one in (*said, *([t("goods.yet_to_come")] if ahead else []))]


def asked_of(view: View, zone: str) -> Asked:
    """The question of an address: what it says that cannot be is passed over."""
    by, digits, order, book, page = (view.get(name) for name in ("by", "digits", "order", "book", "page"))
    only = view.get("only")
    return Asked(
        place=view.place,
        at=moment_of(view.get("at"), zone),
        known_at=moment_of(view.get("known"), zone),
        book=book if book in BOOKS else BOOKS[0],
        by=by if by in BY else OWNER,
        digits=int(digits) if digits in DIGITS else 2,
        order=order if order in ORDERS else ORDERS[0],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        narrowed=Narrowed(
            **{name: view.get(name) for name in FILTERED if name != "only"}, only=only if only in ("below", "faults") else ""
        ),
    )


def narrowing_filters(view: View, place: str, kept: Sequence[str]) -> Component:
    """The bar: only what there is at that moment is offered."""
    lang, own = language(), world().place(place)
    offers = ask.inventory(store(), actor(), world(), now(), asked_of(view, own.timezone)).offers
    unsaid = t("goods.not_told")
    options = {
        "place": {one: world().place(one).title(lang) for one in dict.fromkeys((*kept, place))},
        "owner": {name or NOT_TOLD: name or unsaid for name in offers["owner"]},
        "status": {name or NOT_TOLD: say.status_name(place, name) or unsaid for name in offers["status"]},
        "area": {name or NOT_TOLD: say.area_name(place, name) or unsaid for name in offers["area"]},
        "operator": {name or NOT_TOLD: say.operator_name(place, name) or unsaid for name in offers["operator"]},
        "older": {str(days): t("goods.older", n=days) for days in AGES},
        "only": {one: t(f"goods.only_{one}") for one in ("below", "faults")},
    }
    shown = ("place", *FILTERED)
    return filters(view, *shown, options=options, typed=(HS,))
