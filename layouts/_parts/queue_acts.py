"""Acts on the alerts that are chosen in the queue: the bar, the form with what would change and what is not permitted, and what came of it.

The keys and buttons of the queue send what they want through Store "queue-ask" (assets/triage.js): {n, how, act, seen: {alert: version},
typed}. `how`: now (one alert, no question asked), ask (show what would change), again (the same, what was typed stays), do, undo.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data import actions
from data.actions import Conflict, NotPossible, bulk
from data.actions.bulk import Came, Typed, Would
from data.queries import queue
from data.queries.queue import Asked
from layouts._parts.alert import first_line, zone_of
from layouts._parts.alert_acts import SPANS, TO_SHIFT_END, told
from layouts._parts.callback import can, no_update
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import button, note
from layouts._parts.queue_rows import alert_rows
from layouts._text import forms, word

BAR = ("acknowledge", "start", "assign", "shelve", "note")
WAY_BACK = {"shelve": "unshelve", "ask_shelf": "refuse_shelf"}  # what is taken back by what (zones.work); nothing else has a way back
Seen = dict[str, int]


@dataclass
class Answer:
    """What goes back to the page. `said` is said beside the grid, `form` and `told` stand in the dialog."""

    n: int
    form: Any = no_update
    told: Any = no_update
    said: Any = no_update
    last: Any = no_update
    done: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> str:
        """For the scripts: open or close the dialog, which rows stand how, what may be tried again."""
        return json.dumps({"n": self.n, **self.more})


def bar() -> Component:
    """What can be done with what is chosen; shown while something is."""
    own = [name for name in BAR if can(name)]
    acts = [button(t(f"alerts.act_{name}"), f"queue-bar-{name}", **{"data-bulk": name}) for name in own]
    words = {"data-word": t("queue.chosen", n="%n"), "data-away": t("queue.chosen_away", n="%n")}
    clear = html.Button(t("queue.clear"), type="button", className="button button-small", **{"data-bulk": "clear"})
    return html.Div(
        [html.Strong("", id="queue-chosen", role="status", **words), *acts, clear],
        id="queue-bar",
        className="row queue-bar",
        role="group",
        hidden=True,
        **{"aria-label": t("queue.bar")},
    )


def dialog() -> Component:
    """The form of an act on several alerts, empty until it is asked for."""
    return html.Dialog(
        [
            html.Div(id="queue-form"),
            html.Div(id="queue-told", role="status"),
            html.Div(
                [
                    button(t("queue.do"), "queue-do", "primary", **{"data-do": "1"}),
                    html.Button(t("queue.close"), type="button", className="button", **{"data-close": "1"}),
                ],
                className="row",
            ),
        ],
        id="queue-dialog",
        className="dialog",
        **{"aria-labelledby": "queue-form-title"},
    )


def answered(data: Mapping[str, Any], asked: Asked, last: Mapping[str, Any] | None, zone: str) -> Answer:
    """Do, or show, what was asked for. What comes from the browser is believed in nothing: rights, places and versions are asked anew."""
    answer = Answer(int(data.get("n") or 0))
    how, act = str(data.get("how", "")), str(data.get("act", ""))
    seen = {str(alert_id): int(version) for alert_id, version in dict(data.get("seen") or {}).items()}
    if how == "undo":
        return _undone(answer, last, asked, zone)
    if act not in BAR:
        return answer
    if not seen:
        answer.said = t("queue.group_first")
        return answer
    typed = _typed(dict(data.get("typed") or {}))
    if how in ("ask", "again"):
        return _asked(answer, act, seen, typed, how == "again")
    return _done(answer, act, seen, typed, asked, zone, quiet=how == "now")


def _typed(data: Mapping[str, Any]) -> Typed:
    span = SPANS.get(str(data.get("span", "")))
    longest = data.get("span") == TO_SHIFT_END
    return Typed(to=str(data.get("to") or ""), until=now() + span if span else None, longest=longest, text=str(data.get("text") or ""))


# ---------------------------------------------------------------- beforehand


def _asked(answer: Answer, act: str, seen: Seen, typed: Typed, again: bool) -> Answer:
    """The form, and for each alert what would become of it."""
    would = bulk.preview(store(), world(), actor(), now(), act, seen, typed)
    known = queue.these(store(), actor(), seen)
    if not again:
        answer.form = _form(act, known)
    answer.told = _foretold(act, would, known)
    answer.more = {"open": True, "possible": sum(not one.why for one in would), "act": act, "seen": seen}
    return answer


def _form(act: str, known: Mapping[str, Any]) -> list[Component]:
    parts: list[Component] = [html.H2(t(f"alerts.act_{act}"), id="queue-form-title")]
    if act == "assign":
        people = queue.people_at(store(), {row["place"] for row in known.values()})
        parts.append(_choose("to", t("alerts.act_assign_hint"), {name: name for name in people}))
    if act == "shelve":
        spans = {TO_SHIFT_END: t("queue.for_longest"), **{name: t(f"alerts.for_{name}") for name in SPANS}}
        parts.append(_choose("span", t("queue.how_long"), spans))
    if act in ("shelve", "note"):
        field = dcc.Textarea(id="queue-text", value="", maxLength=actions.LONGEST_TEXT, className="act-text")
        parts.append(html.Label([html.Span(t("alerts.text")), field], className="field"))
    return parts


def _choose(name: str, label: str, options: Mapping[str, str]) -> Component:
    entries = [html.Option("–", value=""), *(html.Option(said, value=value) for value, said in options.items())]
    return html.Label([html.Span(label), html.Select(entries, **{"data-typed": name})], className="field")


def _foretold(act: str, would: Sequence[Would], known: Mapping[str, Any]) -> list[Component]:
    change = [one for one in would if not one.why and not one.same]
    refused, same = [one for one in would if one.why], [one for one in would if one.same]
    counts = [t("queue.will_change", n=len(change))]
    counts += [t("queue.will_not", n=len(refused))] if refused else []
    counts += [t("queue.stands_so", n=len(same))] if same else []
    lines = [(one.alert_id, _why_not(one, known)) for one in refused]
    lines += [(one.alert_id, t("queue.stands_already")) for one in same]
    lines += [(one.alert_id, _leads(act, one)) for one in change]
    return [html.P(html.Strong(" · ".join(counts))), _list(lines, known)]


def _leads(act: str, one: Would) -> str:
    before, after = word("work", one.before, language()), word("work", one.after, language())
    if act == "shelve":
        return t("queue.work_asked" if one.asks else "queue.work_shelved", work=after)
    return f"{before} → {after}" if before != after else t("queue.work_stays", work=after)


def _why_not(one: Would, known: Mapping[str, Any]) -> str:
    values = dict(one.values or {})
    zone = zone_of(known[one.alert_id]["place"]) if one.alert_id in known else "UTC"
    if "work" in values:
        values["work"] = word("work", values["work"], language())
    if "latest" in values:
        values["latest"] = forms.full(values["latest"], zone, language())
    return t(f"queue.why_{one.why}", **values)


def _list(lines: Iterable[tuple[str, str]], known: Mapping[str, Any]) -> Component:
    said = [html.Li([html.Strong(what), f": {_sentence(alert_id, known)}"]) for alert_id, what in lines]
    return html.Ul(said, className="queue-lines", tabIndex="0", **{"aria-label": t("queue.each")})


def _sentence(alert_id: str, known: Mapping[str, Any]) -> str:
    return first_line(known[alert_id]) if alert_id in known else t("queue.unknown_alert")


# ---------------------------------------------------------------- doing it


def _done(answer: Answer, act: str, seen: Seen, typed: Typed, asked: Asked, zone: str, *, quiet: bool) -> Answer:
    """What came of each. `quiet`: there is no dialog, all is said beside the grid."""
    try:
        came = bulk.carry_out(store(), world(), actor(), now(), act, seen, typed)
    except NotPossible as error:
        answer.told = told(error, asked.place)
        return answer
    known = queue.these(store(), actor(), seen)
    failed = [one for one in came if one.error is not None]
    done = [one for one in came if one.changed]
    said = _said(done, came, known)
    answer.done = bool(done)
    answer.last = {"acts": _by_act(done)} if done else no_update
    left = {one.alert_id: known[one.alert_id]["version"] for one in failed if isinstance(one.error, Conflict) and one.alert_id in known}
    answer.more = {"rows": _rows(asked, seen, zone), "close": not failed, "possible": len(left), "seen": left, "act": act}
    lines = [(one.alert_id, _reason(one, known)) for one in failed]
    if failed and quiet:
        answer.said = note(f"{lines[0][1]} {_sentence(lines[0][0], known)}", "alert")
    elif failed:
        answer.told = [note(said, "warn"), html.P(html.Strong(t("queue.not_done", n=len(failed)))), _list(lines, known)]
        answer.said = said
    else:
        answer.said = said
    return answer


def _by_act(done: Sequence[Came]) -> dict[str, Seen]:
    """What was done (of a shelf: shelved, or asked for) -> the alerts, with their versions since."""
    found: dict[str, Seen] = {}
    for one in done:
        found.setdefault(one.act, {})[one.alert_id] = one.version
    return found


def _said(done: Sequence[Came], came: Sequence[Came], known: Mapping[str, Any]) -> str:
    if not done:
        return str(t("alerts.unchanged"))
    if len(came) == 1:
        return str(t("queue.done_one", act=t(f"alerts.act_{done[0].act}"), what=_sentence(done[0].alert_id, known)))
    return " ".join(str(t("queue.done", act=t(f"alerts.act_{name}"), n=len(own))) for name, own in _by_act(done).items())


def _reason(one: Came, known: Mapping[str, Any]) -> str:
    """Why an alert was not done, in words: who was first, and when."""
    place = known[one.alert_id]["place"] if one.alert_id in known else ""
    return str(told(one.error, place).children) if one.error else ""


def _rows(asked: Asked, ids: Iterable[str], zone: str) -> dict[str, Any]:
    """How the rows of these alerts stand now; those that are in the list no more go."""
    wanted = list(ids)
    stay = alert_rows(*queue.still(store(), actor(), world(), now(), asked, wanted), zone)
    there = {row["id"] for row in stay}
    return {"update": stay, "remove": [alert_id for alert_id in wanted if alert_id not in there]}


def _undone(answer: Answer, last: Mapping[str, Any] | None, asked: Asked, zone: str) -> Answer:
    """Take the last act back, where the table of the work has a way back; else say why not."""
    acts = {str(act): {str(key): int(value) for key, value in seen.items()} for act, seen in dict((last or {}).get("acts") or {}).items()}
    if not acts:
        answer.said = t("queue.undo_nothing")
        return answer
    if not acts.keys() <= WAY_BACK.keys():
        answer.said = note(t("queue.undo_not", act=", ".join(t(f"alerts.act_{act}") for act in acts if act in BAR)), "warn")
        return answer
    came = [one for act, seen in acts.items() for one in bulk.carry_out(store(), world(), actor(), now(), WAY_BACK[act], seen)]
    ids = [one.alert_id for one in came]
    known = queue.these(store(), actor(), ids)
    failed = [one for one in came if one.error is not None]
    answer.done, answer.last = True, {}
    answer.more = {"rows": _rows(asked, ids, zone)}
    answer.said = t("queue.undone", n=len(came) - len(failed))
    if failed:
        answer.said = note(" ".join([answer.said, *(_reason(one, known) for one in failed[:3])]), "alert")
    return answer
