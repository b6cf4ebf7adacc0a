"""The notation in which rules tell their examples, and what it comes to: `d0 08:00 discharge; d5 09:00 gate_out -> d5 08:00..d5 09:00`.

    dN HH:MM EVENT [name=value ...] [@place] [(received dN HH:MM)]   a report; `present` opens the books; names are fields of a report
                        also classifier=planned, gross_g=24000000 and of its cargo weight=vgm, dangerous=3/1263,8/1824, set_temp=-180
    dN HH:MM hold|release|selected|inspected|permit AGENCY [name=value ...] [(received..)]   a customs fact about the box, or of the bill
                                                         or declaration that is named (bill=B1); names are fields of a fact
    dN HH:MM signal KIND [name=value ...] [(received..)]   a word of a device on the box; lat, lon in degrees, temp, set_temp in degrees C
    dN HH:MM ACT [SIDE] .., operator .., process .., watch ..   a goods ledger and what is declared of goods: tests/story_ledger.py
    dN HH:MM receipt                                     a receipt of the feed
    dN HH:MM listed|short|departs [box=N] [ship=NAME]    of rules about calls: a line of a list, the quay's word that the box did not come,
                                                         the ship's departure; box=N is another box, ship=none tells no ship
    retract dN HH:MM EVENT [@place]                      the report, customs fact or `signal KIND` is taken back
    dN HH:MM decided OUTCOME; dN HH:MM opened            an officer closed the alert on all that counted then; opened it again
    limit NAME VALUE [from dN]                           a limit of the place (a measure without a blank: 20boxes); import_dwell_warn 5d and
                                                         import_dwell_high 9d unless told
    corridor LAT,LON LAT,LON ..; stop LAT,LON METRES      the way from port to zone as declared: its line, where a stop is in order
    unconfirmed NAME                                     nobody has confirmed that limit
    seals [transit] [high_risk] [told_by=PUBLISHER]      what the place asks for of seals; reports tell seals=A1,B2 sealed=carrier,customs
    beside NUMBER CLASS AREA dN HH:MM [dN HH:MM]         another box with dangerous goods at the port, from then to then
    segregation CLASS CLASS area|SLOTS                   boxes of these classes must not stand in one area, or so near in slots
    box NUMBER                                           the box has another number
    capacity N                                           the place has room for N TEU (the area `a1` for as much)
    dN HH:MM EVENT boxes=A-B [vehicle=T]                 the report is of boxes A to B, 2 TEU each, each on a truck T of its own
    expect VALUE [HH:MM-HH:MM]; closed dN HH:MM dN HH:MM what is expected of the feed, and when it is excused

Times are local to Asia/Ho_Chi_Minh; d0 is 2 November 2026. The road from port to zone takes at least 75 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from tests import story_ledger
from zones import closing
from zones.announced import Plan
from zones.area import Yard
from zones.asking import Known, about_place, asked, asked_of_calls, asked_of_closed, asked_of_goods, known
from zones.book import DOCUMENTS, Book, book
from zones.calendar import Calendar
from zones.closing import Closing, Rest, Told
from zones.customs import Fact, Link
from zones.customs import version_of as fact_version
from zones.entry import Entry
from zones.episode import Episode
from zones.goods import Goods, Operator, Watch
from zones.landing import CallFacts, Landing, Line, calls_of
from zones.limits import Law, Limit
from zones.measure import any_value
from zones.movement import Movement, Telling
from zones.neighbour import Neighbour, Spot, beside
from zones.report import Cargo, Report
from zones.required import Apart, Required, Seals
from zones.rules import found
from zones.signal import MICRO, Signal, in_order, scaled
from zones.stay import Mark, Stay
from zones.subject import ALERT, AREA, CALL, FEED, LOT, OPERATOR, AlertFacts, Expected, FeedFacts, Pause
from zones.way import Fix, Stop, Way

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
D0 = datetime(2026, 11, 2, tzinfo=ZONE)
SHIP = "DEMO SHIP"
BOX_NUMBER = "ZZDU4839211"
FIGURES = {"lat": MICRO, "lon": MICRO, "temp": 1, "set_temp": 1}
KINDS = {"port": "seaport", "zone": "free_zone"}
FAR = datetime(2100, 1, 1, tzinfo=UTC)
CLOCK = r"d(\d+) (\d\d):(\d\d)"
STATEMENT = re.compile(
    rf"(?P<retract>retract )?{CLOCK} (?P<word>\w+)(?: (?P<agency>\w+)(?!=))?(?P<said>(?: \w+=\S+)*)(?: @(?P<place>\w+))?"
    rf"(?: \(received {CLOCK}\))?$"
)
CARGO = ("dangerous", "set_temp", "weight")
CALENDAR = Calendar(last_day=date(2027, 12, 31), weekend=frozenset({5, 6}), hours=((time(8), time(17)),))


def clock(day: str, hour: str, minute: str) -> datetime:
    """dN HH:MM as UTC."""
    return (D0 + timedelta(days=int(day), hours=int(hour), minutes=int(minute))).astimezone(UTC)


@dataclass
class Story:
    """What was told, in any order."""

    reports: list[Report] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    receipts: list[datetime] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    expect: list[Expected] = field(default_factory=list)
    closed: list[tuple[datetime, datetime]] = field(default_factory=list)
    corridor: list[Fix] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    unconfirmed: set[str] = field(default_factory=set)
    seals: Seals | None = None
    segregation: list[Apart] = field(default_factory=list)
    others: list[Neighbour] = field(default_factory=list)
    ships: dict[str, str] = field(default_factory=dict)  # report id -> its ship
    departed: list[Mark] = field(default_factory=list)
    number: str = BOX_NUMBER
    capacity: int | None = None
    entries: list[Entry] = field(default_factory=list)  # lines of a ledger (tests/story_ledger.py)
    operator: Operator | None = None
    watch: list[Watch] = field(default_factory=list)
    acts: list[tuple[datetime, str]] = field(default_factory=list)  # what people did: an outcome, or "" where they opened it again

    @property
    def law(self) -> Law:
        names = {limit.limit for limit in self.limits if limit.valid_from.year == 2026 and limit.valid_from.month == 1}
        basic = {"import_dwell_warn": "5d", "import_dwell_high": "9d"}
        start = datetime(2026, 1, 1, tzinfo=UTC)
        own = [_limit(name, value, start) for name, value in basic.items() if name not in names]
        told = (*own, *self.limits)
        every = [replace(limit, citation_status="unconfirmed") if limit.limit in self.unconfirmed else limit for limit in told]
        ways = {"zone": Way(tuple(self.corridor), tuple(self.stops))}
        required, goods = Required(self.seals, tuple(self.segregation)), Goods(story_ledger.STATUSES, tuple(self.watch))
        return Law(every, ZONE, {"office": CALENDAR}, ways=ways, required=required, goods=goods)

    def book(self, box: str = "") -> Book:
        telling = Telling(lambda event: timedelta(hours=2 if event.startswith("gate") else 12), lambda event: {}, {})
        named = [Link(kind=kind, reference=ref, at=f.effective_at) for f in self.facts if f.about == "equipment"
                 for kind in DOCUMENTS if (ref := getattr(f, kind))]  # fmt: skip
        own = [report for report in self.reports if report.equipment == (box or self.number)]
        return book(own, (), self._about, lambda place: telling, lambda place: KINDS[place], named=named)

    def known(self) -> Known:
        """All that is known of the box."""
        box = known(self.number, self.book(), in_order(self.signals))
        others, spots = ({n.stay.equipment: of(n) for n in self.others} for of in (lambda n: [n.stay], lambda n: n.spots))
        return structs.replace(box, beside=beside(box.stays, others, spots))

    def closed_alert(self) -> AlertFacts:
        """The alert that people closed, and what each closing rested on."""
        reports = [Told(report, report.received_at) for report in self.reports]
        facts = [Told(fact, fact.received_at) for fact in self.facts]
        told = {"report": (reports, *closing.of_reports(reports, (), ()))}
        told["fact"] = (facts, *closing.of_facts(facts, map(fact_version, self.facts)))
        closings = []
        for n, (at, outcome) in enumerate(self.acts):
            rests = tuple(rest for kind, own in told.items() for rest in _rests(kind, *own, at))
            until = self.acts[n + 1][0] if n + 1 < len(self.acts) else None
            if outcome:
                closings.append(Closing(line=n, at=at, until=until, by="officer", outcome=outcome, rests=rests))
        return AlertFacts(alert_id="a", rule="import_overstay", place="port", equipment=self.number, closings=tuple(closings))

    def _about(self, links: Sequence[Link]) -> list[Fact]:
        documents = {(link.kind, link.reference) for link in links}
        return [fact for fact in self.facts if fact.about == "equipment" or (fact.about, fact.reference) in documents]


def _fix(text: str) -> Fix:
    lat, lon = (scaled(part, MICRO) for part in text.split(","))
    assert lat is not None
    assert lon is not None
    return lat, lon


def _rests(kind: str, told: Sequence[Told], moments: Sequence[closing.Moment], status: closing.Statuses, at: datetime) -> Iterator[Rest]:
    """What counted at a moment, with when it stopped counting."""
    counted = status(lambda moment, message: moment <= at)
    for record in (one.record for one in told):
        own = record.report_id if isinstance(record, Report) else record.fact_id
        if counted.get(own) == closing.COUNTS:
            said, when = (record.event, record.occurred_at) if isinstance(record, Report) else (record.kind, record.effective_at)
            turns = closing.turns(moments, partial(_status, status, own), FAR)
            yield Rest(statement_id=own, kind=kind, said=said, at=when, place=record.place, message_id=record.message_id, turns=turns)


def _status(status: closing.Statuses, own: str, known: closing.Known) -> str:
    return status(known).get(own, "")


def _limit(name: str, value: str, start: datetime) -> Limit:
    by = {"calendar": "office", "by_calendar": CALENDAR} if value.endswith(("wd", "wh")) else {}
    said = {"origin": "place", "citation": "an example", "citation_status": "confirmed"}
    return Limit(limit=name, value=any_value(value), valid_from=start, **said, **by)  # type: ignore[arg-type]


def told(text: str) -> Story:
    """The story that statements tell."""
    story = Story()
    for number, statement in enumerate(part.strip() for part in text.split(";")):
        words = statement.split()
        if words[0] == "limit":
            start = D0 + timedelta(days=int(words[4][1:])) if "from" in words else datetime(2026, 1, 1, tzinfo=UTC)
            story.limits.append(_limit(words[1], words[2], start.astimezone(UTC)))
        elif words[0] == "unconfirmed":
            story.unconfirmed.add(words[1])
        elif words[0] == "seals":
            asked = {"transit": "customs", "high_risk": "electronic"}
            named = tuple(word.partition("=")[2] for word in words if word.startswith("told_by="))
            story.seals = Seals(told_by=named, **{word: asked[word] for word in words[1:] if word in asked})
        elif words[0] == "segregation":
            story.segregation.append(Apart((words[1], words[2]), None if words[3] == "area" else int(words[3])))
        elif words[0] == "beside":
            story.others.append(_other(number, words, [clock(*found) for found in re.findall(CLOCK, statement)]))
        elif words[0] == "corridor":
            story.corridor += map(_fix, words[1:])
        elif words[0] == "stop":
            story.stops.append(Stop("Stop", _fix(words[1]), int(words[2])))
        elif words[0] == "capacity":
            story.capacity = int(words[1])
        elif words[0] == "box":
            story.number = words[1]
        elif words[0] == "expect":
            hours = tuple(time.fromisoformat(h) for h in words[2].split("-")) if len(words) > 2 else None
            within = {"m": "minutes", "h": "hours"}[words[1][-1]]
            story.expect.append(Expected(timedelta(**{within: int(words[1][:-1])}), hours))  # type: ignore[arg-type]
        elif words[0] == "operator":
            story.operator = story_ledger.operator(words[1:], clock)
        elif words[0] == "process":
            story.operator = story_ledger.process(words[1:], story.operator)
        elif words[0] == "watch":
            story.watch.append(story_ledger.watch(words[1:]))
        elif words[0] == "closed":
            began, ended = (clock(*found) for found in re.findall(CLOCK, statement))
            story.closed.append((began, ended))
        else:
            _statement(story, number, statement)
    return story


def _statement(story: Story, number: int, statement: str) -> None:
    found = STATEMENT.match(statement)
    assert found, f"not a statement: {statement!r}"
    if "boxes" in (found["said"] or ""):
        _several(story, number, statement)
        return
    at = clock(*found.group(2, 3, 4))
    received = clock(*found.group(9, 10, 11)) if found.group(9) else at
    word, box = found["word"], story.number
    said = dict(pair.split("=", 1) for pair in found["said"].split())
    said |= {name: said[name].replace(",", " ") for name in ("seals", "sealed") if name in said}
    if "box" in said:
        box = f"{box[:-1]}{said.pop('box')}"
    ship = said.pop("ship", SHIP)
    if story_ledger.is_line(word, found["said"]):
        story.entries.append(story_ledger.line(number, at, received, found))
    elif word == "receipt":
        story.receipts.append(at)
    elif word == "signal":
        _signal(story, f"s{number}", at, received, found["agency"], said, found["retract"] is not None)
    elif word in ("decided", "opened"):
        story.acts.append((at, found["agency"] or ""))
    elif word in ("hold", "release", "selected", "inspected", "permit"):
        about = next((kind for kind in ("bill", "declaration") if kind in said), "equipment")
        own = {"equipment": box, **said} if about == "equipment" else said
        story.facts.append(
            Fact(fact_id=f"f{number}", kind=word, about=about, reference=said.get(about, box), agency=found["agency"], effective_at=at,
                 received_at=received, message_id=f"m{number}", function="cancel" if found["retract"] else "original", **own)
        )  # fmt: skip
    elif word == "departs":
        story.departed.append(Mark(at=at, event="depart", report_id=f"r{number}", received_at=received))
    else:
        story.ships[f"r{number}"] = "" if ship == "none" else ship
        if word == "listed":
            word, said = "discharge", {"classifier": "planned", "publisher": "line", **said}
        elif word == "short":
            word, said = "discharge", {"given": "status_only", **said}
        told: dict[str, Any] = {"place": found["place"] or "port", "publisher": "terminal", **said, **_loaded(said)}
        for name in CARGO:
            told.pop(name, None)
        story.reports.append(
            Report(
                report_id=f"r{number}",
                message_id=f"m{number}",
                feed="feed",
                equipment=box,
                event=word,
                occurred_at=at,
                received_at=received,
                function="cancel" if found["retract"] else "original",
                **told,
            )
        )


def _loaded(said: dict[str, str]) -> dict[str, Any]:
    """What is in the box: the weight in grams; of the cargo several dangers with a comma between."""
    dangers, temp = said.get("dangerous", ""), said.get("set_temp")
    cargo = Cargo(dangerous=tuple(filter(None, dangers.split(","))), set_temp=int(temp) if temp else None, weight=said.get("weight", ""))
    return {"gross_g": int(said["gross_g"]) if "gross_g" in said else None, "cargo": cargo if any(name in said for name in CARGO) else None}


def _other(number: int, words: list[str], times: list[datetime]) -> Neighbour:
    came = Mark(at=times[0], event="gate_in", report_id=f"r{number}", received_at=times[0], reports=(f"r{number}",))
    left = times[1] if len(times) > 1 else None
    stay = Stay(f"s{number}", words[1], "port", came, True, times[0], left_at=left, dangerous=f"{words[2]}/", area=words[3])
    return Neighbour(stay, (Spot("port", words[3], came),))


def _signal(story: Story, id: str, at: datetime, received: datetime, kind: str, said: dict[str, str], back: bool) -> None:
    figures = {name: scaled(said.pop(name), places) for name, places in FIGURES.items() if name in said}
    own = {"device": "S1", "place": "port", **said}
    signal = Signal(signal_id=id, equipment=story.number, kind=kind, at=at, received_at=received, **own, **figures)  # type: ignore[arg-type]
    if back:
        story.signals = [told for told in story.signals if (told.at, told.kind, told.device) != (at, kind, own["device"])]
    else:
        story.signals.append(signal)


def _several(story: Story, number: int, statement: str) -> None:
    """The same statement of several boxes."""
    own, (first, last) = story.number, map(int, re.search(r" boxes=(\d+)-(\d+)", statement).groups())  # type: ignore[union-attr]
    for n in range(first, last + 1):
        story.number = f"ZZDU{n:07}"
        before = len(story.reports)
        _statement(story, number, re.sub(r"( vehicle=\S+)", rf"\g<1>{n}", re.sub(r" boxes=\S+", " size_type=45G1", statement)))
        story.reports[before:] = [structs.replace(r, report_id=f"{r.report_id}x{n}", teu=200) for r in story.reports[before:]]
    story.number = own


def _area(story: Story) -> Iterator[Any]:
    """What the rules about places are handed: of the place and its area, the trucks, what is announced."""
    stays: list[Stay] = []
    movements: list[Movement] = []
    plans: list[Plan] = []
    for box in sorted({report.equipment for report in story.reports}):
        own_reports = [report for report in story.reports if report.equipment == box]
        own = story.book(box)
        stays += own.stays.values()
        movements += own.movements
        for r in own_reports:
            if r.classifier != "actual" and r.occurred_at and own.status[r.report_id] == "live":
                by = Mark(at=r.occurred_at, event=r.event, report_id=r.report_id, received_at=r.received_at)
                plans.append(Plan(box, r.event, r.occurred_at, r.received_at, r.teu, by))
    room = ((story.capacity, None, None),) if story.capacity else ()
    yards = Yard("", {"en": "Port"}, room), Yard("a1", {"en": "Yard A1", "vi": "Bãi A1", "zh": "A1堆场"}, room, frozenset({"a1"}))
    here = [stay for stay in stays if stay.place == "port"]
    yield from about_place("port", ZONE, yards, here, [movement for movement in movements if movement.place == "port"], plans)


def episodes(rule: ModuleType, story: Story) -> list[Episode]:
    """What the rule finds in the story."""
    if rule.SUBJECT == FEED:
        heard = sorted(set(story.receipts))
        pauses = [Pause(f"receipt{n}", at, heard[n + 1] if n + 1 < len(heard) else None) for n, at in enumerate(heard)]
        facts = FeedFacts("feed", "port", ZONE, pauses, story.expect, story.closed)
        return found(rule, facts, story.law)
    if rule.SUBJECT == ALERT:
        of_closed = asked_of_closed(story.closed_alert(), lambda place: story.law, {rule.__name__: rule})
        return [episode for *_, spells in of_closed for episode in spells]
    if rule.SUBJECT == CALL:
        judged = asked_of_calls(calls(story), lambda place: story.law, {rule.__name__: rule})
        return [episode for *_, spells in judged for episode in spells]
    if rule.SUBJECT == AREA:
        return [episode for facts in _area(story) for episode in found(rule, facts, story.law)]
    if rule.SUBJECT in (LOT, OPERATOR):
        facts_of = story_ledger.bundles if rule.SUBJECT == LOT else lambda *told: [story_ledger.whole_book(*told)]
        bundles = facts_of(story.entries, ZONE, story.operator)
        goods = (one for facts in bundles for one in asked_of_goods(facts, lambda place: story.law, {rule.__name__: rule}))
        return [episode for *_, spells in goods for episode in spells]
    judged = asked(story.known(), lambda place: story.law, {("port", "zone"): timedelta(minutes=75)}, {rule.__name__: rule})
    return [episode for *_, spells in judged for episode in spells]


def calls(story: Story) -> list[CallFacts]:
    """The calls of the story's ship."""
    lines, landed = [], []
    for box in sorted({report.equipment for report in story.reports}):
        folded = story.book(box)
        for report in (report for report in story.reports if report.equipment == box and report.event == "discharge"):
            mark = Mark(at=report.occurred_at or report.received_at, event="discharge", report_id=report.report_id,
                        received_at=report.received_at, reports=(report.report_id,))  # fmt: skip
            standing, ship = folded.status[report.report_id], story.ships[report.report_id]
            if report.classifier == "planned" and standing == "live":
                lines.append(Line(box, mark, report.terminal))
            elif (standing == "status_only" or report.report_id in folded.canonical) and ship in ("", SHIP):
                landed.append(Landing(box, mark, report.terminal, bool(ship), standing == "status_only"))
    return list(calls_of("port", (SHIP, "1E"), lines, landed, story.departed))


def examples(rule: ModuleType) -> Iterator[tuple[str, str, str]]:
    """(name, statements, result) of each example."""
    for line in rule.EXAMPLES.strip().splitlines():
        told_as, arrow, result = line.partition("->")
        assert arrow, f"an example without a result: {line!r}"
        opens = "expect |retract |limit |closed |unconfirmed |box |seals |beside |segregation |corridor |stop |capacity "
        opens += "|operator |process |watch "
        starts = rf"\s{{2,}}|(?<=\S) (?=(?:d\d|{opens}))"
        name, statements = re.split(starts, told_as.strip(), maxsplit=1)
        yield name.strip(), statements.strip(), result.strip()


def spelled(told: list[Episode]) -> str:
    """Episodes in the notation of results, without `known`."""
    return (
        ", ".join(f"{_when(e.began_at)}..{_when(e.ended_at) if e.ended_at else ''}" for e in sorted(told, key=lambda e: e.began_at))
        or "none"
    )


def _when(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"d{(local.date() - D0.date()).days} {local:%H:%M}"


def known_at(told: list[Episode]) -> list[str]:
    """When each episode could be known."""
    return [_when(e.known_at) for e in sorted(told, key=lambda e: e.began_at)]
