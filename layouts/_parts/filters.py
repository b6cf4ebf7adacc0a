"""The filter bar: native controls in one order on every page, each filter that is set as a chip with its own address without it.

A control carries its key in `data-filter`; assets/filter.js writes it into the address and Dash lays the page out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.here import actor, language, now, t, world
from layouts._parts.view import NAMES, View, day_of
from layouts._text import word
from layouts._text.forms import date as written_date
from zones.codes import DIRECTIONS, FULL_EMPTY, MODES

_CODES = {"mode": ("mode", MODES), "direction": ("direction", DIRECTIONS), "full_empty": ("fullempty", FULL_EMPTY)}


def filters(
    view: View,
    *names: str,
    hidden: int = 0,
    options: Mapping[str, Mapping[str, str]] | None = None,
    typed: Sequence[str] = (),
    slot: str = "",
    ahead: bool = False,
) -> Component:
    """The bar. `names`: which of place, terminal, mode, direction, full_empty, period, agency, line; the order is always the same.

    `options` gives value -> word for agency, line, or a page's own key; `typed` are those of a page's own in which text is written.
    `hidden` is how many open alerts the filters hide; where a callback counts them, `slot` is the id of the place for its `hides(...)`:
    one of the page's own, as no other page may have it. `ahead`: the page looks ahead as well: a period may begin in the future.
    """
    options = options or {}
    asked = [name for name in ("place", "terminal", "mode", "direction", "full_empty", "period", "agency", "line") if name in names]
    own = [name for name in names if name not in asked]
    controls: list[Component] = []
    for name in (*asked, *own):
        if name == "period":
            controls += [_date("since", view), _date("until", view)]
        elif name in typed:
            controls.append(_text(name, view))
        else:
            controls.append(_select(name, view, options.get(name) or _options(name, view)))
    chips = [
        _chip(name, value, view, options.get(name) or _options(name, view)) for name, value in view.items() if name in _shown(asked, own)
    ]
    amiss = _amiss(view) if "period" in names and not ahead else []
    if len(chips) > 1:
        chips.append(dcc.Link(t("shell.filter_clear"), href=here(view.without(*_shown(asked, own))), className="chip-clear"))
    return html.Div(
        [
            html.Div(controls, className="filters", role="group", **{"aria-label": t("shell.filters")}),
            html.Div([*chips, *amiss, html.Span(hides(hidden, view), **({"id": slot} if slot else {}))], className="chips"),
        ],
        className="filter-bar",
    )


def hides(n: int, view: View) -> Component | str:
    """ "This filter hides 3 open alerts. Show them": nothing where it hides none."""
    if not n:
        return ""
    return html.Span(
        [t("shell.filter_hides", n=n), " ", dcc.Link(t("shell.filter_show"), href=here(view.without(*NAMES)))], className="hides"
    )


def _amiss(view: View) -> list[Component]:
    """That the first day is left out, at places where it is yet to come or after the last one: another period is shown there."""
    first, last = day_of(view.since), day_of(view.until)
    if first is None:
        return []
    places = [world().place(id_) for id_ in view.places(actor(), world())]
    wrong = [place for place in places if first > min(last or first, place.day_of(now()))]
    if not wrong:
        return []
    if len(wrong) == len(places):
        return [html.Span(t("shell.period_amiss"), className="hides")]
    return [html.Span(t("shell.period_amiss_at", places=", ".join(place.title(language()) for place in wrong)), className="hides")]


def switch(name: str, choices: Mapping[str, str], view: View, default: str = "") -> Component:
    """One of a few, as links: the choice stands in the URL under `name`; the default does not."""
    chosen = view.get(name, default)
    links = [
        dcc.Link(label, href=here(view.set(**{name: "" if value == default else value})), className="switch-on" if value == chosen else "")
        for value, label in choices.items()
    ]
    return html.Nav(links, className="switch")


def here(view: View) -> str:
    """This page with another view: a relative address, so that a bar need not know whose it is."""
    return view.query() or "?"


def _shown(asked: Sequence[str], own: Sequence[str]) -> list[str]:
    return [*(name for name in asked if name != "period"), *(["since", "until"] if "period" in asked else []), *own]


def _label(name: str) -> str:
    key = f"shell.filter_{name}"
    said = t(key)
    return name if said == key else said


def _options(name: str, view: View) -> dict[str, str]:
    lang = language()
    if name in _CODES:
        kind, codes = _CODES[name]
        return {code: word(kind, code, lang) for code in codes}
    places = {id_: place for id_, place in world().places.items() if actor().places is None or id_ in actor().places}
    if name == "place":
        return {id_: place.title(lang) for id_, place in places.items()}
    if name == "terminal":
        chosen = [place for id_, place in places.items() if view.place in ("", id_)]
        return {area.id: area.title(lang) for place in chosen for area in place.areas if area.kind == "terminal"}
    return {}


def _select(name: str, view: View, options: Mapping[str, str]) -> Component:
    chosen = view.get(name)
    known = {**options, **({} if chosen in ("", *options) else {chosen: chosen})}  # a link may name what is no longer declared
    entries = [html.Option(t("shell.filter_all"), value="", selected=not chosen)]
    entries += [html.Option(label, value=value, selected=value == chosen) for value, label in known.items()]
    select = html.Select(entries, id=f"filter-{name}", **{"data-filter": name, "data-chosen": chosen})
    return html.Label([html.Span(_label(name)), select], className="filter filter-set" if chosen else "filter")


def _date(name: str, view: View) -> Component:
    chosen = view.get(name)
    field = dcc.Input(type="date", id=f"filter-{name}", value=chosen, className="filter-date")  # type: ignore[arg-type]
    return html.Label([html.Span(_label(name)), field], className="filter filter-set" if chosen else "filter")


def _text(name: str, view: View) -> Component:
    chosen = view.get(name)
    field = dcc.Input(type="search", id=f"filter-{name}", value=chosen, maxLength=60, autoComplete="off", className="filter-text")
    return html.Label([html.Span(_label(name)), field], className="filter filter-set" if chosen else "filter")


def _chip(name: str, value: str, view: View, options: Mapping[str, str]) -> Component:
    day = day_of(value) if name in ("since", "until") else None
    said = written_date(day, language()) if day else options.get(value, value)
    words: list[Any] = [
        html.Span(_label(name), className="chip-name"),
        said,
        html.Span("×", className="chip-cross", **{"aria-hidden": "true"}),
    ]
    return dcc.Link(words, href=here(view.without(name)), className="chip", title=t("shell.filter_remove", name=_label(name)))
