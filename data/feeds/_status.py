"""The status codes of IFTSTA (STS, element 4405, once 9011: UN/ECE Recommendation 24; X12 element 157 where letters are sent), by meaning.

Only what the project's reading guide names as a movement or a customs fact is one; everything else is information. Codes and text
disagree in real messages (`29:::GATE OUT FULL IMPORT`), so the text is a witness against the code, never for a movement of its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from data.feeds._edifact_envelope import Segment, part
from data.feeds._equipment_codes import Reading, profiled
from data.feeds._equipment_facts import Facts
from data.feeds._equipment_head import Head


class Meaning(NamedTuple):
    """What a code says: an event ("" for none), the customs fact and its words, the LOC that may name the place besides 165, 175, 172."""

    event: str = ""
    fact: str = ""
    words: str = ""
    ports: str = ""


# 12 cleared, 78 released, 17 refused by customs; 13 collected, 21 delivered, 82 returned, 98/99 transferred in and out.
CODES: dict[str, Meaning] = {
    "29": Meaning("discharge", ports="11"), "48": Meaning("load", ports="9"), "28": Meaning("strip"), "93": Meaning("stuff"),
    "13": Meaning("gate_out"), "21": Meaning("gate_in", ports="7"), "82": Meaning("gate_in", ports="99"), "98": Meaning("gate_in"),
    "99": Meaning("gate_out"),
    "12": Meaning(fact="release", words="cleared (12)"), "78": Meaning(fact="release", words="released (78)"),
    "17": Meaning(fact="hold", words="customs refusal (17)"),
    # X12: AE loaded on vessel, UV unloaded from vessel, I in-gate, OA out-gate, CT customs released, CU carrier and customs release.
    "AE": Meaning("load", ports="9"), "UV": Meaning("discharge", ports="11"), "I": Meaning("gate_in"), "OA": Meaning("gate_out"),
    "CT": Meaning(fact="release", words="customs released (CT)"), "CU": Meaning(fact="release", words="carrier and customs release (CU)"),
}  # fmt: skip
OVER_THE_QUAY = ("load", "discharge")
_SAYS = (
    ("gate_in", re.compile(r"\bGATED?[ -]?IN\b|\bIN[ -]?GATE\b")),
    ("gate_out", re.compile(r"\bGATED?[ -]?OUT\b|\bOUT[ -]?GATE\b")),
    ("discharge", re.compile(r"\bDISCHARGED?\b|\bUN-?LOADED (?:FROM )?(?:THE )?VESSEL\b")),
    ("load", re.compile(r"\bLOADED (?:ON|ONTO|ON BOARD|ABOARD)\b")),
    ("stuff", re.compile(r"\bSTUFFED\b")),
    ("strip", re.compile(r"\b(?:STRIPPED|UN-?STUFFED|DE-?VANNED)\b")),
    ("release", re.compile(r"\bCUSTOMS? (?:RELEASED?|CLEARED)\b|\bCLEARED (?:BY )?CUSTOMS\b")),
    ("hold", re.compile(r"\bCUSTOMS? (?:HOLD|REFUS|HELD)")),
)  # fmt: skip
# Words of a sentence about what has not happened.
_NOT_YET = re.compile(r"\b(?:NOT|NO|EXPECTED|ESTIMATED|PLANNED|SCHEDULED|PENDING|AWAITING|READY|TO BE)\b")
# A code of the list and the other words that the same thing is called by.
_ALSO = {
    "13": {"gate_out"}, "21": {"gate_in", "discharge"}, "82": {"gate_in"}, "98": {"gate_in"}, "99": {"gate_out"},
    "CU": {"release"}, "CT": {"release"},
}  # fmt: skip


def status_of(segment: Segment) -> tuple[str, str]:
    """(code, text) of a STS. Some senders leave the status empty and write it where the reason belongs."""
    code = part(segment, 2) or part(segment, 3)
    text = part(segment, 2, 3) or part(segment, 3, 3)
    return code.upper()[:20], text[:100]


def said(text: str) -> frozenset[str]:
    """The events and customs facts that a text speaks of as having happened."""
    text = text.upper()
    return frozenset() if _NOT_YET.search(text) else frozenset(word for word, form in _SAYS if form.search(text))


def contradicted(code: str, meaning: Meaning, text: str) -> str:
    """What the text says that the code does not; "" where they agree or the text says nothing clear."""
    told = said(text)
    agreed = {meaning.event, meaning.fact} | _ALSO.get(code, set())
    return "" if not told or told & agreed else " and ".join(sorted(told))


class Judged(NamedTuple):
    """What one STS says, after its text, the means of transport and the document's function were heard."""

    code: str
    meaning: Meaning
    event: str
    given: str
    why: list[str]


def judged_of(segment: Segment, head: Head, around: Facts, reading: Reading) -> Judged:
    """What is to be made of a status: code and sender profile first, the text and the means of transport as witnesses against it."""
    code, text = status_of(segment)
    shown = " ".join(filter(None, (code, text)))
    profile = profiled(code, (head.sender, head.facts.party("MS")), reading)
    meaning = CODES.get(code, Meaning()) if profile is None else Meaning("" if profile in ("status_only", "unclassified") else profile)
    event, given, why = meaning.event or "other", "live" if meaning.event else "status_only", list(head.why)
    by_land = {c.mode for c in around.carriages}
    if profile is None and (other := contradicted(code, meaning, text)):
        meaning, event, given, why = Meaning(), "other", "unclassified", [f"contradicted: {shown}, the text speaks of {other}", *why]
    elif profile == "unclassified" or not code:
        event, given, why = "other", "unclassified", [f"unknown_code: {shown}", *why]
    elif event in OVER_THE_QUAY and by_land and by_land <= {"truck", "rail"}:
        event, given, why = "other", "status_only", [f"status_code: {shown}, {' and '.join(sorted(by_land))}", *why]
    elif given == "status_only":
        why = [f"status_code: {shown}", *why]
    if head.given == "unclassified":
        meaning, event, given = Meaning(), "other", "unclassified"
    elif head.given == "test" or given == "live":
        given = head.given
    return Judged(code, meaning, event, given, why)
