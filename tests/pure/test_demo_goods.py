"""The goods in the demo zone: reading their books finds what is planted and nothing else, and they agree with the boxes."""

from __future__ import annotations

from collections import Counter

from data.demo.goods import told
from data.demo.goods.ledger import kept
from tests.pure.demo_goods import OF_GOODS, PLACE, entries, found, live, lot, moments, operator, operators, pools, visits
from tests.pure.demo_told import ENDING, everything, expected, files, plan, world
from zones.asking import asked_of_goods
from zones.entry import ACTS, CUSTOMS
from zones.line import faults


def test_reading_the_books_finds_the_planted_offences_and_nothing_else() -> None:
    lots = {one for pool in pools() for one in found(lot(pool, ENDING), ENDING)}
    keepers = {one for name in operators() for one in found(operator(name, ENDING), ENDING)}
    assert lots | keepers == expected(*OF_GOODS)
    planted = Counter(rule for rule, *_ in expected(*OF_GOODS))
    assert all(planted[rule] >= 5 for rule in OF_GOODS), planted


def test_no_mistake_of_a_clerk_is_an_offence_until_it_is_put_right() -> None:
    """Neither late nor wrong lines, nor those entered twice, make an alert that would have to be taken back."""
    allowed = {(rule, subject) for rule, subject, *_ in expected(*OF_GOODS)}
    wrong = set()
    for pool, lines in pools().items():
        for known, following in moments(lines, ENDING):
            wrong |= {(rule, subject, known) for rule, subject, *_ in found(lot(pool, known), following) if (rule, subject) not in allowed}
    for name in operators():
        for known, following in moments((entry for entry in entries() if entry.operator == name and entry.counted), ENDING):
            wrong |= {(rule, subj, known) for rule, subj, *_ in found(operator(name, known), following) if (rule, subj) not in allowed}
    assert not wrong


def test_the_books_hold_what_happened() -> None:
    """Every lot has in the operator's book what is left of it, by lines that say nothing odd, and each book says the same."""
    ledger = kept(plan())
    statuses = [status.id for status in world().law(PLACE).goods.statuses]
    odd = [entry.source_id for entry in live(entries()) if faults(entry, statuses)]
    assert not odd
    heard = {said for file in files() if file.feed in told.FEEDS and file.feed != told.CUSTOMS for said in file.says}
    left: Counter[tuple[str, str]] = Counter()
    for day in range(-80, ledger.plan.index(ENDING) + 1):
        for one in ledger.lots(day):
            last = next((line for line in reversed(one.lines) if told.key(line) in heard and line.balance is not None), None)
            left[one.operator.lower(), one.subject.rpartition("/")[2]] += last.balance or 0 if last else 0
    planted = {subject for rule, subject, *_ in expected(*OF_GOODS) if rule in ("negative_stock", "withdrawal_not_traceable_to_admission")}
    for pool in pools():
        facts = lot(pool, ENDING)
        if facts.key not in planted:
            assert sum(layer.quantity for layer in facts.account.layers) == left[pool] * 1000, facts.key


def test_goods_come_and_go_with_their_boxes() -> None:
    inside = {(box, came) for box, stays in visits().items() for came, _ in stays}
    gone = {(box, left) for box, stays in visits().items() for _, left in stays}
    for entry in live(entries()):
        if entry.equipment and entry.act in ("admission", "withdrawal") and entry.at > plan().origin and entry.book != CUSTOMS:
            assert (entry.equipment, entry.at) in (inside if entry.act == "admission" else gone), entry


def test_everything_that_a_book_may_tell_is_told() -> None:
    assert {entry.act for entry in entries()} >= {*ACTS} - {"reconciliation"}
    assert {entry.function for entry in entries()} == {"original", "cancel"}
    assert {file.fault for file in files() if file.feed in told.FEEDS} >= {"wrong, put right later"}
    assert len(everything().entries) > 1500


def test_no_alert_of_goods_names_an_operator_by_his_code() -> None:
    law = world().law(PLACE)
    asked = (one for pool in pools() for one in asked_of_goods(lot(pool, ENDING), lambda _: law))
    told = [spell.because for _, _, _, spells in asked for spell in spells]
    assert {because.key for because in told} >= {"processing_yield_out_of_band", "risk_goods_in_risk_regime"}
    names = [because.values["operator"] for because in told if "operator" in because.values]
    assert names
    assert all(name["t"] == "names" and {"en", "vi", "zh"} <= {*name["v"]} for name in names), names[:3]
