"""What a wrong address shows."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from layouts._parts.here import path, t
from layouts._parts.shell import page, title

dash.register_page(__name__, title=title("shell.not_found"))


def layout(**_: str) -> Component:
    """Says so, and leads back."""
    return page(t("shell.not_found"), html.P(dcc.Link(t("shell.not_found_next"), href=path("/")), className="span-12"))
