"""What was read of a message and what was not: records of boxes, lines of ledgers, rejects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.message import MOST, MessageSeen
from layouts._figures import book_words as say
from layouts._figures import raw_text
from layouts._parts.here import language, t, world
from layouts._parts.marks import note
from layouts._parts.table import Column, table
from layouts._text import word
from layouts._text.reasons import reason, where


def records(seen: MessageSeen) -> Component:
    """What could not be read, and what was read of boxes."""
    zone = world().place(seen.place).timezone
    parts: list[Component] = []
    if seen.rejects:
        rows = [{**_at(row), "reason": reason(row["reason"], row["detail"], language())} for row in seen.rejects]
        columns = [
            Column("position", t("container.position")),
            Column("reason", t("container.msg_why"), wide=True),
            Column("excerpt", t("container.excerpt"), wide=True),
        ]
        parts += [html.H3(t("container.rejected")), table(columns, rows, caption=t("container.rejected"), csv="rejected", max_height=300)]
    every = [{**row, "what": word("event", row["event"], language()), "at": row["occurred_at"]} for row in seen.reports]
    every += [
        {**row, "what": word("fact", row["kind"], language()), "at": row["effective_at"], "equipment": row["equipment"] or row["reference"]}
        for row in seen.facts
    ]
    every += [{**row, "what": word("signal", row["kind"], language()), "at": row["occurred_at"]} for row in seen.signals]
    if every:
        rows = [{**_at(row), "status": word("status", row["status"], language())} for row in sorted(every, key=raw_text.order)]
        columns = [
            Column("equipment", t("container.col_number"), "box"),
            Column("what", t("container.what")),
            Column("at", t("container.at"), "instant"),
            Column("status", t("container.counts")),
            Column("position", t("container.position"), wide=True),
        ]
        parts += [
            html.H3(t("container.taken")),
            table(columns, rows, caption=t("container.taken"), csv="records", zone=zone, max_height=600),
        ]
        if len(seen.reports) + len(seen.facts) + len(seen.signals) >= MOST:
            parts.append(note(t("container.first_records", n=MOST)))
    if not parts and seen.entries:
        return html.P(t("statement.only_lines"), className="muted")
    return html.Div(parts, className="stack") if parts else html.P(t("container.no_records"), className="muted")


def _at(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "position": where(row["position"], language())}


def lines(seen: MessageSeen) -> Component:
    """Lines of ledgers, as they stand in it: what each says, what it counts as, what is wrong with it."""
    columns = [
        Column("position", t("container.position"), wide=True),
        Column("act", t("statement.act")),
        Column("lot", t("books.lot"), "node"),
        Column("quantity", t("statement.quantity")),
        Column("owner", t("statement.owner"), wide=True),
        Column("at", t("container.at"), "instant"),
        Column("counts", t("container.counts")),
        Column("faults", t("statement.faults"), "node", wide=True),
    ]
    told = table(
        columns,
        [_entry(row) for row in sorted(seen.entries, key=raw_text.order)],
        caption=t("statement.lines"),
        csv="ledger-lines",
        zone=world().place(seen.place).timezone,
        max_height=600,
    )
    return html.Div([told, *([note(t("container.first_records", n=MOST))] if len(seen.entries) >= MOST else [])])


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    side = row["side"]
    act = t(f"books.act_{row['act']}") + (f", {t(f'books.side_{side}')}" if side else "")
    wrong = [say.fault(key) for key in row["faults"].split()]
    named = row["lot"] or row["item"]
    reachable = row["place"] in world().places and row["pool"]
    return {
        **_at(row),
        "act": f"{act} ({t('statement.taken_back')})" if row["function"] == "cancel" else act,
        "lot": say.lot_link(row["place"], row["operator"], row["pool"], named or row["pool"]) if reachable else named,
        "lot_text": named,
        "quantity": say.amount(row["quantity"], row["uom"]),
        "owner": row["owner"] + (f" → {row['to_owner']}" if row["to_owner"] else ""),
        "counts": word("status", row["standing"], language()),
        "faults": html.Div([html.Div(one) for one in wrong]),
        "faults_text": "; ".join(wrong),
    }
