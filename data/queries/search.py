"""Finding boxes by what people have at hand: a number or its last digits, a plate, a seal, a bill, a declaration. Any spacing, any case.
Goods are found beside them (`data.queries.search_goods`).

Every question is answered by an index (data/store/tables.py: tip_tail, movement_vehicle, report_seals, box_link_reference), never by
reading through reports or movements, so that it takes as long after ten years as on the first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._boxes import BoxState, states
from data.queries._heard import Sight, sight
from data.queries._scope import allowed, where_place
from data.queries.search_goods import GoodsHit, goods
from data.store import tables as t
from data.store.engine import Store
from zones import codes
from zones.world import World

MOST = 50  # boxes that are shown; `more` says that there are others
LONGEST = 80
ALIKE = 2000  # reports of one seal that are looked at
VISITS = 500  # movements of one vehicle that are looked at, the latest
BY = ("number", "digits", "vehicle", "seal", "bill", "declaration")
_DIGITS = re.compile(r"[0-9]{4,7}")
_START = re.compile(r"[A-Z]{4}[0-9]{1,10}")
_PARTED = re.compile(r"(?<=[A-Z])[ -]?(?=[0-9])")
_ONE = re.compile(r"[A-Z]{3}[UJZ][\s.\-]*[0-9]{6}[\s.\-/]*[0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A box that was found, and by what (BY)."""

    box: BoxState
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for a text, and how far all sources within reach let us see.

    `offers`: boxes whose number is a slip away from the one asked for, which nobody told of.
    """

    text: str
    hits: tuple[Hit, ...]
    sight: Sight
    offers: tuple[BoxState, ...] = ()
    asked: str = ""  # the container number the text is taken for, "" if it is none
    more: bool = False
    goods: tuple[GoodsHit, ...] = ()


def numbers(text: str) -> list[str]:
    """The container numbers in a text of any make, each once, in order: lines, commas, blanks within, or nothing between them."""
    text = normalize("NFKC", text)
    found = [codes.normal(match[0]) for match in _ONE.finditer(text)]
    rest = _ONE.sub(" ", text)
    found += [word for word in (codes.normal(part) for part in re.split(r"[\s,;]+", rest)) if re.fullmatch(r"[A-Z]{3,4}[0-9]{5,8}", word)]
    return list(dict.fromkeys(found))


def find(store: Store, actor: Actor, world: World, text: str, now: datetime) -> Found:
    """The boxes within reach that a text may mean, the likeliest first."""
    text = " ".join(normalize("NFKC", text).split())[:LONGEST]  # as an input method for Chinese types: ＺＺＤＵ４８３９２１１
    number = codes.normal(text)
    with store.read() as conn:
        by: dict[str, list[str]] = {}
        for box, what in _all(conn, actor, text, number) if number or text else ():
            if what not in by.setdefault(box, []):
                by[box].append(what)
        chosen = list(by)[:MOST]
        known = states(conn, actor, world, chosen, now)
        hits = tuple(Hit(box, tuple(by[box.number])) for box in known.values() if box.known)
        is_number = re.fullmatch(r"[A-Z]{4}[0-9]{7}", number) is not None
        offers: tuple[BoxState, ...] = ()
        if is_number and not any(hit.box.number == number for hit in hits):
            offers = offered(conn, actor, world, number, now)
        seen = sight(conn, world, allowed(actor, world), now)
        lots = goods(conn, actor, text)
    return Found(text, hits, seen, offers, number if is_number else "", len(by) > MOST, lots)


def alike(store: Store, actor: Actor, world: World, number: str, now: datetime) -> tuple[BoxState, ...]:
    """Boxes within reach whose number is a slip away from one that nobody told of."""
    with store.read() as conn:
        return offered(conn, actor, world, number, now)


def offered(conn: Connection, actor: Actor, world: World, number: str, now: datetime) -> tuple[BoxState, ...]:
    """As `alike`, in a transaction that is open."""
    wanted = [other for other in dict.fromkeys(_slips(number)) if other != number]
    tip = t.tip.c
    asked = sa.select(tip.equipment).distinct().where(tip.equipment.in_(wanted), where_place(actor, tip.place)).limit(10)
    there = set(conn.execute(asked).scalars())
    found = states(conn, actor, world, [other for other in wanted if other in there], now)
    return tuple(sorted((box for box in found.values() if box.known), key=lambda box: not box.valid))


def _slips(number: str) -> Iterator[str]:
    """The one valid number a slip away; the same box with another check digit; any one character wrong; two neighbours exchanged."""
    nearest = codes.nearest_valid(number)
    if nearest:
        yield nearest
    if len(number) != 11:
        return
    for i in range(10, -1, -1):
        signs = "0123456789" if i >= 4 else "UJZ" if i == 3 else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        yield from (number[:i] + sign + number[i + 1 :] for sign in signs)
    for i in range(10):
        yield number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _all(conn: Connection, actor: Actor, text: str, number: str) -> Iterator[tuple[str, str]]:
    yield from ((box, "number") for box in _by_start(conn, actor, number))
    if _DIGITS.fullmatch(number):
        yield from ((box, "digits") for box in _by_digits(conn, actor, number))
    for kind, reference in _documents(text, number):
        yield from ((box, kind) for box in _by_document(conn, kind, reference))
    yield from ((box, "vehicle") for box in _by_plate(conn, actor, text))
    yield from ((box, "seal") for box in _by_seal(conn, actor, text))


def _by_start(conn: Connection, actor: Actor, number: str) -> list[str]:
    """A whole number, or the beginning of one from the four letters and a digit on. Also numbers that are none, as told: exactly."""
    tip = t.tip.c
    begins = tip.equipment.between(number, number + "Z" * (20 - len(number))) if _START.fullmatch(number) else tip.equipment == number
    asked = sa.select(tip.equipment).distinct().where(begins, where_place(actor, tip.place)).order_by(tip.equipment).limit(MOST + 1)
    found = list(conn.execute(asked).scalars())
    if not found and number:
        for table in (t.report, t.fact):
            of = table.c
            found += conn.execute(sa.select(of.equipment).where(of.equipment == number, where_place(actor, of.place)).limit(1)).scalars()
    return found


def _by_digits(conn: Connection, actor: Actor, digits: str) -> list[str]:
    """The last 4 to 7 digits; of six digits also those before the check digit, as painted."""
    tip, last = t.tip.c, t.tail(t.tip.c.equipment)
    ends = [sa.and_(last == digits[-4:], tip.equipment.like(f"%{digits}"))]
    if len(digits) == 6:
        ends += [sa.and_(last == digits[-3:] + check, tip.equipment.like(f"%{digits}_")) for check in "0123456789"]
    found: dict[str, None] = {}
    for end in ends:
        asked = sa.select(tip.equipment).distinct().where(end, where_place(actor, tip.place)).order_by(tip.equipment).limit(MOST + 1)
        found.update(dict.fromkeys(conn.execute(asked).scalars()))
    return list(found)


def _documents(text: str, number: str) -> list[tuple[str, str]]:
    written = dict.fromkeys((codes.document(text), number))
    return [(kind, reference) for kind in ("bill", "declaration") for reference in written if reference]


def _by_document(conn: Connection, kind: str, reference: str) -> list[str]:
    link = t.box_link.c
    asked = sa.select(link.equipment).where(link.kind == kind, link.reference == reference).order_by(link.equipment).limit(MOST + 1)
    return list(conn.execute(asked).scalars())


def _by_plate(conn: Connection, actor: Actor, text: str) -> list[str]:
    written = re.sub(r"[ \-.·•・]", "", text)
    # SQLite's upper() leaves all but ASCII alone, so that a Đ or đ stays as it was told.
    plates = {written.upper(), *("".join(c.upper() if c.isascii() else case(c) for c in written) for case in (str, str.upper, str.lower))}
    if len(written) > 2 and not written[0].isascii():
        plates |= {f"{plate[:2]}·{plate[2:]}" for plate in plates}  # as Chinese plates are painted: 粤B·12345
    m = t.movement.c
    found: set[str] = set()
    for plate in plates:
        # A lorry comes again and again: its latest visits are looked at, no more than can be shown.
        own = sa.select(m.equipment).where(t.plain(m.vehicle) == plate, m.vehicle != "", where_place(actor, m.place))
        latest = own.order_by(m.occurred_at.desc()).limit(VISITS).subquery()
        found.update(conn.execute(sa.select(latest.c.equipment).distinct()).scalars())
    return sorted(found)[: MOST + 1]


def _by_seal(conn: Connection, actor: Actor, text: str) -> list[str]:
    """A seal that counts, whoever told of it and whether the box bears it still: alone, or any of several (of more than three the first
    two and the last).
    """
    r = t.report.c
    seal = text.upper()
    written = {seal, seal.replace(" ", ""), seal.replace("-", "").replace(" ", "")}
    written |= {_PARTED.sub(sign, seal, count=1) for sign in ("", " ", "-")}
    alone, further, last = sa.func.upper(r.seals), t.seals_after_first(r.seals), t.last_seal(r.seals)
    asked: list[tuple[sa.TextClause, sa.ColumnElement[bool]]] = [
        (t.SEALED, alone.in_(written)),
        (t.SEVERAL_SEALS, further.in_(written)),
        (t.SEVERAL_SEALS, last.in_(written)),
    ]
    if len(seal) >= 4:
        asked += [(t.SEALED, _begins(alone, f"{seal} ")), (t.SEVERAL_SEALS, _begins(further, f"{seal} "))]
    found: list[str] = []
    for kept, told in asked:
        # A sender may write the same word for every seal: no more is looked at than can be shown.
        some = sa.select(r.equipment).where(kept, told, r.status == "live", where_place(actor, r.place)).limit(ALIKE).subquery()
        found += conn.execute(sa.select(some.c.equipment).distinct().order_by(some.c.equipment).limit(MOST + 1)).scalars()
    return found


def _begins(text: sa.ColumnElement[str], start: str) -> sa.ColumnElement[bool]:
    """Whether a text begins so: by a range of the index, and word for word, since a database may pass over blanks when it sorts."""
    return sa.and_(text.between(start, start + "Z" * 20), sa.func.substr(text, 1, len(start)) == start)
