"""The frame around every page: header, banners, the parts a page is put together from. Made for each request, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component
from flask import g

from data import clock
from layouts._parts import queue_keys
from layouts._parts import toast as toasts
from layouts._parts.here import LANGUAGE_NAMES, actor, ground, language, now, path, search_key, settings, store, t, theme_choice, world
from layouts._parts.live import EVERY_SECONDS
from layouts._parts.states import skeleton
from layouts._parts.view import View
from layouts._text import LANGUAGES, word

NAV = (
    ("overview", "/"),
    ("alerts", "/alerts"),
    ("throughput", "/throughput"),
    ("dwell", "/dwell"),
    ("goods", "/inventory"),
    ("rules", "/rules"),
    ("sources", "/sources"),
)
_AGES = (
    "age_now",
    "age_m",
    "age_h",
    "age_d",
    "stale",
    "stale_hint",
    "signed_out",
    "sign_in_again",
    "not_looking",
    "not_looking_ever",
    "new_alert",
    "new_alerts",
    "back_again",
)


def layout() -> Component:
    """The whole frame; the page goes into dash.page_container. Dash also asks for it at its very first request, whoever that is from."""
    if g.get("actor") is None:
        return html.Div(dash.page_container)
    return html.Div(
        [
            html.A(t("shell.skip"), href="#main", className="skip"),
            header(),
            *([_demo()] if clock.simulated() else []),
            html.Div(id="banner", className="banner", hidden=True, role="alert"),
            html.Div(id="not-looking", className="banner banner-not-looking", hidden=True, role="status"),
            html.Main(dash.page_container, id="main", tabIndex="-1"),
            html.Div(id=toasts.ID, className="toasts", role="status", **{"aria-live": "polite"}),
            html.Div(id="aloud", className="hidden", **{"aria-live": "polite"}),
            dcc.Store(id="live", data=""),
            queue_keys.help_dialog(),  # once for all pages: as a part of each it would be drawn anew with every alert
            html.Div(id="told", hidden=True, **_told()),
        ],
        className="shell",
    )


def header() -> Component:
    """Product, navigation, search, language, light, who is signed in."""
    links = [dcc.Link(_nav_words(name), href=path(address), className="nav-link", id=f"nav-{name}") for name, address in NAV]
    return html.Header(
        [
            dcc.Link([html.Span(className="logo", **{"aria-hidden": "true"}), t("shell.product")], href=path("/"), className="product"),
            html.Nav(links, className="nav", **{"aria-label": t("shell.nav")}),
            _search(),
            html.Div([_language(), _light(), _person()], className="header-end"),
        ],
        className="header",
    )


def _nav_words(name: str) -> list[Any]:
    badge = [html.Span("", id="nav-count", className="nav-count", hidden=True)] if name == "alerts" else []
    return [t(f"shell.nav_{name}"), *badge]


def _search() -> Component:
    field = dcc.Input(
        id="search", name="q", type="search", placeholder=t("shell.search"), maxLength=4000, autoComplete="off", className="search-input"
    )
    box = html.Div(field, title=t("shell.search_for"), className="search-field")
    named = html.Label(t("shell.search_go"), htmlFor="search", className="hidden")
    said = {"aria-label": t("shell.search_key"), "aria-pressed": str(search_key()).lower()}
    switch = html.Button("/", id="search-key", type="button", title=t("shell.search_key_hint"), className="search-key", **said)
    return html.Form(
        [named, box, switch],
        action=path("/container"),
        method="get",
        className="search",
        role="search",
        id="search-form",
    )


def _language() -> Component:
    chosen = language()
    options = [html.Option(LANGUAGE_NAMES[code], value=code, selected=code == chosen) for code in LANGUAGES]
    return html.Label(
        [html.Span(t("shell.language"), className="hidden"), html.Select(options, id="language", **{"data-chosen": chosen})],
        className="pick",
    )


def _light() -> Component:
    chosen = theme_choice()
    options = [html.Option(t(f"shell.theme_{code}"), value=code, selected=code == chosen) for code in ("auto", "light", "dark")]
    return html.Label(
        [html.Span(t("shell.theme"), className="hidden"), html.Select(options, id="light", **{"data-chosen": chosen})], className="pick"
    )


def _person() -> Component:
    person = actor()
    who = dcc.Link(
        [html.Span(person.name, className="person-name"), html.Span(word("role", person.role, language()), className="person-role")],
        href=path("/notifications"),
        title=t("notify.link"),
        className="person",
    )
    leave = html.Form(
        html.Button(t("shell.sign_out"), className="button button-small", type="submit"), action=path("/logout"), method="post"
    )
    return html.Div([html.Span(t("shell.signed_in", name=""), className="hidden"), who, leave], className="person-box")


def _demo() -> Component:
    rate = clock.simulated() or 1
    return html.Div([html.Span(t("shell.demo", rate=int(rate)), className="demo-words"), html.Time("", id="demo-time")], className="demo")


def _told() -> dict[str, str]:
    """What the scripts in assets/ need to know and to say, as data attributes: they have no words of their own."""
    seen = ground().look(store(), actor(), now(), world())  # where the data stand as the page is made: what comes later is new
    words = {f"data-word-{key.replace('_', '-')}": _template(f"shell.{key}") for key in _AGES}
    return {
        **words,
        "data-base": settings().base_path,
        "data-every": str(EVERY_SECONDS),
        "data-language": language(),
        "data-zone": _zone(),
        "data-token": str(seen.token),
        "data-act-now": str(seen.act_now),
        "data-latest": " ".join(alert_id for alert_id, *_ in seen.latest),
        "data-now": now().isoformat(),
        "data-rate": str(clock.simulated() or 1),
    }


def _template(key: str) -> str:
    """A text with its {names} left in it, for the scripts; of one/other the other."""
    return t(key)


def _zone() -> str:
    """The zone of the frame's own times: the one place's, where the reader has one, else UTC is never guessed at but the first place's."""
    known = getattr(world(), "places", None) or {}
    mine = [place for id_, place in known.items() if actor().places is None or id_ in actor().places]
    return mine[0].timezone if mine else "UTC"


def page(title_text: str, *children: Any, view: View | None = None, lead: Any = None, tools: Any = None, name: str = "") -> Component:
    """A page: its title, a sentence, tools on the right, children on the grid. `view` goes into Store "view", which panels hear."""
    head = html.Div(
        [
            html.Div([html.H1(title_text), html.Div(lead, className="lead") if lead is not None else None]),
            html.Div(tools, className="page-tools"),
        ],
        className="page-head",
    )
    store = [dcc.Store(id="view", data=view.data())] if view is not None else []
    bars = [child for child in children if getattr(child, "className", "") == "filter-bar"]
    rest = [child for child in children if child not in bars]
    return html.Div([*store, head, *bars, html.Div(rest, className="page-grid")], className=f"page page-{name}" if name else "page")


def panel(
    panel_id: str,
    title_text: Any,
    *children: Any,
    wide: bool = False,
    span: int = 6,
    hint: Any = None,
    tools: Any = None,
    lines: int = 4,
    height: int | None = None,
) -> Component:
    """A titled part of a page; its body has the id, and shows grey bars until a callback fills it (or the children given).

    `span` of 12 columns (wide: all); `height` in pixels keeps the place free while loading, so that nothing jumps.
    """
    head: Iterable[Any] = [
        html.H2(title_text, id=f"{panel_id}-title"),
        html.Div(hint, className="panel-hint") if hint else None,
        html.Div(tools, className="panel-tools") if tools else None,
    ]
    body = html.Div(
        list(children) or skeleton(lines), id=panel_id, className="panel-body", style={"minHeight": f"{height}px"} if height else None
    )
    return html.Section(
        [html.Div([part for part in head if part is not None], className="panel-head"), body],
        className=f"panel span-{12 if wide else span}",
        **{"aria-labelledby": f"{panel_id}-title"},
    )


def title(key: str) -> Callable[..., str]:
    """For register_page(title=...): the page's name in the reader's language, with the product's."""

    def said(**_: Any) -> str:
        return f"{t(key)} · {t('shell.product')}"

    return said
