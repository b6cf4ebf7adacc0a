"""How alerts about goods name whoever keeps the ledger: by his name where the place declares one, else as the ledger calls him."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests import story
from zones.rules import rules

GOODS = [rule for rule in rules().values() if set(rule.SUBJECT.replace("|", " ").split()) & {"lot", "operator"}]


@pytest.mark.parametrize("rule", GOODS, ids=lambda rule: rule.__name__.rpartition(".")[2])
def test_the_sentence_of_a_rule_about_goods_names_the_operator_as_the_place_declares_him(rule: ModuleType) -> None:
    told = [said for _, said, result in story.examples(rule) if result]
    declared = [said if "operator" in said else f"operator; {said}" for said in told]
    named = [episode.because.values["operator"] for said in declared for episode in story.episodes(rule, story.told(said))]
    assert named
    assert all(one == {"t": "names", "v": {"en": "Demo Store"}} for one in named)


def test_one_who_is_not_declared_is_named_as_the_ledger_does() -> None:
    rule = rules()["negative_stock"]
    (episode,) = story.episodes(rule, story.told("d0 08:00 admission quantity=1; d1 09:00 withdrawal quantity=2"))
    assert episode.because.values["operator"] == {"t": "text", "v": "O1"}
