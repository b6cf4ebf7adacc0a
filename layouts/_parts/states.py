"""What a panel shows when it has no figures, and why not: four states that cannot be mistaken for one another, or for a zero."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts._parts.here import t


def skeleton(lines: int = 4) -> Component:
    """Loading: grey bars in the place of what is coming."""
    bars = [html.Span(className="skeleton-bar") for _ in range(lines)]
    return html.Div([html.Span(t("shell.loading"), className="hidden"), *bars], className="skeleton")


def empty(key: str = "shell.empty", next_key: str = "shell.empty_next", **values: Any) -> Component:
    """There are data, and none of them fits what is asked."""
    return _state("empty", "∅", t(key, **values), t(next_key, **values))


def no_data(key: str = "shell.no_data", next_key: str = "shell.no_data_next", **values: Any) -> Component:
    """Nothing was ever received that could answer: not the same as zero."""
    return _state("no-data", "?", t(key, **values), t(next_key, **values))


def failed(ref: str) -> Component:
    """Something broke on our side; the reference is in the log."""
    return _state("failed", "!", t("shell.failed"), t("shell.failed_next", ref=ref), role="alert")


def refused(key: str = "shell.refused") -> Component:
    """The reader may not see this."""
    return _state("refused", "⊘", t(key), t("shell.refused_next"))


def _state(kind: str, sign: str, what: str, then: str, **more: Any) -> Component:
    words = html.Div([html.Strong(what), html.Span(then)])
    return html.Div([html.Span(sign, className="blank-sign", **{"aria-hidden": "true"}), words], className=f"blank blank-{kind}", **more)
