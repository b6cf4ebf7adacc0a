"""Notifications, a person's own: what he is told through which channel, asking for it, trying it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from data import clock
from data.actions import Conflict, NotPermitted, NotPossible, notices
from data.actions.notices import Wanted
from data.queries.notices import Channel
from layouts._parts.alert import place_name
from layouts._parts.here import LANGUAGE_NAMES, actor, language, now, settings, store, t, world
from layouts._parts.marks import button, field, note
from layouts._parts.states import empty
from layouts._parts.table import Column, table
from layouts._text import forms, word
from layouts._text.notice import tell
from zones.episode import SEVERITIES
from zones.notice import DIGESTS

Row = Mapping[str, Any]
EXAMPLES = (
    (
        "mail",
        ("URL=smtp+starttls://mail.port.example", "FROM=zonewatch@port.example", "USER=zonewatch", "PASSWORD_FILE=/etc/zonewatch.mail"),
    ),
    ("webhook", ("URL=https:" + "//duty.port.example/zonewatch", "SECRET_FILE=/etc/zonewatch.hook")),
    ("chat", ("URL_FILE=/etc/zonewatch.chat",)),
)


CHOSEN = "notify-chosen"  # the Store of what is chosen in the form
NEW: Row = {"place": "", "least": "act_now", "quiet_from": "", "quiet_to": "", "urgent": True, "digest": 0, "address": "", "version": 0}


def typed_id(name: Any) -> dict[str, Any]:
    """The id of something typed or chosen."""
    return {"type": "notify-typed", "name": name}


def channels() -> Mapping[str, Channel]:
    """The declared channels, by id."""
    return settings().channels


def named(channel: str) -> str:
    """A channel as people know it: its id, and what it is."""
    known = channels().get(channel)
    return t("notify.named", channel=channel, kind=t(f"notify.kind_{known.kind}") if known else t("notify.undeclared"))


def undeclared() -> Component:
    """There is no channel: nothing leaves, and how to declare one."""
    shown = []
    for kind, lines in EXAMPLES:
        text = "\n".join(f"ZONEWATCH_NOTIFY_{kind.upper()}_{line}" for line in lines)
        shown += [html.H3(t(f"notify.declare_{kind}")), html.Pre(text, className="raw", tabIndex="0")]
    how = html.Div([*shown, html.P(t("notify.declare_more"), className="muted")], className="notify-declare")
    return html.Div([empty("notify.no_channel", "notify.no_channel_next"), how])


def wishes(found: Sequence[Row]) -> Any:
    """What the reader is told, a row a channel and place, each with what can be done with it."""
    if not found:
        return empty("notify.mine_none", "notify.mine_none_next")
    columns = [
        Column("channel", t("notify.channel"), "node"),
        Column("place", t("notify.place")),
        Column("least", t("notify.least"), "severity"),
        Column("quiet", t("notify.quiet"), "node"),
        Column("digest", t("notify.digest")),
        Column("language", t("notify.language")),
        Column("acts", "", "node"),
    ]
    return table(columns, [_wish(row) for row in found], caption=t("notify.mine"), table_id="notify-wishes", sort=False)


def _wish(row: Row) -> dict[str, Any]:
    key = {"channel": row["channel"], "place": row["place"], "seen": row["version"]}
    edit = "?" + urlencode({"edit": row["channel"], "at": row["place"]})
    quiet = t("notify.quiet_span", begins=row["quiet_from"], ends=row["quiet_to"]) if row["quiet_from"] else t("notify.quiet_none")
    urgent = t("notify.urgent_told" if row["urgent"] else "notify.urgent_held")
    acts = [
        button(t("notify.act_test"), {"type": "notify-do", "act": "test", **key}) if row["channel"] in channels() else None,
        dcc.Link(t("notify.act_change"), href=edit),
        button(t("notify.act_forget"), {"type": "notify-do", "act": "forget", **key}),
    ]
    return {
        "channel": [named(row["channel"]), html.Span(row["address"], className="notify-sub")],
        "place": _place(row["place"]),
        "least": row["least"],
        "quiet": [quiet, html.Span(urgent, className="notify-sub")] if row["quiet_from"] else quiet,
        "digest": _digest(row["digest"]),
        "language": LANGUAGE_NAMES.get(row["language"], row["language"]),
        "acts": html.Div([act for act in acts if act is not None], className="row act"),
    }


def form(own: Row | None) -> tuple[Component, dict[str, str]]:
    """Asking to be told, filled in with a row that is changed; and what is chosen in it, for the Store (assets/gather.js)."""
    row: Row = own or {**NEW, "channel": next(iter(channels())), "language": language()}
    places = {"": t("notify.all_places")} | {id_: place_name(id_) for id_ in world().places if actor().sees(id_)}
    options: dict[str, Mapping[str, str]] = {
        "channel": {id_: named(id_) for id_ in channels()},
        "place": places,
        "least": {code: word("severity", code, language()) for code in SEVERITIES},
        "digest": {str(each): _digest(each) for each in DIGESTS},
        "urgent": {"1": t("notify.urgent_yes"), "0": t("notify.urgent_no")},
        "language": LANGUAGE_NAMES,
    }
    chosen = {name: str(row[name]) for name in options} | {"urgent": "1" if row["urgent"] else "0"}
    picks = [_select(name, options[name], chosen[name]) for name in options if not own or name not in ("channel", "place")]
    clocks = [_typed("quiet_from", row), _typed("quiet_to", row), html.Span(t("notify.quiet_form"), className="muted")]
    mail = [each for each in channels().values() if each.kind == "mail" and (not own or each.id == row["channel"])]
    domains = ", ".join(sorted(frozenset().union(*(each.domains for each in mail))))
    address = [_typed("address", row, "email"), html.Span(t("notify.address_hint", domains=domains), className="muted")] if mail else []
    title = t("notify.form_change", channel=named(row["channel"]), place=_place(row["place"])) if own else t("notify.form")
    key = {"channel": row["channel"] if own else "", "place": row["place"] if own else "", "seen": row["version"]}
    save = button(t("notify.act_save"), {"type": "notify-do", "act": "save", **key}, "primary")
    parts = [html.Div(each, className="notify-row") for each in (picks, clocks, address) if each]
    whole = [html.H3(title), html.P(t("notify.form_hint"), className="muted"), *parts, html.Div(save)]
    return html.Div(whole, className="stack act notify-form"), chosen


def do(asked: Mapping[str, Any], typed: Mapping[str, Any]) -> tuple[Component, bool]:
    """Do it; gives what to say of it, and whether anything may look otherwise now."""
    act, channel, place, seen = (asked.get(name) or "" for name in ("act", "channel", "place", "seen"))
    try:
        match act:
            case "save":
                notices.wish(store(), world(), channels(), actor(), now(), _wanted(typed, channel, place), seen=int(seen or 0))
                return note(t("notify.said_saved")), True
            case "forget":
                notices.forget(store(), actor(), now(), channel, place, seen=int(seen or 0))
                return note(t("notify.said_forgotten")), True
            case "test":
                ours = store(), world(), settings(), actor(), now(), clock.real_now()
                error = notices.try_channel(*ours, channel, place, tell)
                said = t("notify.said_test_failed", channel=channel, error=error) if error else t("notify.said_test", channel=channel)
                return note(said, "alert" if error else "info"), True
            case "again":
                notices.send_again(store(), actor(), now(), clock.real_now(), str(asked.get("key", "")))
                return note(t("notify.said_again")), True
    except Conflict:
        return note(t("notify.conflict"), "warn"), True
    except NotPossible as error:
        key = "no_such_channel" if error.reason == "no_channel" else error.reason
        return note(t(f"notify.{key}", **error.values), "warn"), False
    except NotPermitted:
        return note(t("notify.not_permitted"), "alert"), False
    return note(t("notify.not_possible"), "warn"), False


def _wanted(typed: Mapping[str, Any], channel: str, place: str) -> Wanted:
    text = {
        name: str(typed.get(name) or "").strip() for name in ("channel", "place", "address", "least", "quiet_from", "quiet_to", "language")
    }
    own = {"channel": channel, "place": place} if channel else {}
    digest = str(typed.get("digest") or "0")
    return Wanted(**{**text, **own}, urgent=typed.get("urgent") == "1", digest=int(digest) if digest.isdecimal() else -1)


def _select(name: str, options: Mapping[str, str], chosen: str) -> Component:
    entries = [html.Option(label, value=value, selected=value == chosen) for value, label in options.items()]
    said = {"data-gather": CHOSEN, "data-name": name, "data-chosen": chosen}
    return field(t(f"notify.{name}"), html.Select(entries, id=f"notify-{name}", **said))


def _typed(name: str, row: Row, kind: Any = "text") -> Component:
    mail = kind == "email"
    control = dcc.Input(
        id=typed_id(name), type=kind, value=row[name], maxLength=254 if mail else 5, autoComplete="email" if mail else "off"
    )
    return html.Div(field(t(f"notify.{name}"), control), className="notify-mail" if mail else "notify-clock")


def _digest(minutes: int) -> str:
    return t("notify.digest_n", length=forms.duration(minutes, language())) if minutes else t("notify.digest_0")


def _place(place: str) -> str:
    return place_name(place) if place else t("notify.all_places")
