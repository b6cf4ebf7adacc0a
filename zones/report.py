"""A report: what one source says happened to a box; and which reports count.

A report never changes. Whether it counts depends on the others: on later versions of itself, on documents that replace or cancel
the one it came in, on copies. `standing` decides that for all reports of one box at once, as a pure function of the set, so the
order in which they came plays no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

STATUSES = ("live", "superseded", "retracted", "withdrawn", "implausible", "unclassified", "provisional", "test", "status_only")
UNTOLD = ("test", "superseded")  # given so, a report is no version of anything
AHEAD = timedelta(minutes=15)  # a clock may run this far ahead of ours; further and the time is implausible
COPIED = timedelta(hours=12)  # a copy of something else this close in time is no movement of its own


class Cargo(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What is known of a box's contents beside its weight; kept where a source tells any of it.

    `dangerous`: IMDG class and UN number each ("3/1263"; one of them may be missing: "3/", "/1593"); `set_temp`: what a reefer is set
    to, in tenths of a degree Celsius; `weight`: what `gross_g` is (vgm: verified, cargo: goods and box, goods: without the box, sum:
    goods + tare).
    """

    dangerous: tuple[str, ...] = ()
    set_temp: int | None = None
    weight: str = ""


class Report(Struct, frozen=True, gc=False):
    """One statement of one source about one box. Times UTC; `teu` in hundredths; `gross_g` in grams; texts "" where absent."""

    report_id: str
    message_id: str
    feed: str
    publisher: str
    place: str
    equipment: str
    event: str
    occurred_at: datetime | None
    received_at: datetime
    precision: str = "minute"
    classifier: str = "actual"
    given: str = "live"
    terminal: str = ""
    area: str = ""
    mode: str = "unknown"
    vehicle: str = ""
    gate: str = ""
    lane: str = ""
    line: str = ""
    bill: str = ""
    declaration: str = ""
    direction: str = "unknown"
    full_empty: str = "unknown"
    size_type: str = ""
    teu: int = 0
    seals: str = ""
    gross_g: int | None = None
    listed_at: datetime | None = None
    source_id: str = ""
    updated_at: datetime | None = None
    document: str = ""
    function: str = "original"
    unit: str = ""
    booking: str = ""
    sealed: str = ""  # who put each seal on and of which kind: zones.seals
    occasion: str = ""  # of statements of one publisher about one box, place and event with the same occasion the latest stands
    vessel: str = ""
    voyage: str = ""
    cargo: Cargo | None = None
    horizon: datetime | None = None  # older than this is implausible; set by whoever knows the place


class DocumentAct(Struct, frozen=True, kw_only=True, gc=False):
    """A document that replaces, changes or cancels an earlier one, wholly or for some boxes (EDIFACT 1225)."""

    act: str  # replace | cancel | change | remove
    target: str
    document: str
    message_id: str
    unit: str
    at: datetime | None
    received_at: datetime
    boxes: tuple[str, ...] = ()


class Version(Struct, frozen=True, gc=False):
    """One telling of a statement that its source gave an id, or (`cancel`) its taking back. All that one message says under the id at one
    time of the source is one telling: reports of several boxes, a report and a customs fact. `said`: what this record of it says.
    """

    publisher: str
    source_id: str
    message_id: str
    updated_at: datetime | None
    received_at: datetime
    cancel: bool = False
    said: tuple[object, ...] = ()


def latest(versions: Iterable[Version]) -> dict[tuple[str, str], Version]:
    """(publisher, its id) -> the version that stands: the latest by the source's own time, then by receipt; at a tie a retraction does.

    Told again word for word it is no other version: the telling that came first stands, and what follows from it was known since then.
    """
    told: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for version in versions:
        told[version.publisher, version.source_id].append(version)
    return {key: several[0] if len(several) == 1 else _first_told(several) for key, several in told.items()}


def _first_told(versions: Sequence[Version]) -> Version:
    """Of all tellings of one statement the one that stands."""
    last = max(versions, key=in_turn)
    if last.updated_at is None:
        return last
    by_turn: dict[tuple[datetime, bool, datetime, str], Version] = {}
    said: dict[tuple[datetime, bool, datetime, str], set[tuple[object, ...]]] = defaultdict(set)
    for version in versions:
        if version.updated_at == last.updated_at and version.cancel == last.cancel:
            by_turn[in_turn(version)] = version
            said[in_turn(version)].add(version.said)
    return by_turn[min(turn for turn, words in said.items() if words == said[in_turn(last)])]


def in_turn(version: Version) -> tuple[datetime, bool, datetime, str]:
    """By which a telling is later than another."""
    return version.updated_at or version.received_at, version.cancel, version.received_at, version.message_id


def version_of(report: Report) -> Version:
    """A report as one telling of its source's statement. Dated ahead of its receipt it says something else than when its time has come."""
    ahead = report.occurred_at is not None and report.occurred_at > report.received_at + AHEAD
    return Version(
        report.publisher,
        report.source_id,
        report.message_id,
        report.updated_at,
        report.received_at,
        report.function == "cancel",
        (ahead, *_WORDS(report)),
    )


# What a report says, as against who told it when, in which message.
_WORDS = attrgetter(
    *(
        name
        for name in Report.__struct_fields__
        if name not in ("report_id", "message_id", "feed", "publisher", "received_at", "source_id", "updated_at", "unit", "horizon")
    )
)


def standing(reports: Sequence[Report], acts: Iterable[DocumentAct] = (), others: Iterable[Version] = ()) -> dict[str, str]:
    """Status by report_id for all reports of one box. Depends on the set only, not on its order.

    `others`: how the same statements were told besides: of other boxes, as customs facts, as retractions.
    """
    acts_on: dict[str, list[DocumentAct]] = defaultdict(list)
    for act in sorted(acts, key=lambda a: (*_time_of(a), a.unit, a.act)):
        acts_on[act.target].append(act)
    status = {report.report_id: _alone(report) for report in reports}
    _versions(reports, others, status)
    _occasions(reports, status)
    _documents(reports, acts_on, status)
    _cancellations(reports, acts_on, status)
    _copies(reports, status)
    return status


def _alone(report: Report) -> str:
    """What a report counts as before the others are looked at."""
    if report.given != "live":
        return report.given
    if report.function == "cancel":
        return "retracted"
    at = report.occurred_at
    if at is None:
        return "unclassified"
    if report.classifier != "actual":
        return "live"  # what is planned lies ahead
    if at > report.received_at + AHEAD or (report.horizon is not None and at < report.horizon):
        return "implausible"
    return "live"


def _versions(reports: Sequence[Report], others: Iterable[Version], status: dict[str, str]) -> None:
    """Of one statement the version that stands does; the others are superseded, or all are retracted."""
    told = [report for report in reports if report.source_id and report.given not in UNTOLD]
    if not told:
        return
    stands = latest((*map(version_of, told), *others))
    for report in told:
        version = stands[report.publisher, report.source_id]
        if version.cancel:
            status[report.report_id] = "retracted"
        elif in_turn(version) != in_turn(version_of(report)):
            status[report.report_id] = "superseded"


def _occasions(reports: Sequence[Report], status: dict[str, str]) -> None:
    """Told under several ids on one occasion: the latest by the source's own time stands (DCSA 2.2 corrects so, with no word for it).
    What was planned and what happened are told apart."""
    told: dict[tuple[str, ...], list[Report]] = defaultdict(list)
    for report in reports:
        if report.occasion and status[report.report_id] == "live":
            told[report.publisher, report.place, report.event, report.classifier, report.occasion].append(report)
    for several in told.values():
        stands = max(several, key=lambda report: (*in_turn(version_of(report)), report.report_id))
        for report in several:
            if report is not stands:
                status[report.report_id] = "superseded"


def named_at(
    given: str, classifier: str, occurred_at: datetime | None, updated_at: datetime | None, received_at: datetime
) -> datetime | None:
    """From when the documents that a report names go with the box: from the movement told; of a plan or a status from when it was written.

    None: the report says nothing that counts.
    """
    if given == "live" and classifier == "actual":
        return occurred_at
    return min(updated_at or received_at, received_at) if given in ("live", "status_only") else None


_FALLS_TO = {"replace": "withdrawn", "cancel": "withdrawn", "change": "superseded", "remove": "withdrawn"}


def _documents(reports: Sequence[Report], acts_on: Mapping[str, list[DocumentAct]], status: dict[str, str]) -> None:
    """What a later document takes back of an earlier one. A document acting on itself (a new version under the same number)
    is later by its own time, then by receipt, then by message."""
    for report in reports:
        if not report.document or status[report.report_id] not in ("live", "status_only"):
            continue
        for act in acts_on.get(report.document, ()):
            if act.message_id == report.message_id and act.unit == report.unit:
                continue  # the acting document's own words
            if act.boxes and report.equipment not in act.boxes:
                continue
            if _time_of(act) > (report.updated_at or report.received_at, report.received_at, report.message_id):
                says_again = any(
                    other.message_id == act.message_id
                    and other.unit == act.unit
                    and other.event == report.event
                    and other.function != "cancel"
                    for other in reports
                )
                status[report.report_id] = "superseded" if act.act == "replace" and says_again else _FALLS_TO[act.act]
                break


def _time_of(act: DocumentAct) -> tuple[datetime, datetime, str]:
    """By which an act is later than another, or than a report."""
    return act.at or act.received_at, act.received_at, act.message_id


def _cancellations(reports: Sequence[Report], acts_on: Mapping[str, list[DocumentAct]], status: dict[str, str]) -> None:
    """A cancellation that names no document which told of the box takes back the equal statement: same publisher, place, event and time.
    A plan taken back is not what happened taken back."""
    told = {report.document for report in reports if report.function != "cancel"} - {""}
    aimed = {(act.message_id, act.unit) for document in told for act in acts_on.get(document, ())}
    taken_back: dict[tuple[str, str, str, str, datetime | None], list[Report]] = defaultdict(list)
    for report in reports:
        own = report.function == "cancel" and report.given == "live" and not report.source_id
        if own and (report.message_id, report.unit) not in aimed:
            taken_back[report.publisher, report.place, report.event, report.classifier, report.occurred_at].append(report)
    if not taken_back:
        return
    for report in reports:
        if report.function == "cancel" or status[report.report_id] != "live":
            continue
        for cancel in taken_back.get((report.publisher, report.place, report.event, report.classifier, report.occurred_at), ()):
            if (cancel.updated_at or cancel.received_at, cancel.received_at) >= (
                report.updated_at or report.received_at,
                report.received_at,
            ):
                status[report.report_id] = "retracted"
                break


def waits_until(report: Report) -> datetime | None:
    """The last moment that a later telling may speak of and be changed by this report, which is no movement itself."""
    at = report.occurred_at
    if report.given != "live" or at is None:
        return None
    if report.function == "cancel":
        return at
    ahead = report.classifier != "actual"  # a plan may lie ahead; of what is told to have happened that would be implausible
    return at + COPIED if report.function == "copy" and (ahead or at <= report.received_at + AHEAD) else None


def _copies(reports: Sequence[Report], status: dict[str, str]) -> None:
    """A copy (EDIFACT 7, 31, 35, 43) never makes a second movement: it counts only where nothing else of its source tells the event.
    What was planned tells of no event."""
    originals: dict[tuple[str, str, str, str], list[datetime]] = defaultdict(list)
    for report in reports:
        if report.function != "copy" and status[report.report_id] == "live" and report.occurred_at is not None:
            originals[report.publisher, report.place, report.event, report.classifier].append(report.occurred_at)
    for report in reports:
        if report.function == "copy" and status[report.report_id] == "live" and report.occurred_at is not None:
            near = originals.get((report.publisher, report.place, report.event, report.classifier), ())
            if any(abs(at - report.occurred_at) <= COPIED for at in near):
                status[report.report_id] = "superseded"
