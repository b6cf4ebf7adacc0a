"""What proves an alert, its journal, and what to do about it, as parts of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.queries._excerpt import Piece
from data.queries.alert import Dossier, Proof, Runbook
from layouts._parts.alert import address, at_place, first_line, place_name, zone_of
from layouts._parts.alert_response import said_to
from layouts._parts.callback import can
from layouts._parts.here import language, path, t
from layouts._parts.marks import by_hand, facts, publisher, tag
from layouts._parts.table import Column, table
from layouts._text import forms, has, word
from layouts._text.quantity import quantity
from layouts._text.reasons import where, why
from layouts._text.seals import seals
from zones.codes import spaced
from zones.word import ACTUAL

Row = Mapping[str, Any]
FAR = 15 * 60  # seconds between receipt and storing from which it is told


TOLD = ("report", "fact", "signal", "entry")
HAPPENED = {"report": "occurred_at", "signal": "occurred_at", "fact": "effective_at", "entry": "at"}
COUNTS_AS = {"entry": "standing"}  # of a line of a ledger `status` is that of its goods


def happened_at(proof: Proof) -> datetime | None:
    """When what a piece of evidence tells of happened, or took effect; None of a receipt or a message."""
    at = proof.row.get(HAPPENED.get(proof.kind, ""))
    return at if isinstance(at, datetime) else None


def counts_as(proof: Proof) -> str:
    """What it counts as, in words."""
    return word("status", proof.row[COUNTS_AS.get(proof.kind, "status")], language())


def proofs(dossier: Dossier) -> list[Any]:
    """Each piece of evidence: what it says, who told it, when it came, and its own words."""
    said: list[Any] = [_proof(proof, dossier.alert) for proof in dossier.proofs]
    if not said:
        said = [html.P(t("alerts.proof_none"), className="muted")]
    if dossier.out_of_reach:
        said.append(html.P(t("alerts.out_of_reach", n=dossier.out_of_reach), className="muted"))
    return said


def place_of(proof: Proof, alert: Row) -> str:
    """The place at which a piece of evidence was told."""
    return str(proof.row.get("place") or alert["place"])


def what_of(proof: Proof, alert: Row) -> str:
    """A piece of evidence in a few words: "Gate-out, Demo Port"; of another box than the alert's, of which."""
    row = proof.row
    match proof.kind:
        case "report":
            told = [word("event", row["event"], language()), *_announced(row), place_name(place_of(proof, alert))]
            return ", ".join([*_other(row, alert), *told])
        case "fact":
            return f"{word('fact', row['kind'], language())}, {word('agency', row['agency'], language())}"
        case "signal":
            return f"{word('signal', row['kind'], language())}, {row['device']}"
        case "entry":
            side = [word("side", row["side"], language())] if row["side"] else []
            return ", ".join([word("act", row["act"], language()), *side, row["lot"] or row["item"], *_amount(row)])
        case _:
            return str(row["name"])


def _amount(row: Row) -> list[str]:
    """How much a line of a ledger tells of, in its own unit."""
    return [] if row["quantity"] is None else [quantity(row["quantity"], row["uom"], language())]


def _proof(proof: Proof, alert: Row) -> Component:
    row, place = proof.row, place_of(proof, alert)
    head = [html.Span(t(f"alerts.proof_{proof.kind}"), className="muted"), html.H3(what_of(proof, alert))]
    if not proof.counts:
        head.append(tag(t("alerts.does_not_count", status=counts_as(proof)), "cannot_see"))
    remark = why(row["why"], language()) if row.get("why") else ""
    return html.Article(
        [
            html.Div(head, className="row proof-head"),
            facts(_facts(proof, place)),
            html.P(remark, className="muted") if remark else None,
            by_hand(row) or None,
            _words(proof),
        ],
        className="proof",
    )


def _other(row: Row, alert: Row) -> list[str]:
    """The box of a report, where it is not the one that the alert is about."""
    return [spaced(row["equipment"])] if row["equipment"] not in ("", alert["equipment"]) else []


def announced(row: Row) -> bool:
    """Whether a piece of evidence tells of nothing that happened: planned, ordered, estimated."""
    return row.get("classifier", ACTUAL) != ACTUAL


def _announced(row: Row) -> list[str]:
    return [word("classifier", row["classifier"], language()).lower()] if announced(row) else []


def _facts(proof: Proof, place: str) -> Iterable[tuple[str, Any]]:
    row, message = proof.row, proof.message
    at = happened_at(proof)
    if at is not None:
        day = row.get("precision") == "day"
        moment = [forms.date(_local(at, place), language()), f" ({t('alerts.day_only')})"] if day else at_place(at, place)
        happened = "announced_for" if announced(row) else "happened"
        yield t("alerts.effective" if proof.kind == "fact" else f"alerts.{happened}"), moment
    stored = message["stored_at"] if message else row.get("stored_at")
    late = (stored - row["received_at"]).total_seconds() if stored else 0
    received = [at_place(row["received_at"], place)]
    if late > FAR:
        received.append(html.Span(" · " + t("alerts.stored_late", ago=forms.duration(late / 60, language())), className="muted"))
    yield t("alerts.received"), received
    who = publisher(row.get("publisher", ""))
    yield t("shell.filter_feed"), t("alerts.told_by", publisher=who, feed=row["feed"]) if who else row["feed"]
    gate = ", ".join(filter(None, (row.get("gate"), row.get("lane"))))
    kind = f"_{row['cargo'].weight}" if row.get("cargo") and row["cargo"].weight else ""
    mass = t(f"container.gross{kind}", kg=forms.number(row["gross_g"] // 1000, language())) if row.get("gross_g") else ""
    more = {"truck": row.get("vehicle"), "gate": gate, "weight": mass, "hold_ref": row.get("hold_ref")}
    more["seals"] = seals(row.get("seals") or "", row.get("sealed") or "", language())
    more["risk"] = word("risk", row["risk"], language()) if row.get("risk") else ""
    more |= signal_facts(row) if proof.kind == "signal" else line_facts(row) if proof.kind == "entry" else {}
    more["to"] = place_name(row["to"]) if row.get("to") else ""
    more["for_what"] = word("hold", row["reason"], language()) if row.get("reason") else ""
    yield from ((t(f"alerts.{name}"), value) for name, value in more.items() if value)


def signal_facts(row: Row) -> dict[str, str]:
    """Where a device says it is, and the temperatures it tells."""
    here = f"{row['lat'] / 1e6:.6f}, {row['lon'] / 1e6:.6f}" if row["lat"] is not None and row["lon"] is not None else ""
    degrees = {name: f"{forms.decimal(row[name] / 10, language())} °C" for name in ("temp", "set_temp") if row[name] is not None}
    return {"fix": here, **degrees}


def line_facts(row: Row) -> dict[str, Any]:
    """What a line of a ledger says beside its act and quantity."""
    named = ("owner", "declaration", "permit", "hs", "origin", "process")
    wrong = " ".join(t(f"ledger.fault_{fault}") for fault in row["faults"].split())
    return {**{name: row[name] for name in named}, "line_faults": wrong}


def _local(at: datetime, place: str) -> datetime:
    return at.astimezone(ZoneInfo(zone_of(place)))


def _words(proof: Proof) -> Component | None:
    if not can("see_raw"):
        return html.P(t("alerts.words_refused"), className="muted")
    if proof.message is None:
        return html.P(t("alerts.words_none"), className="muted")
    whole = dcc.Link(t("alerts.message"), href=message_path(proof.message["message_id"], proof.row.get("position", "")))
    stands = " · ".join(filter(None, (proof.row.get("name") or proof.message["name"], where(proof.row.get("position", ""), language()))))
    shown = words(proof.words) if proof.words else html.P(t("alerts.words_none"), className="muted")
    return html.Div([html.Div([html.Span(stands, className="muted"), whole], className="row spread"), shown])


def message_path(message_id: str, position: str) -> str:
    """The address of a whole message, at a position in it."""
    return path(f"/message/{message_id}") + (f"?at={quote(position)}" if position else "")


def words(pieces: Sequence[Piece]) -> Component:
    """The words of a message as they came, the ones that are meant marked."""
    lines: list[Any] = []
    for piece in pieces:
        text = [html.Span(piece.number or "", className="words-number"), piece.text if piece.number else "…"]
        lines.append(html.Mark(text, className="words-line") if piece.meant else html.Span(text, className="words-line"))
    return html.Pre(lines, className="words", tabIndex="0", **{"aria-label": t("alerts.words")})


# ---------------------------------------------------------------- journal


def journal(dossier: Dossier) -> Component:
    """Every line: who, when, what; the system's and people's."""
    place = dossier.alert["place"]
    told = {id_ for proof in dossier.proofs for id_ in (proof.row.get(f"{kind}_id") for kind in TOLD) if id_}
    columns = [
        Column("line", t("alerts.line"), "number"),
        Column("at", t("alerts.when"), "node"),
        Column("by", t("alerts.who")),
        Column("what", t("alerts.what")),
        Column("details", t("alerts.details"), wide=True),
    ]
    rows = []
    for line in dossier.lines:
        details = said(line, place)
        if line["cause"] and line["cause"] in told and line["what"] != "raised":
            details.append(t("alerts.cause", id=line["cause"][:8]))
        rows.append(
            {
                "line": line["line"],
                "at": at_place(line["at"], place),
                "at_text": line["at"].isoformat(),
                "by": line["by"] or t("alerts.system"),
                "what": did(line["what"]),
                "details": " · ".join(details),
            }
        )
    return table(columns, rows, caption=t("alerts.journal"), csv=f"alert-{dossier.alert['alert_id'][:8]}-journal", sort=False)


def did(what: str) -> str:
    """What a line of the journal tells, in a word."""
    return t(f"alerts.did_{what}") if has(f"alerts.did_{what}") else what


def said(line: Row, place: str) -> list[str]:
    """The values of a journal line in words."""
    found: list[str] = []
    for name, value in line["values"].items():
        match name:
            case "severity" | "condition" | "work" if isinstance(value, list) and len(value) == 2:
                old, new = (word(name, str(v), language()) for v in value)
                found.append(t("alerts.said_changed", what=t(f"alerts.{name}"), old=old, new=new))
            case "severity" | "condition" | "outcome" | "work":
                found.append(word(name, str(value), language()))
            case "heard" | "not_heard":
                found += [t(f"alerts.said_{name}", text=value)] if value else []
            case "to":
                found.append(said_to(str(value), line["values"].get("called", [])))
            case "name":
                found.append(str(value))
            case "asked_by":
                found.append(t("alerts.said_asked_by", name=value))
            case "text":
                found.append(str(value))
            case "assignee":
                found.append(t("alerts.said_assignee", name=value))
            case "until":
                found.append(t("alerts.said_until", at=forms.full(datetime.fromisoformat(value), zone_of(place), language())))
            case "spells":
                found.append(t("alerts.said_times"))
            case _ if has(f"alerts.said_{name}"):
                found.append(t(f"alerts.said_{name}"))
    return found


# ---------------------------------------------------------------- what is near, what to do


def related(dossier: Dossier) -> Component:
    """Other alerts of the same box or subject, newest first."""
    if not dossier.related:
        return html.P(t("alerts.related_none"), className="muted")
    columns = [
        Column("level", t("alerts.severity"), "severity"),
        Column("what", t("alerts.what"), "node", wide=True),
        Column("work", t("alerts.work")),
    ]
    rows = []
    for row in dossier.related:
        line = first_line(row)
        link = dcc.Link(line, href=address(row["alert_id"]), className="alert-link")
        rows.append({"level": row["severity"], "what": link, "what_text": line, "work": word("work", row["work"], language())})
    return table(columns, rows, caption=t("alerts.related"), sort=False)


def runbook(book: Runbook | None, docstring: str) -> list[Any]:
    """The rule's runbook, section by section, and what the rule itself says it looks at."""
    parts: list[Any] = []
    if book and book.language != language():
        parts.append(html.P(t("alerts.runbook_en"), className="muted"))
    sections = book.sections if book else ()
    for number, (heading, paragraphs) in enumerate(sections):
        inner = [html.Summary(heading), *map(_paragraph, paragraphs)]
        last = number == len(sections) - 1  # mitigation: what to do stands open
        parts.append(html.Details(inner, open=last, className="twin book", lang=book.language if book else None))
    text = [html.P(" ".join(block.split())) for block in docstring.strip().split("\n\n")]
    parts.append(html.Details([html.Summary(t("alerts.rule_says")), *text], className="twin book", lang="en"))
    return parts


def _paragraph(text: str) -> Component:
    if text.startswith("- "):
        return html.P(["• ", *_code(text[2:])], className="book-item")
    return html.P(_code(text), className="book-item" if text[:2].rstrip(".").isdigit() else None)


def _code(text: str) -> list[Any]:
    """What stands between backticks in a runbook, as a name of a file or a field."""
    parts = text.split("`")
    return [html.Code(part) if n % 2 else part for n, part in enumerate(parts)] if len(parts) % 2 else [text]
