"""How fast an alert is to be answered, where it has gone, and who is on duty: parts of its page."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.alert import Dossier
from layouts._parts.alert import at_place, place_name
from layouts._parts.callback import can
from layouts._parts.here import language, t
from layouts._parts.marks import button, note
from layouts._text import word
from zones.response import LADDER, NOBODY, PHONES, Gone

KIND = {"half": "warn", "full": "alert"}


def clock(dossier: Dossier) -> list[Component]:
    """The clock that runs, and each step that was gone since its time was used up."""
    found, place = dossier.response, dossier.alert["place"]
    if found is None:
        return []
    reading = found.reading
    said = _with(t(f"response.{reading.stage}_{reading.clock}", at="\0"), at_place(reading.full_at, place))
    mark = KIND.get(reading.stage)
    lines: list[Component] = [note(said, mark) if mark else html.P(said, className="muted")]
    lines += [html.P(_with(gone_to(step), at_place(step.at, place)), className="muted") for step in reading.gone]
    return lines


def gone_to(step: Gone) -> str:
    """Where it went, with room for when."""
    return t(f"response.gone_{step.to if step.to in (PHONES, NOBODY) else 'role'}", at="\0", **_named(step.to, step.called))


def said_to(to: str, called: list[str]) -> str:
    """The same for a line of the journal, which has its own time."""
    return t(f"response.said_{to if to in (PHONES, NOBODY) else 'role'}", **_named(to, called))


def _named(to: str, called: Any) -> dict[str, str]:
    return {"role": word("role", to, language()) if to in LADDER else "", "names": ", ".join(called)}


def duty(dossier: Dossier) -> list[Component]:
    """Who is on duty at the place, or that nobody is; and signing on and off."""
    board, place = dossier.board, place_name(dossier.alert["place"])
    if not board.asked:
        return []
    names = ", ".join(f"{one.name} ({word('role', one.role, language())})" for one in board.people)
    lines: list[Component] = [
        html.P(t("response.on_duty", place=place, names=names), className="muted")
        if names
        else note(t("response.nobody_on_duty", place=place) + (f" {'; '.join(board.phones)}" if board.phones else ""), "warn")
    ]
    if can("duty"):
        act = "sign_off" if board.own_until else "sign_on"
        own = _with(t("response.own", at="\0"), at_place(board.own_until, dossier.alert["place"])) if board.own_until else []
        press = button(t(f"response.act_{act}"), {"type": "alert-do", "act": act})
        lines.append(html.Div([press, html.Span(own, className="muted")], className="row"))
    return lines


def _with(text: str, inner: Component) -> list[Any]:
    before, _, after = text.partition("\0")
    return [before, inner, after]
