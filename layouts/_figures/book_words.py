"""How goods and lines of their ledgers are put into words: quantities, weights, values, what was done, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.here import language, path, t, world
from layouts._parts.view import View
from layouts._text import forms, has, word
from layouts._text.quantity import quantity
from layouts._text.quantity import weight as weighed
from zones.entry import LIVE, Entry
from zones.ledger import pool_of
from zones.lot import LotFacts

KG = "KGM"


def amount(n: int | None, uom: str, *, signed: bool = False) -> str:
    """Millionths of a unit; None is a dash."""
    return forms.MISSING if n is None else quantity(n, uom, language(), signed=signed)


def amounts(by_uom: Mapping[str, int]) -> str:
    """Several units side by side: they are never added up."""
    return " + ".join(amount(n, uom) for uom, n in sorted(by_uom.items())) or forms.number(0, language())


def weight(mg: int | None, *, signed: bool = False) -> str:
    """What goods weigh, below 10 t in kilograms; nothing told is a dash."""
    return weighed(mg, language(), signed=signed) if mg else forms.MISSING


def exactly(mg: int | None) -> str:
    """A weight in kilograms, to the last milligram: where figures are to be added up."""
    return amount(mg, KG) if mg else forms.MISSING


def money(n: int | None, currency: str, *, signed: bool = False) -> str:
    """Ten-thousandths of a currency, two decimals at least; None and nothing are a dash."""
    if not n:
        return forms.MISSING
    whole, rest = divmod(abs(n), 10_000)
    digits = f"{rest:04}".rstrip("0").ljust(2, "0")
    comma = "," if language() == "vi" else "."
    sign = "-" if n < 0 else "+" if signed else ""
    return f"{sign}{forms.number(whole, language())}{comma}{digits} {currency}".rstrip()


def lot_path(place: str, operator: str, pool: str) -> str:
    """The address of a lot's page."""
    return path("/lot/" + "/".join(quote(part, safe="") for part in (place, operator, pool)))


def lot_link(place: str, operator: str, pool: str, said: str = "") -> Component:
    """A lot, leading to its page."""
    return dcc.Link(said or pool, href=lot_path(place, operator, pool), className="lot-link")


def lot_of(entry: Entry) -> Component:
    """The lot that a line is of, leading to its page."""
    declared = world().place(entry.place).operator(entry.operator)
    pool = pool_of(entry, bool(declared and declared.fungible))
    said = entry.lot if entry.lot in ("", pool) else f"{entry.lot} ({pool})"
    return lot_link(entry.place, entry.operator, pool, said or pool)


def operator_name(place: str, operator: str) -> str:
    """Whoever keeps the ledger, in the reader's language; one who is not declared by what the ledger calls him."""
    declared = world().place(place).operator(operator) if place in world().places else None
    return declared.title(language()) if declared else operator


def contact(place: str, operator: str) -> str:
    """How whoever answers for an operator's books is reached; "" where nobody declared it."""
    declared = world().place(place).operator(operator)
    return declared.contact if declared else ""


def status_name(place: str, told: str) -> str:
    """A status in the reader's language; one that is not declared as it was told."""
    status = world().law(place).goods.status(told) if told else None
    return (status.name.get(language()) or status.name.get("en") or status.id) if status else told


def area_name(place: str, area: str) -> str:
    """An area of a place by its name."""
    known = world().place(place).area(area) if area else None
    return str(known.title(language())) if known else area


def act(entry: Entry) -> str:
    """What a line says was done: Admission; Transfer, sent; Manufacture, scrap."""
    said = t(f"books.act_{entry.act}")
    if entry.act == "count" and entry.counted:
        return f"{said} ({t(f'books.counted_{entry.counted}')})"
    return f"{said}, {t(f'books.side_{entry.side}')}" if entry.side else said


def effect(entry: Entry) -> str:
    """The quantity with the sign of what it does to the stock; what does nothing to it has none."""
    if entry.quantity is None:
        return forms.MISSING
    if entry.act == "adjustment":
        return amount(entry.quantity, entry.uom, signed=True)
    return amount(entry.quantity * entry.effect, entry.uom, signed=True) if entry.effect else amount(entry.quantity, entry.uom)


def fault(key: str) -> str:
    """What is wrong with a line, in a sentence."""
    return t(f"ledger.fault_{key}") if has(f"ledger.fault_{key}") else t("books.fault_other", code=key.replace("_", " "))


def standing(counts: str) -> str:
    """Why a line does not count; "" of one that does."""
    if counts == LIVE:
        return ""
    return t(f"books.counts_{counts}") if has(f"books.counts_{counts}") else t("books.counts_other", code=counts)


def changes(entry: Entry) -> list[str]:
    """Whose, under which regime and where, and what the line makes of that."""
    told = (
        ("owner", entry.owner, entry.to_owner),
        ("status", status_name(entry.place, entry.status), status_name(entry.place, entry.to_status)),
        ("area", area_name(entry.place, entry.area), area_name(entry.place, entry.to_area)),
    )
    said = [
        f"{t(f'books.{name}')}: {was or forms.MISSING} → {to}" if to else f"{t(f'books.{name}')}: {was}"
        for name, was, to in told
        if was or to
    ]
    if entry.to_place:
        place = world().places.get(entry.to_place)
        said.append(f"{t('books.to_place')}: {place.title(language()) if place else entry.to_place}")
    return said


def documents(entry: Entry) -> list[str]:
    """What it names: declaration, permit, process."""
    return [f"{t(f'books.{name}')} {value}" for name in ("declaration", "permit", "process") if (value := getattr(entry, name))]


def stacked(parts: Iterable[Any], name: str = "") -> Component:
    """Several short things in one cell, a line each."""
    return html.Div([html.Div(part) for part in parts if part not in ("", None)], className=f"cell-lines {name}".strip())


def hs(code: str, edition: str) -> str:
    """8471.30 (HS 2022)."""
    if not code:
        return forms.MISSING
    dotted = f"{code[:4]}.{code[4:6]}" + (f".{code[6:]}" if code[6:] else "") if code.isdecimal() and len(code) >= 6 else code
    return f"{dotted} (HS {edition})" if edition else dotted


def what_it_is(facts: LotFacts) -> Entry | None:
    """The line that says best what the goods are: the first that let any in, else the first of all, of either book."""
    lines = (*facts.entries, *facts.authorised)
    return next((line for line in lines if line.effect > 0), lines[0] if lines else None)


def moment_view(view: View) -> View:
    """The chosen moment alone, to go along to another page of goods."""
    return View(more={name: view.get(name) for name in ("at", "known") if view.get(name)})


def book(code: str) -> str:
    """Whose book: the names of the two stand in words.yaml, and nowhere else."""
    return word("book", code, language())


def role(name: str) -> str:
    """A role in words."""
    return word("role", name, language())
