"""The world as declared: all places and all law, in one value that is handed in everywhere.

`World.build` takes the texts of the declarations and gives the world, or every mistake in every file at once. `data.declared` reads the
files; nothing here does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from zones import by_hand
from zones import folder as folders
from zones import jurisdiction as law_files
from zones._declare import BadDeclaration, BadDeclarations, Written, nearest, neighbour
from zones.calendar import Calendar
from zones.folder import Folder, Parsed
from zones.goods import NOTHING, Goods
from zones.hs import HsList
from zones.jurisdiction import Jurisdiction
from zones.limits import Law
from zones.place import Area, Feed, Place
from zones.rules import amount
from zones.way import Way

__all__ = ["BadDeclaration", "BadDeclarations", "File", "Folder", "LimitsText", "World"]

_LOCODE = re.compile(r"[A-Z]{2}[A-Z0-9]{3}")
_OFTEN = 10_000
Complaint = Callable[[str, Mapping[str, Any]], str]  # what is wrong with a feed's `source` and `fetch`, "" if nothing is


@dataclass(frozen=True, slots=True)
class LimitsText:
    """The text of one file of limits. Of two for one jurisdiction that of the higher layer counts. `beside`: the lists in its folder, file
    name -> text, or None of one that cannot be read: that matters only where it is named."""

    path: str
    text: str
    layer: int = 0
    beside: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """One declaration in force. `kind`: place, areas, limits or hs; `id`: of the place or the jurisdiction."""

    kind: str
    id: str
    path: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class _Law:
    """What came of a text of limits."""

    text: LimitsText
    jurisdiction: Jurisdiction | None
    written: Written[Any]

    @property
    def id(self) -> str:
        return _said(self.written, "jurisdiction") or self.text.path

    @property
    def layer(self) -> int:
        return self.text.layer

    @property
    def file(self) -> str:
        return self.text.path

    @property
    def faults(self) -> list[BadDeclaration]:
        return self.written.faults


One = TypeVar("One", _Law, Parsed)


class World:
    """Places, jurisdictions and what follows from them. Frozen by convention: nothing in it is changed after `build`."""

    def __init__(self, places: Iterable[Place], jurisdictions: Iterable[Jurisdiction], files: Iterable[File] = ()) -> None:
        self.places: Mapping[str, Place] = {place.id: place for place in sorted(places, key=lambda p: p.id)}
        self.jurisdictions: Mapping[str, Jurisdiction] = {j.id: j for j in sorted(jurisdictions, key=lambda j: j.id)}
        self.files = tuple(sorted(files, key=lambda f: (f.kind, f.id)))
        self.version = hashlib.sha256("\n".join(f"{f.kind} {f.id} {f.sha256}" for f in self.files).encode()).hexdigest()
        self.feeds: tuple[Feed, ...] = tuple(feed for place in self.places.values() for feed in place.feeds)
        self.hands: tuple[Feed, ...] = tuple(place.hand for place in self.places.values())
        self._feeds = {feed.id: feed for feed in (*self.feeds, *self.hands)}
        self._laws = {place.id: _law(place, self.jurisdictions.get(place.jurisdiction)) for place in self.places.values()}
        self._codes = {code: found for code, found in _codes(self.places.values())}
        self._resolved: dict[str, tuple[str, str] | None] = {}
        self._declared: World | None = None

    @classmethod
    def build(
        cls,
        places: Iterable[Folder],
        limits: Iterable[LimitsText],
        formats: Mapping[str, frozenset[str]] | None = None,
        complaint: Complaint | None = None,
    ) -> World:
        """The world of these texts. `formats`: the known feed formats and the kinds each speaks for by default; None: any will do.
        `complaint`: says what is wrong with a feed's source; None: any will do.

        Errors: BadDeclarations with all mistakes of all files.
        """
        faults: list[BadDeclaration] = []
        laws = _last((_Law(text, *law_files.parse(text.path, text.text, text.beside)) for text in limits), "jurisdiction", faults)
        parsed = _last((folders.parse(folder) for folder in places), "id", faults)
        _look_across(parsed, {law.id: law.jurisdiction for law in laws}, formats, complaint)
        every: list[_Law | Parsed] = [*laws, *parsed]
        for each in every:
            _look_at_amounts(each.written)
        faults += [fault for one in every for fault in one.faults]
        if faults:
            raise BadDeclarations(faults)
        built = [one.place(formats) for one in parsed]
        if clashing := list(_clashing_codes(built, parsed)):
            raise BadDeclarations(clashing)
        files = [file for one in every for file in _files(one)]
        return cls(built, [law.jurisdiction for law in laws if law.jurisdiction], files)

    def under(self, laws: Mapping[str, Law], version: str = "") -> World:
        """The same places under other laws (place -> law; the others keep theirs). `version`: of what made them other; "" is no other."""
        other = copy(self)
        other._laws = {**self._laws, **laws}
        other._declared = self.declared
        other.version = hashlib.sha256(f"{self.version} {version}".encode()).hexdigest() if version else self.version
        return other

    @property
    def declared(self) -> World:
        """The world as its files declare it."""
        return self._declared or self

    def place(self, id: str) -> Place:
        """The place of that id. Errors: KeyError."""
        return self.places[id]

    def feed(self, id: str) -> Feed:
        """The feed of that id, a declared one or what is recorded by hand at a place. Errors: KeyError."""
        return self._feeds[id]

    def place_of(self, feed: str) -> Place:
        """The place a feed belongs to. Errors: KeyError."""
        return self.places[self._feeds[feed].place]

    def law(self, place: str) -> Law:
        """The law of a place. Errors: KeyError."""
        return self._laws[place]

    def hs_list(self, place: str) -> HsList | None:
        """The HS codes that the jurisdiction of a place lists; None where it lists none. Errors: KeyError."""
        jurisdiction = self.jurisdictions.get(self.places[place].jurisdiction)
        return jurisdiction.hs if jurisdiction else None

    def resolve(self, codes: str) -> tuple[str, str] | None:
        """The place, and its terminal or "", that a message names by one or several codes (blank-separated, most specific first).

        The longest declared code that matches: LOCODE:TERMINAL matches itself, and the LOCODE alone where the terminal is not declared.
        None if no code is declared anywhere.
        """
        if codes not in self._resolved:
            if len(self._resolved) >= _OFTEN:
                self._resolved.clear()
            self._resolved[codes] = self._resolve(codes.upper().split())
        return self._resolved[codes]

    def _resolve(self, given: Sequence[str]) -> tuple[str, str] | None:
        matching = [code for named in given for code in (named, named.partition(":")[0]) if code in self._codes]
        if not matching:
            return None
        place, area = self._codes[max(matching, key=len)]
        if area is None:
            parts = (part for named in given for part in (named, named.partition(":")[2]) if part)
            area = next((found for part in parts if (found := place.area(part))), None)
        return place.id, place.terminal_of(area.id) if area else ""


def _law(place: Place, jurisdiction: Jurisdiction | None) -> Law:
    calendars: Mapping[str, Calendar] = jurisdiction.calendars if jurisdiction else {}
    own = (replace(limit, by_calendar=calendars.get(limit.calendar)) for limit in place.limits)
    every = (*own, *(jurisdiction.limits(place.zone, place.kind) if jurisdiction else ()))
    ways = {road.to: road.way for road in place.travel if road.way != Way()}
    said = jurisdiction.goods if jurisdiction else NOTHING
    goods = Goods(said.statuses, said.watch, place.operators)
    return Law(every, place.zone, calendars, place.rules_off, ways, place.required, goods)


def _codes(places: Iterable[Place]) -> Iterator[tuple[str, tuple[Place, Area | None]]]:
    """The codes by which messages name places and terminals. An area's code of another shape is good only within its place."""
    for place in places:
        for area in place.areas:
            for code in area.codes:
                whole = area.kind in ("boundary", "terminal", "warehouse") and _LOCODE.fullmatch(code)
                if ":" in code or whole:
                    yield code, (place, area)
        for code in place.codes:
            yield code, (place, next((area for area in place.areas if code in area.codes), None))


def _clashing_codes(places: Sequence[Place], parsed: Sequence[Parsed]) -> Iterator[BadDeclaration]:
    owner: dict[str, str] = {}
    for one, place in zip(parsed, places, strict=True):
        for code, _ in _codes([place]):
            first = owner.setdefault(code, place.id)
            if first != place.id:
                written = one.written
                key = "codes" if ("codes",) in written.lines else "unlocode"
                yield BadDeclaration(written.file, written.line((key,)), key, f"{code} already names {first!r}")


def _last(ones: Iterable[One], key: str, faults: list[BadDeclaration]) -> list[One]:
    """Of those with one id the one of the highest layer; two of the same layer are a mistake."""
    kept: dict[str, One] = {}
    for one in ones:
        before = kept.get(one.id)
        if before is not None and before.layer == one.layer:
            faults.append(BadDeclaration(one.file, one.written.line((key,)), key, f"{one.id!r} is declared in {before.file} too"))
        if before is None or before.layer <= one.layer:
            kept[one.id] = one
    return list(kept.values())


def _said(written: Written[Any], key: str) -> str | None:
    """What a file says in a top-level field, even where the rest is wrong."""
    said = written.data.get(key) if isinstance(written.data, dict) else None
    return None if said is None else str(said)


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _look_across(
    parsed: Sequence[Parsed],
    laws: Mapping[str, Jurisdiction | None],
    formats: Mapping[str, frozenset[str]] | None,
    complaint: Complaint | None,
) -> None:
    """What one file cannot know of another."""
    feeds = {_key(by_hand.feed_of(one.id)): f"what is recorded by hand at {one.id!r}" for one in parsed}
    for one in parsed:
        written, data = one.written, one.written.data if isinstance(one.written.data, dict) else {}
        for i, feed in enumerate(_listed(data.get("feeds"))):
            if isinstance(feed, dict) and "id" in feed:
                _look_at_feed(one, i, feed, feeds, formats)
        # Only of feeds whose form is right: one mistake is told once.
        for i, sound in enumerate(one.written.form.feeds if one.written.form and complaint else ()):
            if complaint and (wrong := complaint(sound.source, sound.fetch)):
                one.written.fault(("feeds", i, "fetch" if wrong.startswith("fetch") else "source"), wrong)
        for i, road in enumerate(_listed(data.get("travel"))):
            to = road.get("to") if isinstance(road, dict) else None
            known = {str(other.id) for other in parsed if other is not one}
            if to is not None and str(to) not in known:
                written.fault(("travel", i, "to"), f"{to!r} is not another declared place{nearest(str(to), known)}")
        jurisdiction = _said(written, "jurisdiction")
        if jurisdiction is not None and jurisdiction not in laws:
            written.fault(("jurisdiction",), f"no file of limits declares {jurisdiction!r}{nearest(jurisdiction, laws)}")
        found = laws.get(jurisdiction or "")
        for i, limit in enumerate(written.form.limits if written.form and found else ()):
            for message in law_files.calendar_faults(limit.value, limit.calendar, found.calendars if found else {}):
                written.fault(("limits", i, "calendar"), message)


def _look_at_amounts(written: Written[Any]) -> None:
    """A limit is in the unit that the rule takes it in that goes by it."""
    for i, limit in enumerate(written.form.limits if written.form else ()):
        try:
            amount(limit.limit, str(limit.value))
        except ValueError as error:
            written.fault(("limits", i, "value"), f"{limit.limit}: {error}")


def _look_at_feed(
    one: Parsed, i: int, feed: Mapping[str, Any], feeds: dict[str, str], formats: Mapping[str, frozenset[str]] | None
) -> None:
    written, id, name = one.written, str(feed.get("id")), feed.get("format")
    # Credentials are found by the id in capitals with other characters as "_", so ids that differ only there cannot be told apart.
    first = feeds.setdefault(_key(id), f"{id!r} in {written.file}")
    if first != f"{id!r} in {written.file}" or any(isinstance(f, dict) and str(f.get("id")) == id for f in written.data["feeds"][:i]):
        written.fault(("feeds", i, "id"), f"{id!r} is not unique: there is {first}")
    if " ".join(str(feed.get("publisher")).casefold().split()) == by_hand.BY_HAND:
        written.fault(("feeds", i, "publisher"), f"{by_hand.BY_HAND!r} is what people record from paper, and no source's name")
    if str(name) == by_hand.FORMAT:
        written.fault(("feeds", i, "format"), f"{name!r} is what people record by hand: every place has it, and nobody declares it")
    if formats is not None and name is not None and str(name) not in formats:
        written.fault(("feeds", i, "format"), f"{name!r} is not a known format{nearest(str(name), formats)}")


def _key(feed: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", feed.upper())


def _files(one: _Law | Parsed) -> Iterator[File]:
    main = one.written
    texts = [("limits" if isinstance(one, _Law) else "place", main.file, main.text)]
    if isinstance(one, Parsed) and one.shapes:
        texts.append(("areas", one.shapes.file, one.shapes.text))
    if isinstance(one, _Law) and (listed := one.written.form.hs if one.written.form else None):
        name = listed.codes
        texts.append(("hs", neighbour(main.file, name), one.text.beside[name] or ""))
    for kind, path, text in texts:
        yield File(kind, one.id, path, hashlib.sha256(text.encode()).hexdigest(), text)
