"""Every rule: its examples hold, and its file has what an officer and a reader of the house need."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from layouts._text import has
from layouts._text.sentence import sentence
from tests import story
from zones.asking import known, visits
from zones.catalogue import BY_RULE, CATALOGUE, MUTES, OWNERS
from zones.episode import ALWAYS, SEVERITIES
from zones.place import KINDS
from zones.rules import rules
from zones.subject import PLAN, BoxFacts, PlanFacts, StayFacts

ROOT = Path(__file__).parents[2]
RULES = rules()
EXAMPLES = [(rule_id, name, said, result) for rule_id, rule in RULES.items() for name, said, result in story.examples(rule)]
LANGUAGES = ("en", "vi", "zh")


def test_the_rules_of_the_spine_are_there() -> None:
    assert set(RULES) >= {"import_overstay", "gate_out_on_hold", "two_places_at_once", "feed_silent"}


@pytest.mark.parametrize(("rule_id", "name", "said", "result"), EXAMPLES, ids=[f"{e[0]}-{e[1].replace(' ', '_')}" for e in EXAMPLES])
def test_an_example_holds(rule_id: str, name: str, said: str, result: str) -> None:
    found = story.episodes(RULES[rule_id], story.told(said))
    spells, _, known = result.partition(" known ")
    assert story.spelled(found) == spells
    if known:
        assert story.known_at(found) == [known]


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_has_what_it_needs(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert set(rule.STEPS.values()) <= set(SEVERITIES)
    assert rule.NEEDS <= set(KINDS)
    assert isinstance(rule.VERSION, int)
    assert rule.OWNER in OWNERS
    assert isinstance(rule.LATCHING, bool) or rule.LATCHING <= set(rule.STEPS)
    assert all(name == ALWAYS or re.fullmatch(r"[a-z_]+", name) for name in rule.STEPS)
    assert len((rule.__doc__ or "").split()) > 30, "a docstring that an officer can read"


def test_every_number_of_the_catalogue_is_built_or_says_what_it_needs() -> None:
    assert [entry.number for entry in CATALOGUE] == [f"R{n:02}" for n in range(1, 44)]
    assert set(RULES) <= set(BY_RULE), "a rule of no number"
    for entry in CATALOGUE:
        assert (entry.rule in RULES) != bool(entry.needs), f"{entry.number} {entry.rule}"
        assert re.fullmatch(r"[a-z_]+", entry.rule)
    assert all({muting.by, muting.mutes} <= set(BY_RULE) for muting in MUTES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_a_name_and_what_it_needs_in_every_language(language: str) -> None:
    for entry in CATALOGUE:
        assert has(f"words.rule_{entry.rule}", language), entry.rule
        assert not entry.needs or has(f"words.needs_{entry.needs}", language), entry.needs


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_that_a_rule_leans_on_has_a_name_and_is_explained(language: str) -> None:
    explained = (ROOT / "docs" / "guide" / "declare.md").read_text()
    for name in {name for rule in RULES.values() for name in rule.STEPS} - {ALWAYS}:
        assert has(f"words.limit_{name}", language), name
        assert f"`{name}`" in explained


def announced(facts: StayFacts) -> bool:
    return any(not word.happened for word in facts.words)


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, rule in RULES.items() if hasattr(rule, "quiet")])
def test_a_rule_says_nothing_in_its_quiet_time(rule_id: str) -> None:
    """Of every box of every example of which customs has not spoken, nor anybody announced it. Boxes within it are not judged."""
    rule, asked = RULES[rule_id], 0
    for _, _, said, _ in EXAMPLES:
        told = story.told(said)
        quiet = rule.quiet(told.law)
        for facts in () if told.facts else visits(known(told.number, told.book())):
            if getattr(rule, "speaks_of", lambda stay: False)(facts.stay) or facts.before or facts.after or announced(facts):
                continue
            asked += 1
            for episode in rule.episodes(PlanFacts(told.number, facts.place, (facts,)) if rule.SUBJECT == PLAN else facts, told.law):
                assert quiet is not None
                assert episode.began_at - facts.stay.opened_at >= quiet
    assert asked


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, rule in RULES.items() if getattr(rule, "ACROSS", False)])
def test_a_rule_across_places_says_nothing_of_one(rule_id: str) -> None:
    for _, _, said, _ in EXAMPLES:
        told = story.told(said)
        stays = sorted(told.book().stays.values(), key=lambda stay: stay.opened_at)
        for place in {stay.place for stay in stays}:
            here = [stay for stay in stays if stay.place == place]
            assert not list(RULES[rule_id].episodes(BoxFacts(told.number, here, {}), told.law))


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_is_one_small_file(rule_id: str) -> None:
    code = (ROOT / "zones" / "rules" / f"{rule_id}.py").read_text().partition("EXAMPLES = ")[0]
    assert len(code.splitlines()) <= 110


@pytest.mark.parametrize("rule_id", RULES)
def test_the_examples_cover_what_goes_wrong(rule_id: str) -> None:
    told = list(story.examples(RULES[rule_id]))
    assert any(result == "none" for _, _, result in told), "one where it does not fire"
    assert any(result != "none" for _, _, result in told), "one where it does"
    if rule_id != "feed_silent":
        assert any("received" in said for _, said, _ in told), "a late fact"
        assert any("retract" in said for _, said, _ in told), "a retraction"


HEADINGS = {
    "en": ("Meaning", "Impact", "Diagnosis", "Mitigation"),
    "vi": ("Ý nghĩa", "Hậu quả", "Chẩn đoán", "Xử lý"),
    "zh": ("含义", "影响", "诊断", "处置"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_has_its_runbook_in_every_language(rule_id: str, language: str) -> None:
    folder = ROOT / "docs" / "runbooks" / ("" if language == "en" else language)
    text = (folder / f"{rule_id}.md").read_text()
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == HEADINGS[language]


FIRING = {(rule_id, name): said for rule_id, rule in RULES.items() for name, said, result in story.examples(rule) if result != "none"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule_id", "name"), FIRING, ids=["-".join(key).replace(" ", "_") for key in FIRING])
def test_an_alert_reads_as_one_sentence_in_every_language(rule_id: str, name: str, language: str) -> None:
    found = story.episodes(RULES[rule_id], story.told(FIRING[rule_id, name]))[0]
    places = {"port": {"en": "Demo Port", "vi": "Cảng Mẫu", "zh": "示范港"}, "zone": {"en": "Demo Zone", "vi": "Khu Mẫu", "zh": "示范区"}}
    now = found.began_at + timedelta(minutes=95)
    told = sentence(found.because.key, found.because.values, language, "Asia/Ho_Chi_Minh", now, places)
    assert told
    assert "_" not in rule_id or rule_id not in told, "no rule code on screen"
    assert not re.search(r"\{\w*\}|sentences\.", told), "every value filled in, every key found"
    assert any(name[language] in told for name in places.values()), "where, in the reader's language"
    if language == "en":
        assert len(told.split()) <= 40
