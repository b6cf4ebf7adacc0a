"""How the events of a file of EPCIS are read, and what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.feeds._dcsa_take import LONG, Bad, Counted
from data.feeds._when import Times


@dataclass(slots=True)
class Reading:
    """How the events of a file are read, and what is left of them."""

    clock: Times
    sites: Mapping[str, tuple[str, str]]  # canonical URI -> code of the place, area
    parties: Mapping[str, str]  # canonical URI -> name in the ledger
    documents: Mapping[str, str]  # type of a business transaction -> declaration | permit
    fields: Mapping[str, str]  # name of an extension -> field
    qualified: bool
    left: Counted
    seen: dict[str, str] = field(default_factory=dict)  # id of an event -> its hash; of so many events, for a file may be of any size


def kept(name: str, text: str) -> str:
    """A text that is short enough to be kept. Raises Bad."""
    if len(text) > LONG:
        raise Bad("long_text", f"{name} has {len(text)} characters")
    return text
