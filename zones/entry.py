"""A line of a goods ledger: what one book says happened to goods in a zone, and what that does to the stock.

Two books are kept of the same goods: the operator's, which he declares, and the supervisor's own, of what customs authorised (a line of it
takes effect when the box that it names moves). A line is never edited; what its writer corrects or takes back is told again.

    admission       goods came into the zone                                                    +
    withdrawal      goods left it under a permit                                                -
    return          goods that were withdrawn came back                                         +
    transfer        to another owner; or, in two lines, `sent` to another zone or operator and `received` there
    manipulation    sorted, packed, labelled, moved, given another status; in several lines: `input` of one lot, `output` of another
    manufacture     `input`, `output` and `scrap` of one process
    destruction     goods were destroyed                                                        -
    adjustment      the book was put right, up or down: its quantity has a sign
    count           so much was found. It moves nothing: what is missing or over is a finding, and only an adjustment changes the book
    reconciliation  the books of a year were reconciled and reported; of no lot
    stuff, strip    goods went into a box, or came out of one: where they are, not how many

Quantities are millionths of their unit, weights milligrams, values ten-thousandths of their currency (the finest minor unit of ISO 4217):
integers that sum exactly. They are read from decimal text and never pass through a float.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from zones.report import Version, latest
from zones.report import in_turn as by_version

ACTS = (
    "admission", "withdrawal", "return", "transfer", "manipulation", "manufacture", "destruction", "adjustment", "count",
    "reconciliation", "stuff", "strip",
)  # fmt: skip
SIDES = ("", "sent", "received", "input", "output", "scrap")
BOOKS = OPERATOR, CUSTOMS = "operator", "customs"
COUNTS = ("", "full", "cycle")
QUANTITY, WEIGHT, MONEY = 6, 6, 4  # decimal places kept of a quantity, of a weight in kilograms, of a value

_EFFECT = {
    ("admission", ""): 1,
    ("return", ""): 1,
    ("transfer", "received"): 1,
    ("manipulation", "output"): 1,
    ("manufacture", "output"): 1,
    ("adjustment", ""): 1,
    ("withdrawal", ""): -1,
    ("transfer", "sent"): -1,
    ("manipulation", "input"): -1,
    ("manufacture", "input"): -1,
    ("destruction", ""): -1,
}
_ORDER = {act: n for n, act in enumerate((
    "admission", "return", "transfer", "strip", "manipulation", "manufacture", "adjustment", "count", "stuff", "destruction", "withdrawal",
))}  # fmt: skip
_SIDE_ORDER = {"received": 0, "": 1, "input": 1, "scrap": 2, "output": 3, "sent": 4}


class Entry(Struct, frozen=True, gc=False):
    """One line as kept. Texts "" and figures None where not told. `at`: when it happened, in UTC; of what is dated by the day the local
    midnight that begins the day.

    `owner`, `status`, `area`: whose, under which regime, where; `to_...`: from then on, where the line changes it. `lot` is the zone lot,
    `item` the owner's own number of the goods, by which fungible goods are pooled. `process` binds the lines of one process, `counted` says
    of what kind a count is (COUNTS), `balance` is what the writer's own book says is left after the line. `equipment` is the box in which
    the goods came, went, were packed or were unpacked.
    """

    entry_id: str
    act: str  # ACTS
    at: datetime
    received_at: datetime
    place: str
    operator: str
    side: str = ""  # SIDES
    book: str = OPERATOR
    lot: str = ""
    item: str = ""
    description: str = ""
    hs: str = ""
    hs_edition: str = ""
    quantity: int | None = None  # millionths of `uom`
    uom: str = ""  # unit of measure: UN/ECE Recommendation 20
    gross_mg: int | None = None
    net_mg: int | None = None
    value: int | None = None  # ten-thousandths of `currency`
    currency: str = ""  # ISO 4217
    origin: str = ""  # ISO 3166-1 alpha-2
    status: str = ""
    to_status: str = ""
    owner: str = ""
    to_owner: str = ""
    to_place: str = ""
    area: str = ""
    to_area: str = ""
    declaration: str = ""
    permit: str = ""
    process: str = ""
    operation: str = ""  # what was done, in the writer's words: relabelled, assembled
    equipment: str = ""
    counted: str = ""
    balance: int | None = None  # millionths of `uom`
    remark: str = ""
    precision: str = "minute"
    publisher: str = ""
    feed: str = ""
    message_id: str = ""
    source_id: str = ""
    updated_at: datetime | None = None
    function: str = "original"  # original | cancel
    turn: int = 0  # of lines that say the same in one message, which: two pallets alike are two

    @property
    def effect(self) -> int:
        """What its quantity does to the stock of its lot: 1, -1 or 0. An adjustment's own sign counts besides."""
        return _EFFECT.get((self.act, self.side), 0)

    @property
    def earliest(self) -> datetime:
        """The earliest instant that its time may mean."""
        return self.at

    @property
    def latest(self) -> datetime:
        """The latest instant that its time may mean: what is dated by the day stands for its whole day."""
        return self.at + timedelta(hours=23, minutes=59, seconds=59) if self.precision == "day" else self.at

    @property
    def report_id(self) -> str:
        """What proves it, as of any other piece of evidence."""
        return self.entry_id


def in_turn(entry: Entry) -> tuple[datetime, int, int, str]:
    """The order of lines: by time; at equal times what comes in before what is done with it before what goes out; then by id."""
    return entry.at, _ORDER.get(entry.act, 5), _SIDE_ORDER.get(entry.side, 1), entry.entry_id


LIVE, REPEATED, SUPERSEDED, RETRACTED = "live", "repeated", "superseded", "retracted"
_OWN = ("entry_id", "received_at", "message_id", "feed", "function", "updated_at", "source_id", "remark")
_says: Callable[[Entry], tuple[object, ...]] = attrgetter(*(name for name in Entry.__struct_fields__ if name not in _OWN))


def standing(entries: Sequence[Entry], alone: Mapping[str, str], others: Iterable[Entry] = ()) -> dict[str, str]:
    """What each line counts as: live, superseded, retracted or repeated, or why it does not count by itself (`alone`, by id).

    Of the versions of a line to which its writer gave a number the latest stands (zones.report.latest); `others` are further versions, told
    of other lots. Without a number a line told again word for word, in another message, is the same line: the telling received first
    stands. A line taken back without a number takes back one that says the same.
    """
    status = {entry.entry_id: alone.get(entry.entry_id, LIVE) for entry in entries}
    live = [entry for entry in entries if status[entry.entry_id] == LIVE]
    told = Counter((entry.publisher, entry.source_id) for entry in (*live, *others) if entry.source_id)
    several = {key for key, times in told.items() if times > 1}  # as a rule none: a line that was told once is not compared
    stands = latest(_version(entry) for entry in (*live, *others) if (entry.publisher, entry.source_id) in several)
    alike: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in live:
        if entry.source_id and (entry.publisher, entry.source_id) not in several:
            status[entry.entry_id] = RETRACTED if entry.function == "cancel" else LIVE
        elif entry.source_id:
            version = stands[entry.publisher, entry.source_id]
            own = by_version(version) == by_version(_version(entry))
            status[entry.entry_id] = RETRACTED if version.cancel else LIVE if own else SUPERSEDED
        else:
            alike[_says(entry)].append(entry)
    for same in alike.values():
        if len(same) > 1 or same[0].function == "cancel":
            back = any(entry.function == "cancel" for entry in same)
            first = min(same, key=lambda entry: (entry.received_at, entry.entry_id))
            status.update({entry.entry_id: RETRACTED if back else LIVE if entry is first else REPEATED for entry in same})
    return status


def _version(entry: Entry) -> Version:
    cancel = entry.function == "cancel"
    return Version(entry.publisher, entry.source_id, entry.message_id, entry.updated_at, entry.received_at, cancel, _says(entry))
