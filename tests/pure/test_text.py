"""Catalogues and forms: every text in every complete language, numbers and times as each language writes them."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, timedelta

import pytest

from layouts._text import COMPLETE, LANGUAGES, catalogue, forms, has, say, word
from layouts._text.quantity import quantity, unit, weight
from layouts._text.seals import seals
from zones import seals as sealing
from zones import uom
from zones.codes import DIRECTIONS, EVENTS, FULL_EMPTY, KINDS, MODES
from zones.customs import RISKS
from zones.entry import ACTS, BOOKS, COUNTS, SIDES

NOW = datetime(2026, 11, 21, 7, 40, tzinfo=UTC)  # 14:40 at the place
ZONE = "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_every_key(language: str) -> None:
    every = {key for each in LANGUAGES for key in catalogue(each)}
    assert not every - set(catalogue(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_the_values_of_its_english(language: str) -> None:
    def names(text: object) -> set[str]:
        texts = text.values() if isinstance(text, dict) else [text]
        return {name for one in texts for _, name, _, _ in string.Formatter().parse(str(one)) if name}

    # A language may leave out what it does not say (`n` where it does not count), never ask for what is not given.
    wrong = {key: names(text) - names(catalogue("en").get(key, "")) for key, text in catalogue(language).items()}
    assert not {key: more for key, more in wrong.items() if more}


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        *(("event", EVENTS), ("mode", MODES), ("direction", DIRECTIONS), ("fullempty", FULL_EMPTY), ("kind", KINDS)),
        *(("act", (*ACTS, "other")), ("side", SIDES[1:]), ("book", BOOKS), ("counted", COUNTS[1:])),
    ],
)
def test_every_code_has_a_word(language: str, kind: str, codes: tuple[str, ...]) -> None:
    assert all(f"words.{kind}_{code}" in catalogue(language) for code in codes)


def test_an_unknown_key_is_shown_and_an_unknown_code_is_kept() -> None:
    assert say("shell.no_such_key", "vi") == "shell.no_such_key"
    assert word("event", "9X", "vi") == "9X"


def test_texts_by_number() -> None:
    assert say("shell.filter_hides", "en", n=1) == "This filter hides 1 open alert."
    assert say("shell.filter_hides", "en", n=1204) == "This filter hides 1,204 open alerts."
    assert say("shell.filter_hides", "vi", n=1204) == "Bộ lọc này ẩn 1.204 cảnh báo đang mở."
    assert say("shell.filter_hides", "en") == "This filter hides {n} open alerts."


def test_a_value_is_never_a_template() -> None:
    assert say("shell.failed_next", "en", ref="{x.__class__}").endswith("{x.__class__}")


@pytest.mark.parametrize(("language", "said"), [("en", "1,234.5"), ("vi", "1.234,5"), ("zh", "1,234.5")])
def test_numbers(language: str, said: str) -> None:
    assert forms.decimal(1234.5, language) == said
    assert forms.number(None, language) == "–"


def test_per_cent() -> None:
    assert [forms.percent(0.345, "vi", 1), forms.percent(1, "en"), forms.percent(None, "en")] == ["34,5%", "100%", "–"]


@pytest.mark.parametrize(("language", "said"), [("en", "21 Nov 2026"), ("vi", "21/11/2026"), ("zh", "2026年11月21日")])
def test_days(language: str, said: str) -> None:
    assert forms.date(date(2026, 11, 21), language) == said


INSTANTS = {
    timedelta(0): ("14:40", "14:40", "14:40"),
    timedelta(hours=15): ("20 Nov 23:40", "23:40 20/11", "11月20日23:40"),
    timedelta(days=365): ("21 Nov 2025 14:40", "14:40 21/11/2025", "2025年11月21日14:40"),
}


@pytest.mark.parametrize(("ago", "said"), INSTANTS.items())
def test_a_moment_has_its_date_only_where_that_is_not_today(ago: timedelta, said: tuple[str, ...]) -> None:
    assert tuple(forms.instant(NOW - ago, ZONE, language, NOW) for language in LANGUAGES) == said


def test_today_is_the_day_of_the_place() -> None:
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # 00:30 of the 21st there, still the 20th in UTC
    assert forms.instant(late, ZONE, "en", NOW) == "00:30"
    assert forms.instant(late, "UTC", "en", NOW) == "20 Nov 17:30"


def test_the_whole_moment_names_its_zone() -> None:
    assert forms.full(NOW, ZONE, "en") == "21 Nov 2026 14:40 (Asia/Ho_Chi_Minh)"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, ("0 min", "0 phút", "0分钟")),
        (95, ("1 h 35 min", "1 giờ 35 phút", "1小时35分钟")),
        (1440, ("1 day", "1 ngày", "1天")),
        (3 * 1440 + 125, ("3 days 2 h", "3 ngày 2 giờ", "3天2小时")),
    ],
)
def test_durations(minutes: int, said: tuple[str, ...]) -> None:
    assert tuple(forms.duration(minutes, language) for language in LANGUAGES) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("5d", "5 days"), ("1wd", "1 working day"), ("8wh", "8 working hours"), ("3mo", "3 months"), ("36h", "36 h"), ("soon", "soon")],
)
def test_limits(text: str, said: str) -> None:
    assert forms.limit(text, "en") == said


@pytest.mark.parametrize("value", ["yes", "no", "none", "unknown"])
def test_words_that_yaml_takes_for_values_stay_words(value: str) -> None:
    assert isinstance(catalogue("en")[f"shell.{value}"], str)


@pytest.mark.parametrize(
    ("numbers", "sealed", "language", "shown"),
    [
        ("A1 C1", "carrier customs/electronic", "en", "A1 (carrier), C1 (customs, electronic)"),
        ("A1 C1", "- customs", "vi", "A1, C1 (hải quan)"),
        ("", "customs", "zh", "– (海关)"),
        ("A1 B2", "", "en", "A1 B2"),
    ],
)
def test_who_put_a_seal_on_stands_behind_its_number(numbers: str, sealed: str, language: str, shown: str) -> None:
    assert seals(numbers, sealed, language) == shown


def test_every_party_and_kind_of_seal_and_every_risk_has_its_word() -> None:
    for kind, codes in (("sealparty", sealing.PARTIES), ("sealkind", sealing.KINDS), ("risk", RISKS)):
        assert all(has(f"words.{kind}_{code}", language) for code in codes for language in ("en", "vi", "zh"))


@pytest.mark.parametrize(
    ("millionths", "code", "said"),
    [
        (1_204_500_000, "KGM", ("1,204.5 kg", "1.204,5 kg", "1,204.5 kg")),
        (1, "TNE", ("0.000001 t", "0,000001 t", "0.000001 t")),
        (9_007_199_254_740_993_000_001, "MTQ",
         ("9,007,199,254,740,993.000001 m³", "9.007.199.254.740.993,000001 m³", "9,007,199,254,740,993.000001 m³")),
        (-3_000_000, "XCT", ("-3 cartons", "-3 thùng carton", "-3纸箱")),
        (1_000_000, "CT", ("1 carton", "1 thùng carton", "1纸箱")),
        (0, "H87", ("0 pieces", "0 cái", "0件")),
        (1_500_000, "PX", ("1.5 PX", "1,5 PX", "1.5 PX")),
        (2_000_000, "", ("2", "2", "2")),
    ],
)  # fmt: skip
def test_quantities_are_written_to_the_last_millionth(millionths: int, code: str, said: tuple[str, ...]) -> None:
    assert tuple(quantity(millionths, code, language) for language in LANGUAGES) == said


def test_a_difference_has_its_sign() -> None:
    assert [quantity(n, "KGM", "en", signed=True) for n in (2_000_000, -2_000_000, 0)] == ["+2 kg", "-2 kg", "0 kg"]


def test_a_unit_by_itself_has_the_word_of_its_quantities() -> None:
    assert [tuple(unit(code, language) for language in LANGUAGES) for code in ("C62", "CT", "KGM", "MTR")] == [
        ("units", "đơn vị", "个"), ("cartons", "thùng carton", "纸箱"), ("kg", "kg", "kg"), ("m", "m", "m"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mg", "said"),
    [
        (8_947_038_000, ("8,947.0 kg", "8.947,0 kg", "8,947.0 kg")),
        (9_999_900_000, ("9,999.9 kg", "9.999,9 kg", "9,999.9 kg")),
        (10_000_000_000, ("10.0 t", "10,0 t", "10.0 t")),
        (-200_040_000_000, ("-200.0 t", "-200,0 t", "-200.0 t")),
        (25_000, ("0.025 kg", "0,025 kg", "0.025 kg")),
        (0, ("0 kg", "0 kg", "0 kg")),
    ],
)
def test_weights_are_in_kilograms_below_ten_tonnes_and_never_rounded_to_nothing(mg: int, said: tuple[str, ...]) -> None:
    assert tuple(weight(mg, language) for language in LANGUAGES) == said


def test_a_difference_in_weight_has_its_sign() -> None:
    assert [weight(mg, "en", signed=True) for mg in (25_000_000, -19_500_000, 12_000_000_000, 500_000)] == [
        "+25.0 kg", "-19.5 kg", "+12.0 t", "+0.5 kg",
    ]  # fmt: skip


def test_every_unit_with_a_word_is_a_unit() -> None:
    words = [key.partition(".")[2] for language in LANGUAGES for key in catalogue(language) if key.startswith("uom.")]
    assert words
    assert all(uom.known(code) for code in words)


OTHER_NAMES = {
    "en": ("supervisor's own", "customs' own", "customs' book"),
    "vi": ("sổ giám sát", "sổ của hải quan", "sổ hải quan", "sổ doanh nghiệp"),
    "zh": ("监管方自", "海关自有", "海关账册", "企业账册"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_two_books_have_one_name_each_everywhere(language: str) -> None:
    told = {key: str(text).lower() for key, text in catalogue(language).items()}
    assert [key for key, text in told.items() if any(name in text for name in OTHER_NAMES[language])] == []
    own, theirs = (word("book", code, language) for code in ("customs", "operator"))

    assert own.lower() in told["books.own_now"]
    assert theirs.lower() in told["books.declared_now"]
    assert [key for key in told if key.endswith((".book_customs", ".book_operator"))] == ["words.book_operator", "words.book_customs"]
