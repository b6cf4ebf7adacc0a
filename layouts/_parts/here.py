"""What a request knows: who asks, in which language, in which light, of which store and world, at what time.

Only inside a request (a layout function, a callback, a route). Nothing here is guessed: without a signed-in person `actor` fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import current_app, g, has_request_context, request

from data import clock
from layouts._text import LANGUAGES, say

if TYPE_CHECKING:
    from data.people import Actor
    from data.settings import Settings
    from data.store.engine import Store

KEY = "zonewatch"
LANGUAGE_COOKIE, THEME_COOKIE, SCHEME_COOKIE, WEBGL_COOKIE, KEY_COOKIE = "zw_lang", "zw_theme", "zw_scheme", "zw_webgl2", "zw_key"
LANGUAGE_NAMES = {"en": "English", "vi": "Tiếng Việt", "zh": "中文"}
KEYS_COOKIE, SOUND_COOKIE = "zw_keys", "zw_sound"
HTML_LANGUAGE = {"en": "en", "vi": "vi", "zh": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the application stands on; kept in `app.extensions`."""

    settings: Settings
    store: Store
    world: Callable[[], Any]  # the world in force now (zones.world.World): declarations change while the application runs
    look: Callable[[Store, Actor, datetime, Any], Any]  # data.queries.live.look: what is new for a reader


def ground() -> Ground:
    """What the running application was built with."""
    found: Ground = current_app.extensions[KEY]
    return found


def settings() -> Settings:
    """The settings the application was built with."""
    return ground().settings


def store() -> Store:
    """The database."""
    return ground().store


def world() -> Any:
    """The world in force (zones.world.World); the same throughout one request."""
    if "world" not in g:
        g.world = ground().world()
    return g.world


def now() -> datetime:
    """The time of the house, aware UTC; the same throughout one request."""
    if "now" not in g:
        g.now = clock.now()
    moment: datetime = g.now
    return moment


def actor() -> Actor:
    """Who asks. Errors: RuntimeError where nobody is signed in; the gate never lets it come to that."""
    person: Actor | None = g.get("actor")
    if person is None:
        raise RuntimeError("no actor: this may only run behind the gate")
    return person


def language() -> str:
    """The reader's language: the switch in the header, else the account's, else the site's default."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    person = g.get("actor")
    own = getattr(person, "language", "") if person else ""
    return own if own in LANGUAGES else settings().default_language


def t(key: str, **values: Any) -> str:
    """The text of a key in the reader's language."""
    return say(key, language(), **values)


def theme_choice() -> str:
    """What the reader chose: light, dark or auto."""
    chosen = request.cookies.get(THEME_COOKIE, "auto") if has_request_context() else "auto"
    return chosen if chosen in ("light", "dark") else "auto"


def theme() -> str:
    """What figures are drawn for: light or dark. With auto the browser tells which (assets/look.js writes a cookie)."""
    if not has_request_context():
        return "light"
    chosen = theme_choice()
    return chosen if chosen != "auto" else "dark" if request.cookies.get(SCHEME_COOKIE) == "dark" else "light"


def search_key() -> bool:
    """Whether the key / goes to the search: some speak to their machine, or press keys they do not mean (WCAG 2.1.4)."""
    return switched_on(KEY_COOKIE)


def switched_on(cookie: str) -> bool:
    """Whether something that a reader may switch off in this browser is on (assets/look.js keeps it): it is, unless he did."""
    return not has_request_context() or request.cookies.get(cookie) != "off"


def has_webgl2() -> bool:
    """Whether the browser can draw MapLibre maps; it says so itself (assets/look.js), and yes is only believed when said."""
    return has_request_context() and request.cookies.get(WEBGL_COOKIE) == "1"


def path(address: str) -> str:
    """An address of this application under its BASE_PATH: path("/alerts") -> /zonewatch/alerts."""
    return settings().base_path.rstrip("/") + "/" + address.lstrip("/")


def box_path(number: str) -> str:
    """The address of a container's page."""
    return path(f"/container/{quote(number, safe='')}")
