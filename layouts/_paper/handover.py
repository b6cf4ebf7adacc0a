"""A hand-over as a sheet: what the page shows, what is printed, what the command writes. From plain values (data.queries.handover)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data.queries.handover import Desk
from layouts._paper import Section, Sheet
from layouts._text import say, word
from layouts._text.forms import full, instant
from layouts._text.forms import limit as written_limit
from layouts._text.sentence import sentence
from zones.codes import spaced
from zones.shift import ALL_DAY
from zones.world import World

Row = Mapping[str, Any]


class Teller:
    """One rendering: for a reader's language, of a place's time, as of when it is read."""

    def __init__(self, desk: Desk, world: World, language: str, now: datetime) -> None:
        self.desk, self.language, self.now = desk, language, now
        self.place = world.place(desk.place)
        self.zone = self.place.timezone
        self.at = datetime.fromisoformat(desk.content["at"])
        self.names = {id_: {code: place.title(code) for code in ("en", "vi", "zh")} for id_, place in world.places.items()}

    def t(self, key: str, **values: Any) -> str:
        return say(f"handover.{key}", self.language, **values)

    def when(self, at: str | datetime | None) -> str:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return instant(moment, self.zone, self.language, self.at) if moment else ""

    def says(self, alert: Row) -> str:
        """The first line of an alert, as it stood."""
        ended = datetime.fromisoformat(alert["ended_at"]) if alert["ended_at"] and alert["condition"] == "cleared" else None
        return sentence(alert["because_key"], alert["because_values"], self.language, self.zone, self.at, self.names, until=ended)

    def taken(self, kind: str, ref: str) -> str:
        """What the incoming person said to a line; "" before it was signed or taken."""
        lines = self.desk.handed.lines if self.desk.handed else ()
        line = next((one for one in lines if (one["kind"], one["ref"]) == (kind, ref)), None)
        if line is None or not line["taken"]:
            return ""
        said = self.t(f"taken_{line['taken']}", name=line["by"])
        return f"{said}: {line['remark']}" if line["remark"] else said

    def step(self, alert_id: str) -> str:
        lines = self.desk.handed.lines if self.desk.handed else ()
        return next((one["step"] for one in lines if one["kind"] == "alert" and one["ref"] == alert_id), "")


def shift_name(teller: Teller) -> str:
    """Shift day; the whole day where no shifts are declared."""
    name = teller.desk.span.name
    return teller.t("all_day") if name == ALL_DAY else teller.t("shift", name=word("shift", name, teller.language))


def sheet(desk: Desk, world: World, language: str, now: datetime) -> Sheet:
    """The whole hand-over, as it stands or as it was signed."""
    teller = Teller(desk, world, language, now)
    t, span = teller.t, desk.span
    since, until = (full(at, teller.zone, language) for at in (span.began, span.ended))
    head = [t("of_shift", shift=shift_name(teller), since=since, until=until), *standing(teller)]
    return Sheet(
        title=t("sheet_title", place=teller.place.title(language)),
        lines=head,
        sections=[section for section in sections(teller) if section is not None],
        foot=t("foot", place=teller.place.title(language), at=full(teller.at, teller.zone, language)),
    )


def standing(teller: Teller) -> list[str]:
    """Not signed yet; or who signed and who took it, and when."""
    handed = teller.desk.handed
    if handed is None:
        return [teller.t("not_signed", at=full(teller.at, teller.zone, teller.language))]
    row = handed.row
    said = [teller.t("signed", name=row["signed_by"], at=full(row["signed_at"], teller.zone, teller.language))]
    if row["accepted_at"]:
        said.append(teller.t("accepted", name=row["accepted_by"], at=full(row["accepted_at"], teller.zone, teller.language)))
    else:
        said.append(teller.t("not_accepted", n=handed.waiting))
    return said


def sections(teller: Teller) -> list[Section]:
    """Every part, in the order in which it is gone through."""
    return [opened(teller), worked(teller), shelved(teller), sources(teller), counted(teller), ahead(teller), noted(teller)]


def opened(teller: Teller) -> Section:
    """Open alerts with the next step that is promised."""
    t, told = teller.t, teller.desk.content
    rows = [
        [
            word("severity", one["severity"], teller.language),
            teller.says(one),
            word("work", one["work"], teller.language) + (f" · {one['assignee']}" if one["assignee"] else ""),
            teller.step(one["alert_id"]),
            teller.taken("alert", one["alert_id"]),
        ]
        for one in told["alerts"]
    ]
    lines = [t("open_n", n=told["open"])] if told["open"] != len(rows) or not rows else []
    heads = [t("severity"), t("what"), t("work"), t("next_step"), t("taken")]
    return Section(t("open"), lines, heads, rows, (10, 40, 14, 24, 14))


def worked(teller: Teller) -> Section:
    """What came, was decided, is passed on."""
    t, told = teller.t, teller.desk.content
    comma = say("sentences.comma", teller.language)
    came = comma.join(f"{word('severity', code, teller.language)} {n}" for code, n in sorted(told["new"].items())) or "0"
    lines = [t("new", n=sum(told["new"].values()), of=came), t("decided", n=told["n_decided"]), t("passed_on", n=told["passed_on"])]
    rows = [
        [teller.when(one["at"]), teller.says(one), word("outcome", one["outcome"], teller.language), one["by"]] for one in told["decided"]
    ]
    return Section(t("worked"), lines, [t("at"), t("what"), t("outcome"), t("by")], rows, (12, 50, 20, 12))


def shelved(teller: Teller) -> Section:
    """What is shelved, by when it returns."""
    t, told = teller.t, teller.desk.content
    rows = [
        [
            teller.when(one["shelved_until"]),
            teller.says(one),
            f"{one['shelved_by']}: {one['shelf_reason']}",
            teller.taken("shelved", one["alert_id"]),
        ]
        for one in told["shelved"]
    ]
    return Section(t("shelved"), [] if rows else [t("none")], [t("returns"), t("what"), t("why"), t("taken")], rows, (12, 44, 26, 14))


def sources(teller: Teller) -> Section:
    """What cannot be heard now, and what was silent in the shift."""
    t, told = teller.t, teller.desk.content
    now_silent = [
        [
            one["feed"],
            t("stopped") if one["stopped"] else t("silent_since", at=teller.when(one["at"])) if one["at"] else t("never_heard"),
            teller.taken("source", one["feed"]),
        ]
        for one in told["sources"]
    ]
    spells = [
        t("silence", feed=one["feed"], since=teller.when(one["began"]), until=teller.when(one["ended"]) or t("still"))
        for one in told["silences"]
    ]
    missing = [
        t("gap", feed=one["feed"], numbers=one["first"] if one["missing"] == 1 else f"{one['first']}–{one['last']}", n=one["missing"],
          since=teller.when(one["since"]))
        for one in told["gaps"]
    ]  # fmt: skip
    lines = [*(spells or ([] if now_silent else [t("all_heard")])), *(missing or [t("no_gap")])]
    return Section(t("sources"), lines, [t("source"), t("state"), t("taken")], now_silent, (24, 40, 20))


def counted(teller: Teller) -> Section:
    """Inside at the start + in - out = inside at the end."""
    t, told = teller.t, teller.desk.content["identity"]
    since = teller.when(told["since"])
    lines = [t("identity", **{name: told[name] for name in ("start", "opening", "came", "went", "corrected", "inside")}, since=since)]
    said = teller.taken("count", "")
    return Section(t("count"), [*lines, *([said] if said else [])])


def ahead(teller: Teller) -> Section:
    """Limits that pass in the next twelve hours if nothing moves."""
    t, told = teller.t, teller.desk.content
    rows = [
        [
            teller.when(one["at"]),
            spaced(one["equipment"]),
            word("rule", one["rule"], teller.language),
            written_limit(one["value"], teller.language) if one["value"] else "",
        ]
        for one in told["limits"]
    ]
    return Section(t("ahead"), [] if rows else [t("none_ahead")], [t("at"), t("box"), t("rule"), t("limit")], rows, (14, 20, 34, 16))


def noted(teller: Teller) -> Section:
    """The outgoing person's own words."""
    handed = teller.desk.handed
    text: Sequence[str] = handed.row["note"].splitlines() if handed and handed.row["note"] else [teller.t("no_note")]
    said = teller.taken("note", "")
    return Section(teller.t("notes"), [*text, *([said] if said else [])])
