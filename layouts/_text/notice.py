"""A notification in a person's language: one line, and a text with a sentence, a time and a link for each alert.

This is the `Tell` (data.notify.message) that is handed to the worker, and to the test button: the words are those of the screens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data.queries.notices import Asking, Told, Words
from layouts._text import LANGUAGES, forms, has, say, word
from layouts._text.sentence import sentence

LONGEST_SUBJECT = 160
OVER = ("cleared", "invalidated")


def tell(told: Sequence[Told], asking: Asking) -> Words:
    """The words of a message; of a test where nothing is told."""
    lang = asking.language if asking.language in LANGUAGES else "en"
    said = [first_line(each.alert, lang, asking.world, asking.now) for each in told]
    words = (_subject(told, said, lang), _text(told, said, lang, asking)) if told else _test(lang, asking)
    return Words(*words, tuple(said))


def first_line(alert: Mapping[str, Any], language: str, world: Any, now: datetime) -> str:
    """What happened, as the alert's page says it: in the place's time, ages up to the end where it is over."""
    names = {id_: {code: place.title(code) for code in LANGUAGES} for id_, place in world.places.items()}
    over = alert["ended_at"] if alert["condition"] in OVER else None
    zone = zone_of(world, alert["place"])
    return sentence(alert["because_key"], alert["because_values"], language, zone, now, names, until=over)


def zone_of(world: Any, place: str) -> str:
    """The zone of a place; UTC where it is not declared any more."""
    return world.places[place].timezone if place in world.places else "UTC"


def _subject(told: Sequence[Told], said: Sequence[str], language: str) -> str:
    worst = told[0].alert["severity"]
    if len(told) == 1:
        what = say(f"notify.what_{told[0].what}", language, name=told[0].by)
        line = say("notify.subject", language, severity=word("severity", worst, language), what=what, sentence=said[0])
    else:
        n = sum(each.alert["severity"] == worst for each in told)
        line = say("notify.subject_many", language, severity=word("severity", worst, language), n=len(told), worst=n)
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _text(told: Sequence[Told], said: Sequence[str], language: str, asking: Asking) -> str:
    parts = [_one(each, line, language, asking) for each, line in zip(told[: asking.most], said[: asking.most], strict=True)]
    if len(told) > asking.most:
        parts.append(say("notify.more", language, n=len(told) - asking.most) + _link(f"{asking.public_url}/alerts", asking))
    return "\n\n".join([*parts, _foot(language, asking)])


def _one(told: Told, line: str, language: str, asking: Asking) -> str:
    alert = told.alert
    zone = zone_of(asking.world, alert["place"])
    place = asking.world.places[alert["place"]].title(language) if alert["place"] in asking.world.places else alert["place"]
    head = say("notify.head", language, severity=word("severity", alert["severity"], language), place=place)
    key = f"notify.told_{told.what}"
    when = say(key if has(key) else "notify.told_raised", language, at=forms.full(told.at, zone, language), name=told.by)
    lines = [head, line, when]
    if alert["condition"] != "active" and told.what != "invalidated":
        lines.append(say("notify.meanwhile", language, condition=word("condition", alert["condition"], language)))
    return "\n".join(lines) + _link(f"{asking.public_url}/alerts/{alert['alert_id']}", asking)


def _link(address: str, asking: Asking) -> str:
    return f"\n{address}" if asking.public_url else ""


def _foot(language: str, asking: Asking) -> str:
    where = f"{asking.public_url}/notifications" if asking.public_url else say("notify.where", language)
    return say("notify.foot", language, where=where, channel=asking.channel, code=asking.key)


def _test(language: str, asking: Asking) -> tuple[str, str]:
    at = forms.full(asking.now, "UTC", language)
    text = say("notify.test_text", language, at=at) + _link(asking.public_url, asking)
    return say("notify.test_subject", language), f"{text}\n\n{_foot(language, asking)}"
