"""The fold of a goods ledger: what is there adds up, whatever is told, and what is taken is traced to what let it in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from zones.entry import ACTS, Entry, in_turn, standing
from zones.ledger import BEFORE_ADMISSION, EMPTY, EXCEEDS_BALANCE, FIFO, NOT_TRACED, UOM_DIFFERS, ZONE_LOT, Account, fold, step
from zones.lot import lot_facts
from zones.uom import ratio

START = datetime(2026, 11, 2, tzinfo=UTC)
KG = 1_000_000


def line(number: int, act: str, quantity: float | None = None, **said: object) -> Entry:
    """A line an hour after the one before, of lot L1 in kilograms."""
    at = START + timedelta(hours=number)
    told = {"lot": "L1", "uom": "KGM", **said}
    amount = None if quantity is None else round(quantity * KG)
    return Entry(f"e{number:03}", act, at, at, "zone", "O1", quantity=amount, message_id=f"m{number}", **told)  # type: ignore[arg-type]


def folded(*entries: Entry, method: str = ZONE_LOT):
    return fold(entries, lambda at: method)


def there(account: Account) -> dict[tuple[str, str, str], int]:
    """(lot, owner, status) -> what is there, in millionths."""
    found: dict[tuple[str, str, str], int] = {}
    for layer in account.layers:
        key = layer.lot, layer.owner, layer.status
        found[key] = found.get(key, 0) + layer.quantity
    return found


def test_what_leaves_is_traced_to_what_let_it_in() -> None:
    account, done = folded(line(0, "admission", 100), line(1, "admission", 50), line(2, "withdrawal", 120))
    assert there(account) == {("L1", "", ""): 30 * KG}
    assert [(trace.source, trace.quantity) for trace in done["e002"].traces] == [("e000", 100 * KG), ("e001", 20 * KG)]
    assert not done["e002"].faults


def test_first_in_first_out_goes_by_item_and_zone_lot_by_lot() -> None:
    told = [
        line(0, "admission", 10, lot="A", item="X"),
        line(1, "admission", 10, lot="B", item="X"),
        line(2, "withdrawal", 12, lot="B", item="X"),
    ]
    by_lot, done = folded(*told)
    assert there(by_lot) == {("A", "", ""): 10 * KG, ("B", "", ""): -2 * KG}
    assert done["e002"].faults == (EXCEEDS_BALANCE, NOT_TRACED)
    in_first_out, done = folded(*told, method=FIFO)
    assert there(in_first_out) == {("B", "", ""): 8 * KG}
    assert [trace.source for trace in done["e002"].traces] == ["e000", "e001"]


def test_below_zero_cannot_hide_and_the_next_admission_fills_it() -> None:
    account, done = folded(line(0, "withdrawal", 5))
    assert there(account) == {("L1", "", ""): -5 * KG}
    assert done["e000"].faults == (BEFORE_ADMISSION, NOT_TRACED)
    account, _ = folded(line(0, "withdrawal", 5), line(1, "admission", 8))
    assert there(account) == {("L1", "", ""): 3 * KG}
    assert [layer.quantity for layer in account.layers] == [3 * KG]


def test_units_are_converted_and_what_does_not_convert_is_below_zero_in_its_own() -> None:
    account, done = folded(line(0, "admission", 1, uom="TNE"), line(1, "withdrawal", 250))
    assert there(account) == {("L1", "", ""): 750_000}
    assert not done["e001"].faults
    account, done = folded(line(0, "admission", 1000), line(1, "withdrawal", 3, uom="H87"))
    assert {layer.uom: layer.quantity for layer in account.layers} == {"KGM": 1000 * KG, "H87": -3 * KG}
    assert UOM_DIFFERS in done["e001"].faults


def test_an_owner_a_status_and_an_area_change_without_a_change_of_stock() -> None:
    told = [
        line(0, "admission", 100, owner="A", status="bonded", area="W1"),
        line(1, "transfer", 40, owner="A", to_owner="B"),
        line(2, "manipulation", None, owner="B", to_status="domestic", to_area="W2"),
    ]
    account, _ = folded(*told)
    assert there(account) == {("L1", "A", "bonded"): 60 * KG, ("L1", "B", "domestic"): 40 * KG}
    assert {layer.source for layer in account.layers} == {"e000"}


def test_a_count_finds_and_changes_nothing() -> None:
    account, done = folded(line(0, "admission", 100), line(1, "count", 97))
    assert there(account) == {("L1", "", ""): 100 * KG}
    assert done["e001"].expected == 100 * KG


def test_weights_and_values_leave_with_the_quantity_and_the_last_takes_the_rest() -> None:
    told = [line(0, "admission", 3, net_mg=1000, value=100), *(line(n, "withdrawal", 1) for n in (1, 2, 3))]
    account, done = folded(*told)
    assert account.layers == ()
    taken = [done[f"e00{n}"].postings[0] for n in (1, 2, 3)]
    assert [-posting.net_mg for posting in taken] == [333, 333, 334]
    assert sum(posting.value for posting in taken) == -100


def test_the_book_s_own_balance_is_compared() -> None:
    _, done = folded(line(0, "admission", 100, balance=100 * KG), line(1, "withdrawal", 30, balance=71 * KG))
    assert not done["e000"].faults
    assert done["e001"].faults == ("balance_differs",)


AREAS, OWNERS, STATUSES = st.sampled_from(["", "W1", "W2"]), st.sampled_from(["", "A", "B"]), st.sampled_from(["", "bonded", "domestic"])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(ACTS),
            "side": st.sampled_from(["", "sent", "received", "input", "output", "scrap"]),
            "lot": st.sampled_from(["L1", "L2"]),
            "item": st.sampled_from(["", "X"]),
            "uom": st.sampled_from(["KGM", "TNE", "LBR", "H87", "?"]),
            "quantity": st.one_of(st.none(), st.integers(-50 * KG, 900 * KG)),
            "net_mg": st.one_of(st.none(), st.integers(0, 10**9)),
            "value": st.one_of(st.none(), st.integers(0, 10**9)),
            **dict.fromkeys(("owner", "to_owner"), OWNERS),
            **dict.fromkeys(("status", "to_status"), STATUSES),
            **dict.fromkeys(("area", "to_area"), AREAS),
            "after": st.integers(0, 3),
        }
    ),
    max_size=14,
)


def told(lines: list[dict]) -> list[Entry]:
    found, at = [], START
    for n, said in enumerate(lines):
        at += timedelta(hours=said["after"])
        own = {name: value for name, value in said.items() if name not in ("act", "after")}
        found.append(Entry(f"e{n:03}", said["act"], at, at, "zone", "O1", message_id=f"m{n}", **own))
    return found


@given(LINES, st.sampled_from([ZONE_LOT, FIFO]))
def test_what_is_posted_is_what_is_there(lines: list[dict], method: str) -> None:
    """Whatever is told: the postings of all lines sum to the layers, to the last millionth, milligram and ten-thousandth."""
    account, done = folded(*told(lines), method=method)
    sums: dict[tuple, list[int]] = {}
    for posted in done.values():
        for posting in posted.postings:
            own = sums.setdefault((*posting.layer.place_in_line, posting.layer.uom), [0, 0, 0, 0])
            for n, figure in enumerate((posting.quantity, posting.gross_mg, posting.net_mg, posting.value)):
                own[n] += figure
    layers = {(*layer.place_in_line, layer.uom): [layer.quantity, layer.gross_mg, layer.net_mg, layer.value] for layer in account.layers}
    assert {key: own for key, own in sums.items() if any(own)} == {key: own for key, own in layers.items() if any(own)}


@given(LINES, st.sampled_from([ZONE_LOT, FIFO]))
def test_a_fold_step_by_step_is_the_fold(lines: list[dict], method: str) -> None:
    entries = told(lines)
    whole, done = folded(*entries, method=method)
    account = EMPTY
    for entry in sorted(entries, key=in_turn):
        account, posted = step(account, entry, method)
        assert posted == done[entry.entry_id]
    assert account == whole


@given(LINES)
def test_what_every_line_does_to_the_stock_is_what_it_says(lines: list[dict]) -> None:
    """In one unit: what is there is what came in less what went out; nothing is lost to what was not there."""
    entries = [entry for entry in told([{**said, "uom": "KGM", "quantity": abs(said["quantity"] or 0)} for said in lines])]
    account, _ = folded(*entries)
    assert sum(layer.quantity for layer in account.layers) == sum(entry.effect * (entry.quantity or 0) for entry in entries)


@given(LINES)
def test_a_lot_is_there_from_when_it_came_until_it_is_gone(lines: list[dict]) -> None:
    facts = lot_facts(("zone", "O1", "L1"), UTC, None, told(lines))
    now = {(*layer.place_in_line, layer.uom) for layer in facts.account.layers if layer.quantity > 0}
    assert {(*one.layer.place_in_line, one.layer.uom) for one in facts.presences if one.until is None} == now
    below = {(*layer.place_in_line, layer.uom) for layer in facts.account.layers if layer.quantity < 0}
    assert {(*one.layer.place_in_line, one.layer.uom) for one in facts.deficits if one.until is None} == below
    assert all(one.until is None or one.since <= one.until for one in (*facts.presences, *facts.deficits))


def test_a_line_told_again_counts_once_and_the_latest_version_stands() -> None:
    first, again = line(0, "admission", 5), line(0, "admission", 5)
    twice = [first, Entry(**{name: getattr(again, name) for name in Entry.__struct_fields__} | {"entry_id": "e9", "message_id": "m9"})]
    assert standing(twice, {}) == {"e000": "live", "e9": "repeated"}
    versions = [
        line(1, "admission", 5, source_id="s1", publisher="p"),
        line(2, "admission", 6, source_id="s1", publisher="p", lot="L2"),
    ]
    assert standing(versions, {}) == {"e001": "superseded", "e002": "live"}
    assert standing([line(1, "admission", 5), line(1, "admission", 5, function="cancel")], {})["e001"] == "retracted"


def test_a_pound_is_a_pound() -> None:
    assert ratio("LBR", "KGM") == Fraction("0.45359237")
    account, _ = folded(line(0, "admission", 3, uom="LBR"), *(line(n, "withdrawal", 1, uom="LBR") for n in (1, 2, 3)))
    assert account.layers == ()
