"""The notation in which rules tell their examples, and what it comes to: `d0 08:00 discharge; d5 09:00 gate_out -> d5 08:00..d5 09:00`.

    dN HH:MM EVENT [@place] [(received dN HH:MM)]        a report; `present` opens the books
    dN HH:MM hold|release|selected AGENCY [(received..)] a customs fact about the box
    dN HH:MM receipt                                     a receipt of the feed
    retract dN HH:MM EVENT [@place]                      the report is taken back
    limit NAME VALUE [from dN]                           a limit of the place (import_dwell_warn 5d, import_dwell_high 9d unless told)
    expect VALUE [HH:MM-HH:MM]; closed dN HH:MM dN HH:MM what is expected of the feed, and when it is excused

Times are local to Asia/Ho_Chi_Minh; d0 is 2 November 2026. The road from port to zone takes at least 75 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

from zones.book import Book, book
from zones.calendar import Duration
from zones.customs import Fact
from zones.episode import Episode
from zones.limits import Law, Limit
from zones.movement import Telling
from zones.report import Report
from zones.subject import BOX, FEED, STAY, BoxFacts, Expected, FeedFacts, Pause, StayFacts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
D0 = datetime(2026, 11, 2, tzinfo=ZONE)
BOX_NUMBER = "ZZDU4839211"
KINDS = {"port": "seaport", "zone": "free_zone"}
CLOCK = r"d(\d+) (\d\d):(\d\d)"
STATEMENT = re.compile(rf"(?P<retract>retract )?{CLOCK} (?P<word>\w+)(?: (?P<agency>\w+))?(?: @(?P<place>\w+))?(?: \(received {CLOCK}\))?$")


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

    @property
    def law(self) -> Law:
        names = {limit.limit for limit in self.limits if limit.valid_from.year == 2026 and limit.valid_from.month == 1}
        basic = {"import_dwell_warn": "5d", "import_dwell_high": "9d"}
        start = datetime(2026, 1, 1, tzinfo=UTC)
        own = [_limit(name, value, start) for name, value in basic.items() if name not in names]
        return Law([*own, *self.limits], ZONE)

    def book(self) -> Book:
        telling = Telling(lambda event: timedelta(hours=2 if event.startswith("gate") else 12), lambda event: {}, {})
        return book(self.reports, (), lambda links: self.facts, lambda place: telling, lambda place: KINDS[place])


def _limit(name: str, value: str, start: datetime) -> Limit:
    return Limit(limit=name, value=Duration.parse(value), valid_from=start, origin="place", citation="an example")


def told(text: str) -> Story:
    """The story that statements tell."""
    story = Story()
    for number, statement in enumerate(part.strip() for part in text.split(";")):
        words = statement.split()
        if words[0] == "limit":
            start = D0 + timedelta(days=int(words[4][1:])) if "from" in words else datetime(2026, 1, 1, tzinfo=UTC)
            story.limits.append(_limit(words[1], words[2], start.astimezone(UTC)))
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
    received = clock(*found.group(8, 9, 10)) if found.group(8) else at
    word = found["word"]
    if word == "receipt":
        story.receipts.append(at)
    elif word in ("hold", "release", "selected", "inspected", "permit"):
        story.facts.append(
            Fact(fact_id=f"f{number}", kind=word, about="equipment", reference=BOX_NUMBER, equipment=BOX_NUMBER, agency=found["agency"],
                 effective_at=at, received_at=received)
        )  # fmt: skip
    else:
        story.reports.append(
            Report(
                report_id=f"r{number}",
                message_id=f"m{number}",
                feed="feed",
                publisher="terminal",
                place=found["place"] or "port",
                equipment=BOX_NUMBER,
                event=word,
                occurred_at=at,
                received_at=received,
                function="cancel" if found["retract"] else "original",
            )
        )


def episodes(rule: ModuleType, story: Story) -> list[Episode]:
    """What the rule finds in the story."""
    if rule.SUBJECT == FEED:
        heard = sorted(set(story.receipts))
        pauses = [Pause(f"receipt{n}", at, heard[n + 1] if n + 1 < len(heard) else None) for n, at in enumerate(heard)]
        facts = FeedFacts("feed", "port", ZONE, pauses, story.expect, story.closed)
        return list(rule.episodes(facts, story.law))
    found = story.book()
    stays = sorted(found.stays.values(), key=lambda stay: (stay.opened_at, stay.stay_id))
    if rule.SUBJECT == BOX:
        return list(rule.episodes(BoxFacts(BOX_NUMBER, stays, {("port", "zone"): timedelta(minutes=75)}), story.law))
    assert rule.SUBJECT == STAY
    return [episode for stay in stays for episode in rule.episodes(StayFacts(stay, found.holds), story.law)]


def examples(rule: ModuleType) -> Iterator[tuple[str, str, str]]:
    """(name, statements, result) of each example."""
    for line in rule.EXAMPLES.strip().splitlines():
        told_as, arrow, result = line.partition("->")
        assert arrow, f"an example without a result: {line!r}"
        name, statements = re.split(r"\s{2,}|(?<=\S) (?=(?:d\d|expect |retract |limit |closed ))", told_as.strip(), maxsplit=1)
        yield name.strip(), statements.strip(), result.strip()


def spelled(found: list[Episode]) -> str:
    """Episodes in the notation of results, without `known`."""
    return (
        ", ".join(f"{_when(e.began_at)}..{_when(e.ended_at) if e.ended_at else ''}" for e in sorted(found, key=lambda e: e.began_at))
        or "none"
    )


def _when(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"d{(local.date() - D0.date()).days} {local:%H:%M}"


def known(found: list[Episode]) -> list[str]:
    """When each episode could be known."""
    return [_when(e.known_at) for e in sorted(found, key=lambda e: e.began_at)]
