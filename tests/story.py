"""The notation in which rules tell their examples, and what it comes to: `d0 08:00 discharge; d5 09:00 gate_out -> d5 08:00..d5 09:00`.

    dN HH:MM EVENT [name=value ...] [@place] [(received dN HH:MM)]   a report; `present` opens the books; names are fields of a report
    dN HH:MM hold|release|selected|inspected|permit AGENCY [name=value ...] [(received..)]   a customs fact about the box, or of the bill
                                                         or declaration that is named (bill=B1); names are fields of a fact
    dN HH:MM receipt                                     a receipt of the feed
    retract dN HH:MM EVENT [@place]                      the report (or customs fact) is taken back
    dN HH:MM decided OUTCOME; dN HH:MM opened            an officer closed the alert on all that counted then; opened it again
    limit NAME VALUE [from dN]                           a limit of the place (import_dwell_warn 5d, import_dwell_high 9d unless told)
    unconfirmed NAME                                     nobody has confirmed that limit
    box NUMBER                                           the box has another number
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

from zones import closing
from zones.asking import asked, asked_of_closed, known
from zones.book import DOCUMENTS, Book, book
from zones.calendar import Calendar, Duration
from zones.closing import Closing, Rest, Told
from zones.customs import Fact, Link
from zones.customs import version_of as fact_version
from zones.episode import Episode
from zones.limits import Law, Limit
from zones.movement import Telling
from zones.report import Report
from zones.rules import found
from zones.subject import ALERT, FEED, AlertFacts, Expected, FeedFacts, Pause

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
D0 = datetime(2026, 11, 2, tzinfo=ZONE)
BOX_NUMBER = "ZZDU4839211"
KINDS = {"port": "seaport", "zone": "free_zone"}
FAR = datetime(2100, 1, 1, tzinfo=UTC)
CLOCK = r"d(\d+) (\d\d):(\d\d)"
STATEMENT = re.compile(
    rf"(?P<retract>retract )?{CLOCK} (?P<word>\w+)(?: (?P<agency>\w+)(?!=))?(?P<said>(?: \w+=\S+)*)(?: @(?P<place>\w+))?"
    rf"(?: \(received {CLOCK}\))?$"
)
CALENDAR = Calendar(last_day=date(2027, 12, 31), weekend=frozenset({5, 6}), hours=((time(8), time(17)),))


def clock(day: str, hour: str, minute: str) -> datetime:
    """dN HH:MM as UTC."""
    return (D0 + timedelta(days=int(day), hours=int(hour), minutes=int(minute))).astimezone(UTC)


@dataclass
class Story:
    """What was told, in any order."""

    reports: list[Report] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    receipts: list[datetime] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    expect: list[Expected] = field(default_factory=list)
    closed: list[tuple[datetime, datetime]] = field(default_factory=list)
    unconfirmed: set[str] = field(default_factory=set)
    number: str = BOX_NUMBER
    acts: list[tuple[datetime, str]] = field(default_factory=list)  # what people did: an outcome, or "" where they opened it again

    @property
    def law(self) -> Law:
        names = {limit.limit for limit in self.limits if limit.valid_from.year == 2026 and limit.valid_from.month == 1}
        basic = {"import_dwell_warn": "5d", "import_dwell_high": "9d"}
        start = datetime(2026, 1, 1, tzinfo=UTC)
        own = [_limit(name, value, start) for name, value in basic.items() if name not in names]
        told = (*own, *self.limits)
        every = [replace(limit, citation_status="unconfirmed") if limit.limit in self.unconfirmed else limit for limit in told]
        return Law(every, ZONE, {"office": CALENDAR})

    def book(self) -> Book:
        telling = Telling(lambda event: timedelta(hours=2 if event.startswith("gate") else 12), lambda event: {}, {})
        named = [Link(kind=kind, reference=ref, at=f.effective_at) for f in self.facts if f.about == "equipment"
                 for kind in DOCUMENTS if (ref := getattr(f, kind))]  # fmt: skip
        return book(self.reports, (), self._about, lambda place: telling, lambda place: KINDS[place], named=named)

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
    return Limit(limit=name, value=Duration.parse(value), valid_from=start, **said, **by)  # type: ignore[arg-type]


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
        elif words[0] == "box":
            story.number = words[1]
        elif words[0] == "expect":
            hours = tuple(time.fromisoformat(h) for h in words[2].split("-")) if len(words) > 2 else None
            within = {"m": "minutes", "h": "hours"}[words[1][-1]]
            story.expect.append(Expected(timedelta(**{within: int(words[1][:-1])}), hours))  # type: ignore[arg-type]
        elif words[0] == "closed":
            began, ended = (clock(*found) for found in re.findall(CLOCK, statement))
            story.closed.append((began, ended))
        else:
            _statement(story, number, statement)
    return story


def _statement(story: Story, number: int, statement: str) -> None:
    found = STATEMENT.match(statement)
    assert found, f"not a statement: {statement!r}"
    at = clock(*found.group(2, 3, 4))
    received = clock(*found.group(9, 10, 11)) if found.group(9) else at
    word, box = found["word"], story.number
    said = dict(pair.split("=", 1) for pair in found["said"].split())
    if word == "receipt":
        story.receipts.append(at)
    elif word in ("decided", "opened"):
        story.acts.append((at, found["agency"] or ""))
    elif word in ("hold", "release", "selected", "inspected", "permit"):
        about = next((kind for kind in ("bill", "declaration") if kind in said), "equipment")
        own = {"equipment": box, **said} if about == "equipment" else said
        story.facts.append(
            Fact(fact_id=f"f{number}", kind=word, about=about, reference=said.get(about, box), agency=found["agency"], effective_at=at,
                 received_at=received, message_id=f"m{number}", function="cancel" if found["retract"] else "original", **own)
        )  # fmt: skip
    else:
        told: dict[str, Any] = {"place": found["place"] or "port", "publisher": "terminal", **said}
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
    box = known(story.number, story.book())
    judged = asked(box, lambda place: story.law, {("port", "zone"): timedelta(minutes=75)}, {rule.__name__: rule})
    return [episode for *_, spells in judged for episode in spells]


def examples(rule: ModuleType) -> Iterator[tuple[str, str, str]]:
    """(name, statements, result) of each example."""
    for line in rule.EXAMPLES.strip().splitlines():
        told_as, arrow, result = line.partition("->")
        assert arrow, f"an example without a result: {line!r}"
        starts = r"\s{2,}|(?<=\S) (?=(?:d\d|expect |retract |limit |closed |unconfirmed |box ))"
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
