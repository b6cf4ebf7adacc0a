"""What goods and groups of them are called on the pages: weights, values, bands, chapters; where a lot, an owner, a box leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from data.queries._stock import AGES, AREA, HS, NOT_TOLD, OWNER, STATUS, Group
from layouts._figures import book_words as say
from layouts._parts.here import language, path, t
from layouts._parts.view import View
from layouts._text import forms, has

MOMENT = ("at", "known")


def weight(mg: int) -> str:
    """12.5 kg; 1,204.5 t; nothing told is a dash."""
    return say.weight(mg)


def money(n: int, currency: str) -> str:
    """A sum in whole units of its currency: 1,204,500 USD."""
    return f"{forms.number(round(n / 10_000), language())} {currency or t('goods.no_currency')}"


def values(by_currency: Mapping[str, int]) -> list[str]:
    """One text a currency, never added up."""
    return [money(n, currency) for currency, n in by_currency.items() if n]


def value_cell(by_currency: Mapping[str, int]) -> Component | str:
    """The values under one another."""
    return say.stacked(values(by_currency)) if by_currency else forms.MISSING


def owner_path(owner: str, view: View | None = None) -> str:
    """The address of an owner's page, at the moment that is looked at."""
    return path(f"/owner/{quote(owner, safe='')}") + (moment(view).query() if view else "")


def owner_link(owner: str, view: View | None = None) -> Component | str:
    """An owner, leading to his page."""
    return dcc.Link(owner, href=owner_path(owner, view)) if owner else t("goods.not_told")


def lot_link(place: str, operator: str, lot: str, view: View | None = None) -> Component:
    """A lot, leading to its page."""
    return dcc.Link(lot or t("goods.no_lot"), href=say.lot_path(place, operator, lot) + (moment(view).query() if view else ""))


def moment(view: View) -> View:
    """The chosen moment alone, to go along to another page."""
    return View(more={name: view.get(name) for name in MOMENT if view.get(name)})


def faults(keys: Sequence[str]) -> list[str]:
    """What is wrong, in sentences."""
    return [say.fault(key) for key in keys]


def flags(below: bool, keys: Sequence[str]) -> list[Component]:
    """The marks of a lot: below zero, and faults in words on pointing at them."""
    found = [html.Span(t("goods.below_zero"), className="tag tag-act_now")] if below else []
    if keys:
        said = " ".join(faults(keys))
        found.append(html.Span(t("goods.n_faults", n=len(keys)), className="tag tag-today", title=said))
    return found


def age_name(band: int) -> str:
    """Under 30 days; 30 to 90 days; 5 years and more is in days as well: a band is what it counts."""
    low, high = (0, *AGES)[band], AGES[band] if band < len(AGES) else None
    if not low:
        return t("goods.age_first", high=high)
    return t("goods.age_last", low=low) if high is None else t("goods.age_band", low=low, high=high)


def value_name(currency: str, band: int) -> str:
    """USD, 10,000 to 100,000; not told."""
    if not band:
        return t("goods.no_value")
    low, high = 10 ** (band + 1), 10 ** (band + 2)
    named = currency or t("goods.no_currency")
    if band == 1:
        return t("goods.value_first", currency=named, high=high)
    return t("goods.value_last", currency=named, low=low) if band == 9 else t("goods.value_band", currency=named, low=low, high=high)


def hs_name(code: str) -> str:
    """64 Footwear; 6403 under its chapter's name."""
    if not code:
        return t("goods.not_told")
    named = f"hs.c{code[:2]}"
    written = code if len(code) < 5 else f"{code[:4]}.{code[4:]}"
    return f"{written} {t(named)}" if has(named) else written


def group_name(place: str, by: str, group: Group) -> str:
    """What a group is called."""
    key = group.key
    match by:
        case "hs":
            return hs_name(key[0])
        case "status":
            return say.status_name(place, key[0]) or t("goods.not_told")
        case "area":
            return say.area_name(place, key[0]) or t("goods.not_told")
        case "age":
            return age_name(key[0])
        case "value":
            return value_name(*key)
        case _:
            return str(key[0]) or t("goods.not_told")


def narrowing(by: str, group: Group) -> dict[str, Any]:
    """The filter that leaves a group alone, where there is one."""
    if by in (OWNER, STATUS, AREA, HS):
        return {by: group.key[0] or NOT_TOLD}
    return {}
