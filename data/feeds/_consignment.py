"""A consignment (CNI) of IFTSTA and CUSCAR: what surrounds its boxes, and the bills it is known by."""

from __future__ import annotations

from data.feeds._edifact_envelope import Message, part
from data.feeds._equipment_codes import Reading
from data.feeds._equipment_facts import Facts, gather, outside
from data.feeds._equipment_head import Head

BILLS = ("BM", "AAM", "BH", "MB")  # RFF 1153: bill of lading, waybill, house bill, master bill
_DOCUMENTS = frozenset({"", "BM", "703", "704", "705", "710", "714"})  # CNI 1001 where its number is that of a bill


def consignment(message: Message, reading: Reading, head: Head, texts: list[str]) -> Facts:
    """The facts of one CNI within those of the header. `CNI+1+number:BM` names the bill where no RFF does."""
    cni = message.segments.split(texts[0])
    facts = outside(gather(texts[1:], message.segments.split, reading.left, reading.form.takes), reading.left)
    number = part(cni, 2)[:100]
    if number in bills_of(facts):
        pass
    elif number and not bills_of(facts) and part(cni, 2, 1).upper() in _DOCUMENTS:
        facts.references["BM"] = [number]
    elif number:
        reading.left.segment(cni)
    return facts.within(head.facts)


def bills_of(facts: Facts) -> list[str]:
    """Every bill named, each once."""
    return list(dict.fromkeys(number for qualifier in BILLS for number in facts.references.get(qualifier, ())))
