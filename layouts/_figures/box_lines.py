"""The history of a box as rows of a table: what happened, then each source's word of it, with what became of that word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from dash import dcc, html

from data.queries.container import Happening
from layouts._figures.visit_links import visit_links
from layouts._parts.here import language, path, t, world
from layouts._parts.marks import by_hand, publisher, severity, tag, time
from layouts._parts.table import Column
from layouts._text import word
from layouts._text.forms import decimal, full
from layouts._text.reasons import why
from layouts._text.seals import seals
from zones.by_hand import paper_of
from zones.report import Cargo

Row = Mapping[str, Any]
_TAKEN_BACK = ("superseded", "retracted", "withdrawn", "implausible")
_KEY = {"lane": "lane_no"}
_SAYS = ("vehicle", "gate", "lane", "vessel", "voyage", "seals", "bill", "booking", "declaration", "remark")


def columns(raw: bool) -> list[Column]:
    """The columns; `raw`: whether the reader may open messages."""
    return [
        Column("at", t("container.at"), "node"),
        Column("where", t("container.where"), "node", wide=True),
        Column("what", t("container.what"), "node"),
        Column("details", t("container.details"), "node", wide=True),
        Column("counts", t("container.counts"), "node"),
        Column("source", t("container.source"), "node", wide=True),
        *([Column("raw", t("container.raw"), "node")] if raw else []),
    ]


def rows(lines: Sequence[Happening]) -> list[dict[str, Any]]:
    """All lines, newest first. Lines of yard lists that follow each other and only confirm are told as one."""
    return [row for run in _runs(lines) for row in (_confirmed(run) if len(run) > 1 else _line(run[0]))]


def _runs(lines: Iterable[Happening]) -> Iterator[list[Happening]]:
    for (confirms, _, n), run in groupby(enumerate(lines), key=lambda pair: _run(*pair)):
        del confirms, n
        yield [line for _, line in run]


def _run(number: int, line: Happening) -> tuple[bool, str, int]:
    confirms = line.kind == "report" and line.row["listed_at"] is not None and line.row["status"] == "live"
    return confirms, line.place if confirms else "", 0 if confirms else number


def _confirmed(run: Sequence[Happening]) -> Iterator[dict[str, Any]]:
    last, first = run[0].row, run[-1].row
    said = t("container.listed", n=len(run), at=full(first["occurred_at"], _zone(last["place"]), language()))
    yield {
        **_told(last),
        "what": t("container.confirmed"),
        "what_text": t("container.confirmed"),
        "details": said,
        "details_text": said,
        "class": "row-quiet",
    }


def _line(line: Happening) -> Iterator[dict[str, Any]]:
    match line.kind:
        case "movement":
            yield _movement(line)
            if len(line.told) > 1 or line.row["disagreement"]:
                yield from (_word(report) for report in line.told)
        case "report":
            yield {**_told(line.row), "class": "row-out" if line.row["status"] in _TAKEN_BACK else "row-quiet"}
        case "fact":
            yield _fact(line.row)
        case _:
            yield _alert(line.row)


def _movement(line: Happening) -> dict[str, Any]:
    row, what = line.row, word("event", line.row["event"], language())
    said = _details(line.told[0] if line.told else row)
    details: list[Any] = [said, *visit_links(line)]
    if row["disagreement"]:
        details += [
            " ",
            tag(t("container.disagree"), "today"),
            html.Div([html.Div(one) for one in _differences(row["disagreement"], row["place"])], className="differ"),
        ]
    one = line.told[0] if len(line.told) == 1 else None
    details += _paper(one or {})
    return {
        **_common(row["place"], row["occurred_at"], row["precision"], row["area"] or row["terminal"]),
        "what": html.Strong(what),
        "what_text": what,
        "details": details,
        "details_text": "; ".join(filter(None, (said, *_differences(row["disagreement"] or {}, row["place"])))),
        **_source(_who(line), row["received_at"], row["place"]),
        "counts": t("container.counted"),
        "counts_text": "counted",
        **(_raw(one) if one else _raw(line.told[0]) if line.told else {"raw": "", "raw_text": ""}),
        "class": "row-event",
    }


def _word(report: Row) -> dict[str, Any]:
    """One source's word of a movement told above."""
    told = _told(report)
    which = t("container.leads" if report["canonical"] else "container.joins")
    return {**told, "what": html.Span(f"↳ {which}", className="muted"), "what_text": which, "class": "row-word"}


def _told(report: Row) -> dict[str, Any]:
    what = word("event", report["event"], language()) if report["event"] else t("container.no_event")
    if report["classifier"] != "actual":
        what = f"{what} ({word('classifier', report['classifier'], language()).lower()})"
    said = "; ".join(filter(None, (_details(report), why(report["why"], language()))))
    status = word("status", report["status"], language())
    return {
        **_common(report["place"], report["occurred_at"], report["precision"], report["area"] or report["terminal"]),
        "what": what,
        "what_text": what,
        "details": [said, *_paper(report)],
        "details_text": said,
        **_source(publisher(report["publisher"]), report["received_at"], report["place"]),
        "counts": status if report["status"] == "live" else tag(status, "today" if report["status"] == "implausible" else ""),
        "counts_text": report["status"],
        **_raw(report),
    }


def _fact(row: Row) -> dict[str, Any]:
    what = word("fact", row["kind"], language())
    about = "" if row["about"] == "equipment" else t(f"container.{row['about']}", value=row["reference"])
    said = "; ".join(
        filter(
            None,
            (
                word("hold", row["reason"], language()) if row["reason"] else "",
                about,
                row["hold_ref"],
                _to(row["to"]),
                row["result"],
                _remark(row),
                why(row["why"], language()) if row["why"] else "",
            ),
        )
    )
    status = word("status", row["status"], language())
    return {
        **_common(row["place"], row["effective_at"], row["precision"], ""),
        "what": html.Strong(t("container.fact", what=what, agency=word("agency", row["agency"], language()))),
        "what_text": f"{row['kind']} {row['agency']}",
        "details": [said, *_paper(row)],
        "details_text": said,
        **_source(publisher(row["publisher"]), row["received_at"], row["place"]),
        "counts": status if row["status"] == "live" else tag(status),
        "counts_text": row["status"],
        **_raw(row),
        "class": "row-fact" if row["status"] == "live" else "row-out",
    }


def _to(place: str) -> str:
    """Where a permit lets the box go."""
    known = world().places.get(place)
    return t("container.fact_to", place=known.title(language()) if known else place) if place else ""


def _alert(row: Row) -> dict[str, Any]:
    what = word("rule", row["rule"], language())
    state = " · ".join(
        filter(None, (word("condition", row["condition"], language()), word("work", row["work"], language()) if row["work"] else ""))
    )
    return {
        **_common(row["place"], row["began_at"], "minute", ""),
        "what": html.Span(
            [severity(row["severity"], short=True), " ", dcc.Link(what, href=path(f"/alerts/{row['alert_id']}"))], className="alert-line"
        ),
        "what_text": row["rule"],
        "details": state,
        "details_text": state,
        **_source(t("container.by_us"), row["received_at"], row["place"]),
        "counts": "",
        "counts_text": row["condition"],
        "raw": "",
        "raw_text": "",
        "class": f"row-alert row-{row['severity']}" if row["condition"] in ("active", "unverified") else "row-alert",
    }


def _common(place: str, at: datetime | None, precision: str, area: str) -> dict[str, Any]:
    known, zone = world().places.get(place), _zone(place)
    name = known.title(language()) if known else place
    inner = known.area(area) if known and area else None
    within = inner.title(language()) if inner else area
    when: Any = t("container.no_time") if at is None else time(at, zone)
    if at is not None and precision == "day":
        when = [when, html.Span(f" {t('container.that_day')}", className="muted")]
    return {
        "at": when,
        "at_text": at.isoformat() if at else "",
        "where": [name, html.Span(f" · {within}", className="muted")] if within else name,
        "where_text": " ".join(filter(None, (place, area))),
    }


def _who(line: Happening) -> str:
    """DT1; or 2 reports: DT1, CAR."""
    who = ", ".join(map(publisher, line.row["publishers"].split(",")))
    return who if len(line.told) < 2 else t("container.sources", n=len(line.told), who=who)


def _source(who: str, at: datetime, place: str) -> dict[str, Any]:
    """Who told of it, and when that was received."""
    heard = html.Span([t("container.received"), " ", time(at, _zone(place))], className="muted heard")
    return {"source": [html.Span(who), " ", heard], "source_text": f"{who} {at.isoformat()}"}


def _raw(row: Row) -> dict[str, Any]:
    if not row["message_id"]:
        return {"raw": "", "raw_text": ""}
    href = path(f"/message/{row['message_id']}") + f"?at={quote(row['position'], safe='')}"
    return {
        "raw": dcc.Link(t("container.open_raw"), href=href, title=row["position"]),
        "raw_text": f"{row['message_id']} {row['position']}",
    }


def _details(row: Row) -> str:
    """What the report says beyond time and place."""
    told = {**row, "remark": _remark(row), "seals": seals(row.get("seals") or "", row.get("sealed") or "", language())}
    said = [named(name, told[name]) for name in _SAYS if told.get(name)]
    if row.get("mode") not in (None, "", "unknown") and not (row["mode"] == "vessel" and row.get("vessel")):  # a ship named is a ship
        said.insert(0, word("mode", row["mode"], language()))
    if row.get("full_empty") not in (None, "", "unknown"):
        said.append(word("fullempty", row["full_empty"], language()).lower())
    cargo = row.get("cargo") or Cargo()
    if row.get("gross_g"):
        said.append(t(f"container.gross{f'_{cargo.weight}' if cargo.weight else ''}", kg=row["gross_g"] // 1000))
    if cargo.set_temp is not None:
        said.append(t("container.set_temp", value=decimal(cargo.set_temp / 10, language())))
    said += [t("container.dangerous", value=dangerous(one)) for one in cargo.dangerous]
    return ", ".join(said)


def _remark(row: Row) -> str:
    """What was remarked; of what was recorded by hand without its paper, which is marked."""
    paper = paper_of(str(row.get("publisher") or ""), str(row.get("remark") or ""))
    return paper.remark if paper else str(row.get("remark") or "")


def _paper(row: Row) -> list[Any]:
    """From which paper, recorded and read again by whom."""
    mark = by_hand(row)
    return [" ", mark] if mark else []


def dangerous(told: str) -> str:
    """3, UN 1263: the class, and the number of the substance."""
    class_, _, number = told.partition("/")
    return ", ".join(filter(None, (class_, f"UN {number}" if number else "")))


def named(name: str, value: str) -> str:
    """Gate 3, lane 2, vehicle 15C-123.45; a gate that is told by its name as it is told."""
    if name in ("gate", "lane") and not value.isdigit():
        return value
    return t(f"container.{_KEY.get(name, name)}", value=value)


def _differences(told: Mapping[str, Any], place: str) -> list[str]:
    """Seals: CA123456 (DT1), CA654321 (CAR)."""
    return [
        f"{t(f'container.differ_{name}')}: " + ", ".join(f"{_plain(name, value, place)} ({who})" for value, who in pairs)
        for name, pairs in told.items()
    ]


def _plain(name: str, value: str, place: str) -> str:
    if name == "occurred_at" and value:
        return datetime.fromisoformat(value).astimezone(world().place(place).zone).strftime("%H:%M")
    return f"{int(value) // 1000} kg" if name == "gross_g" and value.isdigit() else value


def _zone(place: str) -> str:
    known = world().places.get(place)
    return str(known.timezone) if known else "UTC"
