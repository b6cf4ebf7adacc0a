"""Puts the application together: a Flask server with the gate on it first, then Dash with its pages, then what the shell needs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash
from flask import Flask, send_from_directory
from flask.typing import ResponseReturnValue
from markupsafe import escape
from werkzeug.middleware.proxy_fix import ProxyFix

from layouts._parts import attachments, gate, health, live, shell, sign_in
from layouts._parts.callback import show_error
from layouts._parts.here import HTML_LANGUAGE, KEY, Ground, language, path, t, theme_choice

if TYPE_CHECKING:
    from data.people import Actor
    from data.settings import Settings
    from data.store.engine import Store

PRODUCT = "Zonewatch"
LAYOUTS = Path(__file__).resolve().parent.parent

_INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
{css}
</head>
<body>
{app_entry}
<noscript>{no_script}</noscript>
<footer>{config}{scripts}{renderer}</footer>
</body>
</html>
"""


class Zonewatch(dash.Dash):
    """Dash with a page of its own around it: the language and the light are known before the first script runs."""

    def interpolate_index(self, **parts: Any) -> str:
        own = {"lang": HTML_LANGUAGE[language()], "theme": theme_choice(), "no_script": escape(t("shell.no_script"))}
        wanted = {name: parts.get(name, "") for name in ("metas", "css", "app_entry", "config", "scripts", "renderer")}
        return _INDEX.format(**wanted, **own, title=escape(t("shell.product")), icon=path("/assets/icon.svg"))


def build(settings: Settings, store: Store, world: Any, look: Callable[[Store, Actor, datetime, Any], Any] | None = None) -> dash.Dash:
    """The whole web application; `.server` is its WSGI application.

    One a process at a time: Dash keeps its pages in one registry. `look` tells what is new (default data.queries.live.look).
    """
    base = settings.base_path
    server = Flask("zonewatch", static_folder=None)
    server.extensions[KEY] = Ground(settings, store, _amended(store, world if callable(world) else lambda: world), look or _look())
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    # Files are streamed; Flask-Compress would leave each of them open until the garbage is collected.
    server.config["COMPRESS_STREAMS"] = False
    gate.register(server, base, lambda: app.csp_hashes())
    sign_in.register(server, base)
    live.register(server, base)
    health.register(server, base)
    attachments.register(server, base)
    _register_basemap(server, settings)
    dash.page_registry.clear()
    app = Zonewatch(
        "app",
        server=server,
        use_pages=True,
        pages_folder=str(LAYOUTS),
        assets_folder=str(LAYOUTS / "assets"),
        assets_ignore=r".*\.geojson",
        url_base_pathname=base,
        include_pages_meta=False,
        suppress_callback_exceptions=True,
        compress=True,
        title=PRODUCT,
        update_title=None,  # type: ignore[arg-type]
        enable_mcp=False,
        on_error=show_error,
        add_log_handler=False,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "color-scheme", "content": "light dark"},
        ],
    )
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    app.logger.setLevel(logging.WARNING)
    app.layout = shell.layout
    return app


def _look() -> Callable[[Store, Actor, datetime, Any], Any]:
    from data.queries import live as ask

    return ask.look  # type: ignore[no-any-return]


def _amended(store: Store, declared: Callable[[], Any]) -> Callable[[], Any]:
    from data.queries.rules import Amended

    return Amended(store, declared)


def _register_basemap(server: Flask, settings: Settings) -> None:
    @server.get(f"{settings.base_path}basemap.geojson")
    def basemap() -> ResponseReturnValue:
        """The site's own approved layer, if it has put one into HOME."""
        return send_from_directory(settings.home, "basemap.geojson", mimetype="application/geo+json")
