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
from layouts._parts.marks import button, choice, field, note
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


def typed_id(name: Any) -> dict[str, Any]:
    """The id of something typed or chosen."""
    return {"type": "notify-typed", "name": name}


def channels() -> Mapping[str, Channel]:
    """The declared channels, by id."""
    return settings().channels


def named(channel: str) -> str:
    """A channel as people know it: its id, and what it is."""
    known = channels().get(channel)
    return f"{channel} ({t(f'notify.kind_{known.kind}') if known else t('notify.undeclared')})"


def undeclared() -> Component:
    """There is no channel: nothing leaves, and how to declare one."""
    shown = []
    for kind, lines in EXAMPLES:
        text = "\n".join(f"ZONEWATCH_NOTIFY_{kind.upper()}_{line}" for line in lines)
        shown += [html.H3(t(f"notify.declare_{kind}")), html.Pre(text, className="code", tabIndex="0")]
    return html.Div([empty("notify.no_channel", "notify.no_channel_next"), *shown, html.P(t("notify.declare_more"), className="muted")])


def wishes(found: Sequence[Row]) -> Any:
    """What the reader is told, a row a channel and place, each with what can be done with it."""
    if not found:
        return empty("notify.mine_none", "notify.mine_none_next")
    columns = [
        Column("channel", t("notify.channel"), wide=True),
        Column("place", t("notify.place"), wide=True),
        Column("least", t("notify.least"), "severity"),
        Column("quiet", t("notify.quiet")),
        Column("urgent", t("notify.urgent"), wide=True),
        Column("digest", t("notify.digest")),
        Column("address", t("notify.address"), wide=True),
        Column("language", t("notify.language")),
        Column("acts", "", "node"),
    ]
    return table(columns, [_wish(row) for row in found], caption=t("notify.mine"), table_id="notify-wishes", sort=False)


def _wish(row: Row) -> dict[str, Any]:
    key = {"channel": row["channel"], "place": row["place"], "seen": row["version"]}
    edit = "?" + urlencode({"edit": row["channel"], "at": row["place"]})
    quiet = t("notify.quiet_span", begins=row["quiet_from"], ends=row["quiet_to"]) if row["quiet_from"] else t("notify.quiet_none")
    acts = [
        button(t("notify.act_test"), {"type": "notify-do", "act": "test", **key}) if row["channel"] in channels() else None,
        dcc.Link(t("notify.act_change"), href=edit),
        button(t("notify.act_forget"), {"type": "notify-do", "act": "forget", **key}),
    ]
    return {
        "channel": named(row["channel"]),
        "place": _place(row["place"]),
        "least": row["least"],
        "quiet": quiet,
        "urgent": t("notify.urgent_yes" if row["urgent"] else "notify.urgent_no") if row["quiet_from"] else None,
        "digest": _digest(row["digest"]),
        "address": row["address"] or None,
        "language": LANGUAGE_NAMES.get(row["language"], row["language"]),
        "acts": html.Div([act for act in acts if act is not None], className="row act"),
    }


def form(own: Row | None) -> Component:
    """Asking to be told; filled in with a row that is changed."""
    known = {"channel": next(iter(channels()), ""), "place": "", "least": "act_now", "quiet_from": "", "quiet_to": "", "urgent": True}
    row: Row = own or {**known, "digest": 0, "address": "", "language": language(), "version": 0}
    places = {"": t("notify.all_places")} | {id_: place_name(id_) for id_ in world().places if actor().sees(id_)}
    mail = [each for each in channels().values() if each.kind == "mail"]
    where = [] if own else [_group("channel", {id_: named(id_) for id_ in channels()}, row), _group("place", places, row)]
    mailed = mail and (own is None or channels()[row["channel"]].kind == "mail")
    domains = ", ".join(sorted(frozenset().union(*(each.domains for each in mail))))
    address = [_typed("address", row, "email", hint=t("notify.address_hint", domains=domains))] if mailed else []
    parts = [
        *where,
        _group("least", {code: word("severity", code, language()) for code in SEVERITIES}, row),
        _group("digest", {str(each): _digest(each) for each in DIGESTS}, row),
        html.Div([_typed("quiet_from", row), _typed("quiet_to", row)], className="row"),
        _group("urgent", {"1": t("notify.urgent_yes"), "0": t("notify.urgent_no")}, {"urgent": "1" if row["urgent"] else "0"}),
        *address,
        _group("language", LANGUAGE_NAMES, row),
    ]
    title = t("notify.form_change", channel=named(row["channel"]), place=_place(row["place"])) if own else t("notify.form")
    key = {"channel": row["channel"] if own else "", "place": row["place"] if own else "", "seen": row["version"]}
    save = button(t("notify.act_save"), {"type": "notify-do", "act": "save", **key}, "primary")
    return html.Div(
        [html.H3(title), html.P(t("notify.form_hint"), className="muted"), *parts, html.Div(save)], className="stack act notify-form"
    )


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


def _group(name: str, options: Mapping[str, str], row: Row) -> Component:
    control = html.Div(choice(typed_id(name), options, str(row[name])), role="radiogroup", **{"aria-label": t(f"notify.{_word(name)}")})
    return html.Div([html.Span(t(f"notify.{_word(name)}")), control], className="field")


def _typed(name: str, row: Row, kind: Any = "text", hint: str = "") -> Component:
    control = dcc.Input(id=typed_id(name), type=kind, value=row[name], maxLength=254, autoComplete="email" if kind == "email" else "off")
    whole = field(t(f"notify.{name}"), control)
    return html.Div([whole, html.Span(hint, className="muted")]) if hint else whole


def _word(name: str) -> str:
    return "all_places" if name == "" else name


def _digest(minutes: int) -> str:
    return t("notify.digest_n", length=forms.duration(minutes, language())) if minutes else t("notify.digest_0")


def _place(place: str) -> str:
    return place_name(place) if place else t("notify.all_places")
