"""A word to the reader that does not belong to one panel: said in a corner, and aloud to a screen reader."""

from __future__ import annotations

from typing import Any

from dash import html, set_props

from layouts._parts.here import t

ID = "toast"


def toast(key: str, *, kind: str = "info", **values: Any) -> None:
    """Show a text, inside a callback. `kind`: info, warn, error. A key that is no key is shown as it is."""
    said = html.Div(
        [html.Span(t(key, **values)), html.Button("×", className="toast-close", title=t("shell.dismiss"))], className=f"toast toast-{kind}"
    )
    set_props(ID, {"children": said})
