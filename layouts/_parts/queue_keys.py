"""The keys of triage and their off switch, the sound and its mute, the help that says what each key does (assets/triage.js, aloud.js)."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts._parts.here import KEYS_COOKIE, SOUND_COOKIE, switched_on, t

KEYS = ("j", "k", "Enter", "a", "s", "x", "X", "/", "z", "?", "Esc")


def settings() -> Component:
    """The page's two switches, and the help. What is chosen stays in this browser."""
    own = [_switch("keys", KEYS_COOKIE), _switch("sound", SOUND_COOKIE)]
    more = html.Button(
        [html.Kbd("?"), " ", t("queue.keys")], type="button", className="button button-small", **{"data-dialog": "triage-help"}
    )
    return html.Div([*own, more], className="row queue-settings", role="group", **{"aria-label": t("queue.settings")})


def _switch(name: str, cookie: str) -> Component:
    said = {"aria-pressed": str(switched_on(cookie)).lower(), "data-switch": cookie}
    return html.Button(t(f"queue.switch_{name}"), type="button", className="button button-small switch-button", **said)


def help_dialog() -> Component:
    """All keys, and what each does; opened by ? and by its button."""
    rows = [html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(t(f"queue.key_{_name(key)}"))]) for key in KEYS]
    return html.Dialog(
        [
            html.H2(t("queue.keys_title"), id="triage-help-title"),
            html.Table(html.Tbody(rows), className="keys"),
            html.P(t("queue.keys_where"), className="muted"),
            html.P(t("queue.keys_undo"), className="muted"),
            html.Button(t("queue.close"), type="button", className="button", **{"data-close": "1"}),
        ],
        id="triage-help",
        className="dialog",
        **{"aria-labelledby": "triage-help-title"},
    )


def _name(key: str) -> str:
    return {"/": "slash", "?": "help", "X": "x_more"}.get(key, key.lower())
